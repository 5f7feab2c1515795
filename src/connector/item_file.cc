#include "connector/item_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "connector/byte_stream.h"
#include "connector/csv.h"
#include "connector/json_text.h"
#include "connector/plain_json.h"

namespace armature::connector {
namespace {

using wire::Json;

constexpr std::size_t kLongestLineBytes = 16 * 1024 * 1024;  // An item has 400 KB; its JSON may be several times that.

class Reader : public ItemReader {
 public:
  Reader(std::unique_ptr<ByteSource> source, std::string path) : source_(std::move(source)), path_(std::move(path)) {}
  std::uint64_t bytes_read() const override { return source_->bytes_read(); }
  std::uint64_t bytes_in_all() const override { return source_->bytes_in_all(); }

 protected:
  // Lets go of what was consumed and reads on; false at the end.
  Expected<bool, std::string> refill() {
    buffer_.erase(0, buffer_.size() - rest_.size());
    rest_ = buffer_;
    if (buffer_.size() > kLongestLineBytes)
      return Unexpected(where(fmt::format("a line is longer than {} MB", kLongestLineBytes >> 20)));
    TRY_ASSIGN(const bool more, source_->read(&buffer_));
    rest_ = buffer_;
    return more;
  }
  std::string where(std::string_view problem) const { return fmt::format("{}, line {}: {}", path_, line_, problem); }

  std::unique_ptr<ByteSource> source_;
  std::string path_;
  Bytes buffer_;
  std::string_view rest_;  // What of buffer_ was not consumed.
  std::uint64_t line_ = 0;
};

class JsonReader final : public Reader {
 public:
  JsonReader(std::unique_ptr<ByteSource> source, std::string path, bool plain)
      : Reader(std::move(source), std::move(path)), plain_(plain) {}

  Expected<std::optional<std::string>, std::string> next() override {
    while (true) {
      TRY_ASSIGN(const std::optional<std::string_view> line, next_line());
      if (!line) return std::optional<std::string>();
      ++line_;
      if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
      return item_of(*line);
    }
  }

 private:
  Expected<std::optional<std::string_view>, std::string> next_line() {
    while (true) {
      const std::size_t end = rest_.find('\n');
      if (end != std::string_view::npos) {
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return std::optional(line);
      }
      TRY_ASSIGN(const bool more, refill());
      if (more) continue;
      if (rest_.empty()) return std::optional<std::string_view>();
      const std::string_view line = rest_;
      rest_ = {};
      return std::optional(line);
    }
  }

  Expected<std::optional<std::string>, std::string> item_of(std::string_view line) const {
    Arena arena;
    const auto json = wire::parse_json(line, &arena);
    if (!json || !(*json)->is(Json::Kind::kObject)) return Unexpected(where("it is no JSON object"));
    if (plain_) {
      std::string text;
      wire::JsonWriter writer(&text);
      const auto written = write_dynamodb_item(**json, &writer);
      if (!written) return Unexpected(where(written.error().message));
      return std::optional(std::move(text));
    }
    // AWS's exports wrap each item; an item's own attribute is never an object without a type.
    const Json* const wrapped = (*json)->members.size() == 1 ? (*json)->find("Item") : nullptr;
    const bool wraps = wrapped != nullptr && wrapped->is(Json::Kind::kObject) && !is_value(*wrapped);
    const Json& item = wraps ? *wrapped : **json;
    for (const wire::JsonMember& member : item.members) {
      if (!is_value(member.value))
        return Unexpected(where(
            fmt::format("attribute '{}' is not DynamoDB JSON; is the file plain JSON (--format json)?", member.name)));
    }
    return std::optional(json_text(item));
  }

  static bool is_value(const Json& json) {
    if (!json.is(Json::Kind::kObject) || json.members.size() != 1) return false;
    constexpr std::string_view kTypes[] = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"};
    return std::find(std::begin(kTypes), std::end(kTypes), json.members[0].name) != std::end(kTypes);
  }

  const bool plain_;
};

class CsvReader final : public Reader {
 public:
  using Reader::Reader;
  Expected<std::optional<std::string>, std::string> next() override {
    while (true) {
      TRY_ASSIGN(const auto record, next_record());
      if (!record) return std::optional<std::string>();
      ++line_;
      if (record->size() == 1 && record->front().text.empty() && !record->front().quoted) continue;  // An empty line.
      if (columns_.empty()) {
        columns_ = csv_columns(*record);
        continue;
      }
      auto item = csv_item(columns_, *record);
      if (!item) return Unexpected(where(item.error().message));
      return std::optional(std::move(*item));
    }
  }

