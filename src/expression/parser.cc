#include "expression/parser.h"

#include <charconv>
#include <limits>
#include <utility>

#include "expression/reserved_words.h"
#include "expression/tree_builder.h"

namespace armature::expression {
namespace {

// Recursive descent. A method returns the node it read, or kNoNode once a syntax error ended the parse; `current_` is
// the first token it did not read.
//
// The grammar, where blanks may stand between any two tokens:
//   path       = step , { "." step | "[" integer "]" } ;          step = name | "#" ident ;
//   operand    = path | ":" ident | function | "(" operand ")" ;
//   function   = name "(" operand { "," operand } ")" ;
//   condition  = and , { "OR" and } ;    and = not , { "AND" not } ;    not = { "NOT" } , primary ;
//   primary    = comparison | function | "(" condition ")" ;
//   comparison = operand ( "=" | "<>" | "<" | "<=" | ">" | ">=" ) operand
//              | operand "BETWEEN" operand "AND" operand
//              | operand "IN" "(" operand { "," operand } ")" ;
//   update     = clause , { clause } ;
//   clause     = "SET" assign {"," assign} | "REMOVE" path {"," path}
//              | "ADD" path value {"," path value} | "DELETE" path value {"," path value} ;
//   assign     = path "=" term ;
//   term       = operand | sum | "(" sum ")" ;                       sum = operand ("+"|"-") operand ;
//   projection = path , { "," path } ;
class Parser {
 public:
  Parser(std::string_view text, Grammar grammar) : text_(text), grammar_(grammar), current_(next_token(text, 0)) {}

  Expected<SyntaxTree, std::string> parse() {
    SyntaxIndex root = parse_root();
    if (root != kNoNode && current_.kind != TokenKind::kEnd) root = syntax_error();
    if (root == kNoNode) return Unexpected(std::move(fatal_));
    if (operator_count_ > kMaxOperators) {
      complaints_.note(Complaint::kOperatorCount, "The expression contains too many operators; operator count: " +
                                                      std::to_string(operator_count_));
    }
    if (complaints_.any()) return Unexpected(std::move(complaints_).take());
    return std::move(builder_).finish(root);
  }

 private:
  // --- Tokens and errors ---

  std::string_view text_of(const Token& token) const { return text_.substr(token.offset, token.length); }
  std::string text_of(SyntaxIndex index) {
    const SyntaxNode& node = builder_.node(index);
    return std::string(text_.substr(node.offset, node.length));
  }
  bool at(TokenKind kind) const { return current_.kind == kind; }

  Token advance() {
    previous_ = current_;
    has_previous_ = true;
    current_ = next_token(text_, current_.end());
    return previous_;
  }
  bool accept(TokenKind kind) {
    if (!at(kind)) return false;
    advance();
    return true;
  }

  // The error shows the offending token and the text from the token before it, or from the start, to the token after
  // it.
  SyntaxIndex syntax_error() {
    const bool at_end = at(TokenKind::kEnd);
    const std::size_t begin = has_previous_ ? previous_.offset : 0;
    const std::size_t end = at_end ? text_.size() : next_token(text_, current_.end()).end();
    fatal_ = "Syntax error; token: \"";
    fatal_.append(at_end ? "<EOF>" : text_of(current_)).append("\", near: \"");
    fatal_.append(text_.substr(begin, end - begin)).append("\"");
    return kNoNode;
  }

  // Nesting deeper than any expression within the limits can be: 300 operators, 4096 bytes. Going on would only cost
  // stack.
  SyntaxIndex too_deep() {
    complaints_.note(Complaint::kRedundantParentheses, "The expression has redundant parentheses;");
    fatal_ = std::move(complaints_).take();
    return kNoNode;
  }

  // `node` stood between parentheses.
  void mark_parenthesized(SyntaxIndex node) {
    if (builder_.node(node).parenthesized) {
      complaints_.note(Complaint::kRedundantParentheses, "The expression has redundant parentheses;");
    }
    builder_.node(node).parenthesized = true;
  }

  SyntaxIndex parse_root() {
    switch (grammar_) {
      case Grammar::kCondition: return require_condition(parse_or());
      case Grammar::kProjection: return parse_projection();
      case Grammar::kUpdate: return parse_update();
    }
    return kNoNode;
  }

  // --- Paths ---

  SyntaxIndex parse_path() {
    if (!at(TokenKind::kName) && !at(TokenKind::kNamePlaceholder)) return syntax_error();
    const Token first = current_;
    std::vector<SyntaxIndex> steps{add_name_step()};
    while (at(TokenKind::kDot) || at(TokenKind::kOpenBracket)) {
      const SyntaxIndex step = parse_further_step();
      if (step == kNoNode) return kNoNode;
      steps.push_back(step);
    }
    if (steps.size() > kMaxPathSteps) {
      complaints_.note(Complaint::kPathDepth, "The document path has too many nesting levels; nesting levels: " +
                                                  std::to_string(steps.size()));
    }
    return builder_.add(SyntaxKind::kPath, first, steps);
  }

