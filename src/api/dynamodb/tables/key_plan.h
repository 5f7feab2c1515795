// KeySchema and AttributeDefinitions of a request, checked and turned into the model's key schemas.
// Source: API Reference, "KeySchemaElement", "AttributeDefinition".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/dynamodb/tables/requests.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "model/key_schema.h"

namespace armature::api {

// Every name once.
Result<std::vector<KeyAttribute>> plan_attribute_definitions(std::span<const AttributeDefinition> inputs);

// A partition key and at most one sort key, as tables and local indexes have them. `member` names the list in error
// texts, such as "keySchema".
Result<KeySchema> plan_simple_key(std::span<const KeySchemaElement> elements,
                                  const std::vector<KeyAttribute>& definitions, std::string_view member);

// One to four partition key attributes, then none to four sort key attributes, as global indexes have them.
Result<KeySchema> plan_global_index_key(std::span<const KeySchemaElement> elements,
                                        const std::vector<KeyAttribute>& definitions, std::string_view index_name);

// Every definition is used by the table's key or an index.
Result<void> check_definitions_are_used(const TableDefinition& table);

// "[a, b]".
std::string name_list(const std::vector<KeyAttribute>& attributes);

}  // namespace armature::api
