// Advice on policies that are valid and may yet not mean what their author wanted: for the console, as IAM's policy
// validation does it. Source: IAM User Guide, "IAM policy validation"; Developer Guide, "Using IAM policy conditions
// for fine-grained access control".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/iam/policy.h"

namespace armature::auth::iam {

enum class Severity : std::uint8_t {
  kError,  // Not a policy: it would be refused.
  kSecurityWarning,
  kWarning,
  kSuggestion,
};

struct Finding {
  Severity severity = Severity::kWarning;
  std::string code;  // "FOR_ALL_VALUES_WITH_ALLOW": for programs.
  std::string text;
  std::optional<std::size_t> statement;  // Its position; nullopt: the document as a whole.
  std::size_t begin = 0;                 // The statement's bytes in the document, or 0 and 0.
  std::size_t end = 0;
};

// `key_attributes`: names of the primary and index keys of the tables the policy is for, when they are known; a list of
// dynamodb:Attributes that lacks one cannot work.
std::vector<Finding> lint_policy(std::string_view document, PolicyKind kind,
                                 const std::vector<std::string>& key_attributes = {});

std::string_view severity_word(Severity severity);  // "ERROR", "SECURITY_WARNING", "WARNING", "SUGGESTION".

}  // namespace armature::auth::iam
