// Connections from what the AWS CLI and SDKs are configured with: environment variables, ~/.aws/config and
// ~/.aws/credentials. Source: SDKs and Tools Reference Guide, "Shared config and credentials files", "Service-specific
// endpoints", "Assume role credential provider".
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "connector/saved_connection.h"

namespace armature::connector {

// Sections by name, each with its settings. Settings of an indented block are named with a dot:
// "dynamodb.endpoint_url".
using IniFile = std::map<std::string, std::map<std::string, std::string>>;
IniFile parse_ini(std::string_view text);

// What files and environment hold.
struct AwsConfiguration {
  IniFile config;       // Sections "default", "profile NAME", "services NAME".
  IniFile credentials;  // Sections "default", "NAME".
  std::map<std::string, std::string> environment;
};
// Reads the files the environment names, or those under ~/.aws; missing files are empty.
Expected<AwsConfiguration, std::string> read_aws_configuration();

// Profiles that are there, in the order of their names.
std::vector<std::string> profile_names(const AwsConfiguration& configuration);

// A connection named `profile`, with the keys of its source_profile when it assumes a role. The error says what is
// missing, or what kind of profile (SSO, credential_process) cannot be saved.
Expected<SavedConnection, std::string> connection_of_profile(const AwsConfiguration& configuration,
                                                             const std::string& profile);

// A connection of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION or AWS_DEFAULT_REGION,
// AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL, AWS_CA_BUNDLE.
Expected<SavedConnection, std::string> connection_of_environment(const AwsConfiguration& configuration);

}  // namespace armature::connector
