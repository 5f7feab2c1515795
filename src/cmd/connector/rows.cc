#include "cmd/connector/rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "cmd/connector/text_table.h"
#include "connector/csv.h"
#include "connector/plain_json.h"
#include "wire/json.h"

namespace armature::cmd {
namespace {

using wire::Json;

constexpr std::size_t kWidestCell = 60;

struct FormatName {
  RowFormat format;
  std::string_view name;
};
constexpr FormatName kNames[] = {{RowFormat::kTable, "table"},
                                 {RowFormat::kExpanded, "expanded"},
                                 {RowFormat::kJson, "json"},
                                 {RowFormat::kDynamoDb, "dynamodb"},
                                 {RowFormat::kCsv, "csv"}};

std::vector<const Json*> parse(const std::vector<std::string>& items, Arena* arena) {
  std::vector<const Json*> parsed;
  for (const std::string& item : items) {
    if (const auto json = wire::parse_json(item, arena)) parsed.push_back(*json);
  }
  return parsed;
}

std::vector<std::string> columns_of(const std::vector<const Json*>& items, const std::vector<std::string>& first) {
  std::vector<std::string> columns;
  const auto add = [&](std::string_view name) {
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.emplace_back(name);
  };
  for (const std::string& name : first) {
    const bool used =
        std::any_of(items.begin(), items.end(), [&](const Json* item) { return item->find(name) != nullptr; });
    if (used) add(name);
  }
  for (const Json* item : items) {
    for (const wire::JsonMember& member : item->members) add(member.name);
  }
  return columns;
}

// Texts as they are, everything else as plain JSON.
std::string cell(const Json& value, connector::NumberFormat numbers) {
  if (value.is(Json::Kind::kObject) && value.members.size() == 1) {
    const auto& [type, content] = value.members[0];
    if (type == "S" || type == "N") return printable(content.text);
  }
  std::string text;
  wire::JsonWriter writer(&text);
  connector::write_plain_value(value, numbers, &writer);
  return printable(text);
}

std::string table(const std::vector<const Json*>& items, const std::vector<std::string>& columns,
                  connector::NumberFormat numbers, std::size_t most_columns) {
  std::vector<std::string> header;
  for (const std::string& name : columns) header.push_back(printable(name));
  TextTable table(std::move(header));
  for (const Json* item : items) {
    std::vector<std::string> row;
    for (const std::string& name : columns) {
      const Json* const value = item->find(name);
      row.push_back(value == nullptr   ? ""
                    : most_columns > 0 ? clip(cell(*value, numbers), kWidestCell)
                                       : cell(*value, numbers));
    }
    table.add(std::move(row));
  }
  return table.text(most_columns);
}

std::string expanded(const std::vector<const Json*>& items, const std::vector<std::string>& columns,
                     connector::NumberFormat numbers) {
  std::size_t width = 0;
  for (const std::string& name : columns) width = std::max(width, display_width(printable(name)));
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    text += fmt::format("─ {} ─\n", i + 1);
    for (const std::string& name : columns) {
      const Json* const value = items[i]->find(name);
      if (value == nullptr) continue;
      const std::string shown = printable(name);
      text += fmt::format("{}{}  {}\n", shown, std::string(width - display_width(shown), ' '), cell(*value, numbers));
    }
  }
  return text;
}

}  // namespace

std::optional<RowFormat> find_row_format(std::string_view name) {
  for (const FormatName& entry : kNames) {
    if (entry.name == name) return entry.format;
  }
  return std::nullopt;
}

std::string format_rows(const std::vector<std::string>& items, RowFormat format, connector::NumberFormat numbers,
                        const std::vector<std::string>& first, std::size_t most_columns) {
  std::string text;
  if (format == RowFormat::kDynamoDb) {
    for (const std::string& item : items) text += item + '\n';
    return text;
  }
  Arena arena;
  const std::vector<const Json*> parsed = parse(items, &arena);
  if (format == RowFormat::kJson) {
    for (const Json* item : parsed) {
      wire::JsonWriter writer(&text);
      connector::write_plain_item(*item, numbers, &writer);
      text += '\n';
    }
    return text;
  }
  if (format == RowFormat::kCsv) return connector::csv_of_items(parsed, first);
  const std::vector<std::string> columns = columns_of(parsed, first);
  if (parsed.empty()) return "";
  return format == RowFormat::kExpanded ? expanded(parsed, columns, numbers)
                                        : table(parsed, columns, numbers, most_columns);
}

}  // namespace armature::cmd
