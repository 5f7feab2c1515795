#include "cmd/iam/aws_profile.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <string_view>

namespace armature::cmd {
namespace {

using Section = std::map<std::string, std::string>;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// The lines "name = value" below "[section]". Indented ones belong to the setting above them and are passed over.
Section read_section(const std::string& file, const std::string& section) {
  Section values;
  std::ifstream input(file);
  bool inside = false;
  for (std::string line; std::getline(input, line);) {
    if (line.empty() || line[0] == '#' || line[0] == ';' || line[0] == ' ' || line[0] == '\t') continue;
    if (line[0] == '[') {
      const std::string_view name = trimmed(std::string_view(line).substr(1, line.find(']') - 1));
      inside = name == section;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (!inside || equals == std::string::npos) continue;
    values[std::string(trimmed(std::string_view(line).substr(0, equals)))] =
        trimmed(std::string_view(line).substr(equals + 1));
  }
  return values;
}

std::string file_named(const char* variable, const char* under_home) {
  if (const char* named = std::getenv(variable)) return named;
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : "") + "/.aws/" + under_home;
}

std::string value_of(const Section& section, const std::string& name) {
  const auto found = section.find(name);
  return found == section.end() ? std::string() : found->second;
}

auth::AccessKey key_of(const Section& section) {
  return {value_of(section, "aws_access_key_id"), Secret(value_of(section, "aws_secret_access_key")),
          value_of(section, "aws_session_token")};
}

}  // namespace

AwsProfile read_aws_profile(const std::string& name) {
  const Section credentials = read_section(file_named("AWS_SHARED_CREDENTIALS_FILE", "credentials"), name);
  const Section config =
      read_section(file_named("AWS_CONFIG_FILE", "config"), name == "default" ? name : "profile " + name);
  AwsProfile profile{key_of(credentials), value_of(config, "region"), value_of(config, "endpoint_url")};
  if (profile.key.id.empty()) profile.key = key_of(config);
  return profile;
}

auth::AccessKey read_server_credentials(const std::string& file) { return key_of(read_section(file, "default")); }

}  // namespace armature::cmd
