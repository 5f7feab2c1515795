// Parser of PartiQL's expressions: paths, literals, conditions, the right-hand sides of SET. Precedence, loosest first:
// OR, AND, NOT, comparisons (= <> < IN BETWEEN IS), + and -, then what stands alone or in parentheses.
#pragma once

#include "partiql/statement.h"
#include "partiql/token_reader.h"

namespace armature::partiql {

// Parentheses, literals, NOTs and sums within each other; far beyond what any item may hold.
inline constexpr int kMaxExpressionDepth = 64;
// Source: Developer Guide, "Constraints in Amazon DynamoDB", "Expression parameters".
inline constexpr std::size_t kMaxPathSteps = 32;

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenReader* reader) : reader_(*reader) {}

  Result<const Node*> condition();
  // What SET assigns and INSERT inserts.
  Result<const Node*> value() { return additive(); }
  Result<DocumentPath> path();
  // A name on its own: a bare or a quoted identifier.
  Result<std::string_view> identifier(std::string_view complaint);

  std::uint32_t parameters() const { return parameters_; }

 private:
  class Deeper;

  Result<const Node*> disjunction();
  Result<const Node*> conjunction();
  Result<const Node*> negation();
  Result<const Node*> predicate();
  Result<const Node*> is_test(const Node* tested);
  Result<const Node*> between(const Node* tested, const Position& at);
  Result<const Node*> in(const Node* tested, const Position& at);
  Result<const Node*> additive();
  Result<const Node*> primary();
  Result<const Node*> keyword_or_name();
  Result<const Node*> call();
  Result<const Node*> exists();
  Result<const Node*> signed_number();
  Result<const Node*> number(const Token& token, bool negative);
  Result<const Node*> parenthesized();
  Result<const Node*> map();
  // Elements up to `close`, which is read too; behind `open`, which has been.
  Result<Nodes> elements(TokenKind close, std::string_view complaint);

  Node* create(Node::Kind kind, const Position& at, Nodes children = {}) const;
  Node* create(Node::Kind kind, const Position& at, std::initializer_list<const Node*> children) const;

  TokenReader& reader_;
  std::uint32_t parameters_ = 0;
  int depth_ = 0;
};

// Whether a bare word cannot name anything: the words of the grammar itself.
bool is_reserved(std::string_view word);

}  // namespace armature::partiql
