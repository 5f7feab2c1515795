// Which addresses may connect, changed while the server runs. Ours, in the manner of DynamoDB's operations: signed the
// same way, X-Amz-Target Armature_20261101.GetAllowList and so on. docs/operations.md describes them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/context.h"
#include "api/services.h"
#include "api/shape.h"
#include "base/task.h"
#include "wire/json.h"

namespace armature::api {

struct GetAllowListRequest {};
template <>
struct Shape<GetAllowListRequest> : ShapeOf<GetAllowListRequest> {
  static constexpr std::string_view name = "GetAllowListInput";
  static constexpr std::array<Member, 0> members{};
};

struct PutAllowListRequest {
  // Absent: those of the command line again. Empty: everybody.
  std::optional<std::span<const std::string_view>> allowed_ips;
  bool allow_lockout = false;  // Also when the caller's own address is not on the list.
};
template <>
struct Shape<PutAllowListRequest> : ShapeOf<PutAllowListRequest> {
  static constexpr std::string_view name = "PutAllowListInput";
  static constexpr Constraint kEntry{.minimum = 2, .maximum = 64};
  static constexpr Constraint kEntries{.maximum = 1000, .element = &kEntry};
  static constexpr Member members[] = {
      member<&PutAllowListRequest::allowed_ips>("AllowedIps", kEntries),
      member<&PutAllowListRequest::allow_lockout>("AllowLockout"),
  };
};

struct AllowListResponse {
  std::vector<std::string> allowed_ips;  // Empty: everybody.
  bool stored = false;                   // By PutAllowList; otherwise of the command line.
  std::string peer_address;              // The caller's.
};

// Whether a list of these entries, all of them good, would keep the address out. Loopback gets in whatever the list
// says, and an empty list keeps nobody out.
bool shuts_out(std::span<const std::string> entries, std::string_view peer_address);

Task<Result<AllowListResponse>> get_allow_list(Services& services, RequestContext& context,
                                               const GetAllowListRequest& request);
Task<Result<AllowListResponse>> put_allow_list(Services& services, RequestContext& context,
                                               const PutAllowListRequest& request);
void encode(const AllowListResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
