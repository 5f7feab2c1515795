// The condition keys of requests about items: what each of their parts says to policies (api/access_facts.h).
// Source: Developer Guide, "Using IAM policy conditions for fine-grained access control".
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "api/access_facts.h"
#include "api/dynamodb/parameters.h"
#include "expression/ast.h"
#include "expression/projection.h"
#include "expression/update.h"
#include "model/key_schema.h"

namespace armature::api {

class ItemFacts {
 public:
  // `schema`: the key of the table or index asked; nullptr: that of the table, if it exists. Without one the partition
  // key values are unknown.
  explicit ItemFacts(AccessFacts* facts, const KeySchema* schema = nullptr);

  // dynamodb:LeadingKeys and the further partition key attributes, from the key or the item; and all its attributes.
  ItemFacts& item(std::span<const Attribute> attributes);
  // One value for each partition key attribute.
  ItemFacts& partition(std::span<const Value> values);
  // One more value of the partition key attribute at `position`.
  ItemFacts& partition_value(std::size_t position, const Value& value);
  // Every partition key is meant, or which ones cannot be told.
  ItemFacts& any_partition();

  // dynamodb:Attributes: top-level names. nullptr adds none.
  ItemFacts& attributes(const expression::Projection* projection);
  ItemFacts& attributes(const expression::Condition* condition);
  ItemFacts& attributes(const expression::UpdateProgram* program);
  ItemFacts& attribute(std::string_view name);

  // dynamodb:Select of a read: what was asked for, or what the rest of the request implies.
  ItemFacts& select(const std::optional<Select>& given, bool projected, bool of_index);
  ItemFacts& return_values(const std::optional<ReturnValues>& given);
  ItemFacts& return_consumed_capacity(const std::optional<ReturnConsumedCapacity>& given);
  // dynamodb:EnclosingOperation: "TransactWriteItems", …
  ItemFacts& enclosing_operation(std::string_view operation);

 private:
  void leading_key(std::size_t position, const Value& value);

  AccessFacts* facts_;
  const KeySchema* schema_;
};

}  // namespace armature::api
