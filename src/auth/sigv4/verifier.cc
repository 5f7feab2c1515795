#include "auth/sigv4/verifier.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "auth/sigv4/authorization.h"
#include "auth/sigv4/canonical_request.h"
#include "auth/sigv4/signing_key.h"
#include "auth/sigv4/timestamp.h"

namespace armature::auth::sigv4 {
namespace {

constexpr std::int64_t kMaxSkewSeconds = kMaxSkewMinutes * 60;
constexpr std::int64_t kMaxExpiresSeconds = 7 * 24 * 3600;

Unexpected<Error> invalid_signature(std::string message) {
  return fail(ErrorCode::kInvalidSignature, std::move(message));
}
Unexpected<Error> incomplete(std::string message) { return fail(ErrorCode::kIncompleteSignature, std::move(message)); }
Unexpected<Error> unknown_client(std::string message) {
  return fail(ErrorCode::kUnrecognizedClient, std::move(message));
}

std::string quoted(std::string_view text) { return std::string("'").append(text).append("'"); }

// The moment of a request, also in the form its signature was made with.
struct RequestTime {
  std::int64_t seconds;
  std::string_view timestamp;
};

Result<RequestTime> read_time(const Authorization& authorization, Arena* arena) {
  if (const auto seconds = parse_timestamp(authorization.date)) return RequestTime{*seconds, authorization.date};
  if (const auto seconds = parse_http_date(authorization.date)) {
    return RequestTime{*seconds, arena->copy(format_timestamp(*seconds))};
  }
  return incomplete("Date must be in ISO-8601 'basic format'. Got " + quoted(authorization.date) +
                    ". See http://en.wikipedia.org/wiki/ISO_8601");
}

// How long after its date a request is good.
Result<std::int64_t> read_lifetime(const Authorization& authorization) {
  if (authorization.expires.empty()) return kMaxSkewSeconds;
  std::int64_t seconds = 0;
  const char* const end = authorization.expires.data() + authorization.expires.size();
  const auto [stop, error] = std::from_chars(authorization.expires.data(), end, seconds);
  if (error != std::errc() || stop != end || seconds < 1 || seconds > kMaxExpiresSeconds) {
    return incomplete("'X-Amz-Expires' must be a number of seconds between 1 and " +
                      std::to_string(kMaxExpiresSeconds) + ". Re-examine the query-string parameters.");
  }
  return seconds;
}

std::string span_text(std::int64_t seconds) {
  return seconds % 60 == 0 ? std::to_string(seconds / 60) + " min." : std::to_string(seconds) + " sec.";
}

Result<void> check_time(const RequestTime& time, std::int64_t lifetime_s, std::int64_t now_s) {
  if (time.seconds < now_s - lifetime_s) {
    return invalid_signature("Signature expired: " + std::string(time.timestamp) + " is now earlier than " +
                             format_timestamp(now_s - lifetime_s) + " (" + format_timestamp(now_s) + " - " +
                             span_text(lifetime_s) + ")");
  }
  if (time.seconds > now_s + kMaxSkewSeconds) {
    return invalid_signature("Signature not yet current: " + std::string(time.timestamp) + " is still later than " +
                             format_timestamp(now_s + kMaxSkewSeconds) + " (" + format_timestamp(now_s) + " + " +
                             span_text(kMaxSkewSeconds) + ")");
  }
  return {};
}

Result<Credential> read_credential(const Authorization& authorization, std::string_view service,
                                   const RequestTime& time) {
  const auto credential = split_credential(authorization.credential);
  if (!credential) {
    return incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got " +
        quoted(authorization.credential));
  }
  std::string problems;
  if (!is_region_name(credential->region)) {
    problems += "Credential should be scoped to a valid region, not " + quoted(credential->region) + ". ";
  }
  if (credential->service != service) {
    problems += "Credential should be scoped to correct service: " + quoted(service) + ". ";
  }
  if (credential->terminator != kTerminator) {
    problems += "Credential should be scoped with a valid terminator: 'aws4_request', not " +
                quoted(credential->terminator) + ". ";
  }
  const std::string_view day = time.timestamp.substr(0, 8);
  if (credential->date != day) {
    problems += "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
                quoted(credential->date) + " != " + quoted(day) + ", from " + quoted(time.timestamp) + ".";
  }
  if (!problems.empty()) return invalid_signature(std::move(problems));
  return *credential;
}

std::string mismatch_text(BytesView canonical_request, BytesView string_to_sign) {
  return std::string(
             "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
             "Access Key "
             "and signing method. Consult the service documentation for details.\n\nThe Canonical String for this "
             "request "
             "should have been\n'")
      .append(canonical_request)
      .append("'\n\nThe String-to-Sign should have been\n'")
      .append(string_to_sign)
      .append("'\n");
}

Result<void> check_signature(const SignedRequest& request, const Authorization& authorization,
                             std::span<const std::string_view> header_names, std::string_view timestamp,
                             const Scope& scope, const Secret& secret) {
  // Reused from request to request; signing suspends nowhere.
  thread_local Bytes canonical_request, string_to_sign, expected;
  canonical_request.clear(), string_to_sign.clear(), expected.clear();
  append_canonical_request(request, authorization.query, header_names, &canonical_request);
  append_string_to_sign(timestamp, scope, canonical_request, &string_to_sign);
  append_hex(cached_signing_key(secret, scope).hmac(string_to_sign), &expected);
  if (!equal_in_constant_time(expected, authorization.signature)) {
    return invalid_signature(mismatch_text(canonical_request, string_to_sign));
  }
  return {};
}

// Only what proved to hold the secret learns about its session.
Result<void> check_session(const Identity& identity, std::string_view session_token, std::int64_t now_s) {
  if ((identity.kind == PrincipalKind::kSession) == session_token.empty()) {
    return unknown_client("The security token included in the request is invalid");
  }
  if (identity.expires_at_s && *identity.expires_at_s <= now_s) {
    return fail(ErrorCode::kExpiredToken, "The security token included in the request is expired");
  }
  return {};
}

// Messages quote headers, which may hold any bytes, and end up in a JSON text, which may not.
void keep_ascii(std::string* message) {
  std::replace_if(
      message->begin(), message->end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
}

}  // namespace

Result<Authenticated> Verifier::authenticate(const SignedRequest& request, std::string_view service,
                                             Arena* arena) const {
  auto result = verify(request, service, arena);
  if (!result) keep_ascii(&result.error().message);
  return result;
}

Result<Authenticated> Verifier::verify(const SignedRequest& request, std::string_view service, Arena* arena) const {
  const std::int64_t now_s = clock_.now_s();
  TRY_ASSIGN(const Authorization authorization, read_authorization(request, arena));
  TRY_ASSIGN(const RequestTime time, read_time(authorization, arena));
  TRY_ASSIGN(const std::int64_t lifetime_s, read_lifetime(authorization));
  TRY(check_time(time, lifetime_s, now_s));

  const auto header_names = canonical_header_names(authorization.signed_headers, arena);
  if (!std::binary_search(header_names.begin(), header_names.end(), std::string_view("host"))) {
    return invalid_signature("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (authorization.algorithm != kAlgorithm) {
    return incomplete("Unsupported AWS 'algorithm': " + quoted(authorization.algorithm) +
                      " (only AWS4-HMAC-SHA256 for now). ");
  }
  TRY_ASSIGN(const Credential credential, read_credential(authorization, service, time));

  auto identity = credentials_.find(credential.access_key_id, authorization.session_token);
  const Scope scope{credential.date, credential.region, credential.service};
  if (identity == nullptr || !identity->active) {
    // The same work as for a key that exists, so that the time an answer takes does not tell which do.
    static const Secret no_secret("of nobody");
    (void)check_signature(request, authorization, header_names, time.timestamp, scope,
                          identity != nullptr ? identity->secret : no_secret);
    return unknown_client("The security token included in the request is invalid.");
  }
  TRY(check_signature(request, authorization, header_names, time.timestamp, scope, identity->secret));
  TRY(check_session(*identity, authorization.session_token, now_s));
  return Authenticated{std::move(identity), credential.region, credential.service, credential.date};
}

}  // namespace armature::auth::sigv4
