// Resource policies: what a table or stream itself says about who may use it. Source: Developer Guide, "Using
// resource-based policies for DynamoDB".
#pragma once

#include <memory>
#include <string>

#include "auth/identity/policy_document.h"

namespace armature {

// Immutable once shared, so that every definition of a table carries it and no request parses it.
struct ResourcePolicy {
  auth::PolicyDocument document;
  std::string revision_id;  // New with every change; compared as text.

  // What decides. Of a document that was stored and that this version cannot read: a policy that denies everything.
  const auth::iam::Policy& policy() const;
};

// nullptr: there is none.
using ResourcePolicyRef = std::shared_ptr<const ResourcePolicy>;

}  // namespace armature
