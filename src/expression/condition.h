// Conditions: what guards a write, filters a read, or picks a key range. One tree and one evaluator for
// ConditionExpression, FilterExpression, KeyConditionExpression, the legacy Expected, QueryFilter, ScanFilter and
// KeyConditions, and PartiQL's WHERE. Source: Developer Guide, "Condition and filter expressions, operators, and
// functions in DynamoDB".
//
// A tree is immutable once made and lives in the arena it was made in, along with everything it borrows from the
// request.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "expression/placeholders.h"
#include "model/document_path.h"
#include "model/error.h"
#include "model/item.h"
#include "model/key_schema.h"
#include "model/value.h"

namespace armature::expression {

// The parameter a text came in; error texts name it: "Invalid FilterExpression: …".
enum class Parameter : std::uint8_t { kCondition, kFilter, kKeyCondition, kProjection, kUpdate };
std::string_view parameter_name(Parameter parameter);  // "ConditionExpression", …

struct Operand;    // A path, a value, or size(path-or-value). expression/ast.h.
struct Condition;  // A node: AND, OR, NOT, a comparison, BETWEEN, IN, or a boolean function. expression/ast.h.

// Parses `text`, resolves its placeholders (marking them used) and makes every check that needs no item, with
// DynamoDB's messages and order. `parameter` is kCondition, kFilter or kKeyCondition.
Result<const Condition*> bind_condition(std::string_view text, Parameter parameter, Placeholders* placeholders,
                                        Arena* arena);

// Whether `item` (nullptr: there is none) satisfies the condition. Total: an operand of the wrong type in the item
// makes a comparison false, never an error. `arena` takes what decoding needs.
bool evaluate(const Condition& condition, const ItemView* item, Arena* arena);

// Calls visit(name) for the top-level attribute of every path in the condition; may repeat names.
void for_each_attribute(const Condition& condition, void (*visit)(void* context, std::string_view name), void* context);

// The first attribute of `schema` named anywhere in `condition`; nullptr when there is none: a filter of a Query may
// not name one.
const KeyAttribute* first_key_attribute(const Condition& condition, const KeySchema& schema);

// Whose key a schema is; the error of the checks below names it.
enum class KeyKind : std::uint8_t { kTable, kIndex };

// Refuses a path into a key attribute of `schema`: "Key attributes must be scalars; list random access '[]' and map
// lookup '.' are not allowed: Key: p".
Result<void> check_key_is_scalar(const DocumentPath& path, const KeySchema& schema, KeyKind kind);
Result<void> check_keys_are_scalars(const Condition& condition, const KeySchema& schema, KeyKind kind);

// --- Key conditions ---

enum class SortOperator : std::uint8_t {
  kNone,
  kEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kBetween,
  kBeginsWith
};

// A key condition reduced to a key schema: one value for each partition key attribute, then equalities on the first
// sort key attributes, then at most one other test on the next. Values borrow from the request.
struct KeyCondition {
  std::span<const Value> partition;   // As many as schema.partition.
  std::span<const Value> sort_equal;  // Leading sort key attributes tested with '='; kEqual tests end up here.
  SortOperator sort_operator = SortOperator::kNone;  // On the attribute after sort_equal; never kEqual.
  Value low;                                         // Its operand, or lower bound of kBetween.
  Value high;                                        // Upper bound of kBetween.
};

// Reduces a bound KeyConditionExpression to `schema`, with DynamoDB's errors ("Query condition missed key schema
// element: pk", …).
Result<KeyCondition> reduce_key_condition(const Condition& condition, const KeySchema& schema, Arena* arena);

}  // namespace armature::expression
