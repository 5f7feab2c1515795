// Small builders for tests of policies.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "auth/iam/evaluate.h"

namespace armature::auth::iam {

inline std::shared_ptr<const Policy> policy(std::string_view document, PolicyKind kind = PolicyKind::kIdentity) {
  auto parsed = parse_policy(document, kind);
  if (!parsed) {
    ADD_FAILURE() << parsed.error().message << " in " << document;
    return nullptr;
  }
  return *parsed;
}

// A policy of version 2012-10-17 with these statements, written with ' for ".
inline std::string document(std::string statements) {
  for (char& c : statements) {
    if (c == '\'') c = '"';
  }
  return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
}

inline NamedPolicy named(std::string_view name, const std::string& statements) {
  return {.name = std::string(name), .holder = "ann", .policy = policy(document(statements))};
}

constexpr std::string_view kTable = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders";

inline Identity user(PrincipalPolicies policies = {}) {
  Identity identity;
  identity.account_id = "111122223333";
  identity.principal_arn = "arn:aws:iam::111122223333:user/ann";
  identity.user_name = "ann";
  identity.kind = PrincipalKind::kUser;
  identity.type = PrincipalType::kUser;
  identity.policies = std::make_shared<const PrincipalPolicies>(std::move(policies));
  return identity;
}

inline Identity role_session(PrincipalPolicies policies = {}) {
  Identity identity = user(std::move(policies));
  identity.principal_arn = "arn:aws:sts::111122223333:assumed-role/Clerk/ann";
  identity.role_arn = "arn:aws:iam::111122223333:role/Clerk";
  identity.user_name.clear();
  identity.kind = PrincipalKind::kSession;
  identity.type = PrincipalType::kAssumedRole;
  identity.expires_at_s = 2'000'000'000;
  return identity;
}

inline Decision decide(const Identity& caller, std::string_view action, std::string_view resource = kTable,
                       const MapContext& context = {}, const Policy* resource_policy = nullptr) {
  return evaluate({.caller = caller,
                   .action = find_action(action),
                   .resource = resource,
                   .conditions = context,
                   .resource_policy = resource_policy});
}

// Whether statements allow `action` on kTable to a user.
inline bool allows(const std::string& statements, std::string_view action, const MapContext& context = {},
                   std::string_view resource = kTable) {
  return decide(user({.identity = {named("p", statements)}}), action, resource, context).allowed();
}

}  // namespace armature::auth::iam
