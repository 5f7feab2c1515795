#include "auth/iam/policy.h"

#include <algorithm>
#include <map>

#include "auth/iam/text.h"

namespace armature::auth::iam {

std::size_t policy_characters(std::string_view document) {
  return static_cast<std::size_t>(std::count_if(document.begin(), document.end(), [](char c) {
    const bool continues_character = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    return !is_blank(c) && !continues_character;
  }));
}

bool Statement::names_action(std::string_view action) const {
  const std::string lower = lower_case(action);
  const bool named = std::any_of(actions.begin(), actions.end(), [&](const std::string& pattern) {
    return pattern == lower || matches_wildcards(pattern, lower);
  });
  return named != not_actions;
}

Policy::Policy(std::string document, PolicyKind kind, bool current_version, std::vector<Statement> statements)
    : document_(std::move(document)),
      kind_(kind),
      current_version_(current_version),
      characters_(policy_characters(document_)),
      statements_(std::move(statements)) {
  for (const std::string_view action : known_actions()) {
    first_of_action_.push_back(static_cast<std::uint32_t>(by_action_.size()));
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      if (statements_[i].names_action(action)) by_action_.push_back(static_cast<std::uint16_t>(i));
    }
  }
  first_of_action_.push_back(static_cast<std::uint32_t>(by_action_.size()));
}

std::span<const std::uint16_t> Policy::statements_for(const Action& action, std::vector<std::uint16_t>* scratch) const {
  if (action.id != Action::kUnknown) {
    const std::uint32_t first = first_of_action_[action.id];
    return std::span(by_action_).subspan(first, first_of_action_[action.id + 1u] - first);
  }
  scratch->clear();
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    if (statements_[i].names_action(action.name)) scratch->push_back(static_cast<std::uint16_t>(i));
  }
  return *scratch;
}

std::vector<std::string> Policy::context_keys() const {
  std::map<std::string, std::string> keys;  // As first written, by lower-case name.
  const auto note = [&](const ConditionKey& key) { keys.emplace(key.name, key.as_written); };
  for (const Statement& statement : statements_) {
    for (const Pattern& resource : statement.resources) resource.for_each_variable(note);
    for (const Condition& condition : statement.conditions) {
      note(condition.key);
      for (const ConditionValue& value : condition.values) {
        if (const Pattern* const pattern = std::get_if<Pattern>(&value)) pattern->for_each_variable(note);
      }
    }
  }
  std::vector<std::string> names;
  for (const auto& [lower, written] : keys) names.push_back(written);
  return names;
}

}  // namespace armature::auth::iam
