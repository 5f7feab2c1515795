#include "api/iam/entities.h"

#include <algorithm>
#include <ctime>
#include <set>

#include "wire/query_protocol.h"

namespace armature::api {

std::string xml_time(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

Unexpected<Error> no_such_entity(std::string_view kind, std::string_view name) {
  return fail(ErrorCode::kNoSuchEntity,
              "The " + std::string(kind) + " with name " + std::string(name) + " cannot be found.");
}

Unexpected<Error> delete_conflict(std::string_view what) {
  return fail(ErrorCode::kDeleteConflict, "Cannot delete entity, must " + std::string(what));
}

Unexpected<Error> quota_exceeded(std::string_view quota, std::int64_t limit) {
  return fail(ErrorCode::kLimitExceeded,
              "Cannot exceed quota for " + std::string(quota) + ": " + std::to_string(limit));
}

Result<auth::UserRef> find_user(const auth::Identities& identities, std::string_view name) {
  auth::UserRef user = identities.user(name);
  if (user == nullptr) return no_such_entity("user", name);
  return user;
}

Result<auth::GroupRef> find_group(const auth::Identities& identities, std::string_view name) {
  auth::GroupRef group = identities.group(name);
  if (group == nullptr) return no_such_entity("group", name);
  return group;
}

Result<auth::RoleRef> find_role(const auth::Identities& identities, std::string_view name) {
  auth::RoleRef role = identities.role(name);
  if (role == nullptr) return no_such_entity("role", name);
  return role;
}

Result<std::string> user_or_caller(const QueryCall& call, std::optional<std::string_view> name) {
  if (name) return std::string(*name);
  if (call.context.identity->user_name.empty()) {
    return invalid("Must specify userName when calling with non-User credentials");
  }
  return call.context.identity->user_name;
}

std::string new_entity_resource(const QueryCall& call, std::string_view kind, std::string_view path,
                                std::string_view name) {
  auth::Entity entity;
  entity.name = name;
  entity.path = path;
  return auth::entity_arn(call.context.account_id, kind, entity);
}

std::string user_resource(const QueryCall& call, std::string_view name) {
  const auth::UserRef user = identities_of(call)->user(name);
  if (user == nullptr) return new_entity_resource(call, "user", "/", name);
  return auth::user_arn(call.context.account_id, *user);
}

std::string group_resource(const QueryCall& call, std::string_view name) {
  const auth::GroupRef group = identities_of(call)->group(name);
  if (group == nullptr) return new_entity_resource(call, "group", "/", name);
  return auth::group_arn(call.context.account_id, *group);
}

std::string role_resource(const QueryCall& call, std::string_view name) {
  const auth::RoleRef role = identities_of(call)->role(name);
  if (role == nullptr) return new_entity_resource(call, "role", "/", name);
  return auth::role_arn(call.context.account_id, *role);
}

namespace {

// The tags of the user, role or managed policy an ARN names; none of what has no tags or is not there.
std::vector<auth::Tag> tags_of(const QueryCall& call, std::string_view arn) {
  const auth::IdentitiesRef identities = identities_of(call);
  const std::string_view account = call.context.account_id;
  const std::string_view name = arn.substr(arn.rfind('/') + 1);
  if (const auth::UserRef user = identities->user(name)) {
    if (auth::user_arn(account, *user) == arn) return user->tags;
  }
  if (const auth::RoleRef role = identities->role(name)) {
    if (auth::role_arn(account, *role) == arn) return role->tags;
  }
  const auth::ManagedPolicyRef policy = identities->policy(arn);
  return policy != nullptr ? policy->tags : std::vector<auth::Tag>();
}

}  // namespace

Result<void> authorize(const QueryCall& call, std::string_view resource_arn, FactSource facts) {
  std::vector<auth::Tag> tags;  // Outlives the question.
  const auto all = [&](AccessFacts* known) {
    tags = tags_of(call, resource_arn);
    add_resource_tag_facts(tags, known);
    facts(known);
  };
  return authorize(call.context, resource_arn, all);
}

Result<auth::PolicyDocument> parse_document(std::string_view text, auth::iam::PolicyKind kind) {
  auto parsed = auth::iam::parse_policy(text, kind);
  if (!parsed) return fail(ErrorCode::kMalformedPolicyDocument, std::move(parsed).error().message);
  return auth::PolicyDocument{std::string(text), std::move(*parsed)};
}

void add_tag_facts(const std::vector<auth::Tag>& tags, AccessFacts* facts) {
  for (const auth::Tag& tag : tags) facts->add_request_tag(tag.key, tag.value);
}

void add_resource_tag_facts(const std::vector<auth::Tag>& tags, AccessFacts* facts) {
  for (const auth::Tag& tag : tags) facts->add_resource_tag(tag.key, tag.value);
}

Result<void> check_boundary(const auth::Identities& identities, std::string_view arn) {
  if (!arn.starts_with("arn:"))
    return invalid("Value " + std::string(arn) + " for PermissionsBoundary is not a valid ARN.");
  if (identities.policy(arn) == nullptr) {
    return fail(ErrorCode::kNoSuchEntity, "Scope ARN: " + std::string(arn) + " does not exist or is not attachable.");
  }
  return {};
}

Result<void> check_tags(const std::vector<auth::Tag>& tags) {
  std::set<std::string> keys;
  for (const auth::Tag& tag : tags) {
    if (!keys.insert(auth::folded(tag.key)).second) {
      return fail(ErrorCode::kInvalidInput,
                  "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    if (auth::folded(tag.key).starts_with("aws:")) {
      return fail(ErrorCode::kInvalidInput, "System tags cannot be added, modified or deleted: " + tag.key);
    }
  }
  return {};
}

Result<void> merge_tags(const std::vector<auth::Tag>& added, std::vector<auth::Tag>* tags) {
  TRY(check_tags(added));
  for (const auth::Tag& tag : added) {
    const auto same = [&](const auth::Tag& other) { return auth::folded(other.key) == auth::folded(tag.key); };
    const auto found = std::find_if(tags->begin(), tags->end(), same);
    if (found == tags->end()) {
      tags->push_back(tag);
    } else {
      *found = tag;
    }
  }
  if (tags->size() > kMostTags) {
    return fail(ErrorCode::kLimitExceeded, "The number of tags has reached the maximum limit.");
  }
  return {};
}

void remove_tags(const std::vector<std::string_view>& keys, std::vector<auth::Tag>* tags) {
  for (const std::string_view key : keys) {
    std::erase_if(*tags, [&](const auth::Tag& tag) { return auth::folded(tag.key) == auth::folded(key); });
  }
}

void write_tags(const std::vector<auth::Tag>& tags, wire::XmlWriter* writer) {
  if (tags.empty()) return;
  writer->open("Tags");
  for (const auth::Tag& tag : tags) {
    writer->open("member");
    writer->element("Key", tag.key);
    writer->element("Value", tag.value);
    writer->close();
  }
  writer->close();
}

void write_tag_page(const std::vector<auth::Tag>& tags, const Paging& paging, wire::XmlWriter* writer) {
  std::vector<auth::Tag> sorted = tags;
  std::sort(sorted.begin(), sorted.end(), [](const auth::Tag& a, const auth::Tag& b) { return a.key < b.key; });
  const auto key = [](const auth::Tag& tag) { return tag.key; };
  write_page(writer, "Tags", sorted, paging, key, [&](const auth::Tag& tag) {
    writer->element("Key", tag.key);
    writer->element("Value", tag.value);
  });
}

namespace {

void write_boundary(const std::string& arn, wire::XmlWriter* writer) {
  if (arn.empty()) return;
  writer->open("PermissionsBoundary");
  writer->element("PermissionsBoundaryType", "Policy");
  writer->element("PermissionsBoundaryArn", arn);
  writer->close();
}

}  // namespace

void write_user(const QueryCall& call, const auth::User& user, bool tags) {
  wire::XmlWriter& writer = call.reply;
  writer.element("Path", user.path);
  writer.element("UserName", user.name);
  writer.element("UserId", user.id);
  writer.element("Arn", auth::user_arn(call.context.account_id, user));
  writer.element("CreateDate", xml_time(user.created_at_s));
  write_boundary(user.boundary_arn, &writer);
  if (tags) write_tags(user.tags, &writer);
}

void write_group(const QueryCall& call, const auth::Group& group) {
  wire::XmlWriter& writer = call.reply;
  writer.element("Path", group.path);
  writer.element("GroupName", group.name);
  writer.element("GroupId", group.id);
  writer.element("Arn", auth::group_arn(call.context.account_id, group));
  writer.element("CreateDate", xml_time(group.created_at_s));
}

void write_role(const QueryCall& call, const auth::Role& role, bool tags) {
  wire::XmlWriter& writer = call.reply;
  writer.element("Path", role.path);
  writer.element("RoleName", role.name);
  writer.element("RoleId", role.id);
  writer.element("Arn", auth::role_arn(call.context.account_id, role));
  writer.element("CreateDate", xml_time(role.created_at_s));
  writer.element("AssumeRolePolicyDocument", wire::percent_encode(role.trust_policy.text));
  if (!role.description.empty()) writer.element("Description", role.description);
  writer.element("MaxSessionDuration", role.max_session_s);
  write_boundary(role.boundary_arn, &writer);
  if (tags) write_tags(role.tags, &writer);
}

}  // namespace armature::api
