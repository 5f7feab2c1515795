// The tree of a PartiQL statement: what its text says, before its parameters have values and its table is known. Made
// once for a text and kept (parse_cache.h); bind.h turns it into the trees of expression/ for one request.
//
// Nodes are immutable and live, with all they borrow, in the ParsedStatement; safe to read from any thread.
// Source: Developer Guide, "PartiQL statements for DynamoDB".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "expression/ast.h"
#include "model/document_path.h"
#include "model/error.h"
#include "model/value.h"
#include "partiql/token.h"

namespace armature::partiql {

struct Node;
using Nodes = std::span<const Node* const>;

struct Node {
  enum class Kind : std::uint8_t {
    kLiteral,
    kParameter,  // ?
    kList,       // [children]
    kSet,        // <<children>>
    kMap,        // {names: children}
    kPath,
    kCall,  // name(children)
    kPlus,  // Two children.
    kMinus,
    kAnd,  // Two or more children, as kOr.
    kOr,
    kNot,         // One child.
    kComparison,  // Two children.
    kBetween,     // children[1] <= children[0] <= children[2].
    kIn,          // children[0] equals one of the others; or the one other is a parameter, or a list in one.
    kIsMissing,   // One child.
    kIsNull,      // One child.
    kExists,      // EXISTS(SELECT …) where a condition stands: never allowed there.
  };
  Kind kind = Kind::kLiteral;
  expression::Comparison comparison = expression::Comparison::kEqual;
  bool listed = false;  // kIn: the members are written out.
  Position at;
  Value literal;
  std::uint32_t parameter = 0;  // From 0, in text order.
  DocumentPath path;
  std::string_view name;  // kCall: in lower case. kComparison: the sign as written.
  std::span<const std::string_view> names;
  Nodes children;
};

struct Source {
  std::string_view table;  // A name or an ARN.
  std::optional<std::string_view> index;
};

struct Column {
  DocumentPath path;
  // What the value is called in the reply: the last name of the path with the indexes behind it. `m.x.y` comes as `y`,
  // `l[1]` as `l[1]`.
  std::string_view name;
};

struct OrderTerm {
  std::string_view attribute;
  bool ascending = true;
};

struct Assignment {
  DocumentPath path;
  const Node* value = nullptr;  // nullptr: REMOVE.
};

enum class Returning : std::uint8_t { kNothing, kAllOld, kModifiedOld, kAllNew, kModifiedNew };

struct Statement {
  enum class Kind : std::uint8_t { kSelect, kInsert, kUpdate, kDelete, kExists };
  Kind kind = Kind::kSelect;
  Source source;
  std::uint32_t parameters = 0;             // How many `?` there are.
  const Node* where = nullptr;              // nullptr: none. Of kExists, that of its SELECT.
  std::span<const Column> columns;          // kSelect; empty: *.
  std::span<const OrderTerm> order;         // kSelect.
  const Node* item = nullptr;               // kInsert.
  std::span<const Assignment> assignments;  // kUpdate.
  Returning returning = Returning::kNothing;

  bool is_read() const { return kind == Kind::kSelect; }
};

// A statement with the memory it lives in.
class ParsedStatement {
 public:
  // DynamoDB's errors, complete: "Statement wasn't well formed, can't be processed: …", "Aliasing is not supported", …
  static Result<std::shared_ptr<const ParsedStatement>> parse(std::string_view text);

  const Statement& statement() const { return statement_; }
  const std::string& text() const { return text_; }

 private:
  explicit ParsedStatement(std::string_view text) : text_(text) {}

  const std::string text_;
  Arena arena_;
  Statement statement_;
};
using StatementRef = std::shared_ptr<const ParsedStatement>;

}  // namespace armature::partiql
