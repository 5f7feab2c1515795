#include "api/sts/sessions.h"

#include <algorithm>
#include <set>

#include "api/iam/entities.h"
#include "auth/sts/session_token.h"

namespace armature::api {
namespace {

constexpr std::int64_t kShortestSessionS = 900;
constexpr std::int64_t kLongestRoleSessionS = 43200;
constexpr std::int64_t kLongestChainedSessionS = 3600;
constexpr std::int64_t kDefaultRoleSessionS = 3600;
constexpr std::int64_t kLongestUserSessionS = 129600;
constexpr std::int64_t kDefaultUserSessionS = 43200;
constexpr std::int64_t kLongestRootSessionS = 3600;
constexpr std::size_t kMostPolicyArns = 10;

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
// [\w+=,.@-]*
bool matches_session_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_word(c) || std::string_view("+=,.@-").find(c) != std::string_view::npos; });
}
// [\w+=,.@:\/-]*
bool matches_external_id(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_word(c) || std::string_view("+=,.@:/-").find(c) != std::string_view::npos;
  });
}

const TextRule kSessionNameRule{2, 64, matches_session_name, R"([\w+=,.@-]*)"};
const TextRule kFederatedNameRule{2, 32, matches_session_name, R"([\w+=,.@-]*)"};
const TextRule kExternalIdRule{2, 1224, matches_external_id, R"([\w+=,.@:\/-]*)"};
const TextRule kSessionPolicyRule{1, 2048};
const TextRule kMfaRule{1, 256};

// What the operations take alike: policies and tags of the session.
struct SessionParts {
  std::string policy;
  std::vector<std::string> policy_arns;
  std::vector<auth::Tag> tags;
};

SessionParts read_parts(Form* form) {
  SessionParts parts;
  parts.policy = form->optional_text("Policy", kSessionPolicyRule).value_or("");
  for (const std::string_view arn : form->texts("PolicyArns", kArnRule, kMostPolicyArns, "arn")) {
    parts.policy_arns.emplace_back(arn);
  }
  parts.tags = form->tags();
  return parts;
}

