#include "auth/sigv4/signer.h"

#include <algorithm>
#include <vector>

#include "auth/sigv4/canonical_request.h"
#include "auth/sigv4/signing_key.h"
#include "auth/sigv4/timestamp.h"

namespace armature::auth::sigv4 {
namespace {

// "content-type;host;x-amz-date": the names of `headers`, lower case, sorted, each once.
std::string signed_header_list(std::span<const Header> headers) {
  std::vector<std::string> names;
  for (const Header& header : headers) {
    std::string& name = names.emplace_back(header.name);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string list;
  for (const std::string& name : names) list.append(list.empty() ? "" : ";").append(name);
  return list;
}

std::string signature_of(const SignedRequest& request, std::string_view header_list, std::string_view timestamp,
                         const Scope& scope, const Secret& secret) {
  Arena arena;
  Bytes canonical_request, string_to_sign;
  append_canonical_request(request, decode_query(query_of(request.target), &arena),
                           canonical_header_names(header_list, &arena), &canonical_request);
  append_string_to_sign(timestamp, scope, canonical_request, &string_to_sign);
  std::string signature;
  append_hex(hmac_sha256(view_of(cached_signing_key(secret, scope)), string_to_sign), &signature);
  return signature;
}

std::string credential_text(const AccessKey& key, const Scope& scope) {
  std::string credential = key.id + "/";
  append_scope(scope, &credential);
  return credential;
}

}  // namespace

SignatureHeaders sign(const SignedRequest& request, const AccessKey& key, const SigningTarget& target,
                      std::int64_t now_s) {
  SignatureHeaders result{
      .amz_date = format_timestamp(now_s), .security_token = key.session_token, .authorization = {}};
  const Scope scope{std::string_view(result.amz_date).substr(0, 8), target.region, target.service};

  std::vector<Header> headers(request.headers.begin(), request.headers.end());
  headers.push_back({"x-amz-date", result.amz_date});
  if (!result.security_token.empty()) headers.push_back({"x-amz-security-token", result.security_token});
  SignedRequest complete = request;
  complete.headers = headers;

  const std::string header_list = signed_header_list(headers);
  const std::string signature = signature_of(complete, header_list, result.amz_date, scope, key.secret);
  result.authorization.append(kAlgorithm)
      .append(" Credential=")
      .append(credential_text(key, scope))
      .append(", SignedHeaders=")
      .append(header_list)
      .append(", Signature=")
      .append(signature);
  return result;
}

std::string presign(const SignedRequest& request, const AccessKey& key, const SigningTarget& target, std::int64_t now_s,
                    std::int64_t lifetime_s) {
  const std::string timestamp = format_timestamp(now_s);
  const Scope scope{std::string_view(timestamp).substr(0, 8), target.region, target.service};
  const std::string header_list = signed_header_list(request.headers);

  std::string presigned(request.target);
  const auto add = [&](std::string_view name, std::string_view value) {
    presigned.append(presigned.find('?') == std::string::npos ? "?" : "&").append(name).append("=");
    append_uri_encoded(value, &presigned);
  };
  add("X-Amz-Algorithm", kAlgorithm);
  add("X-Amz-Credential", credential_text(key, scope));
  add("X-Amz-Date", timestamp);
  add("X-Amz-Expires", std::to_string(lifetime_s));
  add("X-Amz-SignedHeaders", header_list);
  if (!key.session_token.empty()) add("X-Amz-Security-Token", key.session_token);

  SignedRequest unsigned_request = request;
  unsigned_request.target = presigned;
  const std::string signature = signature_of(unsigned_request, header_list, timestamp, scope, key.secret);
  add("X-Amz-Signature", signature);
  return presigned;
}

}  // namespace armature::auth::sigv4
