// The trees of expressions: what a condition, an update or a projection means once its placeholders are resolved. The
// parser of this folder, the legacy parameters and PartiQL all end up here, so there is one evaluator.
//
// Nodes are immutable and live in the request's arena, as does or longer what they borrow: names from the request's
// text or placeholders, values from its decoded attributes. Make nodes with the make_* functions below. They check
// nothing: who builds from user input makes the checks first. Safe to read from any thread that may read the arena.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "expression/path_tree.h"
#include "model/document_path.h"
#include "model/value.h"

namespace armature::expression {

// --- Conditions ---

struct Operand {
  enum class Kind : std::uint8_t {
    kPath,
    kValue,
    kSizeOfPath,   // size(path): missing when what is there has no size.
    kSizeOfValue,  // size(:v), already computed: `value` is the number.
  };
  Kind kind = Kind::kValue;
  DocumentPath path;  // kPath, kSizeOfPath.
  Value value;        // kValue, kSizeOfValue.

  bool has_path() const { return kind == Kind::kPath || kind == Kind::kSizeOfPath; }
};

Operand path_operand(const DocumentPath& path);
Operand value_operand(const Value& value);
Operand size_operand(const DocumentPath& path);

enum class Comparison : std::uint8_t { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

struct Condition {
  enum class Kind : std::uint8_t {
    kAnd,              // Of `children`; true when there are none.
    kOr,               // Of `children`; false when there are none.
    kNot,              // Of the one child.
    kComparison,       // operands[0] `comparison` operands[1].
    kBetween,          // operands[1] <= operands[0] <= operands[2].
    kIn,               // operands[0] equals one of the others.
    kAttributeExists,  // operands[0] is a path, as in the next.
    kAttributeNotExists,
    kAttributeType,  // operands[0] is of `attribute_type`.
    kBeginsWith,     // operands[0] begins with operands[1].
    kContains,       // operands[0] contains operands[1].
  };
  Kind kind = Kind::kAnd;
  Comparison comparison = Comparison::kEqual;
  Type attribute_type = Type::kString;
  std::span<const Condition* const> children;
  std::span<const Operand> operands;
};

const Condition* make_and(std::span<const Condition* const> children, Arena* arena);
const Condition* make_or(std::span<const Condition* const> children, Arena* arena);
const Condition* make_not(const Condition* child, Arena* arena);
const Condition* make_comparison(Comparison comparison, const Operand& left, const Operand& right, Arena* arena);
// kBetween, kIn, kAttributeExists, kAttributeNotExists, kBeginsWith and kContains.
const Condition* make_test(Condition::Kind kind, std::span<const Operand> operands, Arena* arena);
const Condition* make_test(Condition::Kind kind, std::initializer_list<Operand> operands, Arena* arena);
const Condition* make_type_test(const Operand& operand, Type type, Arena* arena);

// A path of one step.
DocumentPath make_top_level_path(std::string_view name, Arena* arena);

// --- Updates ---

// The right-hand side of a SET.
struct UpdateTerm {
  enum class Kind : std::uint8_t {
    kValue,
    kPath,         // An error when it leads nowhere.
    kIfNotExists,  // What `path` leads to, or else `left`.
    kListAppend,   // `left` then `right`.
    kPlus,         // `left` + `right`.
    kMinus,
  };
  Kind kind = Kind::kValue;
  Value value;
  DocumentPath path;
  const UpdateTerm* left = nullptr;
  const UpdateTerm* right = nullptr;
};

const UpdateTerm* make_value_term(const Value& value, Arena* arena);
const UpdateTerm* make_path_term(const DocumentPath& path, Arena* arena);
const UpdateTerm* make_if_not_exists(const DocumentPath& path, const UpdateTerm* otherwise, Arena* arena);
// kListAppend, kPlus and kMinus.
const UpdateTerm* make_binary_term(UpdateTerm::Kind kind, const UpdateTerm* left, const UpdateTerm* right,
                                   Arena* arena);

struct UpdateAction {
  enum class Kind : std::uint8_t {
    kSet,  // To `term`.
    kRemove,
    kAdd,     // `value`, a number or a set; in a legacy program also a list.
    kDelete,  // The members of `value`, a set.
  };
  Kind kind = Kind::kRemove;
  DocumentPath path;
  const UpdateTerm* term = nullptr;
  Value value;
};

struct UpdateProgram {
  std::span<const UpdateAction> actions;  // In text order.
  const PathTree* targets = nullptr;      // The paths of `actions`, by position.
  // Made from AttributeUpdates, whose ADD joins lists and whose type errors read differently.
  bool legacy = false;
};

// Fails when the paths of two actions overlap or conflict; clash_text() (path_tree.h) words it.
Expected<const UpdateProgram*, PathClash> make_update_program(std::span<const UpdateAction> actions, bool legacy,
                                                              Arena* arena);

}  // namespace armature::expression
