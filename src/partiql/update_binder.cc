#include "partiql/update_binder.h"

#include <vector>

#include "expression/operand_checks.h"
#include "partiql/token_reader.h"

namespace armature::partiql {

using expression::UpdateAction;
using expression::UpdateProgram;
using expression::UpdateTerm;

namespace {

bool is_set_function(std::string_view name) { return name == "set_add" || name == "set_delete"; }

bool is_condition_function(std::string_view name) {
  return name == "begins_with" || name == "contains" || name == "attribute_type" || name == "size" ||
         name == "attribute_exists" || name == "attribute_not_exists";
}

}  // namespace

Result<const UpdateProgram*> UpdateBinder::bind(std::span<const Assignment> assignments) {
  std::vector<UpdateAction> actions;
  for (const Assignment& assignment : assignments) {
    TRY_ASSIGN(const UpdateAction action, bind_assignment(assignment));
    actions.push_back(action);
  }
  const auto program = expression::make_update_program(actions, /*legacy=*/false, arena_);
  if (program) return *program;
  const expression::PathClash clash = program.error();
  return invalid(expression::clash_text(actions[clash.first].path, actions[clash.second].path));
}

Result<UpdateAction> UpdateBinder::bind_assignment(const Assignment& assignment) {
  UpdateAction action{.kind = UpdateAction::Kind::kRemove, .path = assignment.path, .term = nullptr, .value = {}};
  if (assignment.value == nullptr) return action;
  if (assignment.value->kind == Node::Kind::kCall && is_set_function(assignment.value->name)) {
    return bind_set_function(assignment);
  }
  action.kind = UpdateAction::Kind::kSet;
  TRY_ASSIGN(action.term, bind_term(*assignment.value));
  return action;
}

Result<UpdateAction> UpdateBinder::bind_set_function(const Assignment& assignment) {
  const Node& call = *assignment.value;
  if (call.children.size() != 2) {
    return invalid(expression::wrong_operand_count_text(call.name, call.children.size()));
  }
  const Node& target = *call.children[0];
  if (target.kind != Node::Kind::kPath) return invalid(expression::path_required_text(call.name));
  if (relation(target.path, assignment.path) != PathRelation::kSame) {
    return malformed("The first operand of " + std::string(call.name) + " must be the path that is set", target.at);
  }
  UpdateAction action{.kind = call.name == "set_add" ? UpdateAction::Kind::kAdd : UpdateAction::Kind::kDelete,
                      .path = assignment.path,
                      .term = nullptr,
                      .value = {}};
  TRY_ASSIGN(action.value, values_.bind(*call.children[1]));
  if (is_set(action.value.type())) return action;
  return invalid(expression::wrong_operand_type_text(call.name, type_name(action.value.type())));
}

Result<const UpdateTerm*> UpdateBinder::bind_term(const Node& node) {
  if (ValueBinder::is_value(node)) {
    TRY_ASSIGN(const Value value, values_.bind(node));
    return expression::make_value_term(value, arena_);
  }
  switch (node.kind) {
    case Node::Kind::kPath: return expression::make_path_term(node.path, arena_);
    case Node::Kind::kPlus: return bind_binary(node, UpdateTerm::Kind::kPlus, "+");
    case Node::Kind::kMinus: return bind_binary(node, UpdateTerm::Kind::kMinus, "-");
    case Node::Kind::kCall: return bind_call(node);
    case Node::Kind::kExists: return invalid("EXISTS can only be used in ExecuteTransaction write requests.");
    default: return malformed("Expected a value", node.at);
  }
}

Result<const UpdateTerm*> UpdateBinder::bind_call(const Node& node) {
  const std::string name(node.name);
  if (is_condition_function(name)) {
    return invalid("The function is not allowed in an update expression; function: " + name);
  }
  if (is_set_function(name)) {
    return invalid("The function is not allowed to be used this way in an expression; function: " + name);
  }
  if (name != "list_append" && name != "if_not_exists") return invalid("Invalid function name; function: " + name);
  if (node.children.size() != 2) return invalid(expression::wrong_operand_count_text(name, node.children.size()));
  if (name == "list_append") return bind_binary(node, UpdateTerm::Kind::kListAppend, name);
  const Node& tested = *node.children[0];
  if (tested.kind != Node::Kind::kPath) return invalid(expression::path_required_text(name));
  TRY_ASSIGN(const UpdateTerm* const otherwise, bind_term(*node.children[1]));
  return expression::make_if_not_exists(tested.path, otherwise, arena_);
}

Result<const UpdateTerm*> UpdateBinder::bind_binary(const Node& node, UpdateTerm::Kind kind,
                                                    std::string_view operation) {
  TRY_ASSIGN(const UpdateTerm* const left, bind_term(*node.children[0]));
  TRY_ASSIGN(const UpdateTerm* const right, bind_term(*node.children[1]));
  if (expression::Fault fault = expression::binary_term_fault(kind, operation, *left, *right)) {
    return invalid(std::move(*fault));
  }
  return expression::make_binary_term(kind, left, right, arena_);
}

}  // namespace armature::partiql