  SyntaxIndex add_name_step() {
    const Token token = advance();
    if (token.kind == TokenKind::kNamePlaceholder) return builder_.add(SyntaxKind::kPlaceholderStep, token);
    if (is_reserved_word(text_of(token))) {
      complaints_.note(Complaint::kReservedWord,
                       "Attribute name is a reserved keyword; reserved keyword: " + std::string(text_of(token)));
    }
    return builder_.add(SyntaxKind::kNameStep, token);
  }

  SyntaxIndex parse_further_step() {
    if (accept(TokenKind::kDot)) {
      return at(TokenKind::kName) || at(TokenKind::kNamePlaceholder) ? add_name_step() : syntax_error();
    }
    advance();  // The bracket.
    if (!at(TokenKind::kInteger)) return syntax_error();
    const SyntaxIndex step = builder_.add(SyntaxKind::kIndexStep, advance());
    builder_.node(step).index = list_index(text_of(previous_));
    return accept(TokenKind::kCloseBracket) ? step : syntax_error();
  }

  std::uint32_t list_index(std::string_view digits) {
    std::uint32_t index = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error != std::errc() || index > std::uint32_t{std::numeric_limits<std::int32_t>::max()}) {
      complaints_.note(Complaint::kListIndex,
                       "List index is not within the allowable range; index: [" + std::string(digits) + "]");
    }
    return index;
  }

  // --- Operands ---

  // An operand that is used as one: boolean functions are refused.
  SyntaxIndex parse_operand() {
    SyntaxIndex operand = kNoNode;
    if (at(TokenKind::kOpenParenthesis)) {
      if (++depth_ > kMaxDepth) return too_deep();
      advance();
      operand = parse_operand();
      if (operand == kNoNode) return kNoNode;
      if (!accept(TokenKind::kCloseParenthesis)) return syntax_error();
      --depth_;
      mark_parenthesized(operand);
    } else {
      operand = parse_bare_operand();
    }
    return use_as_operand(operand);
  }

  SyntaxIndex parse_bare_operand() {
    if (at(TokenKind::kValuePlaceholder)) return builder_.add(SyntaxKind::kValue, advance());
    if (at(TokenKind::kName) && next_token(text_, current_.end()).kind == TokenKind::kOpenParenthesis) {
      return parse_function();
    }
    return parse_path();
  }

  SyntaxIndex parse_function() {
    const Token name = advance();
    note_function(name);
    advance();  // The parenthesis.
    if (++depth_ > kMaxDepth) return too_deep();
    std::vector<SyntaxIndex> arguments;
    do {
      const SyntaxIndex argument = parse_operand();
      if (argument == kNoNode) return kNoNode;
      refuse_list_append(argument);
      arguments.push_back(argument);
    } while (accept(TokenKind::kComma));
    if (!accept(TokenKind::kCloseParenthesis)) return syntax_error();
    --depth_;
    return builder_.add(SyntaxKind::kFunction, name, arguments);
  }

  // Refuses unknown functions and those of the other kind of expression.
  void note_function(const Token& name) {
    const Function function = function_named(text_of(name));
    if (function == Function::kUnknown) {
      complaints_.note(Complaint::kUnknownFunction, "Invalid function name; function: " + std::string(text_of(name)));
      return;
    }
    const bool of_updates = function == Function::kIfNotExists || function == Function::kListAppend;
    if (of_updates == (grammar_ == Grammar::kUpdate)) return;
    complaints_.note(Complaint::kMisusedFunction, std::string("The function is not allowed in ") +
                                                      (of_updates ? "a condition" : "an update") +
                                                      " expression; function: " + std::string(text_of(name)));
  }

  bool is_function(SyntaxIndex node, Function function) {
    return builder_.node(node).kind == SyntaxKind::kFunction && function_named(text_of(node)) == function;
  }

  void note_misuse(SyntaxIndex function) {
    complaints_.note(
        Complaint::kMisusedFunction,
        "The function is not allowed to be used this way in an expression; function: " + text_of(function));
  }

  // list_append makes the whole of an assigned value, never a part of one.
  void refuse_list_append(SyntaxIndex part) {
    if (is_function(part, Function::kListAppend)) note_misuse(part);
  }

  SyntaxIndex use_as_operand(SyntaxIndex node) {
    if (node == kNoNode || builder_.node(node).kind != SyntaxKind::kFunction) return node;
    switch (function_named(text_of(node))) {
      case Function::kAttributeExists:
      case Function::kAttributeNotExists:
      case Function::kAttributeType:
      case Function::kBeginsWith:
      case Function::kContains: note_misuse(node); break;
      case Function::kSize:
      case Function::kIfNotExists:
      case Function::kListAppend:
      case Function::kUnknown: break;
    }
    return node;
  }

