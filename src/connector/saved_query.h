// SavedQuery: an operation or a PartiQL statement under a name, with variables. Values, no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/task.h"
#include "connector/connection_store.h"
#include "connector/saved_connection.h"
#include "model/error.h"
#include "wire/json.h"

namespace armature::connector {

enum class QueryLanguage : std::uint8_t { kJson, kPartiQl };
enum class ValueFormat : std::uint8_t {
  kDynamoDb,  // {"S": "x"}
  kPlain,     // "x"; plain_json.h
};

enum class VariableType : std::uint8_t {
  kString,
  kNumber,
  kBinary,
  kBoolean,
  kNull,
  kList,
  kMap,
  kStringSet,
  kNumberSet,
  kBinarySet,
  kName,  // Of an attribute, an index or a table.
};
std::string_view variable_type_name(VariableType type);  // "S", "N", "B", "BOOL", "NULL", "L", "M", "SS", …, "name".
std::optional<VariableType> find_variable_type(std::string_view name);

struct QueryVariable {
  std::string name;  // [A-Za-z_]\w*
  VariableType type = VariableType::kString;
  // Texts as JSON: "\"x\"", "12", "[1, 2]"; a default may be absent.
  std::optional<std::string> default_json;
  bool required = true;
  std::vector<std::string> allowed_json;  // Empty: any value of the type.
};

struct SavedQuery {
  std::string id;  // The store's; empty while unsaved.
  std::string name;
  std::string folder;
  std::string description;
  std::string connection;  // Empty: the store's own server.
  QueryLanguage language = QueryLanguage::kJson;
  std::string operation;  // kJson: "Query", "PutItem", …
  std::string body;       // kJson: the request, JSON text. kPartiQl: the statement.
  std::vector<QueryVariable> variables;
  ValueFormat value_format = ValueFormat::kDynamoDb;
  std::string owner;
  bool shared = false;
  std::int64_t updated_at_s = 0;
};

// Fields that cannot be right: name, language, operation, body, variables. Variables the body uses and does not declare
// are fine: they are strings.
std::vector<FieldError> validate(const SavedQuery& query);

// {id, name, folder, description, connection, language: "json"|"partiql", operation, body (an object, or a text),
// variables: [{name, type, default, required, allowed}], valueFormat: "dynamodb"|"plain", owner, shared, updatedAt}.
void write_query(const SavedQuery& query, wire::JsonWriter* writer);
std::string query_json(const SavedQuery& query);
// Fails (kValidation) on a member of the wrong type.
Result<SavedQuery> read_query(const wire::Json& json);

// Queries are found by id, and by connection and name. Safe from any thread.
class QueryStore {
 public:
  virtual ~QueryStore() = default;
  virtual Task<Expected<std::vector<SavedQuery>, StoreError>> list() = 0;
  virtual Task<Expected<std::optional<SavedQuery>, StoreError>> find(std::string id) = 0;
  // Gives an id to one that has none; returns what was stored.
  virtual Task<Expected<SavedQuery, StoreError>> put(SavedQuery query) = 0;
  virtual Task<Expected<bool, StoreError>> remove(std::string id) = 0;
};

}  // namespace armature::connector
