#include "partiql/expression_parser.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace armature::partiql {

bool is_reserved(std::string_view word) {
  static constexpr std::string_view kReserved[] = {
      "AND",     "AS",       "ASC",    "BETWEEN",   "BY",     "CASE",   "CAST",  "CREATE", "CROSS",  "DELETE",
      "DESC",    "DISTINCT", "DROP",   "EXCEPT",    "EXISTS", "FALSE",  "FROM",  "FULL",   "GROUP",  "HAVING",
      "IN",      "INNER",    "INSERT", "INTERSECT", "INTO",   "IS",     "JOIN",  "LEFT",   "LIKE",   "LIMIT",
      "MISSING", "NOT",      "NULL",   "OFFSET",    "ON",     "OR",     "ORDER", "OUTER",  "REMOVE", "RETURNING",
      "RIGHT",   "SELECT",   "SET",    "TRUE",      "UNION",  "UPDATE", "VALUE", "VALUES", "WHERE",
  };
  return std::any_of(std::begin(kReserved), std::end(kReserved),
                     [&](std::string_view keyword) { return is_keyword(word, keyword); });
}

// Counts one level of nesting for as long as it lives.
class ExpressionParser::Deeper {
 public:
  explicit Deeper(ExpressionParser* parser) : parser_(*parser) { ++parser_.depth_; }
  ~Deeper() { --parser_.depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

  Result<void> check() const {
    if (parser_.depth_ <= kMaxExpressionDepth) return {};
    return malformed("Expression is nested too deeply", parser_.reader_.peek().at);
  }

 private:
  ExpressionParser& parser_;
};

Node* ExpressionParser::create(Node::Kind kind, const Position& at, Nodes children) const {
  auto* const node = reader_.arena()->create<Node>();
  node->kind = kind;
  node->at = at;
  node->children = reader_.arena()->copy_array(children);
  return node;
}

Node* ExpressionParser::create(Node::Kind kind, const Position& at, std::initializer_list<const Node*> children) const {
  return create(kind, at, Nodes(children.begin(), children.size()));
}

// --- Conditions ---

Result<const Node*> ExpressionParser::condition() { return disjunction(); }

Result<const Node*> ExpressionParser::disjunction() {
  const Position at = reader_.peek().at;
  std::vector<const Node*> children;
  do {
    TRY_ASSIGN(const Node* const child, conjunction());
    children.push_back(child);
  } while (reader_.take_keyword("OR"));
  return children.size() == 1 ? children.front() : create(Node::Kind::kOr, at, Nodes(children));
}

Result<const Node*> ExpressionParser::conjunction() {
  const Position at = reader_.peek().at;
  std::vector<const Node*> children;
  do {
    TRY_ASSIGN(const Node* const child, negation());
    children.push_back(child);
  } while (reader_.take_keyword("AND"));
  return children.size() == 1 ? children.front() : create(Node::Kind::kAnd, at, Nodes(children));
}

Result<const Node*> ExpressionParser::negation() {
  if (!reader_.at_keyword("NOT")) return predicate();
  const Deeper deeper(this);
  TRY(deeper.check());
  const Position at = reader_.take().at;
  TRY_ASSIGN(const Node* const child, negation());
  return create(Node::Kind::kNot, at, {child});
}

namespace {

std::optional<expression::Comparison> comparison_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEqual: return expression::Comparison::kEqual;
    case TokenKind::kNotEqual: return expression::Comparison::kNotEqual;
    case TokenKind::kLess: return expression::Comparison::kLess;
    case TokenKind::kLessOrEqual: return expression::Comparison::kLessOrEqual;
    case TokenKind::kGreater: return expression::Comparison::kGreater;
    case TokenKind::kGreaterOrEqual: return expression::Comparison::kGreaterOrEqual;
    default: return std::nullopt;
  }
}

}  // namespace

