// Policies: parsed once, then evaluated for every request. The text is the truth and is kept; what is compiled from it
// never changes. Source: IAM User Guide, "Grammar of the IAM JSON policy language", "IAM JSON policy elements".
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/iam/statement.h"
#include "base/expected.h"

namespace armature::auth::iam {

// What a policy is attached to decides what its statements may contain.
enum class PolicyKind : std::uint8_t {
  kIdentity,  // Of a user, group or role, inline or attached: no Principal.
  kTrust,     // Of a role, who may assume it: a Principal, no Resource, actions of sts.
  kResource,  // Of a table or stream: a Principal and a Resource.
  kSession,   // Given with AssumeRole or GetFederationToken: as kIdentity.
  kBoundary,  // A permissions boundary: as kIdentity.
};

// Why a document is no policy: the message of MalformedPolicyDocument, word for word where IAM's is known.
struct PolicyError {
  std::string message;
};

// Quotas count characters of a document without blanks. Source: IAM User Guide, "IAM and AWS STS quotas".
inline constexpr std::size_t kMaxManagedPolicyCharacters = 6144;
inline constexpr std::size_t kMaxTrustPolicyCharacters = 2048;
inline constexpr std::size_t kMaxUserInlineCharacters = 2048;   // Of all inline policies of a user together,
inline constexpr std::size_t kMaxGroupInlineCharacters = 5120;  // of a group,
inline constexpr std::size_t kMaxRoleInlineCharacters = 10240;  // of a role.
inline constexpr std::size_t kMaxSessionPolicyCharacters = 2048;
// Resource policies count every byte. Source: Developer Guide, "Resource-based policy considerations".
inline constexpr std::size_t kMaxResourcePolicyBytes = 20 * 1024;

// Immutable, so safe from any thread; share it.
class Policy {
 public:
  Policy(std::string document, PolicyKind kind, bool current_version, std::vector<Statement> statements);

  const std::string& document() const { return document_; }  // As given, byte for byte.
  PolicyKind kind() const { return kind_; }
  // Of version 2012-10-17, which customer managed policies have to be; only such a policy has variables.
  bool is_current_version() const { return current_version_; }
  // Characters that are not blanks, for the quotas above.
  std::size_t characters() const { return characters_; }
  std::span<const Statement> statements() const { return statements_; }

  // The statements that could apply to `action`, by position in statements(). An action this server does not know is
  // matched against every statement; `*scratch` then holds the result.
  std::span<const std::uint16_t> statements_for(const Action& action, std::vector<std::uint16_t>* scratch) const;

  // Every condition key that is tested or used as a variable, without repeats, as first written.
  std::vector<std::string> context_keys() const;

 private:
  const std::string document_;
  const PolicyKind kind_;
  const bool current_version_;
  const std::size_t characters_;
  const std::vector<Statement> statements_;
  // By action id: where its statements begin in by_action_; the next one's beginning is their end.
  std::vector<std::uint32_t> first_of_action_;
  std::vector<std::uint16_t> by_action_;
};

// Characters of `document` that are not blanks.
std::size_t policy_characters(std::string_view document);

// Parses and checks `document`; the whole of the language is understood or the document is refused. No quota is
// checked: which one holds is the caller's to know.
Expected<std::shared_ptr<const Policy>, PolicyError> parse_policy(std::string_view document, PolicyKind kind);

// The same for a resource policy on the DynamoDB resource `resource_arn`: statements may only name that resource, and
// for a table its indexes.
Expected<std::shared_ptr<const Policy>, PolicyError> parse_resource_policy(std::string_view document,
                                                                           std::string_view resource_arn);

}  // namespace armature::auth::iam
