// One statement of a policy, compiled. Source: IAM User Guide, "IAM JSON policy elements reference".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "auth/iam/action.h"
#include "auth/iam/condition.h"
#include "auth/iam/pattern.h"

namespace armature::auth::iam {

enum class Effect : std::uint8_t { kAllow, kDeny };

// One principal a resource or trust policy names.
struct PrincipalPattern {
  enum class Kind : std::uint8_t {
    kEveryone,  // "*" or {"AWS": "*"}.
    kAccount,   // 12 digits, or the ARN of a root: `value` is the account.
    kArn,       // Of a user, role, role session or federated user.
    kOther,     // A service, an identity provider, a canonical user: nobody here.
  };
  Kind kind = Kind::kOther;
  std::string value;
};

struct Statement {
  std::string sid;  // Empty: none.
  Effect effect = Effect::kAllow;

  // In resource and trust policies only.
  std::vector<PrincipalPattern> principals;
  bool not_principals = false;  // NotPrincipal: everyone but these.

  std::vector<std::string> actions;  // Patterns in lower case; "*" and '?' are wildcards.
  bool not_actions = false;

  // Empty in trust policies: the role itself.
  std::vector<Pattern> resources;
  std::vector<std::string> resource_texts;  // As written.
  bool not_resources = false;

  std::vector<Condition> conditions;  // All must hold.

  // Where in the document it stands: bytes of its opening brace and behind its closing one.
  std::size_t begin = 0;
  std::size_t end = 0;

  // `action` in any case.
  bool names_action(std::string_view action) const;
};

}  // namespace armature::auth::iam
