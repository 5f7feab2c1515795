// From JSON to a Policy. Whatever is not understood is refused here, so that evaluation never has to guess.
// Source: IAM User Guide, "Grammar of the IAM JSON policy language"; messages as IAM's MalformedPolicyDocument has them
// where they are known.
#include <algorithm>
#include <set>
#include <utility>

#include "auth/iam/policy.h"
#include "auth/iam/statement_positions.h"
#include "auth/iam/text.h"
#include "base/arena.h"
#include "wire/json.h"

namespace armature::auth::iam {
namespace {

using wire::Json;
using wire::JsonMember;
using Kind = Json::Kind;

template <class T>
using Parsed = Expected<T, PolicyError>;

constexpr std::string_view kSyntaxErrors = "Syntax errors in policy.";
// A policy this large is over every quota; it bounds the work of parsing.
constexpr std::size_t kMaxDocumentBytes = 256 * 1024;
constexpr std::size_t kMaxStatements = 10'000;

Unexpected<PolicyError> malformed(std::string message) { return Unexpected(PolicyError{std::move(message)}); }
Unexpected<PolicyError> syntax_errors() { return malformed(std::string(kSyntaxErrors)); }

// Tab, line feed, carriage return and U+0020 to U+00FF.
bool has_policy_characters_only(std::string_view document) {
  for (const char c : document) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && !is_blank(c)) return false;
    if (byte >= 0xc4) return false;  // Leads a character behind U+00FF.
  }
  return true;
}

bool has_repeated_names(const Json& object) {
  std::set<std::string_view> names;
  return !std::all_of(object.members.begin(), object.members.end(),
                      [&](const JsonMember& member) { return names.insert(member.name).second; });
}

// A value, or a list of them.
std::span<const Json> one_or_list(const Json& json) {
  return json.is(Kind::kArray) ? json.elements : std::span(&json, 1);
}

Parsed<std::vector<std::string>> texts(const Json& json) {
  std::vector<std::string> result;
  for (const Json& element : one_or_list(json)) {
    if (!element.is(Kind::kString)) return syntax_errors();
    result.emplace_back(element.text);
  }
  return result;
}

bool is_account_id(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_name(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    const char lower = lower_case(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
  });
}

// --- Actions ---

Parsed<std::string> parse_action(std::string_view text) {
  if (text == "*") return std::string(text);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  }
  const std::string_view vendor = text.substr(0, colon);
  if (!is_name(vendor, "-")) return malformed("Vendor " + std::string(vendor) + " is not valid");
  if (text.find(':', colon + 1) != std::string_view::npos) {
    return malformed("Actions/Condition can contain only one colon.");
  }
  if (!is_name(text.substr(colon + 1), "*?-_")) return syntax_errors();
  return lower_case(text);
}

bool is_sts_action(std::string_view lower_case_action) { return lower_case_action.starts_with("sts:"); }

// --- Resources ---

Parsed<Pattern> parse_resource(std::string_view text, bool variables) {
  const std::string quoted(text);
  if (text != "*") {
    std::string_view rest = text;
    constexpr std::string_view kArn = "arn:";
    if (!rest.starts_with(kArn)) return malformed("Resource " + quoted + " must be in ARN format or \"*\".");
    rest.remove_prefix(kArn.size());
    const std::string_view partition = rest.substr(0, rest.find(':'));
    if (partition != "aws" && partition != "aws-cn" && partition != "aws-us-gov" && partition != "*") {
      return malformed("Partition \"" + std::string(partition) + "\" is not valid for resource \"" + quoted + "\".");
    }
    rest.remove_prefix(partition.size());
    if (!rest.starts_with(':')) return malformed("Resource vendor must be fully qualified and cannot contain regexes.");
    rest.remove_prefix(1);
    const std::string_view vendor = rest.substr(0, rest.find(':'));
    if (!is_name(vendor, "-") || vendor.size() == rest.size()) {
      return malformed("Resource vendor must be fully qualified and cannot contain regexes.");
    }
    // Variables may only stand behind the fifth colon.
    std::size_t fifth = 0;
    for (int colon = 0; colon < 5 && fifth != std::string_view::npos; ++colon) fifth = text.find(':', fifth + 1);
    const std::size_t variable = variables ? text.find("${") : std::string_view::npos;
    if (variable < fifth && variable != std::string_view::npos) return syntax_errors();
  }
  auto pattern = Pattern::parse(text, {.wildcards = true, .variables = variables});
  if (!pattern) return syntax_errors();
  return std::move(*pattern);
}