  // --- Conditions ---

  bool is_operand(SyntaxIndex node) {
    const SyntaxKind kind = builder_.node(node).kind;
    return kind == SyntaxKind::kPath || kind == SyntaxKind::kValue || kind == SyntaxKind::kFunction;
  }

  // A path or value where a condition has to stand lacks its operator: the token after it is the wrong one.
  SyntaxIndex require_condition(SyntaxIndex node) {
    if (node == kNoNode) return kNoNode;
    if (is_function(node, Function::kSize)) note_misuse(node);
    if (is_operand(node) && builder_.node(node).kind != SyntaxKind::kFunction) return syntax_error();
    return node;
  }

  SyntaxIndex parse_or() {
    return parse_chain(TokenKind::kOr, SyntaxKind::kOr, [this] { return parse_and(); });
  }
  SyntaxIndex parse_and() {
    return parse_chain(TokenKind::kAnd, SyntaxKind::kAnd, [this] { return parse_not(); });
  }

  // `parse_link` { `separator` `parse_link` }; one link alone is itself and may still turn out to be an operand.
  template <class ParseLink>
  SyntaxIndex parse_chain(TokenKind separator, SyntaxKind kind, ParseLink parse_link) {
    const SyntaxIndex first = parse_link();
    if (first == kNoNode || !at(separator)) return first;
    if (require_condition(first) == kNoNode) return kNoNode;
    const Token first_operator = current_;
    std::vector<SyntaxIndex> links{first};
    while (accept(separator)) {
      ++operator_count_;
      const SyntaxIndex link = require_condition(parse_link());
      if (link == kNoNode) return kNoNode;
      links.push_back(link);
    }
    return builder_.add(kind, first_operator, links);
  }

  SyntaxIndex parse_not() {
    std::vector<Token> negations;
    while (at(TokenKind::kNot)) negations.push_back(advance());
    operator_count_ += negations.size();
    SyntaxIndex node = parse_primary();
    if (negations.empty()) return node;
    node = require_condition(node);
    while (node != kNoNode && !negations.empty()) {
      node = builder_.add(SyntaxKind::kNot, negations.back(), {node});
      negations.pop_back();
    }
    return node;
  }

  // Between parentheses a lone operand is let through: `(a) = :v` shows only later that it is one.
  SyntaxIndex parse_primary() {
    const SyntaxIndex node = at(TokenKind::kOpenParenthesis) ? parse_parenthesized() : parse_bare_operand();
    if (node == kNoNode) return kNoNode;
    if (at_comparison_operator()) return is_operand(node) ? parse_comparison(use_as_operand(node)) : syntax_error();
    if (depth_ > 0 && at(TokenKind::kCloseParenthesis)) return node;
    return builder_.node(node).kind == SyntaxKind::kPath || builder_.node(node).kind == SyntaxKind::kValue
               ? syntax_error()
               : node;
  }

  SyntaxIndex parse_parenthesized() {
    if (++depth_ > kMaxDepth) return too_deep();
    advance();
    const SyntaxIndex inner = parse_or();
    if (inner == kNoNode) return kNoNode;
    if (!accept(TokenKind::kCloseParenthesis)) return syntax_error();
    --depth_;
    mark_parenthesized(inner);
    return inner;
  }

  bool at_comparison_operator() const {
    switch (current_.kind) {
      case TokenKind::kEqual:
      case TokenKind::kNotEqual:
      case TokenKind::kLess:
      case TokenKind::kLessOrEqual:
      case TokenKind::kGreater:
      case TokenKind::kGreaterOrEqual:
      case TokenKind::kBetween:
      case TokenKind::kIn: return true;
      default: return false;
    }
  }

  SyntaxIndex parse_comparison(SyntaxIndex left) {
    ++operator_count_;
    const Token sign = advance();
    if (sign.kind == TokenKind::kIn) return parse_in(left, sign);
    const SyntaxIndex right = parse_operand();
    if (right == kNoNode) return kNoNode;
    if (sign.kind != TokenKind::kBetween) return builder_.add(SyntaxKind::kComparison, sign, {left, right});
    if (!accept(TokenKind::kAnd)) return syntax_error();
    const SyntaxIndex upper = parse_operand();
    return upper == kNoNode ? kNoNode : builder_.add(SyntaxKind::kBetween, sign, {left, right, upper});
  }

