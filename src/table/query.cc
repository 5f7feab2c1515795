// Query: one page of an item collection, of a table or an index, in the order of its sort key.
// Source: API Reference, "Query".

#include "table/item_store.h"
#include "table/key_range.h"
#include "table/page.h"
#include "table/throughput.h"

namespace armature {

Task<Result<PageOutcome>> ItemStore::query(const TableDefinition& table, const QueryIntent& query, Arena* arena) {
  PageWalk walk{.forward = query.forward};
  CO_TRY_ASSIGN(walk.range, query_page_range(table, query.index, query.key_condition, query.exclusive_start_key,
                                             query.forward, arena));
  if (throughput_ != nullptr) CO_TRY(throughput_->admit(table, query.index, Direction::kRead));
  CO_TRY_ASSIGN(PageOutcome page, co_await read_page(storage_, table, query, std::move(walk), arena));
  if (throughput_ != nullptr) throughput_->charge(table, page.consumed);
  co_return page;
}

}  // namespace armature
