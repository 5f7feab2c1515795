// Parameters that many operations share: their types, shapes, and the rules between them that need no table.
// Source: API Reference, "PutItem", "UpdateItem", "Query" and so on, "Request Parameters".
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "api/shape.h"
#include "expression/legacy.h"
#include "expression/placeholders.h"
#include "model/error.h"
#include "model/value.h"

namespace armature::api {

enum class ReturnConsumedCapacity : std::uint8_t { kNone, kTotal, kIndexes };
enum class ReturnItemCollectionMetrics : std::uint8_t { kNone, kSize };
enum class ReturnValues : std::uint8_t { kNone, kAllOld, kUpdatedOld, kAllNew, kUpdatedNew };
enum class ReturnValuesOnFailure : std::uint8_t { kNone, kAllOld };
enum class ConditionalOperator : std::uint8_t { kAnd, kOr };
enum class Select : std::uint8_t { kAllAttributes, kAllProjectedAttributes, kSpecificAttributes, kCount };
enum class ComparisonOperator : std::uint8_t {
  kEq,
  kNe,
  kIn,
  kLe,
  kLt,
  kGe,
  kGt,
  kBetween,
  kNotNull,
  kNull,
  kContains,
  kNotContains,
  kBeginsWith
};

// The error texts print the values of an enum in the service's own order.
template <>
struct EnumShape<ReturnConsumedCapacity> {
  static constexpr EnumValue<ReturnConsumedCapacity> values[] = {{"INDEXES", ReturnConsumedCapacity::kIndexes},
                                                                 {"TOTAL", ReturnConsumedCapacity::kTotal},
                                                                 {"NONE", ReturnConsumedCapacity::kNone}};
};
template <>
struct EnumShape<ReturnItemCollectionMetrics> {
  static constexpr EnumValue<ReturnItemCollectionMetrics> values[] = {{"SIZE", ReturnItemCollectionMetrics::kSize},
                                                                      {"NONE", ReturnItemCollectionMetrics::kNone}};
};
template <>
struct EnumShape<ReturnValues> {
  static constexpr EnumValue<ReturnValues> values[] = {{"ALL_NEW", ReturnValues::kAllNew},
                                                       {"UPDATED_OLD", ReturnValues::kUpdatedOld},
                                                       {"ALL_OLD", ReturnValues::kAllOld},
                                                       {"NONE", ReturnValues::kNone},
                                                       {"UPDATED_NEW", ReturnValues::kUpdatedNew}};
};
template <>
struct EnumShape<ReturnValuesOnFailure> {
  static constexpr EnumValue<ReturnValuesOnFailure> values[] = {{"ALL_OLD", ReturnValuesOnFailure::kAllOld},
                                                                {"NONE", ReturnValuesOnFailure::kNone}};
};
template <>
struct EnumShape<ConditionalOperator> {
  static constexpr EnumValue<ConditionalOperator> values[] = {{"OR", ConditionalOperator::kOr},
                                                              {"AND", ConditionalOperator::kAnd}};
};
template <>
struct EnumShape<Select> {
  static constexpr EnumValue<Select> values[] = {{"SPECIFIC_ATTRIBUTES", Select::kSpecificAttributes},
                                                 {"COUNT", Select::kCount},
                                                 {"ALL_ATTRIBUTES", Select::kAllAttributes},
                                                 {"ALL_PROJECTED_ATTRIBUTES", Select::kAllProjectedAttributes}};
};
template <>
struct EnumShape<ComparisonOperator> {
  static constexpr EnumValue<ComparisonOperator> values[] = {{"IN", ComparisonOperator::kIn},
                                                             {"NULL", ComparisonOperator::kNull},
                                                             {"BETWEEN", ComparisonOperator::kBetween},
                                                             {"LT", ComparisonOperator::kLt},
                                                             {"NOT_CONTAINS", ComparisonOperator::kNotContains},
                                                             {"EQ", ComparisonOperator::kEq},
                                                             {"GT", ComparisonOperator::kGt},
                                                             {"NOT_NULL", ComparisonOperator::kNotNull},
                                                             {"NE", ComparisonOperator::kNe},
                                                             {"LE", ComparisonOperator::kLe},
                                                             {"BEGINS_WITH", ComparisonOperator::kBeginsWith},
                                                             {"GE", ComparisonOperator::kGe},
                                                             {"CONTAINS", ComparisonOperator::kContains}};
};

// ExpressionAttributeNames, as sent.
using ExpressionNames = std::span<const expression::NamePlaceholder>;

// ExpressionAttributeValues, as sent. A type of its own because what is wrong with one of them names it.
struct ExpressionValues {
  std::span<const Attribute> attributes;
};

template <>
struct Codec<ExpressionNames> {
  static bool decode(const wire::Json& json, const Constraint& constraint, ExpressionNames* out, Decoder* decoder);
  static void gather(const wire::Json&, const Constraint&, const MemberPath&, Violations*) {}
  static void echo(const wire::Json& json, std::string* out);
  static void append_java_name(std::string* out) { out->append("java.util.Map<java.lang.String, java.lang.String>"); }
};
template <>
struct Codec<ExpressionValues> {
  static bool decode(const wire::Json& json, const Constraint& constraint, ExpressionValues* out, Decoder* decoder);
  static void gather(const wire::Json&, const Constraint&, const MemberPath&, Violations*) {}
  static constexpr auto echo = Codec<std::span<const Attribute>>::echo;
  static constexpr auto append_java_name = Codec<std::span<const Attribute>>::append_java_name;
};

struct PlaceholderParameters {
  std::optional<ExpressionNames> expression_names;
  std::optional<ExpressionValues> expression_values;
};

// The placeholders of a request, for binding its expressions.
expression::Placeholders placeholders_of(const PlaceholderParameters& request);

// A parameter by its name on the wire, and whether the request has it.
struct GivenParameter {
  std::string_view name;
  bool given = false;
};

// The rules between the parameters of expressions, the legacy ones, and the placeholders:
// "Can not use both expression and non-expression parameters in the same request: …",
// "ExpressionAttributeNames can only be specified when using expressions", … Checked before attribute values are.
Result<void> check_expression_parameters(std::initializer_list<GivenParameter> expressions,
                                         std::initializer_list<GivenParameter> legacy,
                                         const PlaceholderParameters& placeholders);

// One entry of Expected; of KeyConditions, QueryFilter and ScanFilter without the first two.
struct LegacyConditionParameter {
  std::optional<Value> value;
  std::optional<bool> exists;
  std::optional<ComparisonOperator> comparison_operator;
  std::optional<std::span<const Value>> value_list;
};
using LegacyConditions = Map<LegacyConditionParameter>;

template <>
struct Shape<LegacyConditionParameter> : ShapeOf<LegacyConditionParameter> {
  static constexpr std::string_view name = "ExpectedAttributeValue";
  static constexpr Member members[] = {
      member<&LegacyConditionParameter::value>("Value"),
      member<&LegacyConditionParameter::exists>("Exists"),
      member<&LegacyConditionParameter::comparison_operator>("ComparisonOperator"),
      member<&LegacyConditionParameter::value_list>("AttributeValueList"),
  };
};

// KeyConditions, QueryFilter and ScanFilter entries need their operator.
struct LegacyFilterParameter : LegacyConditionParameter {};
using LegacyFilters = Map<LegacyFilterParameter>;

template <>
struct Shape<LegacyFilterParameter> : ShapeOf<LegacyFilterParameter> {
  static constexpr std::string_view name = "Condition";
  static constexpr Member members[] = {
      member<&LegacyFilterParameter::value_list>("AttributeValueList"),
      member<&LegacyFilterParameter::comparison_operator>("ComparisonOperator", kRequired),
  };
};

// As expression/legacy.h takes them.
std::span<const expression::LegacyCondition> lower(const LegacyConditions& conditions, Arena* arena);
std::span<const expression::LegacyCondition> lower(const LegacyFilters& conditions, Arena* arena);

// "ConditionalOperator cannot be used without Filter or Expected": `conditions` says whether there are any.
Result<void> check_conditional_operator(const std::optional<ConditionalOperator>& conditional_operator,
                                        bool conditions);

inline constexpr Constraint kAttributesToGet{.minimum = 1};

}  // namespace armature::api
