#include "auth/sigv4/authorization.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace armature::auth::sigv4 {
namespace {

// The headers that matter here; the first of each name.
struct AuthorizationHeaders {
  std::string_view authorization;
  std::string_view amz_date;
  std::string_view date;
  std::string_view security_token;

  explicit AuthorizationHeaders(std::span<const Header> headers) {
    const std::pair<std::string_view, std::string_view*> wanted[] = {{"authorization", &authorization},
                                                                     {"x-amz-date", &amz_date},
                                                                     {"date", &date},
                                                                     {"x-amz-security-token", &security_token}};
    for (const Header& header : headers) {
      for (const auto& [name, value] : wanted) {
        if (value->empty() && equals_ignoring_case(header.name, name)) *value = header.value;
      }
    }
  }
};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// `text` up to its first blank or comma. (Two searches for one character are far quicker than find_first_of().)
std::string_view until_separator(std::string_view text) {
  text = text.substr(0, text.find(' '));
  return text.substr(0, text.find(','));
}

Unexpected<Error> incomplete(std::string message) { return fail(ErrorCode::kIncompleteSignature, std::move(message)); }

// "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…": blanks, commas or both between the parts.
Result<Authorization> read_header(const AuthorizationHeaders& headers) {
  Authorization result;
  bool has_signed_headers = false;
  std::string_view rest = trimmed(headers.authorization);
  result.algorithm = until_separator(rest);
  rest.remove_prefix(result.algorithm.size());
  while (!rest.empty()) {
    const std::string_view part = until_separator(rest);
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const std::string_view name = part.substr(0, part.find('='));
    const std::string_view value = part.substr(std::min(part.size(), name.size() + 1));
    if (name == "Credential") result.credential = value;
    if (name == "Signature") result.signature = value;
    if (name == "SignedHeaders") result.signed_headers = value, has_signed_headers = true;
  }
  result.date = headers.amz_date.empty() ? headers.date : headers.amz_date;
  result.session_token = headers.security_token;

  std::string missing;
  const auto require = [&](bool present, std::string_view name) {
    if (!present) missing.append("Authorization header requires '").append(name).append("' parameter. ");
  };
  require(!result.credential.empty(), "Credential");
  require(!result.signature.empty(), "Signature");
  require(has_signed_headers, "SignedHeaders");
  if (result.date.empty()) {
    missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!missing.empty()) return incomplete(missing.append("Authorization=").append(headers.authorization));
  return result;
}

Result<Authorization> read_query(std::span<const QueryParameter> parameters) {
  Authorization result;
  result.presigned = true;
  struct Wanted {
    std::string_view name;
    std::string_view* value;
    bool required;
  };
  const Wanted wanted[] = {{"X-Amz-Algorithm", &result.algorithm, true},
                           {"X-Amz-Credential", &result.credential, true},
                           {"X-Amz-Signature", &result.signature, true},
                           {"X-Amz-SignedHeaders", &result.signed_headers, true},
                           {"X-Amz-Date", &result.date, true},
                           {"X-Amz-Expires", &result.expires, false},
                           {"X-Amz-Security-Token", &result.session_token, false}};
  std::string missing;
  for (const Wanted& part : wanted) {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == part.name; });
    if (found != parameters.end()) *part.value = found->value;
    if (part.required && part.value->empty()) {
      missing.append("AWS query-string parameters must include '").append(part.name).append("'. ");
    }
  }
  if (!missing.empty()) return incomplete(missing.append("Re-examine the query-string parameters."));
  return result;
}

std::span<const QueryParameter> without_signature(std::span<const QueryParameter> parameters, Arena* arena) {
  std::vector<QueryParameter> rest;
  std::copy_if(parameters.begin(), parameters.end(), std::back_inserter(rest),
               [](const QueryParameter& parameter) { return parameter.name != "X-Amz-Signature"; });
  return arena->copy_array(rest);
}

bool is_presigned(std::span<const QueryParameter> parameters) {
  return std::any_of(parameters.begin(), parameters.end(), [](const auto& p) { return p.name == "X-Amz-Algorithm"; });
}

}  // namespace

Result<Authorization> read_authorization(const SignedRequest& request, Arena* arena) {
  const AuthorizationHeaders headers(request.headers);
  const auto parameters = decode_query(query_of(request.target), arena);
  const bool presigned = is_presigned(parameters);
  if (presigned && !headers.authorization.empty()) {
    return fail(ErrorCode::kInvalidSignature,
                "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
  }
  if (!presigned && !trimmed(headers.authorization).starts_with("AWS4-")) {
    return fail(ErrorCode::kMissingAuthenticationToken, "Request is missing Authentication Token");
  }
  TRY_ASSIGN(Authorization result, presigned ? read_query(parameters) : read_header(headers));
  result.query = presigned ? without_signature(parameters, arena) : parameters;
  return result;
}

std::optional<Credential> split_credential(std::string_view credential) {
  while (credential.ends_with('/')) credential.remove_suffix(1);
  std::array<std::string_view, 5> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t slash = credential.find('/');
    const bool is_last = i + 1 == parts.size();
    if ((slash == std::string_view::npos) != is_last) return std::nullopt;
    parts[i] = credential.substr(0, slash);
    if (!is_last) credential.remove_prefix(slash + 1);
  }
  return Credential{parts[0], parts[1], parts[2], parts[3], parts[4]};
}

std::optional<Credential> find_credential_scope(const SignedRequest& request, Arena* arena) {
  const auto authorization = read_authorization(request, arena);
  if (!authorization) return std::nullopt;
  return split_credential(authorization->credential);
}

bool is_region_name(std::string_view region) {
  constexpr std::size_t kMaxRegionBytes = 64;
  return !region.empty() && region.size() <= kMaxRegionBytes && std::all_of(region.begin(), region.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

}  // namespace armature::auth::sigv4