 private:
  Expected<std::optional<std::vector<CsvField>>, std::string> next_record() {
    bool more = true;
    while (true) {
      if (auto record = take_csv_record(&rest_, more)) return record;
      if (!more) return std::optional<std::vector<CsvField>>();
      TRY_ASSIGN(more, refill());
    }
  }
  std::vector<CsvColumn> columns_;
};

class JsonFileWriter final : public ItemWriter {
 public:
  JsonFileWriter(std::unique_ptr<ByteSink> sink, bool plain) : sink_(std::move(sink)), plain_(plain) {}
  Expected<void, std::string> write(std::string_view item) override {
    if (!plain_) {
      TRY(sink_->write(item));
      return sink_->write("\n");
    }
    Arena arena;
    const auto json = wire::parse_json(item, &arena);
    if (!json) return Unexpected(std::string("an item is not JSON"));
    std::string text;
    wire::JsonWriter writer(&text);
    write_plain_item(**json, NumberFormat::kDecimal, &writer);
    return sink_->write(text + "\n");
  }
  Expected<void, std::string> finish() override { return sink_->finish(); }

 private:
  std::unique_ptr<ByteSink> sink_;
  const bool plain_;
};

class CsvFileWriter final : public ItemWriter {
 public:
  CsvFileWriter(std::unique_ptr<ByteSink> sink, std::vector<std::string> first)
      : sink_(std::move(sink)), spool_(std::tmpfile(), std::fclose) {
    columns_.begin_with(first);
  }
  Expected<void, std::string> write(std::string_view item) override {
    Arena arena;
    const auto json = wire::parse_json(item, &arena);
    if (!json) return Unexpected(std::string("an item is not JSON"));
    columns_.learn(**json);
    const std::uint64_t size = item.size();
    const bool kept = spool_ != nullptr && std::fwrite(&size, sizeof size, 1, spool_.get()) == 1 &&
                      std::fwrite(item.data(), 1, item.size(), spool_.get()) == item.size();
    if (!kept)
      return Unexpected(std::string("cannot write a temporary file; is there space in the directory TMPDIR or /tmp?"));
    return {};
  }
  Expected<void, std::string> finish() override {
    TRY(sink_->write(columns_.header()));
    std::rewind(spool_.get());
    std::uint64_t size = 0;
    std::string item;
    while (std::fread(&size, sizeof size, 1, spool_.get()) == 1) {
      item.resize(size);
      if (std::fread(item.data(), 1, size, spool_.get()) != size)
        return Unexpected(std::string("cannot read the temporary file"));
      Arena arena;
      const auto json = wire::parse_json(item, &arena);
      if (json) TRY(sink_->write(columns_.line(**json)));
    }
    return sink_->finish();
  }

 private:
  std::unique_ptr<ByteSink> sink_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> spool_;
  CsvColumns columns_;
};

}  // namespace

std::optional<ItemFormat> find_item_format(std::string_view name) {
  if (name == "dynamodb") return ItemFormat::kDynamoDb;
  if (name == "json") return ItemFormat::kPlain;
  if (name == "csv") return ItemFormat::kCsv;
  return std::nullopt;
}

ItemFormat item_format_of(std::string_view path) {
  for (const std::string_view packed : {std::string_view(".gz"), std::string_view(".zst")}) {
    if (path.ends_with(packed)) path.remove_suffix(packed.size());
  }
  return path.ends_with(".csv") ? ItemFormat::kCsv : ItemFormat::kDynamoDb;
}

Expected<std::unique_ptr<ItemReader>, std::string> open_item_reader(const std::string& path, ItemFormat format) {
  TRY_ASSIGN(std::unique_ptr<ByteSource> source, open_source(path));
  if (format == ItemFormat::kCsv)
    return std::unique_ptr<ItemReader>(std::make_unique<CsvReader>(std::move(source), path));
  return std::unique_ptr<ItemReader>(
      std::make_unique<JsonReader>(std::move(source), path, format == ItemFormat::kPlain));
}

Expected<std::unique_ptr<ItemWriter>, std::string> open_item_writer(const std::string& path, ItemFormat format,
                                                                    std::vector<std::string> first) {
  TRY_ASSIGN(std::unique_ptr<ByteSink> sink, open_sink(path));
  if (format == ItemFormat::kCsv)
    return std::unique_ptr<ItemWriter>(std::make_unique<CsvFileWriter>(std::move(sink), std::move(first)));
  return std::unique_ptr<ItemWriter>(std::make_unique<JsonFileWriter>(std::move(sink), format == ItemFormat::kPlain));
}

}  // namespace armature::connector
