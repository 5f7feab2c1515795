#include "connector/saved_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/connection_options.h"

namespace armature::connector {
namespace {

using testing::HasSubstr;
using testing::Not;

SavedConnection local() {
  SavedConnection connection;
  connection.name = "local";
  connection.endpoint = "http://127.0.0.1:8000";
  connection.region = "eu-west-1";
  connection.access_key_id = "AKIDEXAMPLE00000";
  connection.secret_access_key = Secret("very/secret+key");
  return connection;
}

// "field: message" of the first error; empty when there is none.
std::string problem(const SavedConnection& connection) {
  const auto errors = validate(connection);
  return errors.empty() ? "" : errors.front().field + ": " + errors.front().message;
}

std::string problem_with_role(const std::string& arn) {
  SavedConnection connection = local();
  connection.role_arn = arn;
  return problem(connection);
}

SavedConnection round_trip(const SavedConnection& connection, Secrets secrets) {
  Arena arena;
  const std::string text = connection_json(connection, secrets);
  const auto json = wire::parse_json(text, &arena);
  EXPECT_TRUE(json.has_value()) << text;
  auto read = read_connection(**json);
  EXPECT_TRUE(read.has_value());
  return *read;
}

TEST(SavedConnection, AnOrdinaryOneIsGood) { EXPECT_EQ(problem(local()), ""); }

TEST(SavedConnection, NamesTheFieldThatIsWrong) {
  SavedConnection connection = local();
  connection.region = "EU West";
  EXPECT_THAT(problem(connection), HasSubstr("region: "));
  connection = local();
  connection.endpoint = "localhost:8000";
  EXPECT_THAT(problem(connection), HasSubstr("endpoint: "));
  connection = local();
  connection.endpoint = "http://key:secret@host";
  EXPECT_THAT(problem(connection), HasSubstr("endpoint: "));
  connection = local();
  connection.duration_s = 899;
  EXPECT_THAT(problem(connection), HasSubstr("durationSeconds: "));
  connection = local();
  connection.allowed_ips = {"10.0.0.0/33"};
  EXPECT_THAT(problem(connection), HasSubstr("allowedIps: "));
}

TEST(SavedConnection, RoleArnsHaveTheirForm) {
  EXPECT_EQ(problem_with_role("arn:aws:iam::123456789012:role/RoleName"), "");
  EXPECT_EQ(problem_with_role("arn:aws-us-gov:iam::123456789012:role/path/to/RoleName"), "");
  EXPECT_THAT(problem_with_role("arn:aws:iam::1234:role/RoleName"), HasSubstr("12 digits"));
  EXPECT_THAT(problem_with_role("arn:aws:sts::123456789012:role/RoleName"), HasSubstr("not iam"));
  EXPECT_THAT(problem_with_role("arn:aws:iam::123456789012:user/ann"), HasSubstr("does not name a role"));
  EXPECT_THAT(problem_with_role("RoleName"), HasSubstr("begins with arn:"));
}

TEST(SavedConnection, AnUnknownOptionNamesTheNearOnes) {
  SavedConnection connection = local();
  connection.options["maxAttemps"] = "3";
  EXPECT_EQ(problem(connection), "options.maxAttemps: there is no option 'maxAttemps'; did you mean maxAttempts?");
}

TEST(SavedConnection, OptionsAreChecked) {
  EXPECT_TRUE(check_option("maxAttempts", "10"));
  EXPECT_FALSE(check_option("maxAttempts", "11"));
  EXPECT_FALSE(check_option("maxAttempts", "3x"));
  EXPECT_FALSE(check_option("retryMode", "sometimes"));
  EXPECT_FALSE(check_option("tls.skipVerify", "yes"));
  EXPECT_TRUE(check_option("headers.X-Team", "blue"));
  EXPECT_FALSE(check_option("headers.Host", "elsewhere"));
  EXPECT_FALSE(check_option("headers.X-Team", "blue\r\nX-Evil: 1"));
}

TEST(SavedConnection, EveryOptionIsRead) {
  for (const OptionDescription& option : known_options()) {
    if (option.key == "headers.*" || option.default_value.empty()) continue;
    EXPECT_TRUE(check_option(option.key, option.default_value)) << option.key;
  }
  const ConnectionSettings settings = read_settings({{"requestTimeoutMs", "250"},
                                                     {"retryMode", "adaptive"},
                                                     {"numbers", "decimal"},
                                                     {"tablePrefix", "dev-"},
                                                     {"headers.X-Team", "blue"}});
  EXPECT_EQ(settings.request_timeout.count(), 250);
  EXPECT_EQ(settings.retry_mode, RetryMode::kAdaptive);
  EXPECT_EQ(settings.numbers, NumberFormat::kDecimal);
  EXPECT_EQ(settings.table_prefix, "dev-");
  EXPECT_EQ(settings.headers.size(), 1u);
}

TEST(SavedConnection, ReadsBackWhatItWrote) {
  SavedConnection connection = local();
  connection.role_arn = "arn:aws:iam::123456789012:role/RoleName";
  connection.external_id = "an-id";
  connection.duration_s = 1800;
  connection.user_role = UserRole::kViewer;
  connection.options["pageSize"] = "25";
  connection.table_filter = {"Orders", "dev-*"};
  connection.allowed_ips = {"10.0.0.0/8"};
  connection.read_only = true;
  connection.environment = "production";
  EXPECT_EQ(connection_json(round_trip(connection, Secrets::kWith), Secrets::kWith),
            connection_json(connection, Secrets::kWith));
}

TEST(SavedConnection, ADurationBeyondAnIntIsNotAnotherOne) {
  Arena arena;
  const auto json = wire::parse_json(
      R"({"roleArn":"arn:aws:iam::123456789012:role/RoleName","durationSeconds":4294968196})", &arena);  // 2^32 + 900.
  ASSERT_TRUE(json.has_value());
  const auto read = read_connection(**json);
  ASSERT_TRUE(read.has_value());
  SavedConnection connection = local();
  connection.role_arn = read->role_arn;
  connection.duration_s = read->duration_s;
  EXPECT_THAT(problem(connection), HasSubstr("durationSeconds: "));
}

TEST(SavedConnection, KeepsItsSecretsToItself) {
  const std::string text = connection_json(local(), Secrets::kWithout);
  EXPECT_THAT(text, Not(HasSubstr("very/secret")));
  EXPECT_THAT(text, HasSubstr(R"("secretSet":true)"));
}

TEST(SavedConnection, AnEditedFormKeepsTheSecretItWasNotShown) {
  SavedConnection edited = round_trip(local(), Secrets::kWithout);
  EXPECT_TRUE(edited.secret_access_key.empty());
  keep_secrets(local(), &edited);
  EXPECT_EQ(edited.secret_access_key.reveal(), "very/secret+key");
}

TEST(SavedConnection, TheFilterTakesNamesAndPrefixes) {
  SavedConnection connection = local();
  EXPECT_TRUE(table_allowed(connection, "Anything"));
  connection.table_filter = {"Orders", "dev-*"};
  EXPECT_TRUE(table_allowed(connection, "Orders"));
  EXPECT_FALSE(table_allowed(connection, "Orders2"));
  EXPECT_TRUE(table_allowed(connection, "dev-x"));
}

TEST(SavedConnection, PastedBlanksGo) {
  SavedConnection connection = local();
  connection.access_key_id = " AKIDEXAMPLE00000\n";
  connection.secret_access_key = Secret("\tvery/secret+key ");
  trim(&connection);
  EXPECT_EQ(problem(connection), "");
  EXPECT_EQ(connection.secret_access_key.reveal(), "very/secret+key");
}

}  // namespace
}  // namespace armature::connector
