// links: armature_auth armature_model
// A request made of any bytes, one part a line (method, target, then headers up to an empty line, then the body), is
// refused without harm, unless it is what we sign ourselves: then it must pass.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "auth/sigv4/authorization.h"
#include "auth/sigv4/signer.h"
#include "auth/sigv4/verifier.h"

using namespace armature;
using namespace armature::auth;

namespace {

constexpr std::int64_t kNow = 1440938160;

std::string_view take_line(std::string_view* rest) {
  const std::string_view line = rest->substr(0, rest->find('\n'));
  rest->remove_prefix(std::min(rest->size(), line.size() + 1));
  return line;
}

bool is_signed_already(std::string_view name) {
  return equals_ignoring_case(name, "authorization") || equals_ignoring_case(name, "x-amz-date") ||
         equals_ignoring_case(name, "x-amz-security-token");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  SignedRequest request;
  request.method = take_line(&rest);
  request.target = take_line(&rest);
  std::vector<Header> headers, unsigned_headers = {{"Host", "localhost"}};
  for (std::string_view line; !(line = take_line(&rest)).empty();) {
    const std::string_view name = line.substr(0, line.find(':'));
    const Header header{name, line.substr(std::min(line.size(), name.size() + 1))};
    headers.push_back(header);
    // Names as HTTP has them: a list separator in one would be another list.
    const bool is_name = !name.empty() && name.find_first_of(" ;,\t") == std::string_view::npos;
    if (is_name && !is_signed_already(name)) unsigned_headers.push_back(header);
  }
  request.headers = headers;
  request.body = rest;

  static const AccessKey key{"AKIDEXAMPLE", Secret("secret")};
  static const RootCredentialStore store(key, "000000000000");
  static const ManualClock clock(kNow * 1000);
  const sigv4::Verifier verifier(store, clock);
  Arena arena;
  (void)verifier.authenticate(request, "dynamodb", &arena);
  (void)PermissiveAuthenticator("us-east-1", "000000000000").authenticate(request, "dynamodb", &arena);

  bool has_amz_parameter = false;
  for (const auto& parameter : sigv4::decode_query(sigv4::query_of(request.target), &arena)) {
    if (parameter.name == "X-Amz-Algorithm") return 0;
    has_amz_parameter = has_amz_parameter || parameter.name.starts_with("X-Amz-");
  }
  request.headers = unsigned_headers;
  if (!has_amz_parameter) {
    SignedRequest presigned = request;
    const std::string target = sigv4::presign(request, key, {"us-east-1", "dynamodb"}, kNow, 900);
    presigned.target = target;
    if (!verifier.authenticate(presigned, "dynamodb", &arena)) std::abort();
  }
  const auto signature = sigv4::sign(request, key, {"us-east-1", "dynamodb"}, kNow);
  unsigned_headers.push_back({"X-Amz-Date", signature.amz_date});
  unsigned_headers.push_back({"Authorization", signature.authorization});
  request.headers = unsigned_headers;
  if (!verifier.authenticate(request, "dynamodb", &arena)) std::abort();
  return 0;
}
