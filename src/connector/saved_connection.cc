#include "connector/saved_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "connector/connection_options.h"
#include "connector/endpoint.h"
#include "connector/service.h"
#include "http/ip_address.h"

namespace armature::connector {
namespace {

constexpr std::size_t kMaxNameLength = 64;
constexpr std::string_view kEnvironments[] = {"development", "staging", "production"};

bool all_of(std::string_view text, bool (*allowed)(char)) { return std::all_of(text.begin(), text.end(), allowed); }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_region(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; }
bool is_printable(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }
bool is_visible(char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; }
// Source: STS API Reference, "AssumeRole": RoleSessionName, ExternalId.
bool is_session_name(char c) { return is_word(c) || std::string_view("+=,.@-").find(c) != std::string_view::npos; }
bool is_external_id(char c) { return is_session_name(c) || c == ':' || c == '/'; }
bool is_table_name(char c) { return is_word(c) || c == '-' || c == '.'; }

std::string role_arn_problem(std::string_view arn) {
  constexpr std::string_view kForm = "it must look like arn:aws:iam::123456789012:role/RoleName";
  const auto wrong = [&](std::string_view why) { return fmt::format("{}; {}", why, kForm); };
  if (!arn.starts_with("arn:")) return wrong("an ARN begins with arn:");
  std::vector<std::string_view> parts;
  for (int i = 0; i < 5; ++i) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return wrong("parts are missing");
    parts.push_back(arn.substr(0, colon));
    arn.remove_prefix(colon + 1);
  }
  if (!parts[1].starts_with("aws") || !all_of(parts[1], [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; })) {
    return wrong(fmt::format("'{}' is no partition", parts[1]));
  }
  if (parts[2] != "iam") return wrong(fmt::format("it names service '{}', not iam", parts[2]));
  if (!parts[3].empty()) return wrong("roles have no region");
  if (parts[4].size() != 12 || !all_of(parts[4], is_digit)) return wrong("an account id has 12 digits");
  if (!arn.starts_with("role/") || arn.size() == 5) return wrong("it does not name a role");
  if (!all_of(arn, [](char c) { return is_session_name(c) || c == '/'; }))
    return wrong("a role's name has no such character");
  return "";
}

std::string endpoint_problem(const std::string& url) {
  const auto endpoint = parse_endpoint(url);
  if (!endpoint) return endpoint.error();
  if (!all_of(url, is_visible)) return "it holds blanks or control characters";
  if (endpoint->host.find('@') != std::string::npos) return "credentials do not belong into it: use the key fields";
  return "";
}

class Checker {
 public:
  explicit Checker(const SavedConnection& connection) : connection_(connection) {}

  std::vector<FieldError> run() {
    names();
    keys();
    role();
    rules();
    return std::move(errors_);
  }

 private:
  void fail(std::string field, std::string message) { errors_.push_back({std::move(field), std::move(message)}); }

  void names() {
    const SavedConnection& c = connection_;
    if (c.name.empty() || c.name.size() > kMaxNameLength) fail("name", "it must have 1 to 64 characters");
    if (!all_of(c.name, is_printable) || c.name.find('/') != std::string::npos || c.name.starts_with('-')) {
      fail("name", "control characters, '/' and a leading '-' are not allowed");
    }
    if (!c.endpoint.empty()) {
      if (std::string why = endpoint_problem(c.endpoint); !why.empty()) fail("endpoint", std::move(why));
    }
    if (c.region.size() < 2 || c.region.size() > 32 || !all_of(c.region, is_region)) {
      fail("region", "it must have 2 to 32 characters of a-z, 0-9 and '-', such as eu-west-1");
    }
  }

  void keys() {
    const SavedConnection& c = connection_;
    if (c.access_key_id.empty()) fail("accessKeyId", "it is missing");
    if (!all_of(c.access_key_id, is_visible) || c.access_key_id.find('/') != std::string::npos) {
      fail("accessKeyId", "blanks, control characters and '/' are not allowed");
    }
    if (c.secret_access_key.empty()) fail("secretAccessKey", "it is missing");
    if (!all_of(c.secret_access_key.reveal(), is_visible))
      fail("secretAccessKey", "it holds blanks or control characters");
    if (!all_of(c.session_token.reveal(), is_visible)) fail("sessionToken", "it holds blanks or control characters");
  }

  void role() {
    const SavedConnection& c = connection_;
    if (!c.role_arn.empty()) {
      if (std::string why = role_arn_problem(c.role_arn); !why.empty()) fail("roleArn", std::move(why));
    }
    const bool external_id_wrong =
        c.external_id.size() < 2 || c.external_id.size() > 1224 || !all_of(c.external_id, is_external_id);
    if (!c.external_id.empty() && external_id_wrong) {
      fail("externalId", "it must have 2 to 1224 characters of letters, digits and _+=,.@:/-");
    }
    const std::string& session = c.role_session_name;
    if (!session.empty() && (session.size() < 2 || session.size() > 64 || !all_of(session, is_session_name))) {
      fail("roleSessionName", "it must have 2 to 64 characters of letters, digits and _+=,.@-");
    }
    if (c.duration_s < 900 || c.duration_s > 43200) fail("durationSeconds", "it must be from 900 to 43200");
    if (!c.sts_endpoint.empty()) {
      if (std::string why = endpoint_problem(c.sts_endpoint); !why.empty()) fail("stsEndpoint", std::move(why));
    }
    if (c.role_arn.empty() && !c.external_id.empty())
      fail("externalId", "there is no role to assume that it belongs to");
  }

