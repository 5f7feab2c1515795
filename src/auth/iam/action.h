// The actions this server knows, numbered, so that policies can keep their statements by action.
// Source: Service Authorization Reference, DynamoDB, IAM and STS pages.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace armature::auth::iam {

// "dynamodb:GetItem". Any action can be asked about; those with an id are found without matching patterns.
struct Action {
  static constexpr std::uint16_t kUnknown = 0xffff;
  std::string_view name;
  std::uint16_t id = kUnknown;
};

// Finds the id; ignores case. Borrows `name`.
Action find_action(std::string_view name);

// Sorted by name; the position is the id.
std::span<const std::string_view> known_actions();

}  // namespace armature::auth::iam
