#include "cmd/option_sources.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>

namespace armature::cmd {
namespace {

constexpr std::string_view kPrefix = "ARMATURE_";
constexpr std::string_view kSeeHelp = "; `armature serve --help` lists them";

// "no-cors": ARMATURE_NO_CORS.
std::string variable_of(std::string_view option) {
  std::string name(kPrefix);
  for (const char letter : option) {
    name += letter == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  return name;
}

std::string value_of(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  return value != nullptr ? value : "";
}

// The names by which `option` is turned off: "no-cors".
std::vector<std::string> negated_names(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) {
    if (name.starts_with("no-") && option.check_fname(name)) names.push_back(name);
  }
  return names;
}

Expected<void, std::string> apply_negated_variables(const CLI::App& serve) {
  for (const CLI::Option* option : serve.get_options()) {
    for (const std::string& name : negated_names(*option)) {
      const std::string negated = variable_of(name);
      const std::string value = value_of(negated);
      if (value.empty()) continue;
      if (!value_of(option->get_envname()).empty()) {
        return Unexpected(option->get_envname() + " and " + negated + " are both set; keep one of them");
      }
      setenv(option->get_envname().c_str(), option->get_flag_value(name, value).c_str(), /*overwrite=*/1);
    }
  }
  return {};
}

// The file `--config FILE` or `--config=FILE` names, or ARMATURE_CONFIG; empty: none.
std::string named_config_file(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    constexpr std::string_view kName = "--config";
    if (argument == kName && i + 1 < argc) return argv[i + 1];
    if (argument.starts_with(kName) && argument.substr(kName.size()).starts_with('=')) {
      return std::string(argument.substr(kName.size() + 1));
    }
  }
  return value_of("ARMATURE_CONFIG");
}

Expected<std::vector<CLI::ConfigItem>, std::string> read_config_file(const std::string& file) {
  std::ifstream input(file);
  std::error_code error;
  if (!input || std::filesystem::is_directory(file, error)) {
    return Unexpected("cannot read the configuration file " + file);
  }
  try {
    return CLI::ConfigTOML().from_config(input);
  } catch (const CLI::Error& wrong) {
    return Unexpected(file + ": " + wrong.what());
  }
}

// What a line says, as the variable of `option` would.
Expected<std::string, std::string> value_of_line(const CLI::ConfigItem& line, const CLI::Option& option) {
  std::string value;
  for (const std::string& input : line.inputs) value += (value.empty() ? "" : ",") + input;
  if (value.empty()) return Unexpected("'" + line.name + "' has no value; leave the line out for the default");
  const bool is_list = option.get_items_expected_max() > 1;
  if (line.inputs.size() > 1 && !is_list) return Unexpected("'" + line.name + "' has more than one value");
  return option.check_fname(line.name) ? option.get_flag_value(line.name, value) : value;
}

// CLI11 reads configuration files for the program as a whole, not for one of its commands. So each line becomes the
// variable of its option, unless that is set.
Expected<void, std::string> apply_config_file(const CLI::App& serve, const std::string& file) {
  TRY_ASSIGN(const auto lines, read_config_file(file));
  std::set<const CLI::Option*> seen;
  for (const CLI::ConfigItem& line : lines) {
    if (!line.parents.empty()) {
      return Unexpected(file + ": options stand in no section, so [" + line.parents.front() + "] has to go");
    }
    const CLI::Option* option = serve.get_option_no_throw("--" + line.name);
    if (option == nullptr || option->get_envname().empty() || line.name == "config") {
      return Unexpected(file + ": there is no option '" + line.name + "'" + std::string(kSeeHelp));
    }
    if (!seen.insert(option).second) return Unexpected(file + ": '" + line.name + "' is given twice");
    const auto value = value_of_line(line, *option);
    if (!value) return Unexpected(file + ": " + value.error());
    setenv(option->get_envname().c_str(), value->c_str(), /*overwrite=*/0);
  }
  return {};
}

}  // namespace

Expected<void, std::string> apply_option_sources(const CLI::App& serve, int argc, char** argv) {
  TRY(apply_negated_variables(serve));
  const std::string file = named_config_file(argc, argv);
  if (file.empty()) return {};
  return apply_config_file(serve, file);
}

std::vector<std::string> variables_of_no_option(const CLI::App& serve) {
  // The last two are for the other commands.
  std::set<std::string, std::less<>> known = {"ARMATURE_ROOT_ACCESS_KEY_ID", "ARMATURE_ROOT_SECRET_ACCESS_KEY",
                                              "ARMATURE_CONNECTION", "ARMATURE_CONFIG_DIR"};
  for (const CLI::Option* option : serve.get_options()) {
    known.insert(option->get_envname());
    for (const std::string& name : negated_names(*option)) known.insert(variable_of(name));
  }
  std::vector<std::string> unknown;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name = std::string_view(*entry).substr(0, std::string_view(*entry).find('='));
    if (name.starts_with(kPrefix) && !known.contains(name)) unknown.emplace_back(name);
  }
  std::sort(unknown.begin(), unknown.end());
  return unknown;
}

}  // namespace armature::cmd
