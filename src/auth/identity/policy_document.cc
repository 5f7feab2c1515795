#include "auth/identity/policy_document.h"

#include "base/log.h"

namespace armature::auth {

PolicyDocument stored_document(std::string text, iam::PolicyKind kind) {
  auto parsed = iam::parse_policy(text, kind);
  if (!parsed) {
    log(LogLevel::kError, "a stored policy cannot be read; where it holds nothing is allowed",
        {{"error", parsed.error().message}, {"policy", text}});
    return {std::move(text), nullptr};
  }
  return {std::move(text), std::move(*parsed)};
}

}  // namespace armature::auth
