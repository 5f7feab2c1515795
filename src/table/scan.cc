// Scan: one page of a whole table or index, or of a segment of it, in the order of tokens.
// Source: API Reference, "Scan"; Developer Guide, "Parallel scan".

#include "table/item_store.h"
#include "table/key_range.h"
#include "table/page.h"
#include "table/throughput.h"

namespace armature {

Task<Result<PageOutcome>> ItemStore::scan(const TableDefinition& table, const ScanIntent& scan, Arena* arena) {
  PageWalk walk;
  CO_TRY_ASSIGN(walk.range,
                scan_page_range(table, scan.index, scan.segment, scan.total_segments, scan.exclusive_start_key, arena));
  walk.meets_other_indexes =
      scan.index != nullptr && !scan.index->global && (table.local_indexes.size() > 1 || table.keeps_collection_sizes);
  if (throughput_ != nullptr) CO_TRY(throughput_->admit(table, scan.index, Direction::kRead));
  CO_TRY_ASSIGN(PageOutcome page, co_await read_page(storage_, table, scan, std::move(walk), arena));
  if (throughput_ != nullptr) throughput_->charge(table, page.consumed);
  co_return page;
}

}  // namespace armature
