// What is a policy, and what is said about what is none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/iam/policy.h"
#include "unit/auth/policies.h"

namespace armature::auth::iam {
namespace {

std::string error(std::string_view text, PolicyKind kind = PolicyKind::kIdentity) {
  const auto parsed = parse_policy(text, kind);
  return parsed ? std::string("accepted") : parsed.error().message;
}

TEST(PolicyParsing, MalformedDocumentsAreRefusedWithIamsWords) {
  const std::pair<std::string, std::string> cases[] = {
      {"{", "This policy contains invalid Json"},
      {"[]", "Syntax errors in policy."},
      {R"({"Version":"2012-10-17"})", "Syntax errors in policy."},
      {R"({"Version":"2013-01-01","Statement":[]})", "Policy document must be version 2012-10-17 or greater."},
      {document("{'Effect':'Allow','Resource':'*'}"), "Policy statement must contain actions."},
      {document("{'Effect':'Allow','Action':'dynamodb:*'}"), "Policy statement must contain resources."},
      {document("{'Effect':'Maybe','Action':'dynamodb:*','Resource':'*'}"), "Syntax errors in policy."},
      {document("{'Effect':'Allow','Action':'GetItem','Resource':'*'}"),
       "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
      {document("{'Effect':'Allow','Action':'dy namodb:*','Resource':'*'}"), "Vendor dy namodb is not valid"},
      {document("{'Effect':'Allow','Action':'dynamodb:*','Resource':'Orders'}"),
       "Resource Orders must be in ARN format or \"*\"."},
      {document("{'Sid':'a','Effect':'Allow','Action':'dynamodb:*','Resource':'*'},"
                "{'Sid':'a','Effect':'Allow','Action':'dynamodb:*','Resource':'*'}"),
       "Statement IDs (SID) in a single policy must be unique."},
      {document("{'Effect':'Allow','Action':'dynamodb:*','Resource':'*','Principal':'*'}"),
       "Policy document should not specify a principal."},
      {document("{'Effect':'Allow','Action':'dynamodb:*','Resource':'*','Condition':{'StringIs':{'a:b':'c'}}}"),
       "Invalid Condition type : StringIs."},
      {document("{'Effect':'Allow','Effect':'Deny','Action':'dynamodb:*','Resource':'*'}"), "Syntax errors in policy."},
      {document("{'Effect':'Allow','Action':'dynamodb:*','NotAction':'dynamodb:*','Resource':'*'}"),
       "Syntax errors in policy."},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(error(text), expected) << text;
}

TEST(PolicyParsing, ValuesOperatorsCannotReadAreRefused) {
  for (const std::string test : {"'NumericEquals':{'a:b':'x'}", "'DateLessThan':{'a:b':'soon'}", "'Bool':{'a:b':'yes'}",
                                 "'IpAddress':{'aws:SourceIp':'10.0.0.0/40'}", "'Null':{'a:b':'perhaps'}",
                                 "'BinaryEquals':{'a:b':'?'}", "'NullIfExists':{'a:b':'true'}"}) {
    EXPECT_NE(error(document("{'Effect':'Deny','Action':'*','Resource':'*','Condition':{" + test + "}}")), "accepted")
        << test;
  }
}

TEST(PolicyParsing, TrustPoliciesNamePrincipalsAndNoResources) {
  const auto trust = [](const std::string& statement) { return error(document(statement), PolicyKind::kTrust); };
  EXPECT_EQ(trust("{'Effect':'Allow','Principal':{'AWS':'111122223333'},'Action':'sts:AssumeRole'}"), "accepted");
  EXPECT_EQ(trust("{'Effect':'Allow','Principal':'*','Action':'sts:AssumeRole','Resource':'*'}"),
            "Has prohibited field Resource.");
  EXPECT_EQ(trust("{'Effect':'Allow','Action':'sts:AssumeRole'}"), "Missing required field Principal");
  EXPECT_EQ(trust("{'Effect':'Allow','Principal':'*','Action':'dynamodb:GetItem'}"),
            "AssumeRole policy may only specify STS AssumeRole actions.");
  for (const std::string principal : {"arn:aws:iam::111122223333:user/*", "arn:aws:iam::111122223333:group/g", "ann"}) {
    EXPECT_THAT(trust("{'Effect':'Allow','Principal':{'AWS':'" + principal + "'},'Action':'sts:AssumeRole'}"),
                testing::HasSubstr("Invalid principal in policy: \"AWS\":\"" + principal + "\""));
  }
}

TEST(PolicyParsing, QuotasCountCharactersThatAreNotBlanks) {
  EXPECT_EQ(policy_characters("{ \"a\":\t\"\xc3\xa9 b\"\r\n}"), 10u);
}

TEST(PolicyParsing, StatementsKnowWhereTheyStand) {
  const std::string text = R"({"Id":"{[\"","Statement": [ {"Effect":"Allow","Action":"*","Resource":["*"]} ,)"
                           R"({"Effect":"Deny","Action":"*","Resource":"*"}]})";
  const auto parsed = policy(text);
  ASSERT_EQ(parsed->statements().size(), 2u);
  const auto part = [&](const Statement& one) { return text.substr(one.begin, one.end - one.begin); };
  EXPECT_EQ(part(parsed->statements()[0]), R"({"Effect":"Allow","Action":"*","Resource":["*"]})");
  EXPECT_EQ(part(parsed->statements()[1]), R"({"Effect":"Deny","Action":"*","Resource":"*"})");
}

TEST(PolicyParsing, ContextKeysIncludeVariables) {
  const auto parsed =
      policy(document("{'Effect':'Allow','Action':'*','Resource':'arn:aws:dynamodb:*:*:table/${aws:username}',"
                      "'Condition':{'StringEquals':{'dynamodb:LeadingKeys':['${aws:PrincipalTag/Team}','x']}}}"));
  EXPECT_THAT(parsed->context_keys(),
              testing::ElementsAre("aws:PrincipalTag/Team", "aws:username", "dynamodb:LeadingKeys"));
}

}  // namespace
}  // namespace armature::auth::iam
