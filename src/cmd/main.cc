#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <string_view>

#include "cmd/bench_command.h"
#include "cmd/check_command.h"
#include "cmd/connector/commands.h"
#include "cmd/iam/identity_commands.h"
#include "cmd/key_file.h"
#include "cmd/option_sources.h"
#include "cmd/serve_options.h"

namespace {

constexpr int kUsageStatus = 2;

bool has_command(const CLI::App& app, std::string_view name) {
  const auto has_name = [name](const CLI::App* command) { return command->get_name() == name; };
  return !app.get_subcommands(has_name).empty();
}

// A standard stream that is closed would leave its number to the next file that is opened, one of the data perhaps, and
// what is printed or logged would be written there.
void open_closed_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) static_cast<void>(open("/dev/null", O_RDWR));
  }
}

}  // namespace

int main(int argc, char** argv) {
  open_closed_streams();
  CLI::App app("Armature: a database that speaks Amazon DynamoDB's API", "armature");
  app.set_version_flag("--version", "armature " ARMATURE_VERSION);
  app.require_subcommand(1);

  armature::cmd::ServeOptions serve_options;
  armature::cmd::BenchOptions bench_options;
  armature::cmd::CheckOptions check_options;
  armature::cmd::KeyFileOptions key_file_options;
  const CLI::App* serve = armature::cmd::add_serve_command(&app, &serve_options);
  const CLI::App* bench = armature::cmd::add_bench_command(&app, &bench_options);
  const CLI::App* check = armature::cmd::add_check_command(&app, &check_options);
  const CLI::App* rotate_keys = armature::cmd::add_key_file_command(&app, &key_file_options);
  armature::cmd::ConnectorCommands connector_commands(&app);
  armature::cmd::IdentityCommands identity_commands(&app);

  if (argc > 1 && argv[1][0] != '-' && !has_command(app, argv[1])) {
    std::fprintf(stderr, "armature: there is no command '%s'; `armature --help` lists them\n", argv[1]);
    return kUsageStatus;
  }
  if (argc > 1 && std::string_view(argv[1]) == "serve") {
    if (const auto applied = armature::cmd::apply_option_sources(*serve, argc, argv); !applied) {
      std::fprintf(stderr, "armature: %s\n", applied.error().c_str());
      return kUsageStatus;
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageStatus;  // 0: --help and --version are errors to CLI11.
  }
  try {
    if (serve->parsed()) return armature::cmd::serve(serve_options);
    if (bench->parsed()) return armature::cmd::bench(bench_options);
    if (check->parsed()) return armature::cmd::check(check_options);
    if (rotate_keys->parsed()) return armature::cmd::rotate_key_file(key_file_options);
    if (const auto status = connector_commands.run()) return *status;
    if (const auto status = identity_commands.run()) return *status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "armature: %s\n", error.what());
    return 1;
  }
  return 0;
}
