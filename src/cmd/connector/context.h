// What the connector's commands share: stores, the loop that carries sockets, connections by name, and how they speak.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "base/thread_executor.h"
#include "connector/client.h"
#include "connector/file_store.h"
#include "connector/loop_thread.h"
#include "connector/open_connection.h"
#include "connector/run_query.h"
#include "connector/saved_connection.h"

namespace CLI {
class App;
}

namespace armature::cmd {

// Why a command ends without having done its work: what is printed on standard error, and what to do next.
struct Failure {
  std::string message;
  std::string remedy;
  int status = 1;  // 2: it was called wrongly.
};

class CommandContext {
 public:
  CommandContext();
  ~CommandContext();

  // Adds a command's action, to be run when `command` was parsed.
  void on(const CLI::App* command, std::function<Expected<void, Failure>()> action);
  std::optional<int> run();

  const Clock& clock() const { return clock_; }
  // Starts with the first use: commands that send nothing need no thread.
  connector::LoopThread* loop();

  Expected<connector::FileConnectionStore, Failure> connections() const;
  Expected<connector::FileQueryStore, Failure> queries() const;

  // The saved connection of that name; "profile:NAME" is one of the AWS CLI's. Empty: ARMATURE_CONNECTION, else the
  // only one that is saved, else the AWS_* variables.
  Expected<connector::SavedConnection, Failure> find_connection(std::string name) const;
  Expected<std::unique_ptr<connector::OpenConnection>, Failure> open_connection(const std::string& name);

 private:
  Expected<connector::SavedConnection, Failure> default_connection() const;

  SystemClock clock_;
  std::unique_ptr<connector::LoopThread> loop_;
  std::vector<std::pair<const CLI::App*, std::function<Expected<void, Failure>()>>> actions_;
};

Unexpected<Failure> failed(std::string message, std::string remedy = {}, int status = 1);
// Of a call: the error, and what it means for this connection.
Unexpected<Failure> failed(const connector::CallError& error, const connector::SavedConnection& connection);
inline Unexpected<Failure> failed(connector::StoreError error) { return failed(std::move(error.message)); }

// Prints "armature: message" and the remedy on standard error.
void report(const Failure& failure);

// Whether standard error, or output, is a terminal to draw on.
bool is_terminal(int descriptor);

// The commands, each in its own file.
void add_connection_command(CLI::App* app, CommandContext* context);
void add_query_command(CLI::App* app, CommandContext* context);
void add_sql_command(CLI::App* app, CommandContext* context);
void add_copy_command(CLI::App* app, CommandContext* context);
void add_file_commands(CLI::App* app, CommandContext* context);

// The JSON of a variable's value as typed on a command line: of texts the text itself, of others JSON.
std::string value_json(const std::string& text, connector::VariableType type);
// "12 items of 80 read, 0.5 units, 1.2 ms".
std::string run_summary(const connector::QueryPage& page, std::size_t items, int pages);

}  // namespace armature::cmd
