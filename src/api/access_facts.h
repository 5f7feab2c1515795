// What a handler knows about its request that policies may ask about: values of condition keys. Handed over lazily: a
// handler passes a function that fills them in, and it runs only when some policy of the principal (never of root) asks
// for a key it could fill.
//
//   authorize(context, "iam:TagUser", user_arn, [&](AccessFacts* facts) {
//     for (const Tag& tag : request.tags) facts->add_request_tag(tag.key, tag.value);
//   });
//
// Source: Service Authorization Reference, "Condition keys for Amazon DynamoDB"; IAM User Guide, "AWS global condition
// context keys". api/dynamodb/item_facts.h has what item operations share.
#pragma once

#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "auth/iam/condition_key.h"
#include "base/arena.h"
#include "catalog/table_definition.h"

namespace armature::api {

class AccessFacts {
 public:
  // `table`: the one the resource belongs to; nullptr: none, or it does not exist.
  AccessFacts(Arena* arena, const TableDefinition* table) : arena_(arena), table_(table) {}

  Arena* arena() const { return arena_; }
  const TableDefinition* table() const { return table_; }

  // One more value of a key with one value ("sts:ExternalId") or of a list. `name` in any case; strings must outlive
  // the request or live in arena().
  void add(std::string_view name, std::string_view value);
  void add_to_list(std::string_view name, std::string_view value);
  // A list that may turn out empty: present all the same.
  void start_list(std::string_view name);
  // auth::iam::KeyValues::State::kUnknown.
  void set_unknown(std::string_view name);

  // aws:RequestTag/key and aws:TagKeys; the second alone of tags that are taken away.
  void add_request_tag(std::string_view key, std::string_view value);
  void add_tag_key(std::string_view key);

  // aws:ResourceTag/key and iam:ResourceTag/key, of what IAM keeps; tables are looked up (table()).
  void add_resource_tag(std::string_view key, std::string_view value);

  auth::iam::KeyValues find(const auth::iam::ConditionKey& key) const;

 private:
  struct Fact {
    std::string_view name;
    auth::iam::KeyValues::State state = auth::iam::KeyValues::State::kPresent;
    bool several = false;
    std::vector<std::string_view> values;
  };
  Fact& fact(std::string_view name);
  // With the text of `prefix` and `key` together as name.
  void add_of(std::string_view prefix, std::string_view key, std::string_view value);

  Arena* arena_;
  const TableDefinition* table_;
  std::vector<Fact> facts_;
};

// A reference to the function that fills facts in; borrows it, so name the lambda or pass it within the same call.
class FactSource {
 public:
  FactSource() = default;
  template <class Function>
  requires std::is_invocable_v<const Function&, AccessFacts*> FactSource(const Function& function)  // NOLINT: implicit
      : function_(&function),
        call_([](const void* target, AccessFacts* facts) { (*static_cast<const Function*>(target))(facts); }) {}

  // Whether there is a function: without one, nothing is known about the request.
  bool given() const { return call_ != nullptr; }
  void operator()(AccessFacts* facts) const {
    if (call_ != nullptr) call_(function_, facts);
  }

 private:
  const void* function_ = nullptr;
  void (*call_)(const void*, AccessFacts*) = nullptr;
};

}  // namespace armature::api
