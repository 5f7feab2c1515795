#include "catalog/resource_policy.h"

#include "base/assert.h"

namespace armature {
namespace {

std::shared_ptr<const auth::iam::Policy> deny_everything() {
  auto parsed = auth::iam::parse_policy(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}})",
      auth::iam::PolicyKind::kResource);
  ARMATURE_ASSERT(parsed);
  return *std::move(parsed);
}

}  // namespace

const auth::iam::Policy& ResourcePolicy::policy() const {
  static const std::shared_ptr<const auth::iam::Policy> closed = deny_everything();
  return document.parsed != nullptr ? *document.parsed : *closed;
}

}  // namespace armature
