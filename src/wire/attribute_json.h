// DynamoDB JSON: {"S": "x"}, {"M": {…}} and so on, to model values and from stored bytes.
// Source: Developer Guide, "DynamoDB low-level API"; API Reference, "AttributeValue".
#pragma once

#include <span>

#include "base/arena.h"
#include "model/error.h"
#include "model/item.h"
#include "model/value.h"
#include "wire/json.h"

namespace armature::wire {

// One attribute value. Errors are DynamoDB's: kSerialization for a member of the wrong JSON type or bad base64,
// kValidation for an empty or doubly typed value, a bad number, NULL:false, empty or duplicate sets. Of several faults
// the type errors come first, as DynamoDB reads a whole request before it looks at any value. Does not check nesting
// depth (nesting_levels()). Bytes borrow from the JSON tree or live in `arena`.
Result<Value> decode_value(const Json& json, Arena* arena);

// {"name": value, …}: an item, a key, ExpressionAttributeValues. A name that is repeated counts once, with its last
// value. Empty names pass.
Result<std::span<const Attribute>> decode_attributes(const Json& json, Arena* arena);

// The type errors alone, for requests that have to report them before anything else: what decode_attributes() would say
// with kSerialization. `json` is as there.
Result<void> check_attribute_types(const Json& json);
Result<void> check_value_types(const Json& json);

// Writing goes straight from stored bytes, or from values.
void write_item(const ItemView& item, JsonWriter* writer);
void write_value(const Value& value, JsonWriter* writer);
void write_encoded_value(const EncodedValue& value, JsonWriter* writer);
void write_attributes(std::span<const Attribute> attributes, JsonWriter* writer);

}  // namespace armature::wire
