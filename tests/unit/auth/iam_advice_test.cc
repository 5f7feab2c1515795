// Simulation and advice: what the console and IAM's simulator say about policies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/iam/lint.h"
#include "auth/iam/simulate.h"
#include "unit/auth/policies.h"

namespace armature::auth::iam {
namespace {

std::vector<std::string> codes(const std::string& statements, const std::vector<std::string>& key_attributes = {}) {
  std::vector<std::string> result;
  for (const Finding& finding : lint_policy(document(statements), PolicyKind::kIdentity, key_attributes)) {
    result.push_back(finding.code);
  }
  return result;
}

TEST(PolicyAdvice, NamesTheTraps) {
  using testing::ElementsAre;
  using testing::IsEmpty;
  EXPECT_THAT(codes("{'Effect':'Allow','Action':'dynamodb:GetItem','Resource':'*'}"), IsEmpty());
  EXPECT_THAT(codes("{'Effect':'Allow','Action':'*','Resource':'*'}"), ElementsAre("ALLOWS_EVERY_ACTION"));
  EXPECT_THAT(codes("{'Effect':'Allow','Action':'dynamodb:GetItems','Resource':'*'}"), ElementsAre("UNKNOWN_ACTION"));
  EXPECT_THAT(codes("{'Effect':'Allow','Action':['dynamodb:Query','dynamodb:Scan'],'Resource':'*',"
                    "'Condition':{'ForAllValues:StringEquals':{'dynamodb:LeadingKeys':'a'}}}"),
              ElementsAre("FOR_ALL_VALUES_ALLOWS_SCAN"));
  EXPECT_THAT(codes("{'Effect':'Allow','Action':'dynamodb:GetItem','Resource':'*',"
                    "'Condition':{'ForAllValues:StringEquals':{'dynamodb:Attributes':'a'}}}",
                    {"id"}),
              ElementsAre("ATTRIBUTES_WITHOUT_SELECT", "ATTRIBUTES_WITHOUT_KEY"));
  EXPECT_EQ(lint_policy("{", PolicyKind::kIdentity).at(0).severity, Severity::kError);
}

TEST(PolicySimulation, TellsDecisionStatementAndMissingKeys) {
  Simulation simulation;
  simulation.caller = user({.identity = {{.name = "p",
                                          .holder = "ann",
                                          .source = PolicySource::kUserInline,
                                          .policy = policy("{\"Version\":\"2012-10-17\",\n \"Statement\":[\n"
                                                           "  {\"Effect\":\"Allow\",\"Action\":\"dynamodb:Get*\","
                                                           "\"Resource\":\"*\"},\n"
                                                           "  {\"Effect\":\"Deny\",\"Action\":\"dynamodb:Put*\","
                                                           "\"Resource\":\"*\",\"Condition\":{\"StringEquals\":"
                                                           "{\"x:y\":\"a\"}}}]}")}}});
  simulation.actions = {"dynamodb:GetItem", "dynamodb:PutItem"};
  const std::vector<SimulationResult> results = simulate(simulation);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(decision_word(results[0].decision.outcome), "allowed");
  ASSERT_EQ(results[0].matched.size(), 1u);
  EXPECT_EQ(results[0].matched[0].policy_id, "user_ann_p");
  EXPECT_EQ(results[0].matched[0].policy_type, "user");
  EXPECT_EQ(results[0].matched[0].begin.line, 3);
  EXPECT_EQ(results[0].matched[0].begin.column, 3);
  EXPECT_EQ(decision_word(results[1].decision.outcome), "implicitDeny");
  EXPECT_THAT(results[1].missing_context, testing::ElementsAre("x:y"));
}

}  // namespace
}  // namespace armature::auth::iam
