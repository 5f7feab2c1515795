#include "api/dynamodb/item_facts.h"

#include "expression/condition.h"
#include "wire/base64.h"

namespace armature::api {
namespace {

constexpr std::string_view kAttributes = "dynamodb:Attributes";
// By position of the partition key attribute.
constexpr std::string_view kPartitionKeys[] = {"dynamodb:LeadingKeys", "dynamodb:SecondPartitionKeyValues",
                                               "dynamodb:ThirdPartitionKeyValues", "dynamodb:FourthPartitionKeyValues"};

void add_attribute(void* facts, std::string_view name) {
  static_cast<AccessFacts*>(facts)->add_to_list(kAttributes, name);
}

}  // namespace

ItemFacts::ItemFacts(AccessFacts* facts, const KeySchema* schema) : facts_(facts), schema_(schema) {
  if (schema_ == nullptr && facts->table() != nullptr) schema_ = &facts->table()->key;
  facts_->start_list(kAttributes);
}

void ItemFacts::leading_key(std::size_t position, const Value& value) {
  if (position >= std::size(kPartitionKeys)) return;
  std::string_view text;
  switch (value.type()) {
    case Type::kString: text = value.bytes(); break;
    case Type::kNumber: text = facts_->arena()->copy(value.number().text()); break;
    case Type::kBinary: {
      Bytes encoded;
      wire::append_base64(value.bytes(), &encoded);
      text = facts_->arena()->copy(encoded);
      break;
    }
    default: facts_->set_unknown(kPartitionKeys[position]); return;  // No key at all; refused later.
  }
  facts_->add_to_list(kPartitionKeys[position], text);
}

ItemFacts& ItemFacts::item(std::span<const Attribute> attributes) {
  for (const Attribute& one : attributes) attribute(one.name);
  if (schema_ == nullptr) return any_partition();
  for (std::size_t i = 0; i < schema_->partition.size(); ++i) {
    const Value* const value = find_attribute(attributes, schema_->partition[i].name);
    if (value != nullptr) leading_key(i, *value);
  }
  return *this;
}

ItemFacts& ItemFacts::partition(std::span<const Value> values) {
  for (std::size_t i = 0; i < values.size(); ++i) leading_key(i, values[i]);
  return *this;
}

ItemFacts& ItemFacts::partition_value(std::size_t position, const Value& value) {
  leading_key(position, value);
  return *this;
}

ItemFacts& ItemFacts::any_partition() {
  for (const std::string_view key : kPartitionKeys) facts_->set_unknown(key);
  return *this;
}

ItemFacts& ItemFacts::attributes(const expression::Projection* projection) {
  if (projection != nullptr) expression::for_each_attribute(*projection, add_attribute, facts_);
  return *this;
}

ItemFacts& ItemFacts::attributes(const expression::Condition* condition) {
  if (condition != nullptr) expression::for_each_attribute(*condition, add_attribute, facts_);
  return *this;
}

ItemFacts& ItemFacts::attributes(const expression::UpdateProgram* program) {
  if (program != nullptr) expression::for_each_attribute(*program, add_attribute, facts_);
  return *this;
}

ItemFacts& ItemFacts::attribute(std::string_view name) {
  facts_->add_to_list(kAttributes, name);
  return *this;
}

ItemFacts& ItemFacts::select(const std::optional<Select>& given, bool projected, bool of_index) {
  const Select implied = projected  ? Select::kSpecificAttributes
                         : of_index ? Select::kAllProjectedAttributes
                                    : Select::kAllAttributes;
  facts_->add("dynamodb:Select", enum_name(given.value_or(implied)));
  return *this;
}

ItemFacts& ItemFacts::return_values(const std::optional<ReturnValues>& given) {
  facts_->add("dynamodb:ReturnValues", enum_name(given.value_or(ReturnValues::kNone)));
  return *this;
}

ItemFacts& ItemFacts::return_consumed_capacity(const std::optional<ReturnConsumedCapacity>& given) {
  facts_->add("dynamodb:ReturnConsumedCapacity", enum_name(given.value_or(ReturnConsumedCapacity::kNone)));
  return *this;
}

ItemFacts& ItemFacts::enclosing_operation(std::string_view operation) {
  facts_->add("dynamodb:EnclosingOperation", operation);
  return *this;
}

}  // namespace armature::api