  void rules() {
    const SavedConnection& c = connection_;
    for (const auto& [key, value] : c.options) {
      const auto checked = check_option(key, value);
      if (!checked) fail("options." + key, checked.error());
    }
    for (const std::string& network : c.allowed_ips) {
      const auto parsed = http::IpAllowList::parse({&network, 1});
      if (!parsed) fail("allowedIps", parsed.error());
    }
    for (const std::string& pattern : c.table_filter) {
      std::string_view name = pattern;
      if (name.ends_with('*')) name.remove_suffix(1);
      if (pattern.empty() || pattern.size() > 256 || !all_of(name, is_table_name)) {
        fail("tableFilter", fmt::format("'{}' is neither a table name nor a prefix ending in '*'", pattern));
      }
    }
    if (!c.environment.empty() &&
        std::find(std::begin(kEnvironments), std::end(kEnvironments), c.environment) == std::end(kEnvironments)) {
      fail("environment", "it must be development, staging or production");
    }
    if (c.color.size() > 32 || !all_of(c.color, [](char x) { return is_word(x) || x == '#' || x == '-'; })) {
      fail("color", "it must be a name or #rrggbb");
    }
  }

  const SavedConnection& connection_;
  std::vector<FieldError> errors_;
};

void trim(std::string* text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  text->erase(text->find_last_not_of(kBlanks) + 1);
  text->erase(0, std::min(text->find_first_not_of(kBlanks), text->size()));
}

void trim(Secret* secret) {
  std::string text(secret->reveal());
  trim(&text);
  *secret = Secret(std::move(text));
}

}  // namespace

std::string_view user_role_name(UserRole role) {
  switch (role) {
    case UserRole::kViewer: return "viewer";
    case UserRole::kEditor: return "editor";
    case UserRole::kAdmin: return "admin";
  }
  return "";
}

std::optional<UserRole> find_user_role(std::string_view name) {
  for (const UserRole role : {UserRole::kViewer, UserRole::kEditor, UserRole::kAdmin}) {
    if (user_role_name(role) == name) return role;
  }
  return std::nullopt;
}

std::string default_session_name(std::string_view connection_name) {
  std::string name = "connector-";
  for (const char c : connection_name) name += is_session_name(c) ? c : '-';
  name.resize(std::min<std::size_t>(name.size(), 64));
  return name;
}

bool table_allowed(const SavedConnection& connection, std::string_view table) {
  if (connection.table_filter.empty()) return true;
  return std::any_of(connection.table_filter.begin(), connection.table_filter.end(), [&](std::string_view pattern) {
    if (!pattern.ends_with('*')) return pattern == table;
    pattern.remove_suffix(1);
    return table.starts_with(pattern);
  });
}

std::vector<FieldError> validate(const SavedConnection& connection) { return Checker(connection).run(); }

std::vector<FieldError> warnings(const SavedConnection& connection) {
  std::vector<FieldError> found;
  const std::string& id = connection.access_key_id;
  if (id.size() < 16 || id.size() > 128 || !all_of(id, is_word)) {
    found.push_back(
        {"accessKeyId", "AWS's access key ids have 16 to 128 letters, digits and '_'; some servers take others"});
  }
  if (id.starts_with("ASIA") && connection.session_token.empty()) {
    found.push_back({"sessionToken", "a key id that begins with ASIA is temporary and needs its session token"});
  }
  const auto endpoint = parse_endpoint(connection.endpoint);
  const auto region = endpoint ? amazon_region(*endpoint) : std::nullopt;
  if (region && *region != connection.region)
    found.push_back({"region", fmt::format("the endpoint is Amazon's of region {}", *region)});
  const auto skip = connection.options.find("tls.skipVerify");
  if (skip != connection.options.end() && skip->second == "true") {
    found.push_back(
        {"options.tls.skipVerify", "certificates are not checked: whoever is in between can read and change all"});
  }
  return found;
}

void trim(SavedConnection* connection) {
  for (std::string* text : {&connection->name, &connection->endpoint, &connection->region, &connection->access_key_id,
                            &connection->role_arn, &connection->external_id, &connection->role_session_name,
                            &connection->sts_endpoint, &connection->environment, &connection->color}) {
    trim(text);
  }
  trim(&connection->secret_access_key);
  trim(&connection->session_token);
  for (std::string& network : connection->allowed_ips) trim(&network);
  for (std::string& pattern : connection->table_filter) trim(&pattern);
}

void keep_secrets(const SavedConnection& saved, SavedConnection* edited) {
  if (edited->secret_access_key.empty()) edited->secret_access_key = saved.secret_access_key;
  if (edited->session_token.empty() && edited->access_key_id == saved.access_key_id) {
    edited->session_token = saved.session_token;
  }
}

}  // namespace armature::connector
