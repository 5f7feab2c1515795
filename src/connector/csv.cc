#include "connector/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/plain_json.h"
#include "model/number.h"
#include "wire/base64.h"

namespace armature::connector {
namespace {

using wire::Json;

struct TypeName {
  CsvType type;
  std::string_view name;
};
constexpr TypeName kTypes[] = {{CsvType::kString, "S"},
                               {CsvType::kNumber, "N"},
                               {CsvType::kBoolean, "BOOL"},
                               {CsvType::kBinary, "B"},
                               {CsvType::kJson, "JSON"}};

std::optional<CsvType> type_named(std::string_view name) {
  for (const TypeName& entry : kTypes) {
    if (entry.name == name) return entry.type;
  }
  return std::nullopt;
}

std::string_view name_of(CsvType type) {
  for (const TypeName& entry : kTypes) {
    if (entry.type == type) return entry.name;
  }
  return "";
}

CsvColumn parse_column(std::string_view header) {
  const std::size_t colon = header.rfind(':');
  if (colon != std::string_view::npos) {
    if (const auto type = type_named(header.substr(colon + 1))) return {std::string(header.substr(0, colon)), *type};
  }
  return {std::string(header), CsvType::kString};
}

CsvType type_of(const Json& value) {
  if (!value.is(Json::Kind::kObject) || value.members.size() != 1) return CsvType::kJson;
  const auto found = type_named(value.members[0].name);
  return found && *found != CsvType::kJson ? *found : CsvType::kJson;
}

void append_field(std::string_view text, bool always_quoted, std::string* out) {
  const bool quote = always_quoted || text.empty() || text.find_first_of(",\"\r\n") != std::string_view::npos ||
                     text.front() == ' ' || text.back() == ' ';
  if (!quote) {
    out->append(text);
    return;
  }
  out->push_back('"');
  for (const char c : text) out->append(c == '"' ? 2 : 1, c);
  out->push_back('"');
}

Unexpected<Error> bad_cell(const CsvColumn& column, std::string_view text, std::string_view expected) {
  return invalid(fmt::format("column {}: '{}' is not {}", column.name, text.substr(0, 60), expected));
}

Result<void> write_cell(const CsvColumn& column, const CsvField& field, wire::JsonWriter* writer) {
  const std::string& text = field.text;
  const auto typed = [&](std::string_view type) {
    writer->begin_object();
    writer->member(type, text);
    writer->end_object();
  };
  switch (column.type) {
    case CsvType::kString: typed("S"); return {};
    case CsvType::kNumber:
      if (!Number::parse(text)) return bad_cell(column, text, "a number of at most 38 digits");
      typed("N");
      return {};
    case CsvType::kBoolean:
      if (text != "true" && text != "false") return bad_cell(column, text, "true or false");
      writer->begin_object();
      writer->member_bool("BOOL", text == "true");
      writer->end_object();
      return {};
    case CsvType::kBinary: {
      Arena arena;
      if (!wire::decode_base64(text, &arena)) return bad_cell(column, text, "base64");
      typed("B");
      return {};
    }
    case CsvType::kJson: {
      Arena arena;
      const auto json = wire::parse_json(text, &arena);
      if (!json) return bad_cell(column, text, "JSON");
      return write_dynamodb_value(**json, writer);
    }
  }
  return {};
}

}  // namespace

std::optional<std::vector<CsvField>> take_csv_record(std::string_view* text, bool more_may_come) {
  std::vector<CsvField> fields(1);
  std::size_t at = 0;
  if (text->empty()) return std::nullopt;
  while (true) {
    CsvField& field = fields.back();
    if (at < text->size() && (*text)[at] == '"' && field.text.empty() && !field.quoted) {
      field.quoted = true;
      ++at;
      while (true) {
        const std::size_t quote = text->find('"', at);
        // A quote at the very end may be half of a pair.
        if (quote == std::string_view::npos || (quote + 1 == text->size() && more_may_come)) {
          if (more_may_come) return std::nullopt;
          field.text.append(text->substr(at, quote == std::string_view::npos ? quote : quote - at));
          *text = {};
          return fields;
        }
        field.text.append(text->substr(at, quote - at));
        at = quote + 1;
        if (at == text->size() || (*text)[at] != '"') break;
        field.text.push_back('"');
        ++at;
      }
    }
    const std::size_t end = std::min(text->find_first_of(",\n", at), text->size());
    field.text.append(text->substr(at, end - at));
    if (end == text->size() && more_may_come) return std::nullopt;
    const bool line_ends = end == text->size() || (*text)[end] == '\n';
    if (line_ends && field.text.ends_with('\r') && end > at) field.text.pop_back();
    at = std::min(end + 1, text->size());
    if (line_ends) {
      text->remove_prefix(at);
      return fields;
    }
    fields.emplace_back();
  }
}

std::vector<CsvColumn> csv_columns(const std::vector<CsvField>& header) {
  std::vector<CsvColumn> columns;
  for (const CsvField& field : header) {
    std::string_view name = field.text;
    if (columns.empty() && name.starts_with("\xef\xbb\xbf")) name.remove_prefix(3);  // A byte order mark.
    columns.push_back(parse_column(name));
  }
  return columns;
}

Result<std::string> csv_item(const std::vector<CsvColumn>& columns, const std::vector<CsvField>& record) {
  if (record.size() > columns.size()) {
    return invalid(fmt::format("the line has {} fields, the header {}", record.size(), columns.size()));
  }
  std::string text;
  wire::JsonWriter writer(&text);
  writer.begin_object();
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (record[i].text.empty() && !record[i].quoted) continue;
    writer.key(columns[i].name);
    TRY(write_cell(columns[i], record[i], &writer));
  }
  writer.end_object();
  return text;
}

