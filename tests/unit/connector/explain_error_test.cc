#include "connector/explain_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace armature::connector {
namespace {

using testing::HasSubstr;

SavedConnection connection(std::string endpoint, std::string region = "us-east-1") {
  SavedConnection made;
  made.endpoint = std::move(endpoint);
  made.region = std::move(region);
  made.access_key_id = "AKIDEXAMPLE";
  return made;
}

CallError refusal(std::string type, std::string message) {
  CallError error;
  error.status = 400;
  error.type = std::move(type);
  error.message = std::move(message);
  return error;
}

TEST(ExplainError, ARegionThatIsNotTheEndpoints) {
  const CallError error =
      refusal("InvalidSignatureException", "Credential should be scoped to a valid region, not 'us-east-1'. ");
  const Explanation amazons = explain_error(error, connection("https://dynamodb.eu-west-1.amazonaws.com"));
  EXPECT_EQ(amazons.cause, "The endpoint is of region eu-west-1, the connection of region us-east-1");
  EXPECT_EQ(amazons.remedy, "Set the region to eu-west-1, or leave the endpoint empty.");
  EXPECT_EQ(explain_error(error, connection("http://db.example")).cause, "The endpoint is not one of region us-east-1");
}

TEST(ExplainError, AProxyIsNamedForWhatIsItsOwn) {
  SavedConnection through = connection("https://db.example");
  through.options["proxy"] = "http://proxy.example:3128";
  EXPECT_EQ(explain_transport_error(TransportErrorCode::kRefused, "", through).cause,
            "Nothing listens on proxy proxy.example:3128");
  EXPECT_EQ(explain_transport_error(TransportErrorCode::kNameNotFound, "", through).cause,
            "There is no host proxy.example");
  EXPECT_THAT(explain_transport_error(TransportErrorCode::kProxy, "", through).remedy, HasSubstr("option proxy"));
  // What comes through a tunnel is the endpoint's.
  EXPECT_THAT(explain_error(refusal("UnexpectedAnswer", ""), through).cause, HasSubstr("db.example answers, but"));
  through.endpoint = "http://db.example";
  EXPECT_THAT(explain_error(refusal("UnexpectedAnswer", ""), through).cause,
              HasSubstr("Proxy proxy.example:3128 answers"));
}

}  // namespace
}  // namespace armature::connector
