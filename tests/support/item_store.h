// An item store over an engine in memory, with short words for tests:
//
//   TestStore store(table("t").pk("p", 'S').sk("s", 'N'));
//   store.put({{"p", S("a")}, {"s", N(1)}});
//   EXPECT_EQ(store.keys(store.query("p = :p AND s > :s", {{":p", S("a")}, {":s", N(0)}})), …);
//
// Intents, and what they borrow, live as long as the store.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/thread_executor.h"
#include "expression/condition.h"
#include "expression/placeholders.h"
#include "expression/projection.h"
#include "expression/update.h"
#include "storage/memory/memory_storage.h"
#include "support/values.h"
#include "table/item_store.h"

namespace armature::test {

using Values = std::initializer_list<Attribute>;

// What a failed result says: "code 13: message"; "ok" otherwise.
template <class T>
std::string error_text(const Result<T>& result) {
  return result ? "ok" : result.error().message;
}

class TestStore {
 public:
  explicit TestStore(TableDefinition definition, std::unique_ptr<storage::Storage> storage = nullptr,
                     ItemStoreOptions options = {})
      : definition_(std::move(definition)),
        storage_(storage != nullptr ? std::move(storage) : storage::make_memory_storage()),
        items_(storage_.get(), &clock_, options) {}

  Arena* arena() { return &arena_; }
  TableDefinition& definition() { return definition_; }
  ManualClock& clock() { return clock_; }
  ItemStore& items() { return items_; }
  storage::Storage& storage() { return *storage_; }
  const IndexDefinition* index(std::string_view name) const { return definition_.find_index(name); }

  // --- Expressions ---

  const expression::Condition* condition(std::string_view text, Values values = {},
                                         expression::Parameter parameter = expression::Parameter::kCondition) {
    return condition(text, attributes(values), parameter);
  }
  const expression::Condition* condition(std::string_view text, std::span<const Attribute> values,
                                         expression::Parameter parameter) {
    auto bound = expression::bind_condition(arena_.copy(text), parameter, placeholders(values), &arena_);
    EXPECT_EQ(error_text(bound), "ok") << text;
    return *bound;
  }
  const expression::UpdateProgram* program(std::string_view text, Values values = {}) {
    auto bound = expression::bind_update(arena_.copy(text), placeholders(attributes(values)), &arena_);
    EXPECT_EQ(error_text(bound), "ok") << text;
    return *bound;
  }
  const expression::Projection* projection(std::string_view text) {
    auto bound = expression::bind_projection(arena_.copy(text), placeholders({}), &arena_);
    EXPECT_EQ(error_text(bound), "ok") << text;
    return *bound;
  }

  // --- Writes ---

  PutIntent put_intent(std::span<const Attribute> item) {
    auto key = bind_item_key(definition_, item, &arena_);
    EXPECT_EQ(error_text(key), "ok");
    return {.key = std::move(*key), .item = item};
  }
  DeleteIntent delete_intent(Values key) { return {.key = key_of(key)}; }
  UpdateIntent update_intent(Values key, std::string_view expression, Values values = {}) {
    return {.key = key_of(key), .program = program(expression, values)};
  }
  GetIntent get_intent(Values key) { return {.key = key_of(key)}; }

  Result<WriteOutcome> put(const PutIntent& intent) { return sync_wait(items_.put(definition_, intent, &arena_)); }
  Result<WriteOutcome> put(std::span<const Attribute> item) { return put(put_intent(item)); }
  Result<WriteOutcome> put(Values item) { return put(attributes(item)); }
  Result<WriteOutcome> remove(const DeleteIntent& intent) {
    return sync_wait(items_.remove(definition_, intent, &arena_));
  }
  Result<WriteOutcome> remove(Values key) { return remove(delete_intent(key)); }
  Result<WriteOutcome> update(const UpdateIntent& intent) {
    return sync_wait(items_.update(definition_, intent, &arena_));
  }
  Result<WriteOutcome> update(Values key, std::string_view expression, Values values = {}) {
    return update(update_intent(key, expression, values));
  }

