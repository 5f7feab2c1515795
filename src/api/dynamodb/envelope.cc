#include "api/dynamodb/envelope.h"

#include <algorithm>
#include <iterator>

namespace armature::api {

bool is_enveloped(std::string_view message) {
  static constexpr std::string_view kFamilies[] = {
      "Invalid UpdateExpression: ",
      "Invalid ConditionExpression: ",
      "Value provided in ExpressionAttributeNames",
      "Value provided in ExpressionAttributeValues",
      "ExpressionAttributeNames ",
      "ExpressionAttributeValues ",
      "Can not use both expression and non-expression parameters",
      "ReturnValues can only be",
      "One or more parameter values were invalid: An string set",
      "One or more parameter values were invalid: An number set",
      "One or more parameter values were invalid: Binary sets",
      "One or more parameter values were invalid: Input collection",
      "One or more parameter values were invalid: Null attribute value",
      "Binary sets should not be empty",
      "Input collection ",
      "Null attribute value",
  };
  return std::any_of(std::begin(kFamilies), std::end(kFamilies),
                     [&](std::string_view family) { return message.starts_with(family); });
}

}  // namespace armature::api
