#include "auth/iam/lint.h"

#include <algorithm>

namespace armature::auth::iam {
namespace {

bool names(const Statement& statement, std::string_view action) { return statement.names_action(action); }

class Linter {
 public:
  Linter(const Policy& policy, const std::vector<std::string>& key_attributes)
      : policy_(policy), key_attributes_(key_attributes) {}

  std::vector<Finding> run() && {
    for (position_ = 0; position_ < policy_.statements().size(); ++position_) check(policy_.statements()[position_]);
    if (!policy_.is_current_version() && policy_.document().find("${") != std::string::npos) {
      findings_.push_back({.severity = Severity::kWarning,
                           .code = "VARIABLES_NEED_VERSION",
                           .text = "Variables such as ${aws:username} are plain text unless Version is 2012-10-17.",
                           .statement = std::nullopt});
    }
    return std::move(findings_);
  }

 private:
  void add(Severity severity, std::string code, std::string text) {
    const Statement& statement = policy_.statements()[position_];
    findings_.push_back({severity, std::move(code), std::move(text), position_, statement.begin, statement.end});
  }

  void check(const Statement& statement) {
    check_actions(statement);
    if (statement.effect == Effect::kAllow) check_grant(statement);
    for (const Condition& condition : statement.conditions) {
      if (condition.key.known == KnownKey::kDynamodbAttributes) check_attributes(statement, condition);
      check_qualifier(statement, condition);
    }
  }

  void check_actions(const Statement& statement) {
    for (const std::string& action : statement.actions) {
      const bool ours = action.starts_with("dynamodb:") || action.starts_with("iam:") || action.starts_with("sts:");
      if (!ours) continue;
      const auto known = known_actions();
      const bool any = std::any_of(known.begin(), known.end(), [&](std::string_view name) {
        Statement only;
        only.actions = {action};
        return only.names_action(name);
      });
      if (!any) add(Severity::kWarning, "UNKNOWN_ACTION", "There is no action " + action + ".");
    }
  }

  void check_grant(const Statement& statement) {
    const bool everything =
        std::find(statement.actions.begin(), statement.actions.end(), "*") != statement.actions.end();
    if (everything && !statement.not_actions && statement.conditions.empty()) {
      add(Severity::kSecurityWarning, "ALLOWS_EVERY_ACTION",
          "This allows every action of every service, creating users and changing policies included.");
    }
    if (statement.not_actions) {
      add(Severity::kWarning, "ALLOW_WITH_NOT_ACTION",
          "Allow with NotAction grants every other action, those that services add later included.");
    }
    const auto everyone = [](const PrincipalPattern& one) { return one.kind == PrincipalPattern::Kind::kEveryone; };
    if (statement.conditions.empty() &&
        std::any_of(statement.principals.begin(), statement.principals.end(), everyone)) {
      add(Severity::kSecurityWarning, "ALLOWS_EVERYONE",
          "This grants to everyone: name principals or add a condition.");
    }
  }

  void check_qualifier(const Statement& statement, const Condition& condition) {
    if (condition.qualifier != SetQualifier::kForAllValues || statement.effect != Effect::kAllow) return;
    if (condition.key.known == KnownKey::kDynamodbLeadingKeys) {
      if (names(statement, "dynamodb:Scan") || names(statement, "dynamodb:PartiQLSelect")) {
        add(Severity::kSecurityWarning, "FOR_ALL_VALUES_ALLOWS_SCAN",
            "ForAllValues is true for a request without the key: on AWS this lets Scan read every partition. List the "
            "actions one by one and leave Scan out.");
      }
      return;
    }
    if (condition.key.known == KnownKey::kDynamodbAttributes) return;
    add(Severity::kWarning, "FOR_ALL_VALUES_WITH_ALLOW",
        "ForAllValues is true when the request has no " + condition.key.as_written +
            ": add a Null condition if it has to be there.");
  }

  void check_attributes(const Statement& statement, const Condition& condition) {
    if (statement.effect != Effect::kAllow) return;
    const auto tests = [&](KnownKey key) {
      return std::any_of(statement.conditions.begin(), statement.conditions.end(),
                         [&](const Condition& other) { return other.key.known == key; });
    };
    const bool reads = names(statement, "dynamodb:GetItem") || names(statement, "dynamodb:Query") ||
                       names(statement, "dynamodb:Scan") || names(statement, "dynamodb:BatchGetItem");
    if (reads && !tests(KnownKey::kDynamodbSelect)) {
      add(Severity::kSecurityWarning, "ATTRIBUTES_WITHOUT_SELECT",
          "dynamodb:Attributes tests names in the request: a read without a projection returns everything. Add "
          "StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES.");
    }
    const bool writes = names(statement, "dynamodb:UpdateItem");
    if (writes && !tests(KnownKey::kDynamodbReturnValues)) {
      add(Severity::kSecurityWarning, "ATTRIBUTES_WITHOUT_RETURN_VALUES",
          "UpdateItem can return all attributes: add StringEqualsIfExists dynamodb:ReturnValues NONE, UPDATED_OLD, "
          "UPDATED_NEW.");
    }
    if (names(statement, "dynamodb:PutItem") || names(statement, "dynamodb:DeleteItem") ||
        names(statement, "dynamodb:BatchWriteItem")) {
      add(Severity::kWarning, "ATTRIBUTES_WITH_WHOLE_ITEMS",
          "PutItem, DeleteItem and BatchWriteItem replace whole items, attributes that are not listed included.");
    }
    for (const std::string& key : key_attributes_) {
      if (std::find(condition.texts.begin(), condition.texts.end(), key) != condition.texts.end()) continue;
      add(Severity::kWarning, "ATTRIBUTES_WITHOUT_KEY",
          "The key attribute " + key + " is not among the attributes: requests that name it are denied.");
    }
  }

  const Policy& policy_;
  const std::vector<std::string>& key_attributes_;
  std::size_t position_ = 0;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> lint_policy(std::string_view document, PolicyKind kind,
                                 const std::vector<std::string>& key_attributes) {
  const auto policy = parse_policy(document, kind);
  if (!policy) {
    return {
        {.severity = Severity::kError, .code = "MALFORMED", .text = policy.error().message, .statement = std::nullopt}};
  }
  return Linter(**policy, key_attributes).run();
}

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::kError: return "ERROR";
    case Severity::kSecurityWarning: return "SECURITY_WARNING";
    case Severity::kWarning: return "WARNING";
    case Severity::kSuggestion: return "SUGGESTION";
  }
  return {};
}

}  // namespace armature::auth::iam
