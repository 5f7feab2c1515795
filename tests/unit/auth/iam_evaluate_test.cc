// The published rules of evaluation, one by one.
// Source: IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements".
#include <gtest/gtest.h>

#include "auth/iam/evaluate.h"
#include "unit/auth/policies.h"

namespace armature::auth::iam {
namespace {

constexpr std::string_view kGet = "dynamodb:GetItem";
const std::string kAllowAll = "{'Effect':'Allow','Action':'*','Resource':'*'}";

std::string allow_if(const std::string& condition) {
  return "{'Effect':'Allow','Action':'dynamodb:*','Resource':'*','Condition':{" + condition + "}}";
}
std::string deny_if(const std::string& condition) {
  return kAllowAll + ",{'Effect':'Deny','Action':'*','Resource':'*','Condition':{" + condition + "}}";
}

MapContext with(std::string_view key, std::vector<std::string> values, bool several = false) {
  MapContext context;
  context.set(key, std::move(values), several);
  return context;
}

TEST(Evaluation, WhatNobodyAllowsIsDenied) {
  const Decision decision = decide(user(), kGet);
  EXPECT_EQ(decision.outcome, Outcome::kImplicitDeny);
  EXPECT_EQ(denial_reason(decision, kGet), "because no identity-based policy allows the dynamodb:GetItem action");
}

TEST(Evaluation, ADenyWinsOverEveryAllow) {
  const Identity caller =
      user({.identity = {named("a", kAllowAll),
                         named("d", "{'Sid':'No','Effect':'Deny','Action':'dynamodb:Get*','Resource':'*'}"),
                         named("b", kAllowAll)}});
  const Decision decision = decide(caller, kGet);
  EXPECT_EQ(decision.outcome, Outcome::kExplicitDeny);
  EXPECT_EQ(decision.policy->name, "d");
  EXPECT_EQ(decision.statement->sid, "No");
  EXPECT_EQ(denial_reason(decision, kGet), "with an explicit deny in an identity-based policy");
  EXPECT_TRUE(decide(caller, "dynamodb:PutItem").allowed());
}

TEST(Evaluation, APolicyThatCannotBeReadDeniesEverything) {
  EXPECT_EQ(decide(user({.identity = {named("a", kAllowAll), {.name = "gone"}}}), kGet).outcome,
            Outcome::kExplicitDeny);
}

TEST(Evaluation, ActionsIgnoreCaseAndHaveWildcards) {
  for (const std::string action :
       {"dynamodb:getitem", "DynamoDB:GetItem", "dynamodb:Get*", "dynamodb:?etItem", "*", "dynamodb:*"}) {
    EXPECT_TRUE(allows("{'Effect':'Allow','Action':'" + action + "','Resource':'*'}", kGet)) << action;
  }
  for (const std::string action : {"dynamodb:GetItems", "dynamodb:Get", "dynamodb:?GetItem", "s3:*"}) {
    EXPECT_FALSE(allows("{'Effect':'Allow','Action':'" + action + "','Resource':'*'}", kGet)) << action;
  }
  EXPECT_TRUE(allows("{'Effect':'Allow','Action':'s3:Get*','Resource':'*'}", "s3:GetObject"));
}

TEST(Evaluation, NotActionIsEverythingElse) {
  const std::string statement = "{'Effect':'Allow','NotAction':['dynamodb:Delete*','iam:*'],'Resource':'*'}";
  EXPECT_TRUE(allows(statement, kGet));
  EXPECT_FALSE(allows(statement, "dynamodb:DeleteItem"));
  EXPECT_FALSE(allows(statement, "iam:CreateUser"));
  EXPECT_TRUE(allows(statement, "s3:GetObject"));
}

TEST(Evaluation, ResourcesMatchByPartsOfTheArn) {
  const auto matches = [](const std::string& pattern, std::string_view arn) {
    return allows("{'Effect':'Allow','Action':'*','Resource':'" + pattern + "'}", kGet, {}, arn);
  };
  const std::string table(kTable);
  EXPECT_TRUE(matches(table, table));
  EXPECT_TRUE(matches("arn:aws:dynamodb:*:*:table/Orders", table));
  EXPECT_TRUE(matches("arn:aws:dynamodb:*:111122223333:table/Ord*", table + "/index/by_day"));
  EXPECT_TRUE(matches("arn:aws:dynamodb:eu-west-1:*:*", table));
  EXPECT_TRUE(matches("arn:aws:dynamodb:*", table));
  EXPECT_FALSE(matches(table, table + "/index/by_day"));
  EXPECT_FALSE(matches("arn:aws:dynamodb:*:*:table/orders", table));
  EXPECT_FALSE(matches("arn:aws:dynamodb:*:table/Orders", "arn:aws:dynamodb:a:b:c:table/Orders"));
  EXPECT_FALSE(matches(table, "*"));
  EXPECT_TRUE(matches("*", "*"));
}

TEST(Evaluation, NotResourceIsEverythingElse) {
  const std::string deny_others =
      kAllowAll + ",{'Effect':'Deny','Action':'*','NotResource':'" + std::string(kTable) + "'}";
  EXPECT_TRUE(allows(deny_others, kGet));
  EXPECT_FALSE(allows(deny_others, kGet, {}, "arn:aws:dynamodb:eu-west-1:111122223333:table/Other"));
}

TEST(Evaluation, VariablesTakeTheRequestsValues) {
  const std::string own = "{'Effect':'Allow','Action':'*','Resource':'arn:aws:dynamodb:*:*:table/${aws:username}'}";
  const std::string arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/";
  EXPECT_TRUE(allows(own, kGet, with("aws:username", {"ann"}), arn + "ann"));
  EXPECT_FALSE(allows(own, kGet, with("aws:username", {"ann"}), arn + "bob"));
  EXPECT_FALSE(allows(own, kGet, {}, arn + "ann"));
  EXPECT_FALSE(allows(own, kGet, with("aws:username", {"*"}), arn + "bob"));
  const std::string escaped = "{'Effect':'Allow','Action':'*','Resource':'arn:aws:dynamodb:*:*:table/${*}${?}${$}'}";
  EXPECT_TRUE(allows(escaped, kGet, {}, arn + "*?$"));
  EXPECT_FALSE(allows(escaped, kGet, {}, arn + "abc"));
}

TEST(Evaluation, VariablesHaveDefaults) {
  std::string text = R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*",)"
                     R"("Condition":{"StringEquals":{"dynamodb:LeadingKeys":"${aws:PrincipalTag/team, 'none'}"}}}})";
  const Identity caller = user({.identity = {{.name = "p", .policy = policy(text)}}});
  EXPECT_TRUE(decide(caller, kGet, kTable, with("dynamodb:LeadingKeys", {"none"}, true)).allowed());
  EXPECT_FALSE(decide(caller, kGet, kTable, with("dynamodb:LeadingKeys", {"red"}, true)).allowed());
}

TEST(Evaluation, OldPoliciesHaveNoVariables) {
  const auto old = policy(R"({"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*",)"
                          R"("Resource":"arn:aws:dynamodb:*:*:table/${aws:username}"}})");
  const Identity caller = user({.identity = {{.name = "p", .policy = old}}});
  const MapContext context = with("aws:username", {"ann"});
  EXPECT_FALSE(decide(caller, kGet, "arn:aws:dynamodb:a:b:table/ann", context).allowed());
  EXPECT_TRUE(decide(caller, kGet, "arn:aws:dynamodb:a:b:table/${aws:username}", context).allowed());
}

struct ConditionCase {
  std::string condition;
  std::vector<std::string> values;  // Of key "x:y"; none: absent.
  bool holds;
};

TEST(Evaluation, ConditionOperators) {
  const ConditionCase cases[] = {
      {"'StringEquals':{'x:y':'a'}", {"a"}, true},
      {"'StringEquals':{'X:Y':['b','a']}", {"a"}, true},
      {"'StringEquals':{'x:y':'a*'}", {"ab"}, false},
      {"'StringEquals':{'x:y':'a'}", {}, false},
      {"'StringNotEquals':{'x:y':'a'}", {"b"}, true},
      {"'StringNotEquals':{'x:y':['a','b']}", {"b"}, false},
      {"'StringNotEquals':{'x:y':'a'}", {}, true},
      {"'StringEqualsIgnoreCase':{'x:y':'ABC'}", {"abc"}, true},
      {"'StringNotEqualsIgnoreCase':{'x:y':'ABC'}", {"abc"}, false},
      {"'StringLike':{'x:y':'a?c*'}", {"abcdef"}, true},
      {"'StringLike':{'x:y':'a?'}", {"a"}, false},
      {"'StringLike':{'x:y':'a?'}", {"a\xc3\xa9"}, true},
      {"'StringNotLike':{'x:y':'a*'}", {"ba"}, true},
      {"'StringEqualsIfExists':{'x:y':'a'}", {}, true},
      {"'StringEqualsIfExists':{'x:y':'a'}", {"b"}, false},
      {"'NumericEquals':{'x:y':10}", {"10.0"}, true},
      {"'NumericNotEquals':{'x:y':'10'}", {"10"}, false},
      {"'NumericLessThan':{'x:y':'10'}", {"9.99"}, true},
      {"'NumericLessThanEquals':{'x:y':'10'}", {"10"}, true},
      {"'NumericGreaterThan':{'x:y':'10'}", {"10"}, false},
      {"'NumericGreaterThanEquals':{'x:y':'10'}", {"10"}, true},
      {"'NumericEquals':{'x:y':'10'}", {"ten"}, false},
      {"'DateLessThan':{'x:y':'2026-01-01T00:00:00Z'}", {"2025-12-31T23:59:59Z"}, true},
      {"'DateGreaterThan':{'x:y':'2026-01-01'}", {"1767225601"}, true},
      {"'DateEquals':{'x:y':'2026-01-01T01:00:00+01:00'}", {"2026-01-01T00:00:00Z"}, true},
      {"'DateNotEquals':{'x:y':'2026-01-01'}", {"2026-01-01T00:00:00Z"}, false},
      {"'DateGreaterThanEquals':{'x:y':'2026-01-01T00:00:00.5Z'}", {"2026-01-01T00:00:00Z"}, false},
      {"'Bool':{'x:y':true}", {"true"}, true},
      {"'Bool':{'x:y':'false'}", {"true"}, false},
      {"'BinaryEquals':{'x:y':'QmluYXJ5'}", {"QmluYXJ5"}, true},
      {"'IpAddress':{'x:y':'203.0.113.0/24'}", {"203.0.113.7"}, true},
      {"'IpAddress':{'x:y':['10.0.0.1','2001:db8::/32']}", {"2001:db8::1"}, true},
      {"'IpAddress':{'x:y':'203.0.113.7'}", {"203.0.113.8"}, false},
      {"'IpAddress':{'x:y':'203.0.113.0/24'}", {"::ffff:203.0.113.7"}, true},
      {"'NotIpAddress':{'x:y':'203.0.113.0/24'}", {"203.0.113.7"}, false},
      {"'NotIpAddress':{'x:y':'203.0.113.0/24'}", {"198.51.100.1"}, true},
      {"'ArnLike':{'x:y':'arn:aws:iam::*:role/c*'}", {"arn:aws:iam::111122223333:role/clerk"}, true},
      {"'ArnEquals':{'x:y':'arn:aws:iam::*:role/x'}", {"arn:aws:iam::1:a:role/x"}, false},
      {"'ArnNotLike':{'x:y':'arn:aws:iam::*:role/c*'}", {"arn:aws:iam::111122223333:user/ann"}, true},
      {"'Null':{'x:y':'true'}", {}, true},
      {"'Null':{'x:y':'true'}", {"a"}, false},
      {"'Null':{'x:y':false}", {"a"}, true},
      {"'ForAllValues:StringEquals':{'x:y':['a','b']}", {"a", "b", "a"}, true},
      {"'ForAllValues:StringEquals':{'x:y':['a','b']}", {"a", "c"}, false},
      {"'ForAllValues:StringEquals':{'x:y':['a','b']}", {}, true},
      {"'ForAnyValue:StringEquals':{'x:y':['a','b']}", {"c", "b"}, true},
      {"'ForAnyValue:StringEquals':{'x:y':['a','b']}", {"c"}, false},
      {"'ForAnyValue:StringEquals':{'x:y':['a','b']}", {}, false},
      {"'ForAnyValue:StringNotEquals':{'x:y':['a']}", {"a", "b"}, true},
      {"'ForAllValues:StringNotLike':{'x:y':['a*']}", {"b", "ab"}, false},
      {"'StringEquals':{'x:y':'a'}", {"a", "b"}, false},  // Two answers are none.
      {"'StringEquals':{'x:y':'a'},'StringLike':{'x:y':'b'}", {"a"}, false},
      {"'StringEquals':{'x:y':'a','x:z':'a'}", {"a"}, false},
  };
  for (const ConditionCase& one : cases) {
    const MapContext context = one.values.empty() ? MapContext() : with("x:y", one.values);
    EXPECT_EQ(allows(allow_if(one.condition), kGet, context), one.holds) << one.condition;
  }
}

TEST(Evaluation, WhatCannotBeEvaluatedCountsAgainstTheCaller) {
  const MapContext garbage = with("x:y", {"garbage"});
  for (const std::string condition :
       {"'NumericLessThan':{'x:y':'10'}", "'NumericNotEquals':{'x:y':'10'}", "'DateLessThan':{'x:y':'2026-01-01'}",
        "'IpAddress':{'x:y':'10.0.0.0/8'}", "'NotIpAddress':{'x:y':'10.0.0.0/8'}", "'Bool':{'x:y':'true'}"}) {
    EXPECT_FALSE(allows(allow_if(condition), kGet, garbage)) << condition;
    EXPECT_FALSE(allows(deny_if(condition), kGet, garbage)) << condition;
  }
  EXPECT_FALSE(allows(deny_if("'StringEquals':{'x:y':'a'}"), kGet, with("x:y", {"a", "b"})));
  EXPECT_FALSE(allows(deny_if("'StringNotEquals':{'x:y':'${aws:username}'}"), kGet, with("x:y", {"a"})));
  EXPECT_TRUE(allows(deny_if("'StringEquals':{'x:y':'${aws:username}'}"), kGet, with("x:y", {"a"})));
}

// --- Boundaries and sessions ---

PrincipalPolicies with_boundary(NamedPolicy boundary) {
  return {.identity = {named("a", kAllowAll)}, .boundary = std::move(boundary)};
}

TEST(Evaluation, ABoundaryHasToAllowToo) {
  const Identity caller = user(with_boundary(named("b", "{'Effect':'Allow','Action':'dynamodb:Get*','Resource':'*'}")));
  EXPECT_TRUE(decide(caller, kGet).allowed());
  const Decision decision = decide(caller, "dynamodb:PutItem");
  EXPECT_EQ(denial_reason(decision, "dynamodb:PutItem"),
            "because no permissions boundary allows the dynamodb:PutItem action");
  EXPECT_FALSE(decide(user({.boundary = named("b", kAllowAll)}), kGet).allowed());
  EXPECT_EQ(denial_reason(decide(user(with_boundary(NamedPolicy{.name = "gone"})), kGet), kGet),
            "with an explicit deny in a permissions boundary");
}

TEST(Evaluation, ASessionPolicyHasToAllowToo) {
  PrincipalPolicies policies{.identity = {named("a", kAllowAll)}};
  policies.session.emplace();
  EXPECT_EQ(denial_reason(decide(role_session(policies), kGet), kGet),
            "because no session policy allows the dynamodb:GetItem action");
  policies.session->push_back(named("s", "{'Effect':'Allow','Action':'dynamodb:GetItem','Resource':'*'}"));
  EXPECT_TRUE(decide(role_session(policies), kGet).allowed());
  EXPECT_FALSE(decide(role_session(policies), "dynamodb:PutItem").allowed());
}

TEST(Evaluation, SessionsOfUsersStayOutOfIam) {
  Identity session = user({.identity = {named("a", kAllowAll)}});
  session.kind = PrincipalKind::kSession;
  session.expires_at_s = 2'000'000'000;
  EXPECT_TRUE(decide(session, kGet).allowed());
  EXPECT_FALSE(decide(session, "iam:CreateUser", "*").allowed());
  EXPECT_FALSE(decide(session, "sts:GetFederationToken", "*").allowed());
  EXPECT_TRUE(decide(session, "sts:AssumeRole", "*").allowed());
  session.mfa_present = true;
  EXPECT_TRUE(decide(session, "iam:CreateUser", "*").allowed());
}

// --- Resource policies ---

std::shared_ptr<const Policy> resource_policy(const std::string& principal, const std::string& effect = "Allow") {
  return policy(document("{'Effect':'" + effect + "','Principal':" + principal + ",'Action':'*','Resource':'*'}"),
                PolicyKind::kResource);
}
const std::string kAnn = "{'AWS':'arn:aws:iam::111122223333:user/ann'}";
const std::string kClerk = "{'AWS':'arn:aws:iam::111122223333:role/Clerk'}";

TEST(ResourcePolicies, NamingAUserAllowsWhateverItsBoundary) {
  const auto policy = resource_policy(kAnn);
  PrincipalPolicies policies;
  policies.boundary = named("b", "{'Effect':'Allow','Action':'s3:*','Resource':'*'}");
  EXPECT_TRUE(decide(user(policies), kGet, kTable, {}, policy.get()).allowed());
  Identity bob = user();
  bob.principal_arn = "arn:aws:iam::111122223333:user/bob";
  EXPECT_FALSE(decide(bob, kGet, kTable, {}, policy.get()).allowed());
}

TEST(ResourcePolicies, NamingARoleIsCutByTheSession) {
  const auto policy = resource_policy(kClerk);
  EXPECT_TRUE(decide(role_session(), kGet, kTable, {}, policy.get()).allowed());
  PrincipalPolicies policies;
  policies.session.emplace();
  EXPECT_FALSE(decide(role_session(policies), kGet, kTable, {}, policy.get()).allowed());
  const auto direct = resource_policy("{'AWS':'arn:aws:sts::111122223333:assumed-role/Clerk/ann'}");
  EXPECT_TRUE(decide(role_session(policies), kGet, kTable, {}, direct.get()).allowed());
}

TEST(ResourcePolicies, ADenyHoldsForRootToo) {
  Identity root = user();
  root.kind = PrincipalKind::kRoot;
  const auto policy = resource_policy("'*'", "Deny");
  const Decision decision = decide(root, kGet, kTable, {}, policy.get());
  EXPECT_EQ(denial_reason(decision, kGet), "with an explicit deny in a resource-based policy");
  EXPECT_TRUE(decide(root, kGet).allowed());
}

TEST(ResourcePolicies, NotPrincipalDeniesEveryoneElse) {
  const auto policy_of_ann = policy(
      document("{'Effect':'Deny','NotPrincipal':" + kAnn + ",'Action':'*','Resource':'*'}"), PolicyKind::kResource);
  const Identity ann = user({.identity = {named("a", kAllowAll)}});
  EXPECT_TRUE(decide(ann, kGet, kTable, {}, policy_of_ann.get()).allowed());
  EXPECT_FALSE(
      decide(role_session({.identity = {named("a", kAllowAll)}}), kGet, kTable, {}, policy_of_ann.get()).allowed());
}

TEST(ResourcePolicies, AnotherAccountNeedsBothSides) {
  const Identity caller = user({.identity = {named("a", kAllowAll)}});
  const auto ask = [](const Identity& who, const Policy* policy) {
    const MapContext context;
    return evaluate({.caller = who,
                     .action = find_action(kGet),
                     .resource = kTable,
                     .conditions = context,
                     .resource_policy = policy,
                     .resource_account = "444455556666"})
        .allowed();
  };
  const auto policy = resource_policy(kAnn);
  EXPECT_TRUE(ask(caller, policy.get()));
  EXPECT_FALSE(ask(caller, nullptr));
  EXPECT_FALSE(ask(user(), policy.get()));
}

// --- Trust policies ---

std::shared_ptr<const Policy> trust(const std::string& principal, const std::string& condition = "") {
  return policy(document("{'Effect':'Allow','Principal':" + principal + ",'Action':'sts:AssumeRole'" +
                         (condition.empty() ? "" : ",'Condition':{" + condition + "}") + "}"),
                PolicyKind::kTrust);
}
constexpr std::string_view kRole = "arn:aws:iam::111122223333:role/Clerk";

TEST(TrustPolicies, NamingTheCallerIsEnough) {
  const auto policy = trust(kAnn);
  EXPECT_TRUE(decide(user(), "sts:AssumeRole", kRole, {}, policy.get()).allowed());
}

TEST(TrustPolicies, NamingTheAccountLeavesItToTheCallersPolicies) {
  const auto policy = trust("{'AWS':'111122223333'}");
  EXPECT_FALSE(decide(user(), "sts:AssumeRole", kRole, {}, policy.get()).allowed());
  const Identity allowed = user({.identity = {named("a", "{'Effect':'Allow','Action':'sts:AssumeRole','Resource':'" +
                                                             std::string(kRole) + "'}")}});
  EXPECT_TRUE(decide(allowed, "sts:AssumeRole", kRole, {}, policy.get()).allowed());
}

TEST(TrustPolicies, ARoleThatDoesNotTrustTheCallerCannotBeAssumed) {
  const auto policy = trust("{'AWS':'arn:aws:iam::111122223333:user/bob'}");
  EXPECT_FALSE(
      decide(user({.identity = {named("a", kAllowAll)}}), "sts:AssumeRole", kRole, {}, policy.get()).allowed());
}

TEST(TrustPolicies, ConditionsHoldForTheExternalId) {
  const auto policy = trust(kAnn, "'StringEquals':{'sts:ExternalId':'42'}");
  EXPECT_TRUE(decide(user(), "sts:AssumeRole", kRole, with("sts:ExternalId", {"42"}), policy.get()).allowed());
  EXPECT_FALSE(decide(user(), "sts:AssumeRole", kRole, {}, policy.get()).allowed());
}

}  // namespace
}  // namespace armature::auth::iam
