#include "cmd/key_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cmd/private_file.h"

namespace armature::cmd {
namespace {

Expected<auth::KeyRing, std::string> read_key_file(const std::string& file) {
  std::ifstream input(file);
  if (!input) return Unexpected(fmt::format("cannot read the key file {}: {}", file, std::strerror(errno)));
  const Secret text(std::string(std::istreambuf_iterator<char>(input), {}));
  auto ring = auth::KeyRing::parse(text.reveal());
  if (!ring) {
    return Unexpected(fmt::format("the key file {} cannot be used: {}; restore it from a copy", file, ring.error()));
  }
  return ring;
}

}  // namespace

Expected<auth::KeyRing, std::string> load_or_make_key_file(const std::string& file, bool needed) {
  struct stat status {};
  if (stat(file.c_str(), &status) == 0) return read_key_file(file);
  if (needed) {
    return Unexpected(
        fmt::format("the key file {} is missing, and without it the access keys and passwords in the data cannot be "
                    "read; restore it from a copy, or name it with --key-file",
                    file));
  }
  auth::KeyRing ring = auth::KeyRing::generate();
  auto written = write_private_file(file, ring.to_text().reveal());
  if (!written) return Unexpected(written.error() + "; name another place with --key-file");
  return ring;
}

CLI::App* add_key_file_command(CLI::App* app, KeyFileOptions* options) {
  CLI::App* key_file = app->add_subcommand("key-file", "The keys that protect secrets in the data");
  key_file->require_subcommand(1);
  CLI::App* rotate = key_file->add_subcommand(
      "rotate", "Put a new key in front; the server seals its secrets with it at the next start");
  rotate->add_option("file", options->file, "Key file, as --key-file names it")->required();
  return rotate;
}

int rotate_key_file(const KeyFileOptions& options) {
  const auto ring = read_key_file(options.file);
  if (!ring) {
    fmt::print(stderr, "armature key-file: {}\n", ring.error());
    return 1;
  }
  const auth::KeyRing next = ring->with_new_key();
  const auto written = replace_private_file(options.file, next.to_text().reveal());
  if (!written) {
    fmt::print(stderr, "armature key-file: {}\n", written.error());
    return 1;
  }
  fmt::print(
      "{} now holds {} keys. Restart every server that uses it: secrets are then sealed with the new key. Keep the old "
      "lines until the\nlast session made before has expired (36 hours), and for as long as copies of the data made "
      "before may be restored.\n",
      options.file, next.size());
  return 0;
}

}  // namespace armature::cmd