Result<const Node*> ExpressionParser::predicate() {
  TRY_ASSIGN(const Node* const tested, additive());
  const Token& sign = reader_.peek();
  if (const auto comparison = comparison_of(sign.kind)) {
    reader_.take();
    TRY_ASSIGN(const Node* const right, additive());
    Node* const node = create(Node::Kind::kComparison, sign.at, {tested, right});
    node->comparison = *comparison;
    node->name = sign.text;
    return node;
  }
  if (reader_.take_keyword("IS")) return is_test(tested);
  const bool negated = reader_.at_keyword("NOT") && (reader_.at_keyword("IN", 1) || reader_.at_keyword("BETWEEN", 1));
  if (negated) reader_.take();
  const Position at = reader_.peek().at;
  const Node* node = tested;
  if (reader_.take_keyword("BETWEEN")) {
    TRY_ASSIGN(node, between(tested, at));
  } else if (reader_.take_keyword("IN")) {
    TRY_ASSIGN(node, in(tested, at));
  } else if (reader_.at_keyword("LIKE")) {
    return invalid("Unsupported operator: LIKE at " + to_text(at));
  }
  return negated ? create(Node::Kind::kNot, at, {node}) : node;
}

Result<const Node*> ExpressionParser::is_test(const Node* tested) {
  const bool negated = reader_.take_keyword("NOT");
  const Position at = reader_.peek().at;
  const Node* node = nullptr;
  if (reader_.take_keyword("MISSING")) {
    node = create(Node::Kind::kIsMissing, at, {tested});
  } else if (reader_.take_keyword("NULL")) {
    node = create(Node::Kind::kIsNull, at, {tested});
  } else {
    return malformed("Expected type name", at);
  }
  return negated ? create(Node::Kind::kNot, at, {node}) : node;
}

Result<const Node*> ExpressionParser::between(const Node* tested, const Position& at) {
  TRY_ASSIGN(const Node* const low, additive());
  TRY(reader_.expect_keyword("AND", "Expected AND after BETWEEN"));
  TRY_ASSIGN(const Node* const high, additive());
  return create(Node::Kind::kBetween, at, {tested, low, high});
}

Result<const Node*> ExpressionParser::in(const Node* tested, const Position& at) {
  std::vector<const Node*> children = {tested};
  const TokenKind open = reader_.peek().kind;
  const bool listed =
      open == TokenKind::kOpenBracket || open == TokenKind::kOpenParenthesis || open == TokenKind::kOpenSet;
  if (listed) {
    if (reader_.at_keyword("SELECT", 1)) return invalid("Only select from a single table or index is supported.");
    reader_.take();
    const TokenKind close = open == TokenKind::kOpenBracket       ? TokenKind::kCloseBracket
                            : open == TokenKind::kOpenParenthesis ? TokenKind::kCloseParenthesis
                                                                  : TokenKind::kCloseSet;
    TRY_ASSIGN(const Nodes members, elements(close, "Expected a comma or the end of the list"));
    children.insert(children.end(), members.begin(), members.end());
  } else {
    TRY_ASSIGN(const Node* const list, primary());
    if (list->kind != Node::Kind::kParameter) return malformed("Expected a list after IN", list->at);
    children.push_back(list);
  }
  Node* const node = create(Node::Kind::kIn, at, Nodes(children));
  node->listed = listed;
  return node;
}

// --- Values ---

Result<const Node*> ExpressionParser::additive() {
  TRY_ASSIGN(const Node* left, primary());
  const int depth_before = depth_;
  while (reader_.at(TokenKind::kPlus) || reader_.at(TokenKind::kMinus)) {
    // A sum of many terms is a deep tree.
    if (++depth_ > kMaxExpressionDepth) return malformed("Expression is nested too deeply", reader_.peek().at);
    const Token& sign = reader_.take();
    TRY_ASSIGN(const Node* const right, primary());
    left = create(sign.kind == TokenKind::kPlus ? Node::Kind::kPlus : Node::Kind::kMinus, sign.at, {left, right});
  }
  depth_ = depth_before;
  if (reader_.at(TokenKind::kOther) || reader_.at(TokenKind::kStar)) {
    return invalid("Unsupported operator: " + std::string(reader_.peek().text) + " at " + to_text(reader_.peek().at));
  }
  return left;
}

