// links: armature_wire armature_api
// Forms of IAM and STS requests, and the rules their parameters are read by.
#include <cstdint>

#include "api/form.h"
#include "base/arena.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace armature;
  Arena arena;
  const auto parameters = wire::parse_query({reinterpret_cast<const char*>(data), size}, &arena);
  if (!parameters) return 0;
  api::Form form(*parameters);
  static_cast<void>(form.text("UserName", api::kUserNameRule));
  static_cast<void>(form.optional_text("Path", api::kPathRule));
  static_cast<void>(form.optional_text("Path", api::kPolicyPathRule));
  static_cast<void>(form.optional_text("PolicyDocument", api::kPolicyDocumentRule));
  static_cast<void>(form.tags());
  static_cast<void>(form.texts("PolicyArns", api::kArnRule, 10, "arn"));
  static_cast<void>(form.optional_flag("SetAsDefault"));
  static_cast<void>(form.paging());
  static_cast<void>(form.check());
  return 0;
}
