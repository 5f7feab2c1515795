// Items as people and programs read them: a table, plain JSON, DynamoDB JSON, CSV.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/connection_options.h"

namespace armature::cmd {

enum class RowFormat { kTable, kExpanded, kJson, kDynamoDb, kCsv };
std::optional<RowFormat> find_row_format(std::string_view name);  // "table", "expanded", "json", "dynamodb", "csv".
inline constexpr const char* kRowFormats = "table, expanded, json, dynamodb or csv";

// `items` are DynamoDB JSON. `first` are attributes to show first: keys. JSON formats are lines, an item each.
std::string format_rows(const std::vector<std::string>& items, RowFormat format, connector::NumberFormat numbers,
                        const std::vector<std::string>& first, std::size_t most_columns);

}  // namespace armature::cmd