Result<const Node*> ExpressionParser::primary() {
  const Deeper deeper(this);
  TRY(deeper.check());
  const Token& token = reader_.peek();
  switch (token.kind) {
    case TokenKind::kWord: return keyword_or_name();
    case TokenKind::kQuotedIdentifier: {
      TRY_ASSIGN(const DocumentPath steps, path());
      Node* const node = create(Node::Kind::kPath, token.at);
      node->path = steps;
      return node;
    }
    case TokenKind::kString: {
      Node* const node = create(Node::Kind::kLiteral, token.at);
      node->literal = Value::string(reader_.content_of(reader_.take()));
      return node;
    }
    case TokenKind::kNumber: return number(reader_.take(), false);
    case TokenKind::kPlus:
    case TokenKind::kMinus: return signed_number();
    case TokenKind::kParameter: {
      Node* const node = create(Node::Kind::kParameter, reader_.take().at);
      node->parameter = parameters_++;
      return node;
    }
    case TokenKind::kOpenParenthesis: return parenthesized();
    case TokenKind::kOpenBracket: {
      reader_.take();
      TRY_ASSIGN(const Nodes children, elements(TokenKind::kCloseBracket, "Expected a comma or the end of the list"));
      return create(Node::Kind::kList, token.at, children);
    }
    case TokenKind::kOpenSet: {
      reader_.take();
      TRY_ASSIGN(const Nodes children, elements(TokenKind::kCloseSet, "Expected a comma or the end of the set"));
      return create(Node::Kind::kSet, token.at, children);
    }
    case TokenKind::kOpenBrace: return map();
    default: return malformed("Unexpected term", token.at);
  }
}

Result<const Node*> ExpressionParser::keyword_or_name() {
  const Token& word = reader_.peek();
  const auto literal = [&](const Value& value) {
    Node* const node = create(Node::Kind::kLiteral, reader_.take().at);
    node->literal = value;
    return node;
  };
  if (is_keyword(word.text, "TRUE")) return literal(Value::boolean(true));
  if (is_keyword(word.text, "FALSE")) return literal(Value::boolean(false));
  if (is_keyword(word.text, "NULL")) return literal(Value::null());
  if (is_keyword(word.text, "EXISTS")) return exists();
  if (reader_.peek(1).kind == TokenKind::kOpenParenthesis && !is_reserved(word.text)) return call();
  if (is_reserved(word.text)) return malformed("Unexpected keyword", word.at);
  TRY_ASSIGN(const DocumentPath steps, path());
  Node* const node = create(Node::Kind::kPath, word.at);
  node->path = steps;
  return node;
}

