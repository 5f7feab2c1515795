// Decides as the server does for a user with a given policy, and for root without one.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api/context.h"
#include "api/iam_authorizer.h"
#include "auth/iam/principal.h"

namespace armature::api {

class AsUser final : public Authorizer {
 public:
  static constexpr std::string_view kAnn = "arn:aws:iam::000000000000:user/ann";

  using Authorizer::authorize;
  Result<void> authorize(const RequestContext& context, const AccessRequest& access) const override {
    return inner_->authorize(policies_ != nullptr ? of_user(context) : context, access);
  }
  bool would_allow(const RequestContext& context, const AccessRequest& access) const override {
    return inner_->would_allow(policies_ != nullptr ? of_user(context) : context, access);
  }

  void decide_with(const Catalog& catalog, const Clock& clock) { inner_.emplace(catalog, clock); }
  // Statements are written with ' for "; none: a user who is allowed nothing.
  void set_policy(std::string statements) {
    auth::iam::PrincipalPolicies policies;
    if (!statements.empty()) {
      for (char& c : statements) {
        if (c == '\'') c = '"';
      }
      const auto parsed = auth::iam::parse_policy(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}",
                                                  auth::iam::PolicyKind::kIdentity);
      ASSERT_TRUE(parsed) << parsed.error().message;
      policies.identity.push_back({.name = "p", .policy = *parsed});
    }
    policies_ = std::make_shared<const auth::iam::PrincipalPolicies>(std::move(policies));
  }
  void be_root() { policies_ = nullptr; }

 private:
  RequestContext of_user(const RequestContext& context) const {
    RequestContext changed = context;
    auth::Identity ann;
    ann.account_id = context.account_id;
    ann.principal_arn = kAnn;
    ann.user_name = "ann";
    ann.kind = auth::PrincipalKind::kUser;
    ann.type = auth::PrincipalType::kUser;
    ann.policies = policies_;
    changed.identity = std::make_shared<const auth::Identity>(std::move(ann));
    return changed;
  }

  std::optional<IamAuthorizer> inner_;
  std::shared_ptr<const auth::iam::PrincipalPolicies> policies_;
};

}  // namespace armature::api
