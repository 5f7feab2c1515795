// Plain JSON: attribute values as people write them, without losing what DynamoDB JSON says.
//
// | DynamoDB                     | plain                                                        |
// |------------------------------|--------------------------------------------------------------|
// | {"S": "x"}                   | "x"                                                          |
// | {"N": "12.50"}               | 12.50, digit by digit; {"$number": "…"} is read as well      |
// | {"BOOL": true}, {"NULL": true} | true, null                                                 |
// | {"L": […]}, {"M": {…}}       | […], {…}                                                     |
// | {"B": "AAE="}                | {"$binary": "AAE="}                                          |
// | {"SS": ["a"]}, NS, BS        | {"$set": ["a"]}, {"$set": [1]}, {"$set": [{"$binary": "…"}]} |
// | an M that looks like these   | {"$map": {…}}                                                |
//
// Numbers never pass through a binary double. Pure.
#pragma once

#include <string>

#include "connector/connection_options.h"
#include "model/error.h"
#include "wire/json.h"

namespace armature::connector {

// One attribute value. `dynamodb` is what a server sent or what was validated; a shape it cannot have comes out as it
// is.
void write_plain_value(const wire::Json& dynamodb, NumberFormat numbers, wire::JsonWriter* writer);
// An item, or any other map of names to attribute values.
void write_plain_item(const wire::Json& dynamodb, NumberFormat numbers, wire::JsonWriter* writer);

// The other way. Fails (kValidation) on sets that are empty or mixed, and on bad {"$binary"}s; numbers are the server's
// to judge.
Result<void> write_dynamodb_value(const wire::Json& plain, wire::JsonWriter* writer);
Result<void> write_dynamodb_item(const wire::Json& plain, wire::JsonWriter* writer);

}  // namespace armature::connector