Result<void> check_parts(const QueryCall& call, const SessionParts& parts) {
  if (!parts.policy.empty()) TRY(parse_document(parts.policy, auth::iam::PolicyKind::kSession));
  const auth::IdentitiesRef identities = identities_of(call);
  for (const std::string& arn : parts.policy_arns) {
    if (identities->policy(arn) == nullptr) {
      return fail(ErrorCode::kMalformedPolicyDocument, "Policy arn " + arn + " does not exist.");
    }
  }
  std::set<std::string> keys;
  for (const auth::Tag& tag : parts.tags) {
    if (!keys.insert(auth::folded(tag.key)).second) {
      return fail(ErrorCode::kInvalidParameterValue,
                  "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
  }
  return {};
}

bool is_session(const QueryCall& call) { return call.context.identity->kind == auth::PrincipalKind::kSession; }

Unexpected<Error> denied(std::string message) { return fail(ErrorCode::kAccessDenied, std::move(message)); }

// There are no devices to check a code with, so a code can only be wrong.
Result<void> check_mfa(Form* form) {
  const bool given = form->optional_text("SerialNumber", kMfaRule) || form->optional_text("TokenCode", kMfaRule);
  if (given)
    return denied(
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA "
        "serial number is valid and associated with this user.");
  return {};
}

// Fills in id, secret and times, seals the token, and writes <Credentials>.
Result<void> issue(const QueryCall& call, auth::sts::Session session, std::int64_t duration_s,
                   std::size_t* packed_bytes) {
  session.access_key_id = auth::new_access_key_id("ASIA");
  session.secret = auth::new_secret_access_key();
  session.issued_at_s = call.services.clock.now_s();
  session.expires_at_s = session.issued_at_s + duration_s;
  TRY_ASSIGN(const std::string token, auth::sts::seal_session(session, call.services.identities->keys(), packed_bytes));
  call.reply.open("Credentials");
  call.reply.element("AccessKeyId", session.access_key_id);
  call.reply.element("SecretAccessKey", session.secret.reveal());
  call.reply.element("SessionToken", token);
  call.reply.element("Expiration", xml_time(session.expires_at_s));
  call.reply.close();
  return {};
}

void write_packed_size(const QueryCall& call, const SessionParts& parts, std::size_t packed_bytes) {
  if (parts.policy.empty() && parts.policy_arns.empty() && parts.tags.empty()) return;
  call.reply.element("PackedPolicySize", auth::sts::packed_percent(packed_bytes));
}

struct RoleArn {
  std::string_view account_id;
  std::string_view name;
};

// "arn:aws:iam::123456789012:role/path/name".
Result<RoleArn> parse_role_arn(std::string_view arn) {
  const auto invalid_arn = [&] { return invalid(std::string(arn) + " is invalid"); };
  constexpr std::string_view kPrefix = "arn:aws:iam::";
  constexpr std::string_view kRole = ":role/";
  if (!arn.starts_with(kPrefix)) return invalid_arn();
  const std::string_view rest = arn.substr(kPrefix.size());
  const std::size_t role = rest.find(kRole);
  if (role != 12 || rest.substr(0, 12).find_first_not_of("0123456789") != std::string_view::npos) return invalid_arn();
  const std::string_view name = rest.substr(rest.rfind('/') + 1);
  if (name.empty()) return invalid_arn();
  return RoleArn{rest.substr(0, 12), name};
}

struct AssumeRoleRequest {
  std::string role_arn;
  std::string session_name;
  std::optional<std::int64_t> duration_s;
  SessionParts parts;
  std::vector<std::string> transitive_tag_keys;
  std::optional<std::string> external_id;
  std::optional<std::string> source_identity;
};

// The tags the calling session hands on, whether or not it is asked for.
Result<void> inherit(const auth::Identity& caller, AssumeRoleRequest* request) {
  std::set<std::string> requested;
  for (const auth::Tag& tag : request->parts.tags) requested.insert(auth::folded(tag.key));
  for (const std::string& key : request->transitive_tag_keys) {
    if (!requested.contains(auth::folded(key))) {
      return fail(ErrorCode::kInvalidParameterValue,
                  "The specified transitive tag key must be included in the requested tags.");
    }
  }
  for (const std::string& key : caller.transitive_tag_keys) {
    if (requested.contains(auth::folded(key))) {
      return fail(
          ErrorCode::kInvalidParameterValue,
          "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
          "from the calling session.");
    }
    for (const auth::Tag& tag : caller.tags) {
      if (auth::folded(tag.key) != auth::folded(key)) continue;
      request->parts.tags.push_back(tag);
      request->transitive_tag_keys.push_back(tag.key);
    }
  }
  if (!caller.source_identity.empty()) {
    // It stays what it was through every role that is assumed from here.
    if (request->source_identity && *request->source_identity != caller.source_identity) {
      return denied("The source identity of a session cannot be changed by role chaining.");
    }
    request->source_identity = caller.source_identity;
  }
  return {};
}

// Role, trust policy and the caller's own policies. A role that does not exist answers as one that may not be assumed,
// so that names do not leak.
Result<void> authorize_assumption(const QueryCall& call, const AssumeRoleRequest& request, const auth::RoleRef& role,
                                  bool sets_source_identity) {
  const auto facts = [&](AccessFacts* known) {
    known->add("sts:RoleSessionName", request.session_name);
    if (request.external_id) known->add("sts:ExternalId", *request.external_id);
    if (request.source_identity) known->add("sts:SourceIdentity", *request.source_identity);
    for (const std::string& key : request.transitive_tag_keys) known->add_to_list("sts:TransitiveTagKeys", key);
    add_tag_facts(request.parts.tags, known);
    if (role != nullptr) add_resource_tag_facts(role->tags, known);
  };
  AccessRequest access{.action = "sts:AssumeRole",
                       .resource_arn = request.role_arn,
                       .trust_policy = role != nullptr ? role->trust_policy.parsed.get() : nullptr,
                       .is_role = true,
                       .facts = facts};
  TRY(authorize(call.context, access));
  if (!request.parts.tags.empty()) {
    access.action = "sts:TagSession";
    TRY(authorize(call.context, access));
  }
  if (sets_source_identity) {
    access.action = "sts:SetSourceIdentity";
    TRY(authorize(call.context, access));
  }
  return {};
}

Result<std::int64_t> role_session_duration(const QueryCall& call, const AssumeRoleRequest& request,
                                           const auth::Role& role) {
  const std::int64_t duration_s = request.duration_s.value_or(kDefaultRoleSessionS);
  if (duration_s > role.max_session_s) {
    return invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  const bool chained = call.context.identity->type == auth::PrincipalType::kAssumedRole;
  if (chained && duration_s > kLongestChainedSessionS) {
    return invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  }
  return duration_s;
}

}  // namespace

Task<Result<void>> assume_role(QueryCall& call) {
  Form form(call.parameters);
  AssumeRoleRequest request;
  request.role_arn = form.text("RoleArn", kArnRule);
  request.session_name = form.text("RoleSessionName", kSessionNameRule);
  request.duration_s = form.optional_integer("DurationSeconds", kShortestSessionS, kLongestRoleSessionS);
  request.parts = read_parts(&form);
  for (const std::string_view key : form.texts("TransitiveTagKeys", kTagKeyRule, kMostTags)) {
    request.transitive_tag_keys.emplace_back(key);
  }
  if (const auto external_id = form.optional_text("ExternalId", kExternalIdRule)) request.external_id = *external_id;
  if (const auto source = form.optional_text("SourceIdentity", kSessionNameRule)) request.source_identity = *source;
  CO_TRY(form.check());
  CO_TRY(check_mfa(&form));
  CO_TRY_ASSIGN(const RoleArn arn, parse_role_arn(request.role_arn));
  const auth::Identity& caller = *call.context.identity;
  if (caller.type == auth::PrincipalType::kAccount && !call.services.options.root_may_assume_roles) {
    co_return denied("Roles may not be assumed by root accounts.");
  }
  const bool sets_source_identity = request.source_identity.has_value();
  CO_TRY(inherit(caller, &request));

  const auth::IdentitiesRef identities = identities_of(call);
  auth::RoleRef role = arn.account_id == call.context.account_id ? identities->role(arn.name) : nullptr;
  // The path is part of the name here.
  if (role != nullptr && auth::role_arn(call.context.account_id, *role) != request.role_arn) role = nullptr;
  CO_TRY(authorize_assumption(call, request, role, sets_source_identity));
  if (role == nullptr) {
    co_return denied("User: " + caller.principal_arn +
                     " is not authorized to perform: sts:AssumeRole on resource: " + request.role_arn);
  }
  CO_TRY_ASSIGN(const std::int64_t duration_s, role_session_duration(call, request, *role));
  CO_TRY(check_parts(call, request.parts));

  auth::sts::Session session;
  session.kind = auth::sts::SessionKind::kAssumedRole;
  session.owner_id = role->id;
  session.name = request.session_name;
  session.policy = request.parts.policy;
  session.policy_arns = request.parts.policy_arns;
  session.tags = request.parts.tags;
  session.transitive_tag_keys = request.transitive_tag_keys;
  session.source_identity = request.source_identity.value_or("");
  std::size_t packed_bytes = 0;
  CO_TRY(issue(call, std::move(session), duration_s, &packed_bytes));
  call.reply.open("AssumedRoleUser");
  call.reply.element("AssumedRoleId", role->id + ":" + request.session_name);
  call.reply.element("Arn", auth::assumed_role_arn(call.context.account_id, role->name, request.session_name));
  call.reply.close();
  write_packed_size(call, request.parts, packed_bytes);
  if (request.source_identity) call.reply.element("SourceIdentity", *request.source_identity);
  co_return Result<void>();
}

// Needs no permission, and none can be given.
Task<Result<void>> get_session_token(QueryCall& call) {
  Form form(call.parameters);
  std::int64_t duration_s =
      form.optional_integer("DurationSeconds", kShortestSessionS, kLongestUserSessionS).value_or(kDefaultUserSessionS);
  CO_TRY(form.check());
  CO_TRY(check_mfa(&form));
  CO_TRY(authorize(call.context, "*"));
  if (is_session(call)) co_return denied("Cannot call GetSessionToken with session credentials");
  const auth::Identity& caller = *call.context.identity;
  if (caller.kind == auth::PrincipalKind::kRoot) duration_s = std::min(duration_s, kLongestRootSessionS);
  auth::sts::Session session;
  session.kind = auth::sts::SessionKind::kUser;
  session.owner_id = caller.user_id;
  session.issuer_key_id = caller.access_key_id;
  std::size_t packed_bytes = 0;
  co_return issue(call, std::move(session), duration_s, &packed_bytes);
}

Task<Result<void>> get_federation_token(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("Name", kFederatedNameRule));
  std::int64_t duration_s =
      form.optional_integer("DurationSeconds", kShortestSessionS, kLongestUserSessionS).value_or(kDefaultUserSessionS);
  const SessionParts parts = read_parts(&form);
  CO_TRY(form.check());
  if (is_session(call)) co_return denied("Cannot call GetFederationToken with session credentials");
  const auth::Identity& caller = *call.context.identity;
  const std::string arn = "arn:aws:sts::" + std::string(call.context.account_id) + ":federated-user/" + name;
  const auto facts = [&](AccessFacts* known) { add_tag_facts(parts.tags, known); };
  CO_TRY(authorize(call.context, arn, facts));
  if (!parts.tags.empty()) CO_TRY(authorize(call.context, "sts:TagSession", arn, facts));
  CO_TRY(check_parts(call, parts));
  if (caller.kind == auth::PrincipalKind::kRoot) duration_s = std::min(duration_s, kLongestRootSessionS);

  auth::sts::Session session;
  session.kind = auth::sts::SessionKind::kFederated;
  session.owner_id = caller.user_id;
  session.issuer_key_id = caller.access_key_id;
  session.name = name;
  session.policy = parts.policy;
  session.policy_arns = parts.policy_arns;
  session.tags = parts.tags;
  std::size_t packed_bytes = 0;
  CO_TRY(issue(call, std::move(session), duration_s, &packed_bytes));
  call.reply.open("FederatedUser");
  call.reply.element("FederatedUserId", std::string(call.context.account_id) + ":" + name);
  call.reply.element("Arn", arn);
  call.reply.close();
  write_packed_size(call, parts, packed_bytes);
  co_return Result<void>();
}

}  // namespace armature::api
