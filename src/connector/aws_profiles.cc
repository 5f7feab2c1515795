#include "connector/aws_profiles.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "connector/near_names.h"
#include "connector/private_file.h"

namespace armature::connector {
namespace {

using Section = std::map<std::string, std::string>;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// A comment begins with '#' or ';' at the start of a line, or behind a blank.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool after_blank = i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t';
    if ((line[i] == '#' || line[i] == ';') && after_blank) return line.substr(0, i);
  }
  return line;
}

// "[profile my name]" is "profile my name", with its inner blanks made one.
std::string section_name(std::string_view line) {
  line.remove_prefix(1);
  line = line.substr(0, line.find(']'));
  std::string name;
  for (const char c : trimmed(line)) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && name.ends_with(' ')) continue;
    name += blank ? ' ' : c;
  }
  return name;
}

std::string get(const Section& section, const std::string& name) {
  const auto found = section.find(name);
  return found == section.end() ? "" : found->second;
}

const Section* find_section(const IniFile& file, const std::string& name) {
  const auto found = file.find(name);
  return found == file.end() ? nullptr : &found->second;
}

// The settings of a profile, those of the credentials file first.
Expected<Section, std::string> profile_settings(const AwsConfiguration& configuration, const std::string& profile) {
  Section merged;
  bool there = false;
  const Section* sections[] = {find_section(configuration.credentials, profile),
                               find_section(configuration.config, "profile " + profile),
                               profile == "default" ? find_section(configuration.config, "default") : nullptr};
  for (const Section* section : sections) {
    if (section == nullptr) continue;
    there = true;
    merged.insert(section->begin(), section->end());
  }
  if (there) return merged;
  const std::vector<std::string> names = profile_names(configuration);
  const std::vector<std::string_view> views(names.begin(), names.end());
  return Unexpected(fmt::format("there is no profile '{}'; {}", profile, did_you_mean(profile, views)));
}

std::string service_endpoint(const AwsConfiguration& configuration, const Section& settings,
                             const std::string& service) {
  if (const std::string services = get(settings, "services"); !services.empty()) {
    const Section* const section = find_section(configuration.config, "services " + services);
    if (section != nullptr) {
      if (std::string url = get(*section, service + ".endpoint_url"); !url.empty()) return url;
    }
  }
  return get(settings, "endpoint_url");
}

Expected<void, std::string> take_keys(const std::string& profile, const Section& settings,
                                      SavedConnection* connection) {
  connection->access_key_id = get(settings, "aws_access_key_id");
  connection->secret_access_key = Secret(get(settings, "aws_secret_access_key"));
  connection->session_token = Secret(get(settings, "aws_session_token"));
  if (!connection->access_key_id.empty() && !connection->secret_access_key.empty()) return {};
  for (const char* kind :
       {"sso_session", "sso_start_url", "credential_process", "web_identity_token_file", "credential_source"}) {
    if (settings.contains(kind)) {
      return Unexpected(
          fmt::format("profile '{}' gets its keys by {}, anew each time, so they cannot be saved; run "
                      "`aws configure export-credentials --profile {} --format env` and import the environment",
                      profile, kind, profile));
    }
  }
  return Unexpected(fmt::format("profile '{}' has no aws_access_key_id and aws_secret_access_key", profile));
}

Expected<void, std::string> take_role(const AwsConfiguration& configuration, const std::string& profile,
                                      const Section& settings, SavedConnection* connection) {
  connection->role_arn = get(settings, "role_arn");
  connection->external_id = get(settings, "external_id");
  connection->role_session_name = get(settings, "role_session_name");
  const std::string duration = get(settings, "duration_seconds");
  if (!duration.empty()) std::from_chars(duration.data(), duration.data() + duration.size(), connection->duration_s);
  const std::string source = get(settings, "source_profile");
  if (source.empty()) {
    return Unexpected(fmt::format("profile '{}' assumes a role without a source_profile that has keys", profile));
  }
  if (source == profile) return take_keys(profile, settings, connection);
  TRY_ASSIGN(const Section source_settings, profile_settings(configuration, source));
  if (source_settings.contains("role_arn")) {
    return Unexpected(fmt::format("profile '{}' assumes its role through another role ('{}'); a connection assumes one",
                                  profile, source));
  }
  return take_keys(source, source_settings, connection);
}

constexpr const char* kVariables[] = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL",
    "AWS_CA_BUNDLE",
    "AWS_MAX_ATTEMPTS",
    "AWS_RETRY_MODE",
    "AWS_CONFIG_FILE",
    "HOME",
    "AWS_PROFILE",
    "AWS_SHARED_CREDENTIALS_FILE",
};

