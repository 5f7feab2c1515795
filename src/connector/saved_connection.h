// SavedConnection: everything it takes to reach a DynamoDB endpoint as somebody, under a name. The command line keeps
// them in a file, the console in the server's storage (connection_store.h); both validate and test them here.
// Values, no I/O.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "model/error.h"
#include "wire/json.h"

namespace armature::connector {

// What the connection may be used for, whatever its keys allow: viewers read, editors also write items, admins also
// create, change and delete tables and the rest. Sent as session tag UserRole when a role is assumed.
enum class UserRole : std::uint8_t { kViewer, kEditor, kAdmin };
std::string_view user_role_name(UserRole role);  // "viewer", "editor", "admin".
std::optional<UserRole> find_user_role(std::string_view name);

struct SavedConnection {
  std::string name;      // 1 to 64 characters; unique in its store.
  std::string endpoint;  // A URL; empty: Amazon's of the region.
  std::string region;
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;           // Of temporary keys.
  std::string role_arn;           // A role to assume first; empty: none.
  std::string external_id;        // What follows is for the role.
  std::string role_session_name;  // Empty: default_session_name().
  int duration_s = 3600;
  std::string sts_endpoint;  // Empty: `endpoint`, or Amazon's of the region.
  UserRole user_role = UserRole::kAdmin;
  std::map<std::string, std::string> options;  // connection_options.h.
  std::vector<std::string> allowed_ips;        // Who may use it; CIDR. Empty: everybody who may use the store.
  std::vector<std::string> table_filter;       // Names, or prefixes ending in '*'. Empty: all tables.
  bool read_only = false;                      // Writing calls are refused before they are sent.
  std::string environment;                     // "development", "staging", "production" or empty.
  std::string color;                           // "#rrggbb" or a name, for the console; empty: the environment's.
};

// "connector-<name>" in the characters and length a session name may have.
std::string default_session_name(std::string_view connection_name);

// Whether `table` passes the filter.
bool table_allowed(const SavedConnection& connection, std::string_view table);

struct FieldError {
  std::string field;  // As the JSON names it: "roleArn", "options.maxAttempts".
  std::string message;
};
// Every field that cannot be right, in the order of the fields; empty: good to save. Blanks around texts are an error
// here; trim() first.
std::vector<FieldError> validate(const SavedConnection& connection);
// What is unusual but not wrong, such as an access key id no AWS account would have.
std::vector<FieldError> warnings(const SavedConnection& connection);
// Removes blanks around every text: pasted keys come with them.
void trim(SavedConnection* connection);

// The JSON form: name, endpoint, region, accessKeyId, secretAccessKey, sessionToken, roleArn, externalId,
// roleSessionName, durationSeconds, stsEndpoint, userRole, options, allowedIps, tableFilter, readOnly, environment,
// color. Without secrets there is "secretSet" and "sessionTokenSet" (booleans) instead. Empty members are left out, but
// for options and allowedIps.
enum class Secrets : std::uint8_t { kWithout, kWith };
void write_connection(const SavedConnection& connection, Secrets secrets, wire::JsonWriter* writer);
std::string connection_json(const SavedConnection& connection, Secrets secrets);
// Fails (kValidation) on a member of the wrong type or an unknown one. Says nothing about values: validate().
// `secretSet` and `sessionTokenSet` are passed over.
Result<SavedConnection> read_connection(const wire::Json& json);
// The secrets of `saved` where `*edited` has none: a form is sent back without what it was never shown. A session token
// is kept only when the access key id is still the same.
void keep_secrets(const SavedConnection& saved, SavedConnection* edited);

}  // namespace armature::connector
