#include "catalog/table_definition.h"

#include <algorithm>

namespace armature {

const IndexDefinition* TableDefinition::find_index(std::string_view index_name) const {
  for (const auto* indexes : {&local_indexes, &global_indexes}) {
    for (const IndexDefinition& index : *indexes) {
      if (index.name == index_name) return &index;
    }
  }
  return nullptr;
}

TableStatus TableDefinition::status_of_index_work() const {
  const bool working = std::ranges::any_of(global_indexes, [](const IndexDefinition& index) {
    return index.status == IndexStatus::kCreating || index.status == IndexStatus::kDeleting;
  });
  return working ? TableStatus::kUpdating : TableStatus::kActive;
}

std::vector<std::string_view> used_key_attributes(const TableDefinition& table) {
  std::vector<std::string_view> names;
  const auto add = [&names](const KeySchema& key) {
    for (const auto* part : {&key.partition, &key.sort}) {
      for (const KeyAttribute& attribute : *part) {
        if (std::ranges::find(names, attribute.name) == names.end()) names.push_back(attribute.name);
      }
    }
  };
  add(table.key);
  for (const IndexDefinition& index : table.local_indexes) add(index.key);
  for (const IndexDefinition& index : table.global_indexes) add(index.key);
  return names;
}

void prune_attribute_definitions(TableDefinition* table) {
  const std::vector<std::string_view> used = used_key_attributes(*table);
  std::erase_if(table->attribute_definitions, [&used](const KeyAttribute& attribute) {
    return std::ranges::find(used, attribute.name) == used.end();
  });
}

const KeyAttribute* TableDefinition::find_attribute_definition(std::string_view attribute) const {
  for (const KeyAttribute& definition : attribute_definitions) {
    if (definition.name == attribute) return &definition;
  }
  return nullptr;
}

std::string table_arn(std::string_view region, std::string_view account_id, std::string_view table_name) {
  constexpr std::string_view kBegin = "arn:aws:dynamodb:";
  constexpr std::string_view kKind = ":table/";
  // Every request asks for one.
  std::string arn;
  arn.reserve(kBegin.size() + region.size() + 1 + account_id.size() + kKind.size() + table_name.size());
  return arn.append(kBegin).append(region).append(":").append(account_id).append(kKind).append(table_name);
}

std::optional<TableName> parse_table_name(std::string_view name_or_arn) {
  if (!name_or_arn.starts_with("arn:")) return TableName{{}, {}, name_or_arn};
  // arn : partition : dynamodb : region : account : table/NAME
  std::string_view parts[6];
  std::string_view rest = name_or_arn;
  for (int i = 0; i < 5; ++i) {
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    parts[i] = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  constexpr std::string_view kTablePrefix = "table/";
  if (parts[2] != "dynamodb" || parts[3].empty() || parts[4].empty() || !rest.starts_with(kTablePrefix)) {
    return std::nullopt;
  }
  rest.remove_prefix(kTablePrefix.size());
  if (rest.empty() || rest.find('/') != std::string_view::npos) return std::nullopt;
  return TableName{parts[4], parts[3], rest};
}

std::string stream_arn(const TableDefinition& table, const StreamDefinition& stream) {
  return table.arn + "/stream/" + stream.label;
}

std::optional<StreamName> parse_stream_arn(std::string_view arn) {
  constexpr std::string_view kInfix = "/stream/";
  const std::size_t infix = arn.find(kInfix);
  if (!arn.starts_with("arn:") || infix == std::string_view::npos) return std::nullopt;
  const std::optional<TableName> table = parse_table_name(arn.substr(0, infix));
  const std::string_view label = arn.substr(infix + kInfix.size());
  if (!table || label.empty() || label.find('/') != std::string_view::npos) return std::nullopt;
  return StreamName{*table, label};
}

}  // namespace armature
