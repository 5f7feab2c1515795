#include "cmd/root_credentials.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/random.h"
#include "cmd/private_file.h"

namespace armature::cmd {
namespace {

constexpr std::string_view kIdName = "aws_access_key_id";
constexpr std::string_view kSecretName = "aws_secret_access_key";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

Expected<RootCredentials, std::string> read_file(const std::string& file) {
  std::ifstream input(file);
  if (!input) return Unexpected(fmt::format("cannot read {}: {}", file, std::strerror(errno)));
  RootCredentials credentials;
  credentials.source = RootCredentials::Source::kFile;
  credentials.file = file;
  for (std::string line; std::getline(input, line);) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string_view name = trimmed(std::string_view(line).substr(0, equals));
    const std::string_view value = trimmed(std::string_view(line).substr(equals + 1));
    if (name == kIdName) credentials.access_key_id = value;
    if (name == kSecretName) credentials.secret_access_key = Secret(std::string(value));
  }
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return Unexpected(fmt::format("{} does not hold {} and {}; restore it, or remove it to have new ones made", file,
                                  kIdName, kSecretName));
  }
  return credentials;
}

Expected<void, std::string> write_file(const RootCredentials& credentials, const std::string& file) {
  const std::string text = fmt::format("[default]\n{} = {}\n{} = {}\n", kIdName, credentials.access_key_id, kSecretName,
                                       credentials.secret_access_key.reveal());
  const auto written = write_private_file(file, text);
  if (!written) {
    return Unexpected(written.error() +
                      "; name another file with --credentials-file, or set ARMATURE_ROOT_ACCESS_KEY_ID and "
                      "ARMATURE_ROOT_SECRET_ACCESS_KEY");
  }
  return {};
}

}  // namespace

RootCredentials generate_root_credentials() {
  RootCredentials credentials;
  credentials.access_key_id = "AKIA" + secure_random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
  credentials.secret_access_key =
      Secret(secure_random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 40));
  credentials.source = RootCredentials::Source::kGeneratedForThisRun;
  return credentials;
}

Expected<RootCredentials, std::string> load_or_generate_root_credentials(const std::string& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) == 0) return read_file(file);
  RootCredentials credentials = generate_root_credentials();
  credentials.source = RootCredentials::Source::kGenerated;
  credentials.file = file;
  TRY(write_file(credentials, file));
  return credentials;
}

}  // namespace armature::cmd
