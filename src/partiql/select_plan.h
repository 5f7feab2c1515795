// How a SELECT reads its table: items by key where the WHERE pins the whole key, item collections where it pins the
// partition key, and everything otherwise. Pure; safe from any thread.
// Source: Developer Guide, "PartiQL select statements for DynamoDB".
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/arena.h"
#include "catalog/table_definition.h"
#include "expression/condition.h"
#include "model/error.h"
#include "partiql/bind.h"
#include "table/item_store.h"

namespace armature::partiql {

// Most partition key values of one SELECT. Source: Developer Guide, "PartiQL operators for DynamoDB" (IN).
inline constexpr std::size_t kMaxPartitionValues = 50;

// The values of the partition key attributes of `schema` where `where` (nullptr: none) pins them, one list for each
// item collection; nullopt: it leaves them open. Where a partition key has several attributes, each must have one
// value.
std::optional<std::vector<std::vector<Value>>> partition_values(const KeySchema& schema,
                                                                const expression::Condition* where);

struct SelectPlan {
  enum class Access : std::uint8_t { kKeys, kCollections, kScan };
  Access access = Access::kScan;
  const IndexDefinition* index = nullptr;  // nullptr: the table itself.

  std::vector<ItemKey> keys;                          // kKeys: the items, in the order of the reply.
  std::vector<expression::KeyCondition> collections;  // kCollections: one for each partition key value.
  bool forward = true;                                // kCollections: ascending by sort key.
  // kCollections: the rows of all come in one order of the sort key, instead of one collection after the other.
  bool merged = false;

  const expression::Condition* filter = nullptr;  // The whole WHERE.
  std::span<const Column> columns;                // Empty: *.
  bool fetch_from_table = false;                  // As PageIntent's.

  // The WHERE leaves the partition key open.
  bool scans() const { return access == Access::kScan; }
};

// `statement` is a SELECT. Errors are DynamoDB's: keys of the wrong type, ORDER BY of what is no key, attributes a
// global index does not project, consistent reads of one.
Result<SelectPlan> plan_select(const TableDefinition& table, const IndexDefinition* index,
                               const BoundStatement& statement, bool consistent, Arena* arena);

// What the SELECT returns of an item: a value for each column that leads somewhere, under its name; of columns with the
// same name the last. Borrows from the item; the structure lives in `arena`.
std::span<const Attribute> project(std::span<const Column> columns, const ItemView& item, Arena* arena);

}  // namespace armature::partiql