  // --- Reads ---

  Result<ReadOutcome> get(const GetIntent& intent) { return sync_wait(items_.get(definition_, intent)); }
  // The item as text; "none" when there is none.
  std::string get_text(Values key) {
    auto found = get(get_intent(key));
    EXPECT_EQ(error_text(found), "ok");
    return found->item ? to_text(ItemView(*found->item)) : "none";
  }

  QueryIntent query_intent(const IndexDefinition* index, std::string_view key_condition, Values values) {
    return query_intent(index, key_condition, attributes(values));
  }
  QueryIntent query_intent(const IndexDefinition* index, std::string_view key_condition,
                           std::span<const Attribute> values) {
    QueryIntent intent;
    intent.index = index;
    const KeySchema& schema = index != nullptr ? index->key : definition_.key;
    auto reduced = expression::reduce_key_condition(
        *condition(key_condition, values, expression::Parameter::kKeyCondition), schema, &arena_);
    EXPECT_EQ(error_text(reduced), "ok") << key_condition;
    intent.key_condition = *reduced;
    return intent;
  }
  QueryIntent query_intent(std::string_view key_condition, Values values) {
    return query_intent(nullptr, key_condition, values);
  }
  Result<PageOutcome> query(const QueryIntent& intent) { return sync_wait(items_.query(definition_, intent, &arena_)); }
  Result<PageOutcome> query(std::string_view key_condition, Values values) {
    return query(query_intent(key_condition, values));
  }
  Result<PageOutcome> scan(const ScanIntent& intent) { return sync_wait(items_.scan(definition_, intent, &arena_)); }

  // Reads every page of an intent; fails the test when they do not come to an end.
  template <class Intent>
  std::vector<PageOutcome> all_pages(Intent intent) {
    std::vector<PageOutcome> pages;
    while (pages.size() < 100'000) {
      auto page = read_page(intent);
      EXPECT_EQ(error_text(page), "ok");
      if (!page) return pages;
      pages.push_back(std::move(*page));
      if (!pages.back().last_evaluated_key) return pages;
      intent.exclusive_start_key = pages.back().last_evaluated_key;
    }
    ADD_FAILURE() << "paging does not end";
    return pages;
  }

  // One attribute of every item of a page, as text.
  static std::vector<std::string> column(const Result<PageOutcome>& page, std::string_view attribute) {
    EXPECT_EQ(error_text(page), "ok");
    return page ? column(*page, attribute) : std::vector<std::string>{};
  }
  static std::vector<std::string> column(const PageOutcome& page, std::string_view attribute) {
    std::vector<std::string> texts;
    for (const PageItem& item : page.items) {
      const auto found = item.view.find(attribute);
      texts.push_back(found ? to_text(found->decode(test::arena())) : "absent");
    }
    return texts;
  }

  storage::KeySpaceStats stats(storage::KeySpaceId key_space) { return *sync_wait(items_.stats(key_space)); }
  storage::KeySpaceStats stats() { return stats(definition_.key_space); }

 private:
  ItemKey key_of(Values key) {
    auto bound = bind_key(definition_, attributes(key), &arena_);
    EXPECT_EQ(error_text(bound), "ok");
    return std::move(*bound);
  }
  Result<PageOutcome> read_page(const QueryIntent& intent) { return query(intent); }
  Result<PageOutcome> read_page(const ScanIntent& intent) { return scan(intent); }
  expression::Placeholders* placeholders(std::span<const Attribute> values) {
    placeholders_.push_back(std::make_unique<expression::Placeholders>(std::span<const expression::NamePlaceholder>(),
                                                                       test::arena()->copy_array(values)));
    return placeholders_.back().get();
  }

  Arena arena_;
  ManualClock clock_{1'700'000'000'000};
  TableDefinition definition_;
  std::unique_ptr<storage::Storage> storage_;
  ItemStore items_;
  std::vector<std::unique_ptr<expression::Placeholders>> placeholders_;
};

}  // namespace armature::test
