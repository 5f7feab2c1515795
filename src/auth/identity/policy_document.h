// A policy as it was given, together with what it says. Cheap to copy but for its text; safe from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "auth/iam/policy.h"

namespace armature::auth {

struct PolicyDocument {
  std::string text;  // JSON, as sent.
  // nullptr: it was stored and is no policy, so nothing is allowed where it holds (auth/iam/principal.h).
  std::shared_ptr<const iam::Policy> parsed = nullptr;

  // As quotas count: without blanks.
  std::size_t characters() const { return iam::policy_characters(text); }
};

// Of text that was checked when it was stored.
PolicyDocument stored_document(std::string text, iam::PolicyKind kind);

}  // namespace armature::auth
