#include "partiql/select.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace armature::partiql {
namespace {

using Part = SelectPosition::Part;

Unexpected<Error> wrong_position() { return invalid("NextToken does not match request"); }

// What the readers of the three kinds of plans share.
class SelectReader {
 protected:
  SelectReader(ItemStore* items, const SelectIntent& intent, Arena* arena)
      : items_(*items), intent_(intent), plan_(*intent.plan), table_(*intent.table), arena_(arena) {}

  bool is_full() const { return (intent_.limit && rows_ >= *intent_.limit) || bytes_ >= kPageLimitBytes; }
  std::optional<std::uint32_t> remaining_rows() const {
    return intent_.limit ? std::optional(*intent_.limit - rows_) : std::nullopt;
  }

  void set_up(PageIntent* page) const {
    page->index = plan_.index;
    page->consistent = intent_.consistent;
    page->fetch_from_table = plan_.fetch_from_table;
    page->return_entries = plan_.columns.empty();
    page->limit = remaining_rows();
    page->limit_bytes = kPageLimitBytes - bytes_;
  }

  void keep(PageItem item) {
    if (!plan_.columns.empty()) item.projected = project(plan_.columns, item.view, arena_);
    page_.items.push_back(item);
  }

  void keep(PageOutcome outcome) {
    rows_ += outcome.scanned_count;
    bytes_ += outcome.scanned_bytes;
    page_.consumed += outcome.consumed;
    for (const PageItem& item : outcome.items) keep(item);
    keep_memory(std::move(outcome.memory));
  }
  void keep_memory(std::vector<std::shared_ptr<const void>> memory) {
    std::move(memory.begin(), memory.end(), std::back_inserter(page_.memory));
  }

  ItemStore& items_;
  const SelectIntent& intent_;
  const SelectPlan& plan_;
  const TableDefinition& table_;
  Arena* const arena_;

  SelectPage page_;
  std::uint32_t rows_ = 0;  // Evaluated.
  std::size_t bytes_ = 0;
};

// --- Items by key ---

class KeyReader : SelectReader {
 public:
  using SelectReader::SelectReader;

  static Task<Result<SelectPage>> run(ItemStore* items, const SelectIntent& intent, Arena* arena) {
    KeyReader reader(items, intent, arena);
    co_return co_await reader.read();
  }

 private:
  Task<Result<SelectPage>> read() {
    const auto count = static_cast<std::uint32_t>(plan_.keys.size());
    std::uint32_t part = intent_.position.first_part;
    if (part > count || !intent_.position.parts.empty()) co_return wrong_position();
    for (; part < count && !is_full(); ++part) {
      const GetIntent get{.key = plan_.keys[part], .consistent = intent_.consistent};
      CO_TRY_ASSIGN(const ReadOutcome read, co_await items_.get(table_, get));
      page_.consumed += read.consumed;
      ++rows_;
      if (read.item) evaluate(*read.item);
    }
    if (part < count) {
      page_.next = SelectPosition{.first_part = part, .parts = {}};
      page_.last_evaluated_key = plan_.keys[part - 1].attributes;
    }
    co_return std::move(page_);
  }

  void evaluate(const Bytes& encoded) {
    const ItemView item(arena_->copy(encoded));
    bytes_ += item.size_bytes();
    if (plan_.filter == nullptr || expression::evaluate(*plan_.filter, &item, arena_)) {
      keep(PageItem{.view = item, .projected = {}});
    }
  }
};

// --- One part after the other: a scan, or item collections ---

class SequenceReader : SelectReader {
 public:
  using SelectReader::SelectReader;

  static Task<Result<SelectPage>> run(ItemStore* items, const SelectIntent& intent, Arena* arena) {
    SequenceReader reader(items, intent, arena);
    co_return co_await reader.read();
  }

 private:
  Task<Result<SelectPage>> read() {
    const std::uint32_t count = plan_.scans() ? 1 : static_cast<std::uint32_t>(plan_.collections.size());
    std::uint32_t part = intent_.position.first_part;
    if (part > count || intent_.position.parts.size() > 1) co_return wrong_position();
    std::optional<std::span<const Attribute>> start_key;
    if (!intent_.position.parts.empty()) start_key = intent_.position.parts.front().start_key;
    for (; part < count; ++part) {
      if (is_full()) {
        page_.next = SelectPosition{.first_part = part, .parts = {}};
        break;
      }
      CO_TRY_ASSIGN(PageOutcome outcome, co_await read_part(part, start_key));
      start_key.reset();
      const auto last_evaluated_key = outcome.last_evaluated_key;
      keep(std::move(outcome));
      if (!last_evaluated_key) continue;
      page_.last_evaluated_key = last_evaluated_key;
      page_.next = SelectPosition{.first_part = part,
                                  .parts = {{.state = Part::State::kBehind, .start_key = *last_evaluated_key}}};
      break;
    }
    co_return std::move(page_);
  }

