// The wildcard matcher against the obvious one; a Deny wins whatever stands beside it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "auth/iam/pattern.h"
#include "unit/auth/policies.h"

namespace armature::auth::iam {
namespace {

bool naive_match(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return naive_match(pattern.substr(1), text) || (!text.empty() && naive_match(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
         naive_match(pattern.substr(1), text.substr(1));
}

std::string draw(std::string_view alphabet, int most) {
  const auto letters = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, alphabet.size()));
  std::string text;
  for (std::size_t i = 0; i < letters.size() && static_cast<int>(i) < most; ++i) text += alphabet[letters[i]];
  return text;
}

RC_GTEST_PROP(Wildcards, MatchAsTheNaiveMatcherDoes, ()) {
  const std::string pattern = draw("ab*?", 10);
  const std::string text = draw("ab", 12);
  RC_ASSERT(matches_wildcards(pattern, text) == naive_match(pattern, text));
}

RC_GTEST_PROP(Wildcards, APatternMatchesWhatTheFunctionMatches, ()) {
  const std::string pattern = draw("ab*?:", 10);
  const std::string text = draw("ab:", 12);
  const MapContext context;
  const bool matches = Pattern::parse(pattern, {.wildcards = true})->matches(text, context) == Pattern::Match::kYes;
  RC_ASSERT(matches == naive_match(pattern, text));
}

RC_GTEST_PROP(Policies, ADenyAlwaysWins, ()) {
  const std::vector<std::string> statements = {
      "{'Effect':'Allow','Action':'*','Resource':'*'}",
      "{'Effect':'Allow','NotAction':'iam:*','Resource':'*'}",
      "{'Effect':'Allow','Action':'dynamodb:GetItem','Resource':'" + std::string(kTable) + "'}",
      "{'Effect':'Deny','Action':'dynamodb:Put*','Resource':'*'}",
  };
  const std::string deny = "{'Effect':'Deny','Action':'dynamodb:Get*','Resource':'" + std::string(kTable) + "'}";
  PrincipalPolicies policies;
  const auto picks = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, statements.size()));
  for (const std::size_t pick : picks) policies.identity.push_back(named("p", statements[pick]));
  const auto where = *rc::gen::inRange<std::size_t>(0, policies.identity.size() + 1);
  policies.identity.insert(policies.identity.begin() + static_cast<std::ptrdiff_t>(where), named("deny", deny));
  RC_ASSERT(decide(user(policies), "dynamodb:GetItem").outcome == Outcome::kExplicitDeny);
}

}  // namespace
}  // namespace armature::auth::iam
