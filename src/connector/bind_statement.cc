#include "connector/bind_statement.h"

#include <fmt/format.h>

#include <vector>

#include "connector/partiql_text.h"
#include "wire/json.h"

namespace armature::connector {
namespace {

// PartiQL also takes IN [a, b].
bool inside_in_brackets(const std::string& before) {
  const std::size_t open = before.find_last_of("[]");
  return open != std::string::npos && before[open] == '[' && is_inside_in(before.substr(0, open) + "(");
}
bool in_list(const std::string& before) { return is_inside_in(before) || inside_in_brackets(before); }

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

Expected<void, BindError> bind_piece(const Piece& piece, const BoundVariables& variables, std::string* statement,
                                     std::vector<std::string>* parameters) {
  if (piece.kind == PieceKind::kVariable) {
    const auto parts = split_template(piece.text);
    if (parts.size() != 1 || !parts[0].variable) return bind_failure(fmt::format("{} is no variable", piece.text));
    const std::string_view name = parts[0].text;
    if (name == kLastKey)
      return bind_failure("{{$page.lastKey}} has no place in a statement: pages of statements go on by themselves");
    if (variables.at(name).type == VariableType::kName) {
      *statement += quoted(variables.at(name).value);
      return {};
    }
    if (variables.is_list(name) && in_list(*statement)) {
      TRY_ASSIGN(const std::vector<std::string> values, variables.members_of(name));
      for (std::size_t i = 0; i < values.size(); ++i) *statement += i == 0 ? "?" : ", ?";
      parameters->insert(parameters->end(), values.begin(), values.end());
      return {};
    }
    *statement += '?';
    parameters->push_back(variables.at(name).value);
    return {};
  }
  const char quote = piece.text.front();
  std::string inner;
  std::string_view raw = piece.text.substr(1);
  if (raw.ends_with(quote)) raw.remove_suffix(1);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    inner += raw[i];
    if (raw[i] == quote && i + 1 < raw.size() && raw[i + 1] == quote) ++i;
  }
  if (piece.kind == PieceKind::kIdentifier) {
    TRY_ASSIGN(const std::string name, variables.joined(split_template(inner)));
    *statement += quoted(name);
    return {};
  }
  TRY_ASSIGN(const std::string value, variables.value_of_text(inner));
  *statement += '?';
  parameters->push_back(value);
  return {};
}

}  // namespace

Expected<std::string, BindError> bind_statement(std::string_view statement, const BoundVariables& variables) {
  std::string bound;
  std::vector<std::string> parameters;
  for (const Piece& piece : cut_statement(statement)) {
    const bool is_quoted = piece.kind == PieceKind::kText || piece.kind == PieceKind::kIdentifier;
    if (piece.kind == PieceKind::kVariable || (is_quoted && has_variables(piece.text))) {
      TRY(bind_piece(piece, variables, &bound, &parameters));
    } else {
      if (piece.text == "?")
        return bind_failure(
            "a statement has either variables or parameters (?) of its own; the latter have no values here");
      bound += piece.text;
    }
  }
  std::string body;
  wire::JsonWriter writer(&body);
  writer.begin_object();
  writer.member("Statement", bound);
  if (!parameters.empty()) {
    writer.key("Parameters");
    writer.begin_array();
    for (const std::string& parameter : parameters) writer.raw(parameter);
    writer.end_array();
  }
  writer.end_object();
  return body;
}

}  // namespace armature::connector
