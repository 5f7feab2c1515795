// `armature sql`: PartiQL and operations, at a prompt or from a script.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cmd/connector/context.h"
#include "cmd/connector/line_editor.h"
#include "cmd/connector/shell.h"

namespace armature::cmd {
namespace {

struct SqlOptions {
  std::string connection;
  std::string file;
  std::vector<std::string> statements;
  std::string format;
};

std::string history_file() {
  const auto directory = connector::config_directory();
  // The directory exists once a connection is saved; without one there is no history either.
  if (!directory || access(directory->c_str(), W_OK) != 0) return "";
  return *directory + "/history";
}

Expected<void, Failure> converse(Shell* shell) {
  std::string buffer;
  LineEditor editor(history_file(), [shell, &buffer](std::string_view before, std::string_view word) {
    return shell->complete(buffer + std::string(before), word);
  });
  fmt::print("Statements end with ';'. \\? is help, \\q ends.\n");
  bool quit = false;
  while (!quit) {
    const bool continued = buffer.find_first_not_of(" \t\n") != std::string::npos;
    LineEditor::Line line = editor.read(shell->prompt(continued));
    if (line.end == LineEditor::End::kEndOfFile) break;
    if (line.end == LineEditor::End::kInterrupted) {
      buffer.clear();
      fmt::print("\n");
      continue;
    }
    if (!continued && (line.text == "quit" || line.text == "exit")) break;
    if (!continued && line.text == "help") line.text = "\\?";
    const std::size_t begin = line.text.find_first_not_of(" \t");
    if (!continued && begin != std::string::npos && line.text[begin] == '\\') {
      editor.remember(line.text);
      if (const auto done = shell->run_command(line.text, &quit); !done) report(done.error());
      continue;
    }
    buffer += line.text + '\n';
    while (auto statement = take_statement(&buffer)) {
      editor.remember(*statement + ";");
      if (const auto done = shell->run_statement(*statement); !done) report(done.error());
    }
  }
  if (!quit) fmt::print("\n");
  return {};
}

Expected<void, Failure> sql(CommandContext* context, const SqlOptions& options) {
  const bool script = !options.file.empty() || !options.statements.empty();
  const bool interactive = !script && is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO);
  std::string format_name = options.format;
  if (format_name.empty()) format_name = is_terminal(STDOUT_FILENO) ? "table" : "json";
  const auto format = find_row_format(format_name);
  if (!format) return failed(fmt::format("--format is '{}'; it must be {}", format_name, kRowFormats), "", 2);
  TRY_ASSIGN(auto connection, context->open_connection(options.connection));
  Shell shell(context, std::move(connection), *format, interactive);
  if (interactive) return converse(&shell);
  for (const std::string& statement : options.statements) TRY(shell.run_script(statement, ""));
  if (!options.statements.empty()) return {};
  if (options.file.empty() || options.file == "-")
    return shell.run_script(std::string(std::istreambuf_iterator<char>(std::cin), {}), "standard input");
  std::ifstream file(options.file);
  if (!file) return failed(fmt::format("cannot read {}", options.file), "", 2);
  return shell.run_script(std::string(std::istreambuf_iterator<char>(file), {}), options.file);
}

}  // namespace

void add_sql_command(CLI::App* app, CommandContext* context) {
  CLI::App* const command = app->add_subcommand("sql", "PartiQL and operations, at a prompt or from a script");
  const auto options = std::make_shared<SqlOptions>();
  command->add_option(
      "connection", options->connection,
      "Connection; profile:NAME is one of the AWS CLI's. Default ARMATURE_CONNECTION, the only one saved, or AWS_*");
  command->add_option("-f,--file", options->file, "Run this file; - is standard input");
  command->add_option("-e,--execute", options->statements, "Run this statement, repeatable");
  command->add_option("--format", options->format,
                      "table, expanded, json, dynamodb or csv; default table on a terminal, else json");
  context->on(command, [=] { return sql(context, *options); });
}

}  // namespace armature::cmd