// --- Principals ---

Unexpected<PolicyError> invalid_principal(std::string_view type, std::string_view value) {
  return malformed("Invalid principal in policy: \"" + std::string(type) + "\":\"" + std::string(value) + "\"");
}

// Of {"AWS": …}. Principals are named whole: wildcards inside their ARNs would match names that do not exist yet.
Parsed<PrincipalPattern> parse_aws_principal(std::string_view text) {
  using PrincipalKindOf = PrincipalPattern::Kind;
  if (text == "*") return PrincipalPattern{PrincipalKindOf::kEveryone, {}};
  if (is_account_id(text)) return PrincipalPattern{PrincipalKindOf::kAccount, std::string(text)};
  constexpr std::string_view kIam = "arn:aws:iam::", kSts = "arn:aws:sts::";
  const bool iam = text.starts_with(kIam);
  if ((!iam && !text.starts_with(kSts)) || text.find_first_of("*?") != std::string_view::npos) {
    return invalid_principal("AWS", text);
  }
  const std::string_view rest = text.substr(kIam.size());
  const std::string_view account = rest.substr(0, 12);
  if (!is_account_id(account) || rest.size() <= 13 || rest[12] != ':') return invalid_principal("AWS", text);
  const std::string_view name = rest.substr(13);
  if (iam && name == "root") return PrincipalPattern{PrincipalKindOf::kAccount, std::string(account)};
  const auto names = [&](std::string_view prefix) { return name.starts_with(prefix) && name.size() > prefix.size(); };
  const bool good = iam ? names("user/") || names("role/") : names("assumed-role/") || names("federated-user/");
  if (!good) return invalid_principal("AWS", text);
  return PrincipalPattern{PrincipalKindOf::kArn, std::string(text)};
}

Parsed<std::vector<PrincipalPattern>> parse_principals(const Json& json) {
  if (json.is(Kind::kString)) {
    if (json.text != "*") return invalid_principal("AWS", json.text);
    return std::vector<PrincipalPattern>{{PrincipalPattern::Kind::kEveryone, {}}};
  }
  if (!json.is(Kind::kObject) || json.members.empty() || has_repeated_names(json)) return syntax_errors();
  std::vector<PrincipalPattern> principals;
  for (const JsonMember& member : json.members) {
    const bool known = member.name == "AWS" || member.name == "Federated" || member.name == "Service" ||
                       member.name == "CanonicalUser";
    if (!known) return syntax_errors();
    TRY_ASSIGN(const std::vector<std::string> values, texts(member.value));
    if (values.empty()) return syntax_errors();
    for (const std::string& value : values) {
      if (member.name == "AWS") {
        TRY_ASSIGN(PrincipalPattern principal, parse_aws_principal(value));
        principals.push_back(std::move(principal));
      } else {
        if (value.empty()) return invalid_principal(member.name, value);
        principals.push_back({PrincipalPattern::Kind::kOther, value});
      }
    }
  }
  return principals;
}

// --- Conditions ---

// Numbers and booleans may stand without quotes.
Parsed<std::string> condition_text(const Json& json) {
  switch (json.kind) {
    case Kind::kString:
    case Kind::kNumber: return std::string(json.text);
    case Kind::kBool: return std::string(json.boolean ? "true" : "false");
    default: return syntax_errors();
  }
}

Parsed<Condition> parse_condition(std::string_view op_text, const OperatorName& op, const JsonMember& test,
                                  bool variables) {
  if (test.name.find(':') == std::string_view::npos) {
    return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  }
  Condition condition{.op = op.op,
                      .qualifier = op.qualifier,
                      .if_exists = op.if_exists,
                      .key = make_condition_key(test.name),
                      .values = {},
                      .op_text = std::string(op_text),
                      .texts = {}};
  for (const Json& element : one_or_list(test.value)) {
    TRY_ASSIGN(std::string text, condition_text(element));
    auto value = parse_condition_value(op.op, text, variables);
    if (!value) {
      return malformed("The value " + text + " of the condition key " + condition.key.as_written +
                       " is not valid for the operator " + condition.op_text);
    }
    condition.values.push_back(std::move(*value));
    condition.texts.push_back(std::move(text));
  }
  return condition;
}

