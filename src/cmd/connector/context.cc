#include "cmd/connector/context.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "cmd/connector/commands.h"
#include "connector/aws_profiles.h"
#include "connector/explain_error.h"
#include "connector/near_names.h"

namespace armature::cmd {

ConnectorCommands::ConnectorCommands(CLI::App* app) : context_(std::make_unique<CommandContext>()) {
  add_connection_command(app, context_.get());
  add_query_command(app, context_.get());
  add_sql_command(app, context_.get());
  add_copy_command(app, context_.get());
  add_file_commands(app, context_.get());
}
ConnectorCommands::~ConnectorCommands() = default;
std::optional<int> ConnectorCommands::run() { return context_->run(); }

CommandContext::CommandContext() = default;
CommandContext::~CommandContext() = default;

void CommandContext::on(const CLI::App* command, std::function<Expected<void, Failure>()> action) {
  actions_.emplace_back(command, std::move(action));
}

std::optional<int> CommandContext::run() {
  for (const auto& [command, action] : actions_) {
    if (!command->parsed()) continue;
    const auto done = action();
    if (done) return 0;
    report(done.error());
    return done.error().status;
  }
  return std::nullopt;
}

connector::LoopThread* CommandContext::loop() {
  if (loop_ == nullptr) loop_ = std::make_unique<connector::LoopThread>();
  return loop_.get();
}

Expected<connector::FileConnectionStore, Failure> CommandContext::connections() const {
  auto directory = connector::config_directory();
  if (!directory) return failed(std::move(directory.error()));
  return connector::FileConnectionStore(std::move(*directory));
}

Expected<connector::FileQueryStore, Failure> CommandContext::queries() const {
  auto directory = connector::config_directory();
  if (!directory) return failed(std::move(directory.error()));
  return connector::FileQueryStore(std::move(*directory));
}

Expected<connector::SavedConnection, Failure> CommandContext::find_connection(std::string name) const {
  constexpr std::string_view kProfile = "profile:";
  if (name.empty()) {
    const char* const variable = std::getenv("ARMATURE_CONNECTION");
    if (variable == nullptr || *variable == '\0') return default_connection();
    name = variable;
  }
  if (name.starts_with(kProfile)) {
    auto configuration = connector::read_aws_configuration();
    if (!configuration) return failed(configuration.error());
    auto connection = connector::connection_of_profile(*configuration, name.substr(kProfile.size()));
    if (!connection) return failed(connection.error());
    return std::move(*connection);
  }
  TRY_ASSIGN(auto store, connections());
  auto all = sync_wait(store.list());
  if (!all) return failed(std::move(all.error()));
  std::vector<std::string_view> names;
  for (connector::SavedConnection& connection : *all) {
    if (connection.name == name) return std::move(connection);
    names.push_back(connection.name);
  }
  return failed(fmt::format("there is no connection '{}'; {}", name, connector::did_you_mean(name, names)),
                "Add it with `armature connection add`, or see them with `armature connection list`.");
}

Expected<connector::SavedConnection, Failure> CommandContext::default_connection() const {
  TRY_ASSIGN(auto store, connections());
  auto all = sync_wait(store.list());
  if (!all) return failed(std::move(all.error()));
  if (all->size() == 1) return std::move(all->front());
  auto configuration = connector::read_aws_configuration();
  if (configuration) {
    if (auto connection = connector::connection_of_environment(*configuration)) return std::move(*connection);
  }
  if (all->empty()) {
    return failed(
        "there is no connection to use",
        "Add one with `armature connection add`, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL.",
        2);
  }
  return failed("several connections are saved, and none was named",
                "Name one, or set ARMATURE_CONNECTION; `armature connection list` shows them.", 2);
}

Expected<std::unique_ptr<connector::OpenConnection>, Failure> CommandContext::open_connection(const std::string& name) {
  TRY_ASSIGN(connector::SavedConnection saved, find_connection(name));
  const std::string shown = saved.name;
  auto opened = connector::OpenConnection::open(std::move(saved), loop(), &clock_);
  if (!opened) {
    return failed(fmt::format("connection '{}' cannot be used: {}", shown, opened.error()),
                  fmt::format("Correct it with `armature connection edit {}`.", shown));
  }
  return std::move(*opened);
}

Unexpected<Failure> failed(std::string message, std::string remedy, int status) {
  return Unexpected(Failure{std::move(message), std::move(remedy), status});
}

Unexpected<Failure> failed(const connector::CallError& error, const connector::SavedConnection& connection) {
  const connector::Explanation why = connector::explain_error(error, connection);
  return failed(why.cause.empty() ? error.text() : fmt::format("{} ({})", why.cause, error.text()), why.remedy);
}

void report(const Failure& failure) {
  std::fflush(stdout);
  fmt::print(stderr, "armature: {}\n", failure.message);
  if (!failure.remedy.empty()) fmt::print(stderr, "  {}\n", failure.remedy);
}

bool is_terminal(int descriptor) { return isatty(descriptor) != 0; }

}  // namespace armature::cmd
