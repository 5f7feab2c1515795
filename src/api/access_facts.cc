#include "api/access_facts.h"

#include <algorithm>
#include <string>

#include "base/header.h"

namespace armature::api {

using auth::iam::KeyValues;

AccessFacts::Fact& AccessFacts::fact(std::string_view name) {
  for (Fact& one : facts_) {
    if (equals_ignoring_case(one.name, name)) return one;
  }
  facts_.push_back({.name = name, .values = {}});
  return facts_.back();
}

void AccessFacts::add(std::string_view name, std::string_view value) { fact(name).values.push_back(value); }

void AccessFacts::add_to_list(std::string_view name, std::string_view value) {
  Fact& list = fact(name);
  list.several = true;
  list.values.push_back(value);
}

void AccessFacts::start_list(std::string_view name) { fact(name).several = true; }

void AccessFacts::set_unknown(std::string_view name) { fact(name).state = KeyValues::State::kUnknown; }

void AccessFacts::add_of(std::string_view prefix, std::string_view key, std::string_view value) {
  std::string name(prefix);
  name.append(key);
  add(arena_->copy(name), value);
}

void AccessFacts::add_request_tag(std::string_view key, std::string_view value) {
  add_of("aws:RequestTag/", key, value);
  add_tag_key(key);
}

void AccessFacts::add_resource_tag(std::string_view key, std::string_view value) {
  add_of("aws:ResourceTag/", key, value);
  add_of("iam:ResourceTag/", key, value);
}

void AccessFacts::add_tag_key(std::string_view key) { add_to_list("aws:TagKeys", key); }

KeyValues AccessFacts::find(const auth::iam::ConditionKey& key) const {
  for (const Fact& one : facts_) {
    if (!equals_ignoring_case(one.name, key.name)) continue;
    return {.state = one.state, .several = one.several || one.values.size() > 1, .values = one.values};
  }
  return {};
}

}  // namespace armature::api
