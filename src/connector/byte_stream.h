// Bytes from and to files, packed or not.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/expected.h"

namespace armature::connector {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Appends some bytes to `*out`; false at the end.
  virtual Expected<bool, std::string> read(Bytes* out) = 0;
  virtual std::uint64_t bytes_read() const = 0;  // Of the file, packed.
  virtual std::uint64_t bytes_in_all() const = 0;
};
// gzip and zstd are unpacked; several members one after the other are one stream. "-" is standard input.
Expected<std::unique_ptr<ByteSource>, std::string> open_source(const std::string& path);

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Expected<void, std::string> write(BytesView bytes) = 0;
  // Everything is in the file when this returns.
  virtual Expected<void, std::string> finish() = 0;
};
// Packed when the path ends in .gz or .zst. "-" is standard output.
Expected<std::unique_ptr<ByteSink>, std::string> open_sink(const std::string& path);

}  // namespace armature::connector
