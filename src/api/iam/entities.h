// What the operations of IAM share: who is meant, what is said when there is no such entity, and entities as XML.
#pragma once

#include <string>
#include <string_view>

#include "api/form.h"
#include "api/query_operations.h"
#include "auth/identity/identity_store.h"
#include "model/error.h"

namespace armature::api {

// "2026-11-24T03:50:33Z".
std::string xml_time(std::int64_t seconds);

// "The user with name x cannot be found." and the like; `kind` is "user", "group", "role", …
Unexpected<Error> no_such_entity(std::string_view kind, std::string_view name);
// "Cannot delete entity, must detach all policies first."; `what` begins behind "must".
Unexpected<Error> delete_conflict(std::string_view what);
Unexpected<Error> quota_exceeded(std::string_view quota, std::int64_t limit);

Result<auth::UserRef> find_user(const auth::Identities& identities, std::string_view name);
Result<auth::GroupRef> find_group(const auth::Identities& identities, std::string_view name);
Result<auth::RoleRef> find_role(const auth::Identities& identities, std::string_view name);

// The user an operation is about: the one named, or the caller itself. Fails when the caller is no user.
Result<std::string> user_or_caller(const QueryCall& call, std::optional<std::string_view> name);

// Resource ARNs, for permissions; of an entity that does not exist under the path "/".
std::string user_resource(const QueryCall& call, std::string_view name);
std::string group_resource(const QueryCall& call, std::string_view name);
std::string role_resource(const QueryCall& call, std::string_view name);
std::string new_entity_resource(const QueryCall& call, std::string_view kind, std::string_view path,
                                std::string_view name);

// Asks whether the principal may do the operation on a resource of IAM. Policies may ask about its tags
// (aws:ResourceTag and iam:ResourceTag) besides what `facts` tells them.
// Source: Service Authorization Reference, "Condition keys for AWS Identity and Access Management (IAM)".
Result<void> authorize(const QueryCall& call, std::string_view resource_arn, FactSource facts = {});

// kMalformedPolicyDocument, with IAM's words, when it is no policy of that kind.
Result<auth::PolicyDocument> parse_document(std::string_view text, auth::iam::PolicyKind kind);

// Whether `arn` may serve as a permissions boundary.
Result<void> check_boundary(const auth::Identities& identities, std::string_view arn);

// What policies may ask about the tags a request brings.
void add_tag_facts(const std::vector<auth::Tag>& tags, AccessFacts* facts);
// About the tags an entity has.
void add_resource_tag_facts(const std::vector<auth::Tag>& tags, AccessFacts* facts);

// Merges `added` into `*tags`, keys compared without case; the quota and duplicates among `added` are checked.
Result<void> merge_tags(const std::vector<auth::Tag>& added, std::vector<auth::Tag>* tags);
Result<void> check_tags(const std::vector<auth::Tag>& tags);
void remove_tags(const std::vector<std::string_view>& keys, std::vector<auth::Tag>* tags);
void write_tags(const std::vector<auth::Tag>& tags, wire::XmlWriter* writer);
// A page of <Tags>.
void write_tag_page(const std::vector<auth::Tag>& tags, const Paging& paging, wire::XmlWriter* writer);

// The members of a User, Group, Role. `tags`: whether they are among them.
void write_user(const QueryCall& call, const auth::User& user, bool tags);
void write_group(const QueryCall& call, const auth::Group& group);
void write_role(const QueryCall& call, const auth::Role& role, bool tags);

inline auth::IdentitiesRef identities_of(const QueryCall& call) { return call.services.identities->identities(); }

// Quotas. Source: IAM User Guide, "IAM and AWS STS quotas".
inline constexpr std::size_t kMostUsers = 5000;
inline constexpr std::size_t kMostGroups = 300;
inline constexpr std::size_t kMostRoles = 1000;
inline constexpr std::size_t kMostPolicies = 1500;
inline constexpr std::size_t kMostAccessKeysPerUser = 2;
inline constexpr std::size_t kMostGroupsPerUser = 10;
inline constexpr std::size_t kMostAttachedPolicies = 10;
inline constexpr std::size_t kMostPolicyVersions = 5;
inline constexpr std::size_t kMostTags = 50;
inline constexpr std::size_t kMostUserPolicyCharacters = 2048;
inline constexpr std::size_t kMostGroupPolicyCharacters = 5120;
inline constexpr std::size_t kMostRolePolicyCharacters = 10240;
inline constexpr std::size_t kMostManagedPolicyCharacters = 6144;
inline constexpr std::size_t kMostTrustPolicyCharacters = 4096;

}  // namespace armature::api
