#include "api/dynamodb/tables/key_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace armature::api {
namespace {

constexpr std::size_t kMaxSimpleKeyAttributes = 2;
constexpr std::ptrdiff_t kMaxGlobalIndexKeyAttributes = 4;  // Of each kind.

const KeyAttribute* find(const std::vector<KeyAttribute>& attributes, std::string_view name) {
  const auto found = std::ranges::find(attributes, name, &KeyAttribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

Type model_type(ScalarAttributeType type) {
  switch (type) {
    case ScalarAttributeType::kString: return Type::kString;
    case ScalarAttributeType::kNumber: return Type::kNumber;
    case ScalarAttributeType::kBinary: return Type::kBinary;
  }
  return Type::kString;
}

// As the service prints a list of elements in its constraint texts.
std::string printed(std::span<const KeySchemaElement> elements) {
  std::string text = "[";
  for (const KeySchemaElement& element : elements) {
    if (text.size() > 1) text += ", ";
    text += fmt::format("KeySchemaElement(attributeName={}, keyType={})", element.attribute_name,
                        enum_name(element.key_type));
  }
  return text + "]";
}

// Every attribute of the key has a definition; the error names them all.
Result<void> check_defined(std::span<const KeySchemaElement> elements, const std::vector<KeyAttribute>& definitions) {
  std::string keys;
  bool all_defined = true;
  for (const KeySchemaElement& element : elements) {
    keys += fmt::format("{}{}", keys.empty() ? "" : ", ", element.attribute_name);
    all_defined = all_defined && find(definitions, element.attribute_name) != nullptr;
  }
  if (all_defined) return {};
  return invalid(
      fmt::format("One or more parameter values were invalid: Some index key attributes are not defined in "
                  "AttributeDefinitions. Keys: [{}], AttributeDefinitions: {}",
                  keys, name_list(definitions)));
}

}  // namespace

std::string name_list(const std::vector<KeyAttribute>& attributes) {
  std::string text = "[";
  for (const KeyAttribute& attribute : attributes) {
    if (text.size() > 1) text += ", ";
    text += attribute.name;
  }
  return text + "]";
}

Result<std::vector<KeyAttribute>> plan_attribute_definitions(std::span<const AttributeDefinition> inputs) {
  std::vector<KeyAttribute> definitions;
  std::set<std::string_view> names;  // Nothing limits how many definitions a request has but its size.
  for (const AttributeDefinition& input : inputs) {
    if (!names.insert(input.attribute_name).second) {
      return invalid(
          fmt::format("One or more parameter values were invalid: Duplicate AttributeName in AttributeDefinitions: {}",
                      input.attribute_name));
    }
    definitions.push_back({std::string(input.attribute_name), model_type(input.attribute_type)});
  }
  return definitions;
}

Result<KeySchema> plan_simple_key(std::span<const KeySchemaElement> elements,
                                  const std::vector<KeyAttribute>& definitions, std::string_view member) {
  if (elements.empty()) return invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  if (elements.size() > kMaxSimpleKeyAttributes) {
    return invalid(
        fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: Member "
                    "must have length less than or equal to 2",
                    printed(elements), member));
  }
  if (elements[0].key_type != KeyType::kHash) {
    return invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (elements.size() == 2) {
    if (elements[1].key_type != KeyType::kRange) {
      return invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    }
    if (elements[0].attribute_name == elements[1].attribute_name) {
      return invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
    }
  }
  if (elements.size() > definitions.size()) {
    return invalid("Invalid KeySchema: Some index key attribute have no definition");
  }
  TRY(check_defined(elements, definitions));
  KeySchema key;
  key.partition.push_back(*find(definitions, elements[0].attribute_name));
  if (elements.size() == 2) key.sort.push_back(*find(definitions, elements[1].attribute_name));
  return key;
}

namespace {

Result<void> check_element_count(std::span<const KeySchemaElement> elements, KeyType key_type,
                                 std::string_view index_name) {
  const std::ptrdiff_t count = std::ranges::count(elements, key_type, &KeySchemaElement::key_type);
  if (count <= kMaxGlobalIndexKeyAttributes) return {};
  return invalid(
      fmt::format("One or more parameter values were invalid: Number of {} key elements exceeds the limit of {} for "
                  "index: {}",
                  enum_name(key_type), kMaxGlobalIndexKeyAttributes, index_name));
}

}  // namespace

// Source: Developer Guide, "Using multi-attribute keys in Global Secondary Indexes".
Result<KeySchema> plan_global_index_key(std::span<const KeySchemaElement> elements,
                                        const std::vector<KeyAttribute>& definitions, std::string_view index_name) {
  if (elements.empty() || elements[0].key_type != KeyType::kHash) {
    return invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  TRY(check_element_count(elements, KeyType::kHash, index_name));
  TRY(check_element_count(elements, KeyType::kRange, index_name));
  for (std::size_t i = 0; i < elements.size(); ++i) {
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      if (elements[earlier].attribute_name != elements[i].attribute_name) continue;
      if (elements.size() == 2 && elements[1].key_type == KeyType::kRange) {
        return invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
      }
      return invalid(
          fmt::format("One or more parameter values were invalid: Duplicate attribute {} in the KeySchema of "
                      "index: {}",
                      elements[i].attribute_name, index_name));
    }
  }
  TRY(check_defined(elements, definitions));
  KeySchema key;
  for (const KeySchemaElement& element : elements) {
    const KeyAttribute& attribute = *find(definitions, element.attribute_name);
    if (element.key_type == KeyType::kRange) {
      key.sort.push_back(attribute);
    } else if (key.sort.empty()) {
      key.partition.push_back(attribute);
    } else {
      return invalid(
          fmt::format("Invalid KeySchema: All HASH key elements must come before the RANGE key elements for "
                      "index: {}",
                      index_name));
    }
  }
  return key;
}

Result<void> check_definitions_are_used(const TableDefinition& table) {
  const std::vector<std::string_view> used = used_key_attributes(table);
  if (used.size() == table.attribute_definitions.size()) return {};
  if (table.local_indexes.empty() && table.global_indexes.empty()) {
    return invalid(
        "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of "
        "attributes defined in AttributeDefinitions");
  }
  return invalid(
      fmt::format("One or more parameter values were invalid: Some AttributeDefinitions are not used. "
                  "AttributeDefinitions: {}, keys used: [{}]",
                  name_list(table.attribute_definitions), fmt::join(used, ", ")));
}

}  // namespace armature::api
