// What Query and Scan share: one page of a table or an index, filtered and projected.
// Source: API Reference, "Query", "Scan".
#pragma once

#include "api/context.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/projection.h"
#include "api/dynamodb/table_access.h"
#include "api/dynamodb/usage.h"
#include "table/item_store.h"

namespace armature::api {

struct PageParameters : ProjectionParameters {
  std::string_view table_name;
  std::optional<std::string_view> index_name;
  std::optional<Select> select;
  std::optional<std::int32_t> limit;
  std::optional<bool> consistent_read;
  std::optional<LegacyFilters> legacy_filter;  // QueryFilter, ScanFilter.
  std::optional<ConditionalOperator> conditional_operator;
  std::optional<std::string_view> filter_expression;
  std::optional<std::span<const Attribute>> exclusive_start_key;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
};

// Which of the two asks; some texts differ.
enum class PageOperation : std::uint8_t { kQuery, kScan };

// The rules of Select that need no table.
Result<void> check_select(const PageParameters& request, PageOperation operation);

// FilterExpression, or the legacy one; nullptr: none.
Result<const expression::Condition*> bind_filter(const PageParameters& request, expression::Placeholders* placeholders,
                                                 Arena* arena);

// What policies may ask about a page, without its partition.
void add_page_facts(const PageParameters& request, const expression::Condition* filter,
                    const expression::Projection* projection, ItemFacts* facts);
// The key of the table or of its index; nullptr: there is no such table or index.
const KeySchema* read_key_schema(const TableDefinition* table, const std::optional<std::string_view>& index_name);

// Sets up `*page` for the table or index, with the checks that need it: consistency, Select, attributes an index does
// not project. `filter` and `projection` may be nullptr.
Result<void> set_up_page(const PageParameters& request, const ReadTarget& target, const expression::Condition* filter,
                         const expression::Projection* projection, PageIntent* page);

struct PageResponse {
  PageOutcome page;
  bool count_only = false;
  std::optional<CapacityReport> consumed;
};
PageResponse make_response(const PageParameters& request, const TableDefinition& table, const PageIntent& intent,
                           PageOutcome page, RequestContext* context);
void encode(const PageResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
