// The canonical form of a request and the string its signature signs: one text that client and server derive alike,
// however proxies and libraries spelled the request on its way. Source: IAM User Guide, "Create a signed AWS API
// request".
#pragma once

#include <span>
#include <string_view>

#include "auth/authenticator.h"
#include "auth/sigv4/digest.h"
#include "base/arena.h"
#include "base/bytes.h"

namespace armature::auth::sigv4 {

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kTerminator = "aws4_request";

struct QueryParameter {
  std::string_view name;  // Both decoded.
  std::string_view value;
};

// What follows the '?' of a target; what comes before it.
std::string_view query_of(std::string_view target);
std::string_view path_of(std::string_view target);

// The parameters of a query string in the order sent. A '%' that begins no escape stands for itself. Texts live in
// `arena`.
std::span<const QueryParameter> decode_query(std::string_view query, Arena* arena);

// `text` with everything but A-Z a-z 0-9 - . _ ~ as %XX.
void append_uri_encoded(std::string_view text, Bytes* out);

// Lower case, sorted: the names between the semicolons of a SignedHeaders list. Texts live in `arena`.
std::span<const std::string_view> canonical_header_names(std::string_view signed_headers, Arena* arena);

// Appends the canonical request. `header_names` are lower case and sorted; a header that occurs several times counts
// with all its values, one that does not occur as empty. `query` leaves out what the signature does not cover.
void append_canonical_request(const SignedRequest& request, std::span<const QueryParameter> query,
                              std::span<const std::string_view> header_names, Bytes* out);

// date/region/service/aws4_request.
struct Scope {
  std::string_view date;  // YYYYMMDD.
  std::string_view region;
  std::string_view service;
};
void append_scope(const Scope& scope, Bytes* out);
void append_string_to_sign(std::string_view timestamp, const Scope& scope, BytesView canonical_request, Bytes* out);

}  // namespace armature::auth::sigv4
