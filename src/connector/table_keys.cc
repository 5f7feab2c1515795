#include "connector/table_keys.h"

#include "wire/json.h"

namespace armature::connector {
namespace {

using wire::Json;

KeyNames read_key_schema(const Json& holder) {
  KeyNames names;
  const Json* const schema = holder.find("KeySchema");
  for (const Json& element : schema != nullptr ? schema->elements : std::span<const Json>()) {
    const Json* const name = element.find("AttributeName");
    const Json* const type = element.find("KeyType");
    if (name == nullptr || type == nullptr) continue;
    (type->text == "RANGE" ? names.sort_key : names.partition_key) = name->text;
  }
  return names;
}

}  // namespace

const KeyNames* TableKeys::find(std::string_view index) const {
  if (index.empty()) return &table;
  for (const auto& [name, keys] : indexes) {
    if (name == index) return &keys;
  }
  return nullptr;
}

std::optional<TableKeys> read_table_keys(std::string_view describe_table_reply) {
  Arena arena;
  const auto json = wire::parse_json(describe_table_reply, &arena);
  const Json* const table = json ? (*json)->find("Table") : nullptr;
  if (table == nullptr || table->find("KeySchema") == nullptr) return std::nullopt;
  TableKeys keys{read_key_schema(*table), {}};
  for (const std::string_view kind :
       {std::string_view("LocalSecondaryIndexes"), std::string_view("GlobalSecondaryIndexes")}) {
    const Json* const indexes = table->find(kind);
    for (const Json& index : indexes != nullptr ? indexes->elements : std::span<const Json>()) {
      const Json* const name = index.find("IndexName");
      if (name != nullptr) keys.indexes.emplace_back(name->text, read_key_schema(index));
    }
  }
  return keys;
}

Task<std::optional<TableKeys>> fetch_table_keys(OpenConnection* connection, std::string table) {
  std::string body;
  wire::JsonWriter request(&body);
  request.begin_object();
  request.member("TableName", table);
  request.end_object();
  auto reply = co_await connection->call(Service::kDynamoDb, "DescribeTable", std::move(body));
  if (!reply) co_return std::nullopt;
  co_return read_table_keys(reply->body);
}

}  // namespace armature::connector
