// Text with wildcards and policy variables, as resources, condition values and actions have it.
// Source: IAM User Guide, "IAM JSON policy elements: Resource", "IAM policy elements: Variables and tags".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/iam/condition_key.h"

namespace armature::auth::iam {

// Whether `text` matches `pattern`, in which '*' stands for any characters, none included, and '?' for any one
// (UTF-8). Linear in the common case, |pattern|·|text| at worst.
bool matches_wildcards(std::string_view pattern, std::string_view text);

// A value of a policy, compiled: what of it is literal, a wildcard, or a variable. Immutable.
class Pattern {
 public:
  // What is special in the text. Variables are plain text in policies of version 2008-10-17.
  struct Syntax {
    bool wildcards = false;
    bool variables = false;
  };
  // nullopt: a variable is malformed, as "${" without its end or a nested one.
  static std::optional<Pattern> parse(std::string_view text, Syntax syntax);

  enum class Match : std::uint8_t {
    kYes,
    kNo,
    kUnresolved,  // A variable has no value here, or several, and no default.
  };
  Match matches(std::string_view text, const ConditionContext& context, bool ignore_case = false) const;

  // As an ARN: the parts between colons are matched one by one, so that no wildcard reaches from one into the next; the
  // sixth takes the rest.
  Match matches_arn(std::string_view arn, const ConditionContext& context) const;

  bool has_variables() const { return !variables_.empty(); }
  // The keys used as variables.
  template <class Visit>
  void for_each_variable(Visit visit) const {
    for (const Variable& variable : variables_) visit(variable.key);
  }

 private:
  enum class Kind : std::uint8_t { kExact, kAny, kPrefix, kWildcards };
  struct Variable {
    std::size_t position;  // In encoded_, where its value goes.
    ConditionKey key;
    std::optional<std::string> otherwise;
  };

  bool add_variable(std::string_view inside);
  void classify();
  // Puts the values of variables in; nullopt: one has none. Without variables `*buffer` is left alone.
  std::optional<std::string_view> resolve(const ConditionContext& context, std::string* buffer) const;

  Kind kind_ = Kind::kExact;
  // Literal bytes, with kStar and kOne where a wildcard stands: bytes no policy may contain, so that a '*' of a
  // variable's value or of an escape stays a star.
  std::string encoded_;
  bool plain_head_ = false;  // No wildcard before the fifth colon: then whole ARNs can be matched as text.
  std::vector<Variable> variables_;
};

}  // namespace armature::auth::iam