Parsed<std::vector<Condition>> parse_conditions(const Json& json, bool variables) {
  if (!json.is(Kind::kObject) || has_repeated_names(json)) return syntax_errors();
  std::vector<Condition> conditions;
  for (const JsonMember& member : json.members) {
    const auto op = parse_operator(member.name);
    if (!op) return malformed("Invalid Condition type : " + std::string(member.name) + ".");
    if (!member.value.is(Kind::kObject) || has_repeated_names(member.value)) return syntax_errors();
    for (const JsonMember& test : member.value.members) {
      TRY_ASSIGN(Condition condition, parse_condition(member.name, *op, test, variables));
      conditions.push_back(std::move(condition));
    }
  }
  return conditions;
}

// --- Statements ---

class DocumentParser {
 public:
  DocumentParser(PolicyKind kind, bool variables) : kind_(kind), variables_(variables) {}

  Parsed<Statement> statement(const Json& json) {
    if (!json.is(Kind::kObject) || has_repeated_names(json)) return syntax_errors();
    Statement statement;
    for (const JsonMember& member : json.members) TRY(take(member, &statement));
    TRY(check(statement));
    return statement;
  }

 private:
  bool has_principals() const { return kind_ == PolicyKind::kTrust || kind_ == PolicyKind::kResource; }

  // An element may be there in one of its two forms only.
  static Parsed<void> once(bool* seen) {
    if (std::exchange(*seen, true)) return syntax_errors();
    return {};
  }

  Parsed<void> take(const JsonMember& member, Statement* statement) {
    const std::string_view name = member.name;
    if (name == "Sid") return take_sid(member.value, statement);
    if (name == "Effect") return take_effect(member.value, statement);
    if (name == "Action" || name == "NotAction") return take_actions(member, statement);
    if (name == "Resource" || name == "NotResource") return take_resources(member, statement);
    if (name == "Principal" || name == "NotPrincipal") return take_principals(member, statement);
    if (name == "Condition") {
      TRY_ASSIGN(statement->conditions, parse_conditions(member.value, variables_));
      return {};
    }
    return syntax_errors();
  }

  Parsed<void> take_sid(const Json& json, Statement* statement) {
    if (!json.is(Kind::kString)) return syntax_errors();
    statement->sid = json.text;
    if (statement->sid.empty()) return {};
    // Resource policies take any text.
    if (kind_ != PolicyKind::kResource && !is_name(statement->sid, "")) {
      return malformed(
          "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
          "[0-9A-Za-z]*");
    }
    if (!sids_.insert(statement->sid).second) {
      return malformed("Statement IDs (SID) in a single policy must be unique.");
    }
    return {};
  }

  Parsed<void> take_effect(const Json& json, Statement* statement) {
    if (!json.is(Kind::kString) || (json.text != "Allow" && json.text != "Deny")) return syntax_errors();
    statement->effect = json.text == "Allow" ? Effect::kAllow : Effect::kDeny;
    has_effect_ = true;
    return {};
  }

  Parsed<void> take_actions(const JsonMember& member, Statement* statement) {
    TRY(once(&has_actions_));
    statement->not_actions = member.name == "NotAction";
    TRY_ASSIGN(const std::vector<std::string> actions, texts(member.value));
    if (actions.empty()) return malformed("Policy statement must contain actions.");
    for (const std::string& action : actions) {
      TRY_ASSIGN(std::string pattern, parse_action(action));
      if (kind_ == PolicyKind::kTrust && !is_sts_action(pattern)) {
        return malformed("AssumeRole policy may only specify STS AssumeRole actions.");
      }
      statement->actions.push_back(std::move(pattern));
    }
    return {};
  }

  Parsed<void> take_resources(const JsonMember& member, Statement* statement) {
    if (kind_ == PolicyKind::kTrust) return malformed("Has prohibited field " + std::string(member.name) + ".");
    TRY(once(&has_resources_));
    statement->not_resources = member.name == "NotResource";
    TRY_ASSIGN(statement->resource_texts, texts(member.value));
    if (statement->resource_texts.empty()) return malformed("Policy statement must contain resources.");
    for (const std::string& resource : statement->resource_texts) {
      TRY_ASSIGN(Pattern pattern, parse_resource(resource, variables_));
      statement->resources.push_back(std::move(pattern));
    }
    return {};
  }

  Parsed<void> take_principals(const JsonMember& member, Statement* statement) {
    if (!has_principals()) return malformed("Policy document should not specify a principal.");
    TRY(once(&has_principal_));
    statement->not_principals = member.name == "NotPrincipal";
    TRY_ASSIGN(statement->principals, parse_principals(member.value));
    return {};
  }

