// Files of items: DynamoDB JSON lines (as AWS's exports have them too: {"Item": {…}}), plain JSON lines, CSV with
// types; packed with gzip or zstd, or not. "-" is standard input or output.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace armature::connector {

enum class ItemFormat : std::uint8_t { kDynamoDb, kPlain, kCsv };
std::optional<ItemFormat> find_item_format(std::string_view name);  // "dynamodb", "json", "csv".
// By the ending: .csv is CSV, everything else DynamoDB JSON; .gz and .zst are looked behind.
ItemFormat item_format_of(std::string_view path);

// Reads a file from front to back. Not thread-safe.
class ItemReader {
 public:
  virtual ~ItemReader() = default;
  // The next item, DynamoDB JSON; nullopt at the end. The error names the line.
  virtual Expected<std::optional<std::string>, std::string> next() = 0;
  // Bytes of the file read, and of the whole (0: not known), for progress.
  virtual std::uint64_t bytes_read() const = 0;
  virtual std::uint64_t bytes_in_all() const = 0;
};
// What packs it is seen by its first bytes.
Expected<std::unique_ptr<ItemReader>, std::string> open_item_reader(const std::string& path, ItemFormat format);

// Writes a file. Nothing counts before finish(). Not thread-safe.
class ItemWriter {
 public:
  virtual ~ItemWriter() = default;
  virtual Expected<void, std::string> write(std::string_view dynamodb_json) = 0;
  virtual Expected<void, std::string> finish() = 0;
};
// Packed as the ending says. `first`: CSV columns to begin with. A CSV's columns are known once all items were seen, so
// its writer keeps them in a temporary file beside it until finish().
Expected<std::unique_ptr<ItemWriter>, std::string> open_item_writer(const std::string& path, ItemFormat format,
                                                                    std::vector<std::string> first);

}  // namespace armature::connector
