// The statements and commands of `armature sql`, wherever they come from: PartiQL, operations as JSON, and commands
// that begin with a backslash.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/connector/context.h"
#include "cmd/connector/rows.h"
#include "connector/table_keys.h"

namespace armature::cmd {

// Takes the first whole statement off the front of `*text`: up to its ';', or, of an operation with JSON ("GetItem
// {…}"), to the end of the JSON. nullopt: none is whole yet. Blanks and comments alone are no statement.
std::optional<std::string> take_statement(std::string* text);

class Shell {
 public:
  // `interactive`: results come page by page, and the user is asked before the next one.
  Shell(CommandContext* context, std::unique_ptr<connector::OpenConnection> connection, RowFormat format,
        bool interactive);

  Expected<void, Failure> run_statement(const std::string& statement);
  // Statements and commands, to the first that fails; the failure then begins with `name` and its line, unless `name`
  // is empty.
  Expected<void, Failure> run_script(std::string text, const std::string& name);
  // A line that begins with a backslash. `*quit` is set by \q.
  Expected<void, Failure> run_command(const std::string& line, bool* quit);

  std::string prompt(bool continued) const;
  // What may follow `before`, the statement up to here, of which `word` was typed already.
  std::vector<std::string> complete(std::string_view before, std::string_view word);

 private:
  struct Operation {
    std::string name;
    std::string body;
  };
  static std::optional<Operation> as_operation(const std::string& statement);
  Expected<void, Failure> run_query(connector::SavedQuery query);
  bool wants_more();
  void print_page(const connector::QueryPage& page);
  void learn(const connector::QueryPage& page);

  Expected<std::vector<std::string>, Failure> table_names();
  std::vector<std::string> connection_names() const;
  Expected<void, Failure> list_tables();
  Expected<void, Failure> describe(const std::string& table);
  Expected<void, Failure> connect(const std::string& name);
  Expected<void, Failure> include(const std::string& path);
  const connector::TableKeys* keys_of(const std::string& table);

  CommandContext* const context_;
  std::unique_ptr<connector::OpenConnection> connection_;
  RowFormat format_;
  const bool interactive_;
  bool timing_ = true;
  bool all_pages_ = false;  // The user asked for all the rest.
  int include_depth_ = 0;
  std::optional<std::vector<std::string>> tables_;  // Known since asked for; for completion.
  std::map<std::string, std::optional<connector::TableKeys>> keys_;
  std::vector<std::string> attributes_;  // Seen in results and keys.
};

}  // namespace armature::cmd