  SyntaxIndex parse_in(SyntaxIndex left, const Token& sign) {
    if (!accept(TokenKind::kOpenParenthesis)) return syntax_error();
    std::vector<SyntaxIndex> operands{left};
    do {
      const SyntaxIndex member = parse_operand();
      if (member == kNoNode) return kNoNode;
      operands.push_back(member);
    } while (accept(TokenKind::kComma));
    if (!accept(TokenKind::kCloseParenthesis)) return syntax_error();
    return builder_.add(SyntaxKind::kIn, sign, operands);
  }

  // --- Projections and updates ---

  SyntaxIndex parse_projection() {
    std::vector<SyntaxIndex> paths;
    do {
      const SyntaxIndex path = parse_path();
      if (path == kNoNode) return kNoNode;
      paths.push_back(path);
    } while (accept(TokenKind::kComma));
    return builder_.add(SyntaxKind::kProjection, Token{}, paths);
  }

  struct Section {
    TokenKind keyword;
    std::string_view name;
    SyntaxKind kind;
  };
  static constexpr Section kSections[] = {{TokenKind::kSet, "SET", SyntaxKind::kSet},
                                          {TokenKind::kRemove, "REMOVE", SyntaxKind::kRemove},
                                          {TokenKind::kAdd, "ADD", SyntaxKind::kAdd},
                                          {TokenKind::kDelete, "DELETE", SyntaxKind::kDelete}};

  const Section* section_here() const {
    for (const Section& section : kSections) {
      if (at(section.keyword)) return &section;
    }
    return nullptr;
  }

  SyntaxIndex parse_update() {
    std::vector<SyntaxIndex> actions;
    unsigned seen = 0;
    do {
      const Section* section = section_here();
      if (section == nullptr) return syntax_error();
      const unsigned bit = 1u << (section - kSections);
      if ((seen & bit) != 0) {
        complaints_.note(Complaint::kRepeatedSection, "The \"" + std::string(section->name) +
                                                          "\" section can only be used once in an update expression;");
      }
      seen |= bit;
      advance();
      do {
        const SyntaxIndex action = parse_action(section->kind);
        if (action == kNoNode) return kNoNode;
        actions.push_back(action);
      } while (accept(TokenKind::kComma));
    } while (!at(TokenKind::kEnd));
    return builder_.add(SyntaxKind::kUpdate, Token{}, actions);
  }

  SyntaxIndex parse_action(SyntaxKind kind) {
    const SyntaxIndex path = parse_path();
    if (path == kNoNode) return kNoNode;
    if (kind == SyntaxKind::kRemove) return builder_.add(kind, previous_, {path});
    if (kind == SyntaxKind::kSet && !accept(TokenKind::kEqual)) return syntax_error();
    if (kind != SyntaxKind::kSet && !at(TokenKind::kValuePlaceholder)) return syntax_error();
    const SyntaxIndex value = kind == SyntaxKind::kSet ? parse_term() : parse_bare_operand();
    return value == kNoNode ? kNoNode : builder_.add(kind, previous_, {path, value});
  }

  // Between parentheses may stand an operand, `(a) + :v`, or a whole sum, `(a + :v)`.
  SyntaxIndex parse_term() {
    if (!at(TokenKind::kOpenParenthesis)) return parse_rest_of_sum(parse_operand());
    if (++depth_ > kMaxDepth) return too_deep();
    advance();
    const SyntaxIndex inner = parse_term();
    if (inner == kNoNode) return kNoNode;
    if (!accept(TokenKind::kCloseParenthesis)) return syntax_error();
    --depth_;
    mark_parenthesized(inner);
    return is_operand(inner) ? parse_rest_of_sum(inner) : inner;
  }

  SyntaxIndex parse_rest_of_sum(SyntaxIndex left) {
    if (left == kNoNode || (!at(TokenKind::kPlus) && !at(TokenKind::kMinus))) return left;
    refuse_list_append(left);
    ++operator_count_;
    const Token sign = advance();
    const SyntaxIndex right = parse_operand();
    if (right == kNoNode) return kNoNode;
    refuse_list_append(right);
    return builder_.add(sign.kind == TokenKind::kPlus ? SyntaxKind::kPlus : SyntaxKind::kMinus, sign, {left, right});
  }

  static constexpr int kMaxDepth = 400;

  const std::string_view text_;
  const Grammar grammar_;
  Token previous_;
  Token current_;
  bool has_previous_ = false;
  int depth_ = 0;  // Open parentheses.
  std::size_t operator_count_ = 0;
  TreeBuilder builder_;
  Complaints complaints_;
  std::string fatal_;
};

}  // namespace

Expected<SyntaxTree, std::string> parse(std::string_view text, Grammar grammar) {
  if (text.size() > kMaxExpressionBytes) {
    return Unexpected("Expression size has exceeded the maximum allowed size; expression size: " +
                      std::to_string(text.size()));
  }
  if (text.empty()) return Unexpected(std::string("The expression can not be empty;"));
  return Parser(text, grammar).parse();
}

}  // namespace armature::expression