void take_tuning(const std::string& attempts, const std::string& mode, const std::string& bundle,
                 SavedConnection* connection) {
  if (!attempts.empty()) connection->options["maxAttempts"] = attempts;
  if (mode == "standard" || mode == "adaptive") connection->options["retryMode"] = mode;
  if (!bundle.empty()) connection->options["tls.caFile"] = bundle;
}

}  // namespace

IniFile parse_ini(std::string_view text) {
  IniFile file;
  Section* section = nullptr;
  std::string block;  // The setting an indented block belongs to.
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool indented = whole.starts_with(' ') || whole.starts_with('\t');
    const std::string_view line = trimmed(without_comment(whole));
    if (line.empty()) continue;
    if (line.starts_with('[')) {
      section = &file[section_name(line)];
      block.clear();
      continue;
    }
    const std::size_t equals = line.find('=');
    if (section == nullptr || equals == std::string_view::npos) continue;
    const std::string name(trimmed(line.substr(0, equals)));
    const std::string value(trimmed(line.substr(equals + 1)));
    if (indented && !block.empty()) {
      (*section)[block + "." + name] = value;
    } else {
      (*section)[name] = value;
      block = value.empty() ? name : "";
    }
  }
  return file;
}

Expected<AwsConfiguration, std::string> read_aws_configuration() {
  AwsConfiguration configuration;
  for (const char* name : kVariables) {
    if (const char* value = std::getenv(name); value != nullptr) configuration.environment[name] = value;
  }
  const auto file = [&](const std::string& variable, const std::string& otherwise) -> Expected<IniFile, std::string> {
    const std::string named = get(configuration.environment, variable);
    TRY_ASSIGN(const std::optional<Bytes> text,
               read_file(named.empty() ? get(configuration.environment, "HOME") + otherwise : named));
    return text ? parse_ini(*text) : IniFile();
  };
  TRY_ASSIGN(configuration.config, file("AWS_CONFIG_FILE", "/.aws/config"));
  TRY_ASSIGN(configuration.credentials, file("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"));
  return configuration;
}

std::vector<std::string> profile_names(const AwsConfiguration& configuration) {
  std::vector<std::string> names;
  for (const auto& [section, settings] : configuration.credentials) names.push_back(section);
  for (const auto& [section, settings] : configuration.config) {
    if (section == "default") names.push_back(section);
    if (section.starts_with("profile ")) names.push_back(section.substr(8));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Expected<SavedConnection, std::string> connection_of_profile(const AwsConfiguration& configuration,
                                                             const std::string& profile) {
  TRY_ASSIGN(const Section settings, profile_settings(configuration, profile));
  SavedConnection connection;
  connection.name = profile;
  if (settings.contains("role_arn")) {
    TRY(take_role(configuration, profile, settings, &connection));
  } else {
    TRY(take_keys(profile, settings, &connection));
  }
  connection.region = get(settings, "region");
  if (connection.region.empty()) connection.region = get(configuration.environment, "AWS_DEFAULT_REGION");
  if (connection.region.empty()) connection.region = "us-east-1";
  connection.endpoint = service_endpoint(configuration, settings, "dynamodb");
  const std::string sts = service_endpoint(configuration, settings, "sts");
  if (sts != connection.endpoint) connection.sts_endpoint = sts;
  take_tuning(get(settings, "max_attempts"), get(settings, "retry_mode"), get(settings, "ca_bundle"), &connection);
  trim(&connection);
  return connection;
}

Expected<SavedConnection, std::string> connection_of_environment(const AwsConfiguration& configuration) {
  const auto variable = [&](const std::string& name) { return get(configuration.environment, name); };
  SavedConnection connection;
  connection.name = "environment";
  connection.access_key_id = variable("AWS_ACCESS_KEY_ID");
  connection.secret_access_key = Secret(variable("AWS_SECRET_ACCESS_KEY"));
  connection.session_token = Secret(variable("AWS_SESSION_TOKEN"));
  if (connection.access_key_id.empty() || connection.secret_access_key.empty()) {
    return Unexpected(std::string("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set"));
  }
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (connection.region.empty()) connection.region = variable(name);
  }
  if (connection.region.empty()) connection.region = "us-east-1";
  for (const char* name : {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"}) {
    if (connection.endpoint.empty()) connection.endpoint = variable(name);
  }
  connection.sts_endpoint = variable("AWS_ENDPOINT_URL_STS");
  take_tuning(variable("AWS_MAX_ATTEMPTS"), variable("AWS_RETRY_MODE"), variable("AWS_CA_BUNDLE"), &connection);
  trim(&connection);
  return connection;
}

}  // namespace armature::connector
