#include "api/iam/simulation.h"

#include <algorithm>

#include "api/iam/entities.h"
#include "auth/iam/principal.h"
#include "auth/iam/simulate.h"
#include "auth/identity/principal.h"

namespace armature::api {
namespace {

using auth::iam::NamedPolicy;
using auth::iam::PolicyKind;
using auth::iam::PolicySource;
using auth::iam::PrincipalPolicies;

const TextRule kNameRule{1, 2048};
constexpr std::size_t kMostActions = 100;

Result<std::vector<NamedPolicy>> parse_list(std::span<const std::string_view> texts, std::string_view list,
                                            PolicyKind kind, PolicySource source) {
  std::vector<NamedPolicy> policies;
  for (const std::string_view text : texts) {
    const std::string name = std::string(list) + "." + std::to_string(policies.size() + 1);
    auto document = parse_document(text, kind);
    // The simulator has a name of its own for this.
    if (!document) return fail(ErrorCode::kInvalidInput, name + ": " + document.error().message);
    policies.push_back({name, {}, {}, source, document->parsed});
  }
  return policies;
}

// "arn:aws:iam::123456789012:user/path/name".
struct Source {
  std::string_view kind;
  std::string_view name;
};
Result<Source> parse_source(const QueryCall& call, std::string_view arn) {
  const std::string prefix = "arn:aws:iam::" + std::string(call.context.account_id) + ":";
  if (!arn.starts_with(prefix)) return invalid("Invalid ARN:  Could not be parsed!");
  const std::string_view rest = arn.substr(prefix.size());
  const std::string_view kind = rest.substr(0, rest.find('/'));
  if (kind == rest || (kind != "user" && kind != "group" && kind != "role")) {
    return invalid("Invalid Entity Arn: " + std::string(arn) + " does not clearly define entity type and name.");
  }
  return Source{kind, rest.substr(rest.rfind('/') + 1)};
}

void set_user(const auth::Identities& identities, const auth::User& user, auth::Identity* caller) {
  caller->principal_arn = auth::user_arn(identities.account_id(), user);
  caller->kind = auth::PrincipalKind::kUser;
  caller->type = auth::PrincipalType::kUser;
  caller->user_name = user.name;
  caller->user_id = user.id;
  caller->path = user.path;
  caller->tags = user.tags;
}

// Who the simulation is about, with its policies.
Result<PrincipalPolicies> find_principal(const QueryCall& call, std::string_view arn, auth::Identity* caller) {
  TRY_ASSIGN(const Source source, parse_source(call, arn));
  const auth::IdentitiesRef identities = identities_of(call);
  caller->account_id = identities->account_id();
  if (source.kind == "user") {
    TRY_ASSIGN(const auth::UserRef user, find_user(*identities, source.name));
    set_user(*identities, *user, caller);
    return *auth::policies_of(*identities, *user);
  }
  if (source.kind == "role") {
    TRY_ASSIGN(const auth::RoleRef role, find_role(*identities, source.name));
    caller->principal_arn = auth::role_arn(identities->account_id(), *role);
    caller->role_arn = caller->principal_arn;
    caller->kind = auth::PrincipalKind::kSession;
    caller->type = auth::PrincipalType::kAssumedRole;
    caller->user_id = role->id;
    caller->path = role->path;
    caller->tags = role->tags;
    return *auth::policies_of(*identities, *role);
  }
  // A member of the group with no policies of its own.
  TRY_ASSIGN(const auth::GroupRef group, find_group(*identities, source.name));
  auth::User member;
  member.name = group->name;
  member.group_ids = {group->id};
  caller->principal_arn = auth::group_arn(identities->account_id(), *group);
  caller->kind = auth::PrincipalKind::kUser;
  caller->type = auth::PrincipalType::kUser;
  return *auth::policies_of(*identities, member);
}

// What evaluation knows about the caller without being told.
void add_principal_context(const auth::Identity& caller, std::int64_t now_s, auth::iam::MapContext* context) {
  if (!caller.user_name.empty()) context->set("aws:username", {caller.user_name});
  if (!caller.user_id.empty()) context->set("aws:userid", {caller.user_id});
  context->set("aws:PrincipalArn", {caller.role_arn.empty() ? caller.principal_arn : caller.role_arn});
  context->set("aws:PrincipalAccount", {caller.account_id});
  context->set("aws:PrincipalType", {caller.type == auth::PrincipalType::kAssumedRole ? "AssumedRole" : "User"});
  for (const auth::Tag& tag : caller.tags) context->set("aws:PrincipalTag/" + tag.key, {tag.value});
  context->set("aws:CurrentTime", {xml_time(now_s)});
  context->set("aws:EpochTime", {std::to_string(now_s)});
}

Result<void> add_given_context(const QueryCall& call, auth::iam::MapContext* context) {
  for (const auto& element : call.parameters.members("ContextEntries")) {
    const wire::QueryParameters entry(element);
    const auto name = entry.find("ContextKeyName");
    if (!name || name->empty()) return invalid("ContextEntries: ContextKeyName is missing");
    std::vector<std::string> values;
    for (const auto& value : entry.members("ContextKeyValues")) {
      for (const wire::QueryParameter& parameter : value) values.emplace_back(parameter.value);
    }
    const bool several = entry.find("ContextKeyType").value_or("").ends_with("List");
    context->set(*name, std::move(values), several);
  }
  return {};
}

void write_position(std::string_view name, const auth::iam::Position& position, wire::XmlWriter* writer) {
  writer->open(name);
  writer->element("Line", std::int64_t{position.line});
  writer->element("Column", std::int64_t{position.column});
  writer->close();
}

void write_result(const auth::iam::SimulationResult& result, wire::XmlWriter* writer) {
  writer->element("EvalActionName", result.action);
  writer->element("EvalResourceName", result.resource);
  writer->element("EvalDecision", auth::iam::decision_word(result.decision.outcome));
  writer->open("MatchedStatements");
  for (const auth::iam::MatchedStatement& statement : result.matched) {
    writer->open("member");
    writer->element("SourcePolicyId", statement.policy_id);
    writer->element("SourcePolicyType", statement.policy_type);
    write_position("StartPosition", statement.begin, writer);
    write_position("EndPosition", statement.end, writer);
    writer->close();
  }
  writer->close();
  writer->open("MissingContextValues");
  for (const std::string& key : result.missing_context) writer->element("member", key);
  writer->close();
  if (result.allowed_by_boundary) {
    writer->open("PermissionsBoundaryDecisionDetail");
    writer->element_bool("AllowedByPermissionsBoundary", *result.allowed_by_boundary);
    writer->close();
  }
}

struct SimulationRequest {
  std::vector<std::string_view> policies;
  std::vector<std::string_view> boundaries;
  std::vector<std::string_view> actions;
  std::vector<std::string_view> resources;
  std::optional<std::string_view> resource_policy;
  std::optional<std::string_view> resource_owner;
  std::optional<std::string_view> caller_arn;
  Paging paging;
};

SimulationRequest read_request(Form* form) {
  SimulationRequest request;
  request.policies = form->texts("PolicyInputList", kPolicyDocumentRule);
  request.boundaries = form->texts("PermissionsBoundaryPolicyInputList", kPolicyDocumentRule);
  request.actions = form->required_texts("ActionNames", kNameRule, kMostActions);
  request.resources = form->texts("ResourceArns", kNameRule, kMostActions);
  request.resource_policy = form->optional_text("ResourcePolicy", kPolicyDocumentRule);
  request.resource_owner = form->optional_text("ResourceOwner", kNameRule);
  request.caller_arn = form->optional_text("CallerArn", kNameRule);
  request.paging = form->paging();
  return request;
}

// `policies` are those of the principal; the request's are added.
Result<void> run(const QueryCall& call, const SimulationRequest& request, auth::iam::Simulation simulation,
                 PrincipalPolicies policies) {
  TRY_ASSIGN(std::vector<NamedPolicy> given,
             parse_list(request.policies, "PolicyInputList", PolicyKind::kIdentity, PolicySource::kGiven));
  for (NamedPolicy& policy : given) policies.identity.push_back(std::move(policy));
  TRY_ASSIGN(std::vector<NamedPolicy> boundaries, parse_list(request.boundaries, "PermissionsBoundaryPolicyInputList",
                                                             PolicyKind::kBoundary, PolicySource::kBoundary));
  if (boundaries.size() > 1) {
    return fail(ErrorCode::kInvalidInput, "PermissionsBoundaryPolicyInputList may hold one policy.");
  }
  if (!boundaries.empty()) policies.boundary = std::move(boundaries.front());
  simulation.caller.policies = std::make_shared<const PrincipalPolicies>(std::move(policies));

  for (const std::string_view action : request.actions) {
    if (action.find(':') == std::string_view::npos) {
      return fail(ErrorCode::kInvalidInput, "Invalid Action: " + std::string(action));
    }
    simulation.actions.emplace_back(action);
  }
  if (!request.resources.empty()) {
    simulation.resources.assign(request.resources.begin(), request.resources.end());
  }
  std::shared_ptr<const auth::iam::Policy> resource_policy;
  if (request.resource_policy) {
    TRY_ASSIGN(const auth::PolicyDocument document, parse_document(*request.resource_policy, PolicyKind::kResource));
    resource_policy = document.parsed;
    simulation.resource_policy = resource_policy.get();
  }
  if (request.resource_owner) {
    // An account id, or the ARN of one.
    const std::string_view owner = *request.resource_owner;
    simulation.resource_account = owner.starts_with("arn:aws:iam::") ? owner.substr(13, 12) : owner;
  }
  add_principal_context(simulation.caller, call.services.clock.now_s(), &simulation.context);
  TRY(add_given_context(call, &simulation.context));

  const std::vector<auth::iam::SimulationResult> results = auth::iam::simulate(simulation);
  // The position, as wide as any, so that the order of keys is that of results.
  const auto key = [&](const auth::iam::SimulationResult& result) {
    const std::string digits = std::to_string(&result - results.data());
    return std::string(8 - std::min<std::size_t>(digits.size(), 8), '0') + digits;
  };
  write_page(&call.reply, "EvaluationResults", results, request.paging, key,
             [&](const auth::iam::SimulationResult& result) { write_result(result, &call.reply); });
  return {};
}

void write_context_keys(const QueryCall& call, std::span<const NamedPolicy> policies) {
  std::vector<const auth::iam::Policy*> parsed;
  for (const NamedPolicy& policy : policies) {
    if (policy.policy != nullptr) parsed.push_back(policy.policy.get());
  }
  call.reply.open("ContextKeyNames");
  for (const std::string& key : auth::iam::context_keys(parsed)) call.reply.element("member", key);
  call.reply.close();
}

}  // namespace

Task<Result<void>> simulate_principal_policy(QueryCall& call) {
  Form form(call.parameters);
  const std::string_view source = form.text("PolicySourceArn", kArnRule);
  const SimulationRequest request = read_request(&form);
  CO_TRY(form.check());
  CO_TRY(authorize(call, source));
  auth::iam::Simulation simulation;
  CO_TRY_ASSIGN(PrincipalPolicies policies, find_principal(call, source, &simulation.caller));
  co_return run(call, request, std::move(simulation), std::move(policies));
}

Task<Result<void>> simulate_custom_policy(QueryCall& call) {
  Form form(call.parameters);
  const SimulationRequest request = read_request(&form);
  CO_TRY(form.check());
  CO_TRY(authorize(call, "*"));
  auth::iam::Simulation simulation;
  simulation.caller.account_id = call.context.account_id;
  simulation.caller.kind = auth::PrincipalKind::kUser;
  simulation.caller.type = auth::PrincipalType::kUser;
  if (request.caller_arn) CO_TRY(find_principal(call, *request.caller_arn, &simulation.caller));
  co_return run(call, request, std::move(simulation), PrincipalPolicies{});
}

Task<Result<void>> get_context_keys_for_principal_policy(QueryCall& call) {
  Form form(call.parameters);
  const std::string_view source = form.text("PolicySourceArn", kArnRule);
  const auto texts = form.texts("PolicyInputList", kPolicyDocumentRule);
  CO_TRY(form.check());
  CO_TRY(authorize(call, source));
  auth::Identity caller;
  CO_TRY_ASSIGN(PrincipalPolicies policies, find_principal(call, source, &caller));
  CO_TRY_ASSIGN(const std::vector<NamedPolicy> given,
                parse_list(texts, "PolicyInputList", PolicyKind::kIdentity, PolicySource::kGiven));
  policies.identity.insert(policies.identity.end(), given.begin(), given.end());
  if (policies.boundary) policies.identity.push_back(*policies.boundary);
  write_context_keys(call, policies.identity);
  co_return Result<void>();
}

Task<Result<void>> get_context_keys_for_custom_policy(QueryCall& call) {
  Form form(call.parameters);
  const auto texts = form.required_texts("PolicyInputList", kPolicyDocumentRule);
  CO_TRY(form.check());
  CO_TRY(authorize(call, "*"));
  CO_TRY_ASSIGN(const std::vector<NamedPolicy> given,
                parse_list(texts, "PolicyInputList", PolicyKind::kIdentity, PolicySource::kGiven));
  write_context_keys(call, given);
  co_return Result<void>();
}

}  // namespace armature::api
