#include "expression/ast.h"

namespace armature::expression {

Operand path_operand(const DocumentPath& path) { return {.kind = Operand::Kind::kPath, .path = path, .value = {}}; }
Operand value_operand(const Value& value) { return {.kind = Operand::Kind::kValue, .path = {}, .value = value}; }
Operand size_operand(const DocumentPath& path) {
  return {.kind = Operand::Kind::kSizeOfPath, .path = path, .value = {}};
}

namespace {

const Condition* make_connective(Condition::Kind kind, std::span<const Condition* const> children, Arena* arena) {
  auto* condition = arena->create<Condition>();
  condition->kind = kind;
  condition->children = arena->copy_array(children);
  return condition;
}

}  // namespace

const Condition* make_and(std::span<const Condition* const> children, Arena* arena) {
  return make_connective(Condition::Kind::kAnd, children, arena);
}

const Condition* make_or(std::span<const Condition* const> children, Arena* arena) {
  return make_connective(Condition::Kind::kOr, children, arena);
}

const Condition* make_not(const Condition* child, Arena* arena) {
  return make_connective(Condition::Kind::kNot, {&child, 1}, arena);
}

const Condition* make_comparison(Comparison comparison, const Operand& left, const Operand& right, Arena* arena) {
  auto* operands = arena->allocate_array<Operand>(2);
  operands[0] = left;
  operands[1] = right;
  auto* condition = arena->create<Condition>();
  condition->kind = Condition::Kind::kComparison;
  condition->comparison = comparison;
  condition->operands = {operands, 2};
  return condition;
}

const Condition* make_test(Condition::Kind kind, std::span<const Operand> operands, Arena* arena) {
  auto* condition = arena->create<Condition>();
  condition->kind = kind;
  condition->operands = arena->copy_array(operands);
  return condition;
}

const Condition* make_test(Condition::Kind kind, std::initializer_list<Operand> operands, Arena* arena) {
  return make_test(kind, std::span(operands.begin(), operands.size()), arena);
}

const Condition* make_type_test(const Operand& operand, Type type, Arena* arena) {
  auto* condition = arena->create<Condition>();
  condition->kind = Condition::Kind::kAttributeType;
  condition->attribute_type = type;
  condition->operands = arena->copy_array(std::span(&operand, 1));
  return condition;
}

DocumentPath make_top_level_path(std::string_view name, Arena* arena) {
  return {std::span<const PathStep>(arena->create<PathStep>(PathStep::attribute(name)), 1)};
}

const UpdateTerm* make_value_term(const Value& value, Arena* arena) {
  auto* term = arena->create<UpdateTerm>();
  term->kind = UpdateTerm::Kind::kValue;
  term->value = value;
  return term;
}

const UpdateTerm* make_path_term(const DocumentPath& path, Arena* arena) {
  auto* term = arena->create<UpdateTerm>();
  term->kind = UpdateTerm::Kind::kPath;
  term->path = path;
  return term;
}

const UpdateTerm* make_if_not_exists(const DocumentPath& path, const UpdateTerm* otherwise, Arena* arena) {
  auto* term = arena->create<UpdateTerm>();
  term->kind = UpdateTerm::Kind::kIfNotExists;
  term->path = path;
  term->left = otherwise;
  return term;
}

const UpdateTerm* make_binary_term(UpdateTerm::Kind kind, const UpdateTerm* left, const UpdateTerm* right,
                                   Arena* arena) {
  auto* term = arena->create<UpdateTerm>();
  term->kind = kind;
  term->left = left;
  term->right = right;
  return term;
}

Expected<const UpdateProgram*, PathClash> make_update_program(std::span<const UpdateAction> actions, bool legacy,
                                                              Arena* arena) {
  auto* program = arena->create<UpdateProgram>();
  program->actions = arena->copy_array(actions);
  program->legacy = legacy;
  auto* paths = arena->allocate_array<DocumentPath>(actions.size());
  for (std::size_t i = 0; i < actions.size(); ++i) paths[i] = actions[i].path;
  TRY_ASSIGN(program->targets, build_path_tree({paths, actions.size()}, arena));
  return program;
}

}  // namespace armature::expression
