// Conditions of statements. Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for
// multivalued context keys".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/iam/condition_key.h"
#include "auth/iam/pattern.h"
#include "base/ip_address.h"
#include "model/number.h"

namespace armature::auth::iam {

enum class ConditionOperator : std::uint8_t {
  kStringEquals,
  kStringNotEquals,
  kStringEqualsIgnoreCase,
  kStringNotEqualsIgnoreCase,
  kStringLike,
  kStringNotLike,
  kNumericEquals,
  kNumericNotEquals,
  kNumericLessThan,
  kNumericLessThanEquals,
  kNumericGreaterThan,
  kNumericGreaterThanEquals,
  kDateEquals,
  kDateNotEquals,
  kDateLessThan,
  kDateLessThanEquals,
  kDateGreaterThan,
  kDateGreaterThanEquals,
  kBool,
  kBinaryEquals,
  kIpAddress,
  kNotIpAddress,
  kArnEquals,  // ArnLike is the same.
  kArnNotEquals,
  kNull,
};

enum class SetQualifier : std::uint8_t { kNone, kForAllValues, kForAnyValue };

// Three-valued: kUnknown is what could not be evaluated, and ends up against the caller.
enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

// A value of a condition as its operator reads it. Milliseconds since 1970 for dates; bytes for binary.
using ConditionValue = std::variant<Pattern, Number, std::int64_t, bool, IpAllowList, std::string>;

struct Condition {
  ConditionOperator op = ConditionOperator::kStringEquals;
  SetQualifier qualifier = SetQualifier::kNone;
  bool if_exists = false;
  ConditionKey key;
  std::vector<ConditionValue> values;
  std::string op_text;             // As written: "ForAllValues:StringEqualsIfExists".
  std::vector<std::string> texts;  // The values as written.
};

// "ForAnyValue:StringLikeIfExists", in any case; nullopt: there is no such operator.
struct OperatorName {
  ConditionOperator op;
  SetQualifier qualifier;
  bool if_exists;
};
std::optional<OperatorName> parse_operator(std::string_view text);

// Reads one value for `op`; nullopt: it is none, such as "x" of NumericEquals. `variables`: the policy's version has
// them.
std::optional<ConditionValue> parse_condition_value(ConditionOperator op, std::string_view text, bool variables);

// Milliseconds since 1970 of "2026-11-24T12:00:00Z" (also with a fraction, an offset, or only a date) or of epoch
// seconds; nullopt: neither.
std::optional<std::int64_t> parse_date_ms(std::string_view text);

Truth evaluate(const Condition& condition, const ConditionContext& context);

}  // namespace armature::auth::iam
