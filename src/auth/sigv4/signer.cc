#include "auth/sigv4/signer.h"

#include <algorithm>
#include <vector>

#include "auth/sigv4/canonical_request.h"
#include "auth/sigv4/signing_key.h"
#include "auth/sigv4/timestamp.h"

namespace armature::auth::sigv4 {
namespace {

constexpr std::size_t kUsualAuthorizationBytes = 320;

// What one signature is made of; every thread keeps its own, because these texts would be allocated for each anew.
// Signing suspends nowhere.
struct Draft {
  Bytes lower_names;  // What `names` points into.
  std::vector<std::string_view> names;
  Bytes header_list;  // "content-type;host;x-amz-date".
  Bytes canonical_request;
  Bytes string_to_sign;

  // The names of `headers`, lower case, sorted, each once.
  void set_headers(std::span<const Header> headers) {
    lower_names.clear(), names.clear(), header_list.clear();
    std::size_t bytes = 0;
    for (const Header& header : headers) bytes += header.name.size();
    lower_names.reserve(bytes);
    for (const Header& header : headers) {
      const std::size_t begin = lower_names.size();
      for (const char c : header.name) {
        lower_names.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
      }
      names.push_back(std::string_view(lower_names).substr(begin));
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string_view name : names) header_list.append(header_list.empty() ? "" : ";").append(name);
  }

  // Hexadecimal.
  void append_signature(const SignedRequest& request, std::string_view timestamp, const Scope& scope,
                        const Secret& secret, std::string* out) {
    Arena arena;
    canonical_request.clear(), string_to_sign.clear();
    append_canonical_request(request, decode_query(query_of(request.target), &arena), names, &canonical_request);
    append_string_to_sign(timestamp, scope, canonical_request, &string_to_sign);
    append_hex(cached_signing_key(secret, scope).hmac(string_to_sign), out);
  }
};

thread_local Draft draft;

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

  std::vector<Header> headers;
  headers.reserve(request.headers.size() + 2);
  headers.assign(request.headers.begin(), request.headers.end());
  headers.push_back({"x-amz-date", result.amz_date});
  if (!result.security_token.empty()) headers.push_back({"x-amz-security-token", result.security_token});
  SignedRequest complete = request;
  complete.headers = headers;

  draft.set_headers(headers);
  std::string& text = result.authorization;
  text.reserve(kUsualAuthorizationBytes);
  text.append(kAlgorithm).append(" Credential=").append(key.id).append("/");
  append_scope(scope, &text);
  text.append(", SignedHeaders=").append(draft.header_list).append(", Signature=");
  draft.append_signature(complete, result.amz_date, scope, key.secret, &text);
  return result;
}

std::string presign(const SignedRequest& request, const AccessKey& key, const SigningTarget& target, std::int64_t now_s,
                    std::int64_t lifetime_s) {
  const std::string timestamp = format_timestamp(now_s);
  const Scope scope{std::string_view(timestamp).substr(0, 8), target.region, target.service};
  draft.set_headers(request.headers);

  std::string presigned(request.target);
  const auto add = [&](std::string_view name, std::string_view value) {
    presigned.append(presigned.find('?') == std::string::npos ? "?" : "&").append(name).append("=");
    append_uri_encoded(value, &presigned);
  };
  add("X-Amz-Algorithm", kAlgorithm);
  add("X-Amz-Credential", credential_text(key, scope));
  add("X-Amz-Date", timestamp);
  add("X-Amz-Expires", std::to_string(lifetime_s));
  add("X-Amz-SignedHeaders", draft.header_list);
  if (!key.session_token.empty()) add("X-Amz-Security-Token", key.session_token);

  SignedRequest unsigned_request = request;
  unsigned_request.target = presigned;
  std::string signature;
  draft.append_signature(unsigned_request, timestamp, scope, key.secret, &signature);
  add("X-Amz-Signature", signature);
  return presigned;
}

}  // namespace armature::auth::sigv4