Result<const Node*> ExpressionParser::call() {
  const Token& word = reader_.take();
  reader_.take();
  std::string name(word.text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  Nodes arguments;
  if (reader_.at(TokenKind::kStar) && reader_.peek(1).kind == TokenKind::kCloseParenthesis) {  // COUNT(*)
    reader_.take();
    reader_.take();
  } else {
    TRY_ASSIGN(arguments, elements(TokenKind::kCloseParenthesis, "Expected a comma or the end of the arguments"));
  }
  Node* const node = create(Node::Kind::kCall, word.at, arguments);
  node->name = reader_.arena()->copy(name);
  return node;
}

// Refused when it is bound; what it holds does not matter then. Source: Developer Guide, "Using the EXISTS function
// with PartiQL".
Result<const Node*> ExpressionParser::exists() {
  const Position at = reader_.take().at;
  TRY(reader_.expect(TokenKind::kOpenParenthesis, "Expected a parenthesis after EXISTS"));
  for (int open = 1; open > 0;) {
    if (reader_.at(TokenKind::kEnd)) return malformed("Expected a closing parenthesis", reader_.peek().at);
    const Token& token = reader_.take();
    if (token.kind == TokenKind::kOpenParenthesis) ++open;
    if (token.kind == TokenKind::kCloseParenthesis) --open;
    if (token.kind == TokenKind::kParameter) ++parameters_;
  }
  return create(Node::Kind::kExists, at);
}

Result<const Node*> ExpressionParser::signed_number() {
  const bool negative = reader_.take().kind == TokenKind::kMinus;
  if (!reader_.at(TokenKind::kNumber)) return malformed("Expected a number", reader_.peek().at);
  return number(reader_.take(), negative);
}

Result<const Node*> ExpressionParser::number(const Token& token, bool negative) {
  TRY_ASSIGN(const Number value, Number::parse(token.text));
  Node* const node = create(Node::Kind::kLiteral, token.at);
  node->literal = Value::number(negative ? value.negated() : value);
  return node;
}

// A condition or a value; what does not belong where it stands is found when it is bound.
Result<const Node*> ExpressionParser::parenthesized() {
  if (reader_.at_keyword("SELECT", 1)) return invalid("Only select from a single table or index is supported.");
  reader_.take();
  TRY_ASSIGN(const Node* const inner, condition());
  TRY(reader_.expect(TokenKind::kCloseParenthesis, "Expected a closing parenthesis"));
  return inner;
}

Result<const Node*> ExpressionParser::map() {
  const Position at = reader_.take().at;
  std::vector<std::string_view> names;
  std::vector<const Node*> children;
  while (!reader_.at(TokenKind::kCloseBrace)) {
    if (!names.empty()) TRY(reader_.expect(TokenKind::kComma, "Expected a comma or the end of the map"));
    const Token& name = reader_.peek();
    if (name.kind != TokenKind::kString) return malformed("Expected a string as the name of an attribute", name.at);
    names.push_back(reader_.content_of(reader_.take()));
    TRY(reader_.expect(TokenKind::kColon, "Expected a colon behind the name of an attribute"));
    TRY_ASSIGN(const Node* const value, additive());
    children.push_back(value);
  }
  reader_.take();
  Node* const node = create(Node::Kind::kMap, at, Nodes(children));
  node->names = reader_.arena()->copy_array(names);
  return node;
}

Result<Nodes> ExpressionParser::elements(TokenKind close, std::string_view complaint) {
  std::vector<const Node*> children;
  while (!reader_.at(close)) {
    if (!children.empty()) TRY(reader_.expect(TokenKind::kComma, complaint));
    TRY_ASSIGN(const Node* const child, additive());
    children.push_back(child);
  }
  reader_.take();
  return Nodes(reader_.arena()->copy_array(children));
}

// --- Paths ---

Result<std::string_view> ExpressionParser::identifier(std::string_view complaint) {
  const Token& token = reader_.peek();
  if (token.kind == TokenKind::kQuotedIdentifier) {
    reader_.take();
    const std::string_view name = reader_.content_of(token);
    if (name.empty()) return malformed("Empty identifier", token.at);
    return name;
  }
  if (token.kind != TokenKind::kWord) return malformed(complaint, token.at);
  if (is_reserved(token.text)) return malformed("Unexpected keyword", token.at);
  return reader_.take().text;
}

namespace {

Result<PathStep> element_step(const Token& token) {
  std::uint32_t index = 0;
  const char* const end = token.text.data() + token.text.size();
  const auto [behind, error] = std::from_chars(token.text.data(), end, index);
  if (error == std::errc() && behind == end) return PathStep::element(index);
  return invalid("List index is not within the allowable range; index: [" + std::string(token.text) + "]");
}

}  // namespace

Result<DocumentPath> ExpressionParser::path() {
  std::vector<PathStep> steps;
  TRY_ASSIGN(const std::string_view first, identifier("Expected identifier for simple path"));
  steps.push_back(PathStep::attribute(first));
  for (;;) {
    if (reader_.take_if(TokenKind::kDot)) {
      const Token& token = reader_.peek();
      // Behind a dot no keyword can be meant.
      if (token.kind == TokenKind::kWord) {
        steps.push_back(PathStep::attribute(reader_.take().text));
        continue;
      }
      TRY_ASSIGN(const std::string_view name, identifier("Invalid path dot component"));
      steps.push_back(PathStep::attribute(name));
    } else if (reader_.take_if(TokenKind::kOpenBracket)) {
      const Token& inner = reader_.take();
      if (inner.kind == TokenKind::kNumber) {
        TRY_ASSIGN(const PathStep step, element_step(inner));
        steps.push_back(step);
      } else if (inner.kind == TokenKind::kString && inner.text.size() > 2) {
        steps.push_back(PathStep::attribute(reader_.content_of(inner)));
      } else {
        return malformed("Expected a list index or a name in a path", inner.at);
      }
      TRY(reader_.expect(TokenKind::kCloseBracket, "Expected a closing bracket"));
    } else {
      break;
    }
  }
  if (steps.size() > kMaxPathSteps) {
    return invalid("The document path has too many nesting levels; nesting levels: " + std::to_string(steps.size()));
  }
  return DocumentPath{reader_.arena()->copy_array(steps)};
}

}  // namespace armature::partiql