  Task<Result<PageOutcome>> read_part(std::uint32_t part, std::optional<std::span<const Attribute>> start_key) {
    if (plan_.scans()) {
      ScanIntent scan;
      set_up(&scan);
      scan.filter = plan_.filter;
      scan.exclusive_start_key = start_key;
      co_return co_await items_.scan(table_, scan, arena_);
    }
    QueryIntent query;
    set_up(&query);
    query.filter = plan_.filter;
    query.exclusive_start_key = start_key;
    query.key_condition = plan_.collections[part];
    query.forward = plan_.forward;
    co_return co_await items_.query(table_, query, arena_);
  }
};

// --- Item collections merged by sort key ---

// Reads a few rows of every collection ahead and takes the first of all of them, so rows are read that a page does not
// get to; they cost capacity again with the next page.
class MergeReader : SelectReader {
 public:
  using SelectReader::SelectReader;

  static Task<Result<SelectPage>> run(ItemStore* items, const SelectIntent& intent, Arena* arena) {
    MergeReader reader(items, intent, arena);
    co_return co_await reader.read();
  }

 private:
  static constexpr std::uint32_t kMostRowsAhead = 100;

  struct Collection {
    Part position;  // Behind the last row taken.
    std::deque<PageItem> ahead;
    std::optional<std::span<const Attribute>> start_key;  // Of the rows behind those ahead.
    bool exhausted = false;                               // There are none.
  };

  Task<Result<SelectPage>> read() {
    CO_TRY(begin());
    while (!is_full()) {
      for (std::size_t i = 0; i < collections_.size(); ++i) {
        if (collections_[i].ahead.empty() && !collections_[i].exhausted) CO_TRY(co_await read_ahead(i));
      }
      Collection* const first = first_collection();
      if (first == nullptr) {
        page_.last_evaluated_key.reset();
        co_return std::move(page_);
      }
      take_row(first);
    }
    SelectPosition next;
    for (const Collection& collection : collections_) {
      const bool done = collection.exhausted && collection.ahead.empty();
      next.parts.push_back(done ? Part{.state = Part::State::kDone, .start_key = {}} : collection.position);
    }
    page_.next = std::move(next);
    co_return std::move(page_);
  }

  Result<void> begin() {
    const SelectPosition& position = intent_.position;
    collections_.resize(plan_.collections.size());
    if (position.first_part != 0 || position.parts.size() > collections_.size()) return wrong_position();
    for (std::size_t i = 0; i < position.parts.size(); ++i) {
      collections_[i].position = position.parts[i];
      collections_[i].exhausted = position.parts[i].state == Part::State::kDone;
      if (position.parts[i].state == Part::State::kBehind) collections_[i].start_key = position.parts[i].start_key;
    }
    return {};
  }

  Task<Result<void>> read_ahead(std::size_t i) {
    Collection& collection = collections_[i];
    QueryIntent query;
    set_up(&query);
    query.limit = std::min(remaining_rows().value_or(kMostRowsAhead), kMostRowsAhead);
    query.limit_bytes = kPageLimitBytes / collections_.size();
    query.exclusive_start_key = collection.start_key;
    query.key_condition = plan_.collections[i];
    query.forward = plan_.forward;
    CO_TRY_ASSIGN(PageOutcome outcome, co_await items_.query(table_, query, arena_));
    page_.consumed += outcome.consumed;
    collection.ahead.assign(outcome.items.begin(), outcome.items.end());
    collection.start_key = outcome.last_evaluated_key;
    collection.exhausted = !outcome.last_evaluated_key;
    keep_memory(std::move(outcome.memory));
    co_return Result<void>();
  }

  // Of rows with the same sort key, that of the collection named first.
  Collection* first_collection() {
    const std::string& sort_key = key_schema().sort.front().name;
    Collection* first = nullptr;
    std::optional<Value> first_value;
    for (Collection& collection : collections_) {
      if (collection.ahead.empty()) continue;
      const Value value = collection.ahead.front().view.find(sort_key)->decode(arena_);
      const int compared = first == nullptr ? -1 : compare_ordered(value, *first_value);
      if (first != nullptr && (plan_.forward ? compared >= 0 : compared <= 0)) continue;
      first = &collection;
      first_value = value;
    }
    return first;
  }

  void take_row(Collection* collection) {
    const PageItem row = collection->ahead.front();
    collection->ahead.pop_front();
    ++rows_;
    bytes_ += row.view.size_bytes();
    collection->position = {.state = Part::State::kBehind,
                            .start_key = start_key_behind(table_, plan_.index, row.view, arena_)};
    page_.last_evaluated_key = collection->position.start_key;
    if (plan_.filter == nullptr || expression::evaluate(*plan_.filter, &row.view, arena_)) keep(row);
  }

  const KeySchema& key_schema() const { return plan_.index != nullptr ? plan_.index->key : table_.key; }

  std::vector<Collection> collections_;
};

}  // namespace

Task<Result<SelectPage>> read_select(ItemStore* items, const SelectIntent& intent, Arena* arena) {
  const SelectPlan& plan = *intent.plan;
  if (plan.access == SelectPlan::Access::kKeys) return KeyReader::run(items, intent, arena);
  if (plan.merged) return MergeReader::run(items, intent, arena);
  return SequenceReader::run(items, intent, arena);
}

}  // namespace armature::partiql
