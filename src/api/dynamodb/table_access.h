// From a request's table and index names to definitions. Permission is asked here, before anything is said about the
// table.
#pragma once

#include <optional>
#include <string_view>

#include "api/context.h"
#include "api/services.h"
#include "catalog/table_definition.h"
#include "model/error.h"

namespace armature::api {

// The table for a data operation: kResourceNotFound `Requested resource not found` unless it is ACTIVE or UPDATING.
// `facts` says what policies may ask about the request (api/dynamodb/item_facts.h).
Result<TableRef> data_table(const Services& services, const RequestContext& context, std::string_view name_or_arn,
                            FactSource facts = {});
// The same, asking for permission to do `action` ("dynamodb:PutItem"): for operations that stand for several.
Result<TableRef> data_table(const Services& services, const RequestContext& context, std::string_view action,
                            std::string_view name_or_arn, FactSource facts = {});

// A table, and the index to read it through; nullptr: the table itself. Permission is asked for on the index.
// kValidation `The table does not have the specified index: i`.
struct ReadTarget {
  TableRef table;
  const IndexDefinition* index = nullptr;

  const KeySchema& key_schema() const { return index != nullptr ? index->key : table->key; }
};
Result<ReadTarget> read_target(const Services& services, const RequestContext& context, std::string_view name_or_arn,
                               const std::optional<std::string_view>& index_name, FactSource facts = {});
// The same, asking for permission to do `action`.
Result<ReadTarget> read_target(const Services& services, const RequestContext& context, std::string_view action,
                               std::string_view name_or_arn, const std::optional<std::string_view>& index_name,
                               FactSource facts = {});

}  // namespace armature::api