void CsvColumns::begin_with(const std::vector<std::string>& names) {
  for (const std::string& name : names) columns_.push_back({name, std::nullopt});
}

void CsvColumns::learn(const Json& item) {
  for (const wire::JsonMember& member : item.members) {
    const CsvType type = type_of(member.value);
    const auto known = std::find_if(columns_.begin(), columns_.end(),
                                    [&](const Column& column) { return column.name == member.name; });
    if (known == columns_.end()) {
      columns_.push_back({std::string(member.name), type});
    } else {
      known->type = !known->type || *known->type == type ? type : CsvType::kJson;
    }
  }
}

std::string CsvColumns::header() const {
  std::string text;
  for (const Column& column : columns_) {
    if (!column.type) continue;
    const bool ambiguous = parse_column(column.name).name != column.name;
    const bool plain = *column.type == CsvType::kString && !ambiguous;
    if (!text.empty()) text += ',';
    append_field(plain ? column.name : fmt::format("{}:{}", column.name, name_of(*column.type)), false, &text);
  }
  return text + '\n';
}

std::string CsvColumns::line(const Json& item) const {
  std::string text;
  bool first = true;
  for (const Column& column : columns_) {
    if (!column.type) continue;
    if (!std::exchange(first, false)) text += ',';
    const Json* const value = item.find(column.name);
    if (value == nullptr) continue;
    if (*column.type == CsvType::kJson) {
      std::string json;
      wire::JsonWriter writer(&json);
      write_plain_value(*value, NumberFormat::kDecimal, &writer);
      append_field(json, false, &text);
      continue;
    }
    const Json& content = value->members[0].value;
    const bool boolean = *column.type == CsvType::kBoolean;
    append_field(boolean ? (content.boolean ? "true" : "false") : content.text, false, &text);
  }
  return text + '\n';
}

std::string csv_of_items(const std::vector<const Json*>& items, const std::vector<std::string>& first) {
  CsvColumns columns;
  columns.begin_with(first);
  for (const Json* item : items) columns.learn(*item);
  std::string text = columns.header();
  for (const Json* item : items) text += columns.line(*item);
  return text;
}

}  // namespace armature::connector