  // What has to be there, and forgets what was, for the next statement.
  Parsed<void> check(const Statement& statement) {
    const bool effect = std::exchange(has_effect_, false);
    const bool actions = std::exchange(has_actions_, false);
    const bool resources = std::exchange(has_resources_, false);
    const bool principal = std::exchange(has_principal_, false);
    if (!effect) return syntax_errors();
    if (!actions) return malformed("Policy statement must contain actions.");
    if (!resources && kind_ != PolicyKind::kTrust) return malformed("Policy statement must contain resources.");
    if (!principal && has_principals()) return malformed("Missing required field Principal");
    if (statement.not_principals && statement.effect == Effect::kAllow) {
      return malformed("Allow with NotPrincipal is not supported");
    }
    return {};
  }

  const PolicyKind kind_;
  const bool variables_;
  std::set<std::string> sids_;
  bool has_effect_ = false;
  bool has_actions_ = false;
  bool has_resources_ = false;
  bool has_principal_ = false;
};

// Whether policies have variables at this version; absent means the older.
Parsed<bool> parse_version(const Json* version) {
  if (version == nullptr) return false;
  if (version->is(Kind::kString) && version->text == "2012-10-17") return true;
  if (version->is(Kind::kString) && version->text == "2008-10-17") return false;
  return malformed("Policy document must be version 2012-10-17 or greater.");
}

Parsed<void> check_members(const Json& document, PolicyKind kind) {
  if (!document.is(Kind::kObject) || has_repeated_names(document)) return syntax_errors();
  for (const JsonMember& member : document.members) {
    if (member.name == "Version" || member.name == "Statement") continue;
    // Policies of principals have names, not ids, but IAM takes an Id.
    if (member.name == "Id" && member.value.is(Kind::kString)) continue;
    if (kind == PolicyKind::kTrust) return malformed("Has prohibited field " + std::string(member.name));
    return syntax_errors();
  }
  return {};
}

}  // namespace

Expected<std::shared_ptr<const Policy>, PolicyError> parse_policy(std::string_view document, PolicyKind kind) {
  if (document.size() > kMaxDocumentBytes) return malformed("The policy document is too large");
  if (!has_policy_characters_only(document)) {
    return malformed("The policy document may contain tabs, line ends and the characters U+0020 to U+00FF only");
  }
  Arena arena;
  const auto json = wire::parse_json(document, &arena);
  if (!json) return malformed("This policy contains invalid Json");
  TRY(check_members(**json, kind));
  TRY_ASSIGN(const bool current_version, parse_version((*json)->find("Version")));
  const Json* const statements = (*json)->find("Statement");
  if (statements == nullptr) return syntax_errors();
  const std::span<const Json> list = one_or_list(*statements);
  if (list.empty() || list.size() > kMaxStatements) return syntax_errors();

  DocumentParser parser(kind, current_version);
  std::vector<Statement> parsed;
  for (const Json& element : list) {
    TRY_ASSIGN(Statement statement, parser.statement(element));
    parsed.push_back(std::move(statement));
  }
  const std::vector<TextRange> positions = statement_positions(document);
  for (std::size_t i = 0; i < parsed.size() && i < positions.size(); ++i) {
    parsed[i].begin = positions[i].begin;
    parsed[i].end = positions[i].end;
  }
  return std::make_shared<const Policy>(std::string(document), kind, current_version, std::move(parsed));
}

Expected<std::shared_ptr<const Policy>, PolicyError> parse_resource_policy(std::string_view document,
                                                                           std::string_view resource_arn) {
  TRY_ASSIGN(auto policy, parse_policy(document, PolicyKind::kResource));
  const std::string indexes = std::string(resource_arn) + "/index/";
  const bool is_table = resource_arn.find("/stream/") == std::string_view::npos;
  for (const Statement& statement : policy->statements()) {
    for (const std::string& text : statement.resource_texts) {
      if (text == resource_arn || text == "*") continue;
      if (is_table && (text.starts_with(indexes) || text == std::string(resource_arn) + "/*")) continue;
      return malformed("The resource " + text + " of the policy is not the resource it is for");
    }
    for (const std::string& action : statement.actions) {
      if (action != "*" && !action.starts_with("dynamodb:")) {
        return malformed("The action " + action + " is not one of the resource the policy is for");
      }
    }
  }
  return policy;
}

}  // namespace armature::auth::iam
