#include "auth/iam/condition.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "auth/iam/text.h"
#include "wire/base64.h"

namespace armature::auth::iam {
namespace {

using Op = ConditionOperator;

struct NamedOperator {
  std::string_view name;
  Op op;
};

constexpr NamedOperator kOperators[] = {
    {"arnequals", Op::kArnEquals},
    {"arnlike", Op::kArnEquals},
    {"arnnotequals", Op::kArnNotEquals},
    {"arnnotlike", Op::kArnNotEquals},
    {"binaryequals", Op::kBinaryEquals},
    {"bool", Op::kBool},
    {"dateequals", Op::kDateEquals},
    {"dategreaterthan", Op::kDateGreaterThan},
    {"dategreaterthanequals", Op::kDateGreaterThanEquals},
    {"datelessthan", Op::kDateLessThan},
    {"datelessthanequals", Op::kDateLessThanEquals},
    {"datenotequals", Op::kDateNotEquals},
    {"ipaddress", Op::kIpAddress},
    {"notipaddress", Op::kNotIpAddress},
    {"null", Op::kNull},
    {"numericequals", Op::kNumericEquals},
    {"numericgreaterthan", Op::kNumericGreaterThan},
    {"numericgreaterthanequals", Op::kNumericGreaterThanEquals},
    {"numericlessthan", Op::kNumericLessThan},
    {"numericlessthanequals", Op::kNumericLessThanEquals},
    {"numericnotequals", Op::kNumericNotEquals},
    {"stringequals", Op::kStringEquals},
    {"stringequalsignorecase", Op::kStringEqualsIgnoreCase},
    {"stringlike", Op::kStringLike},
    {"stringnotequals", Op::kStringNotEquals},
    {"stringnotequalsignorecase", Op::kStringNotEqualsIgnoreCase},
    {"stringnotlike", Op::kStringNotLike},
};

bool is_negated(Op op) {
  switch (op) {
    case Op::kStringNotEquals:
    case Op::kStringNotEqualsIgnoreCase:
    case Op::kStringNotLike:
    case Op::kNumericNotEquals:
    case Op::kDateNotEquals:
    case Op::kNotIpAddress:
    case Op::kArnNotEquals: return true;
    default: return false;
  }
}

Truth truth(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

Truth negate(Truth value) {
  if (value == Truth::kUnknown) return value;
  return truth(value == Truth::kFalse);
}

std::optional<bool> parse_bool(std::string_view text) {
  const std::string lower = lower_case(text);
  if (lower == "true") return true;
  if (lower == "false") return false;
  return std::nullopt;
}

std::optional<Number> parse_number(std::string_view text) {
  const auto number = Number::parse(text);
  if (!number) return std::nullopt;
  return *number;
}

std::optional<std::string> parse_base64(std::string_view text) {
  Arena arena;
  const auto bytes = wire::decode_base64(text, &arena);
  if (!bytes) return std::nullopt;
  return std::string(*bytes);
}

// --- Dates ---

// Takes exactly `digits` digits off `*text`.
std::optional<int> take_number(std::string_view* text, std::size_t digits) {
  if (text->size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : text->substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text->remove_prefix(digits);
  return value;
}

bool take_char(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_date_ms(std::string_view* text) {
  const auto year = take_number(text, 4);
  if (!year || !take_char(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take_char(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::sys_days(date).time_since_epoch()).count();
}

// "12:30", "12:30:05", "12:30:05.25".
std::optional<std::int64_t> take_time_ms(std::string_view* text) {
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 23 || !take_char(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  std::int64_t ms = (*hours * 60 + *minutes) * std::int64_t{60'000};
  if (!take_char(text, ':')) return ms;
  const auto seconds = take_number(text, 2);
  if (!seconds || *seconds > 60) return std::nullopt;
  ms += *seconds * 1000;
  if (!take_char(text, '.')) return ms;
  int scale = 100;
  bool digits = false;
  for (; !text->empty() && text->front() >= '0' && text->front() <= '9'; text->remove_prefix(1)) {
    ms += (text->front() - '0') * scale;
    scale /= 10;
    digits = true;
  }
  if (!digits) return std::nullopt;
  return ms;
}

// "Z", "+01:00", "-0800".
std::optional<std::int64_t> take_offset_ms(std::string_view* text) {
  if (take_char(text, 'Z') || take_char(text, 'z')) return 0;
  const bool east = take_char(text, '+');
  if (!east && !take_char(text, '-')) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 23) return std::nullopt;
  take_char(text, ':');
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::int64_t ms = (*hours * 60 + *minutes) * std::int64_t{60'000};
  return east ? ms : -ms;
}

constexpr std::int64_t kMostEpochSeconds = 253'402'300'799;  // The end of 9999.

std::optional<std::int64_t> parse_epoch_ms(std::string_view text) {
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || seconds < 0 || seconds > kMostEpochSeconds) return std::nullopt;
  if (parsed_to == end) return seconds * 1000;
  // A fraction of seconds.
  std::string_view rest(parsed_to, static_cast<std::size_t>(end - parsed_to));
  if (!take_char(&rest, '.') || rest.empty() || rest.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < 3; ++i) ms = ms * 10 + (i < rest.size() ? rest[i] - '0' : 0);
  return seconds * 1000 + ms;
}

// --- Comparing one value of the request with one of the policy ---

template <class T>
Truth compare(Op equals, Op op, const T& request, const T& policy) {
  // The operators of numbers and dates stand in the same order.
  switch (static_cast<int>(op) - static_cast<int>(equals)) {
    case 0:
    case 1: return truth(request == policy);  // Not…Equals is negated outside.
    case 2: return truth(request < policy);
    case 3: return truth(request <= policy);
    case 4: return truth(request > policy);
    default: return truth(request >= policy);
  }
}

Truth of_match(Pattern::Match match) {
  switch (match) {
    case Pattern::Match::kYes: return Truth::kTrue;
    case Pattern::Match::kNo: return Truth::kFalse;
    case Pattern::Match::kUnresolved: break;
  }
  return Truth::kUnknown;
}

// Without negation: what …NotEquals negates.
Truth compare(Op op, std::string_view request, const ConditionValue& policy, const ConditionContext& context) {
  switch (op) {
    case Op::kStringEquals:
    case Op::kStringNotEquals:
    case Op::kStringLike:
    case Op::kStringNotLike: return of_match(std::get<Pattern>(policy).matches(request, context));
    case Op::kStringEqualsIgnoreCase:
    case Op::kStringNotEqualsIgnoreCase: return of_match(std::get<Pattern>(policy).matches(request, context, true));
    case Op::kArnEquals:
    case Op::kArnNotEquals:
      if (!request.starts_with("arn:")) return Truth::kFalse;
      return of_match(std::get<Pattern>(policy).matches_arn(request, context));
    case Op::kNumericEquals:
    case Op::kNumericNotEquals:
    case Op::kNumericLessThan:
    case Op::kNumericLessThanEquals:
    case Op::kNumericGreaterThan:
    case Op::kNumericGreaterThanEquals: {
      const auto number = parse_number(request);
      return number ? compare(Op::kNumericEquals, op, *number, std::get<Number>(policy)) : Truth::kUnknown;
    }
    case Op::kDateEquals:
    case Op::kDateNotEquals:
    case Op::kDateLessThan:
    case Op::kDateLessThanEquals:
    case Op::kDateGreaterThan:
    case Op::kDateGreaterThanEquals: {
      const auto date = parse_date_ms(request);
      return date ? compare(Op::kDateEquals, op, *date, std::get<std::int64_t>(policy)) : Truth::kUnknown;
    }
    case Op::kBool: {
      const auto value = parse_bool(request);
      if (!value) return Truth::kUnknown;
      if (const bool* literal = std::get_if<bool>(&policy)) return truth(*value == *literal);
      return of_match(std::get<Pattern>(policy).matches(*value ? "true" : "false", context, true));
    }
    case Op::kBinaryEquals: {
      const auto bytes = parse_base64(request);
      return bytes ? truth(*bytes == std::get<std::string>(policy)) : Truth::kUnknown;
    }
    case Op::kIpAddress:
    case Op::kNotIpAddress: {
      const auto address = IpAddress::parse(request);
      return address ? truth(std::get<IpAllowList>(policy).allows(*address)) : Truth::kUnknown;
    }
    case Op::kNull: break;
  }
  return Truth::kUnknown;
}

// Whether one value of the request passes: equal to one of the policy's, or for a negated operator to none of them.
Truth passes(const Condition& condition, std::string_view request, const ConditionContext& context) {
  Truth any = Truth::kFalse;
  bool unresolved = false;
  for (const ConditionValue& value : condition.values) {
    const Truth one = compare(condition.op, request, value, context);
    if (one == Truth::kTrue) {
      any = Truth::kTrue;
      break;
    }
    if (one != Truth::kUnknown) continue;
    // What a variable without a value would be is equal to nothing; but then it is not known to differ either.
    const Pattern* const pattern = std::get_if<Pattern>(&value);
    if (pattern != nullptr && !is_negated(condition.op)) continue;
    unresolved = true;
  }
  if (any != Truth::kTrue && unresolved) return Truth::kUnknown;
  return is_negated(condition.op) ? negate(any) : any;
}

Truth evaluate_null(const Condition& condition, const KeyValues& values) {
  const bool absent = values.state != KeyValues::State::kPresent;
  for (const ConditionValue& value : condition.values) {
    if (const bool* literal = std::get_if<bool>(&value); literal != nullptr && *literal == absent) return Truth::kTrue;
  }
  return Truth::kFalse;
}

Truth evaluate_absent(const Condition& condition) {
  if (condition.if_exists) return Truth::kTrue;
  switch (condition.qualifier) {
    case SetQualifier::kForAllValues: return Truth::kTrue;
    case SetQualifier::kForAnyValue: return Truth::kFalse;
    case SetQualifier::kNone: break;
  }
  return truth(is_negated(condition.op));
}

}  // namespace

std::optional<OperatorName> parse_operator(std::string_view text) {
  std::string lower = lower_case(text);
  std::string_view name = lower;
  OperatorName parsed{Op::kNull, SetQualifier::kNone, false};
  constexpr std::string_view kForAll = "forallvalues:";
  constexpr std::string_view kForAny = "foranyvalue:";
  constexpr std::string_view kIfExists = "ifexists";
  if (name.starts_with(kForAll)) {
    parsed.qualifier = SetQualifier::kForAllValues;
    name.remove_prefix(kForAll.size());
  } else if (name.starts_with(kForAny)) {
    parsed.qualifier = SetQualifier::kForAnyValue;
    name.remove_prefix(kForAny.size());
  }
  if (name.ends_with(kIfExists)) {
    parsed.if_exists = true;
    name.remove_suffix(kIfExists.size());
  }
  for (const NamedOperator& known : kOperators) {
    if (known.name != name) continue;
    parsed.op = known.op;
    // Null is about absence itself.
    if (known.op == Op::kNull && (parsed.if_exists || parsed.qualifier != SetQualifier::kNone)) return std::nullopt;
    return parsed;
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse_date_ms(std::string_view text) {
  if (const auto epoch = parse_epoch_ms(text)) return epoch;
  const auto date = take_date_ms(&text);
  if (!date) return std::nullopt;
  if (text.empty()) return date;
  if (!take_char(&text, 'T') && !take_char(&text, 't')) return std::nullopt;
  const auto time = take_time_ms(&text);
  if (!time) return std::nullopt;
  const auto offset = take_offset_ms(&text);
  if (!offset || !text.empty()) return std::nullopt;
  return *date + *time - *offset;
}

std::optional<ConditionValue> parse_condition_value(ConditionOperator op, std::string_view text, bool variables) {
  const auto wrap = [](auto parsed) -> std::optional<ConditionValue> {
    if (!parsed) return std::nullopt;
    return ConditionValue(std::move(*parsed));
  };
  switch (op) {
    case Op::kStringEquals:
    case Op::kStringNotEquals:
    case Op::kStringEqualsIgnoreCase:
    case Op::kStringNotEqualsIgnoreCase:
      return wrap(Pattern::parse(text, {.wildcards = false, .variables = variables}));
    case Op::kStringLike:
    case Op::kStringNotLike:
    case Op::kArnEquals:
    case Op::kArnNotEquals: return wrap(Pattern::parse(text, {.wildcards = true, .variables = variables}));
    case Op::kNumericEquals:
    case Op::kNumericNotEquals:
    case Op::kNumericLessThan:
    case Op::kNumericLessThanEquals:
    case Op::kNumericGreaterThan:
    case Op::kNumericGreaterThanEquals: return wrap(parse_number(text));
    case Op::kDateEquals:
    case Op::kDateNotEquals:
    case Op::kDateLessThan:
    case Op::kDateLessThanEquals:
    case Op::kDateGreaterThan:
    case Op::kDateGreaterThanEquals: return wrap(parse_date_ms(text));
    case Op::kBool: {
      if (const auto value = parse_bool(text)) return ConditionValue(*value);
      if (!variables) return std::nullopt;
      auto pattern = Pattern::parse(text, {.wildcards = false, .variables = true});
      if (!pattern || !pattern->has_variables()) return std::nullopt;
      return ConditionValue(std::move(*pattern));
    }
    case Op::kNull: return wrap(parse_bool(text));
    case Op::kBinaryEquals: return wrap(parse_base64(text));
    case Op::kIpAddress:
    case Op::kNotIpAddress: {
      const std::string entry(text);
      auto network = IpAllowList::parse(std::span(&entry, 1));
      if (!network) return std::nullopt;
      return ConditionValue(std::move(*network));
    }
  }
  return std::nullopt;
}

Truth evaluate(const Condition& condition, const ConditionContext& context) {
  const KeyValues values = context.find(condition.key);
  if (condition.op == Op::kNull) return evaluate_null(condition, values);
  if (values.state == KeyValues::State::kUnknown && !condition.if_exists) return Truth::kUnknown;
  if (values.state != KeyValues::State::kPresent || values.values.empty()) return evaluate_absent(condition);

  bool some_pass = false, some_fail = false, some_unknown = false;
  for (const std::string_view value : values.values) {
    const Truth one = passes(condition, value, context);
    (one == Truth::kTrue ? some_pass : one == Truth::kFalse ? some_fail : some_unknown) = true;
  }
  switch (condition.qualifier) {
    case SetQualifier::kForAnyValue: return some_pass ? Truth::kTrue : some_unknown ? Truth::kUnknown : Truth::kFalse;
    case SetQualifier::kForAllValues: return some_fail ? Truth::kFalse : some_unknown ? Truth::kUnknown : Truth::kTrue;
    case SetQualifier::kNone: break;
  }
  // An operator for one value on several: trusted only where they agree.
  if (some_unknown || (some_pass && some_fail)) return Truth::kUnknown;
  return truth(some_pass);
}

}  // namespace armature::auth::iam
