#include "api/wire_error.h"

#include <gtest/gtest.h>

#include "model/item.h"

namespace armature::api {
namespace {

Bytes body(const Error& error) {
  Bytes out;
  encode_error(error, &out);
  return out;
}

Bytes encoded(std::string_view name, std::string_view text) {
  const Attribute attribute{name, Value::string(text)};
  return encode_item({&attribute, 1});
}

TEST(WireError, OnlyFaultsOfTheServerAreServerErrors) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kServiceUnavailable); ++code) {
    const WireError error = wire_error(static_cast<ErrorCode>(code));
    const int expected = error.name() == "InternalServerError" ? 500 : error.name() == "ServiceUnavailable" ? 503 : 400;
    EXPECT_EQ(error.status, expected) << error.type;
    EXPECT_TRUE(error.type.starts_with("com.amazon")) << error.type;
  }
}

TEST(WireError, MessageIsLeftOutWhenThereIsNone) {
  EXPECT_EQ(body({ErrorCode::kSerialization, "", {}}),
            R"({"__type":"com.amazon.coral.service#SerializationException"})");
}

TEST(WireError, CancellationReasonsComeInOrder) {
  const std::vector<CancellationReason> reasons = {
      {}, {"ConditionalCheckFailed", "The conditional request failed", encoded("id", "1")}};
  EXPECT_EQ(
      body({ErrorCode::kTransactionCanceled, "Transaction cancelled", reasons}),
      R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","message":"Transaction cancelled",)"
      R"("CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed",)"
      R"("Message":"The conditional request failed","Item":{"id":{"S":"1"}}}]})");
}

TEST(WireError, ThrottlingReasonsNameTheResource) {
  const std::vector<ThrottlingReason> reasons = {{"TableWriteProvisionedThroughputExceeded", "arn:x"}};
  EXPECT_EQ(
      body({ErrorCode::kProvisionedThroughputExceeded, "too fast", reasons}),
      R"({"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"too fast",)"
      R"("ThrottlingReasons":[{"reason":"TableWriteProvisionedThroughputExceeded","resource":"arn:x"}]})");
}

}  // namespace
}  // namespace armature::api
