// Parser of whole statements. What DynamoDB leaves out of SQL is recognized, so that it can be refused by name.
#include <array>
#include <utility>
#include <vector>

#include "partiql/expression_parser.h"
#include "partiql/statement.h"

namespace armature::partiql {
namespace {

constexpr std::string_view kSingleSource = "Only select from a single table or index is supported.";
constexpr std::string_view kNoAliases = "Aliasing is not supported";

// The last name of a path with the indexes behind it.
std::string_view column_name(const DocumentPath& path, Arena* arena) {
  std::size_t last_name = path.steps.size() - 1;
  while (path.steps[last_name].is_index) --last_name;
  if (last_name + 1 == path.steps.size()) return path.steps.back().name;
  std::string name(path.steps[last_name].name);
  for (const PathStep& step : path.steps.subspan(last_name + 1)) {
    name.append("[").append(std::to_string(step.index)).append("]");
  }
  return arena->copy(name);
}

class StatementParser {
 public:
  explicit StatementParser(TokenReader* reader) : reader_(*reader), expressions_(reader) {}

  Result<Statement> parse() {
    TRY(statement());
    reader_.take_if(TokenKind::kSemicolon);
    if (!reader_.at(TokenKind::kEnd)) return malformed("Unexpected token after expression", reader_.peek().at);
    statement_.parameters = expressions_.parameters();
    return statement_;
  }

 private:
  Result<void> statement() {
    if (reader_.take_keyword("SELECT")) return select();
    if (reader_.take_keyword("INSERT")) return insert();
    if (reader_.take_keyword("UPDATE")) return update();
    if (reader_.take_keyword("DELETE")) return remove();
    if (reader_.take_keyword("EXISTS")) return exists();
    if (reader_.at_keyword("CREATE") || reader_.at_keyword("DROP")) return definition();
    return malformed("Expected data manipulation");
  }

  // CREATE TABLE and its like are other operations.
  Result<void> definition() {
    const std::string verb = is_keyword(reader_.take().text, "CREATE") ? "Create" : "Drop";
    if (reader_.at_keyword("TABLE")) return invalid("Unsupported operation: " + verb + "Table");
    if (reader_.at_keyword("INDEX")) return invalid("Unsupported operation: " + verb + "Index");
    return malformed("Unexpected token", reader_.peek().at);
  }

  Result<void> exists() {
    TRY(reader_.expect(TokenKind::kOpenParenthesis, "Expected a parenthesis after EXISTS"));
    TRY(reader_.expect_keyword("SELECT", "Expected SELECT in EXISTS"));
    TRY(select());
    statement_.kind = Statement::Kind::kExists;
    return reader_.expect(TokenKind::kCloseParenthesis, "Expected a closing parenthesis");
  }

  // --- SELECT ---

  Result<void> select() {
    statement_.kind = Statement::Kind::kSelect;
    for (const std::string_view clause : {"DISTINCT", "VALUE"}) {
      if (reader_.at_keyword(clause)) return unsupported_clause(clause, reader_.peek().at);
    }
    if (!reader_.take_if(TokenKind::kStar)) TRY(columns());
    TRY(reader_.expect_keyword("FROM", "Missing FROM in SELECT statement"));
    TRY(source());
    TRY(check_single_source());
    if (reader_.take_keyword("WHERE")) {
      TRY_ASSIGN(statement_.where, expressions_.condition());
    }
    TRY(refuse_clause("GROUP", "GROUP BY"));
    TRY(refuse_clause("HAVING", "HAVING"));
    if (reader_.take_keyword("ORDER")) TRY(order());
    TRY(refuse_clause("LIMIT", "LIMIT"));
    TRY(refuse_clause("OFFSET", "OFFSET"));
    for (const std::string_view joint : {"UNION", "INTERSECT", "EXCEPT"}) {
      if (reader_.at_keyword(joint)) return invalid(std::string(kSingleSource));
    }
    return {};
  }

  Result<void> columns() {
    std::vector<Column> columns;
    do {
      TRY_ASSIGN(const Node* const node, expressions_.value());
      if (node->kind != Node::Kind::kPath) return invalid("Unexpected path component at " + to_text(node->at));
      if (takes_alias()) return invalid(std::string(kNoAliases));
      columns.push_back({node->path, column_name(node->path, reader_.arena())});
    } while (reader_.take_if(TokenKind::kComma));
    statement_.columns = reader_.arena()->copy_array(columns);
    return {};
  }

  bool takes_alias() const {
    const Token& token = reader_.peek();
    return reader_.at_keyword("AS") || token.kind == TokenKind::kQuotedIdentifier ||
           (token.kind == TokenKind::kWord && !is_reserved(token.text));
  }

  // "table", or "table"."index".
  Result<void> source() {
    if (reader_.at(TokenKind::kOpenParenthesis)) return invalid(std::string(kSingleSource));
    TRY_ASSIGN(statement_.source.table, expressions_.identifier("Expected identifier for simple path"));
    if (reader_.take_if(TokenKind::kDot)) {
      TRY_ASSIGN(const std::string_view index, expressions_.identifier("Expected identifier for simple path"));
      statement_.source.index = index;
    }
    if (reader_.at(TokenKind::kDot) || reader_.at(TokenKind::kOpenBracket)) {
      return malformed("Unexpected path component", reader_.peek().at);
    }
    return {};
  }

  Result<void> check_single_source() const {
    if (reader_.at(TokenKind::kComma)) return invalid(std::string(kSingleSource));
    for (const std::string_view joint : {"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "OUTER"}) {
      if (reader_.at_keyword(joint)) return invalid(std::string(kSingleSource));
    }
    return check_no_alias();
  }

  Result<void> check_no_alias() const {
    if (reader_.at_keyword("RETURNING") || !takes_alias()) return {};
    return invalid(std::string(kNoAliases));
  }

  // The position is that of what the clause says, as the service reports it.
  Result<void> refuse_clause(std::string_view keyword, std::string_view clause) {
    if (!reader_.take_keyword(keyword)) return {};
    reader_.take_keyword("BY");
    return unsupported_clause(clause, reader_.peek().at);
  }

  Result<void> order() {
    TRY(reader_.expect_keyword("BY", "Expected BY after ORDER"));
    std::vector<OrderTerm> terms;
    do {
      const Position at = reader_.peek().at;
      TRY_ASSIGN(const DocumentPath path, expressions_.path());
      if (path.is_nested()) return malformed("Expected a key attribute in ORDER BY", at);
      OrderTerm term{.attribute = path.top_level_name()};
      if (reader_.take_keyword("DESC")) {
        term.ascending = false;
      } else {
        reader_.take_keyword("ASC");
      }
      terms.push_back(term);
    } while (reader_.take_if(TokenKind::kComma));
    if (statement_.where == nullptr) {
      return invalid("Must have WHERE clause in the statement when using ORDER BY clause.");
    }
    statement_.order = reader_.arena()->copy_array(terms);
    return {};
  }

  // --- INSERT, UPDATE, DELETE ---

  Result<void> insert() {
    statement_.kind = Statement::Kind::kInsert;
    TRY(reader_.expect_keyword("INTO", "Expected INTO after INSERT"));
    TRY(source());
    TRY(check_no_alias());
    TRY(reader_.expect_keyword("VALUE", "Expected VALUE"));
    const Position at = reader_.peek().at;
    TRY_ASSIGN(statement_.item, expressions_.value());
    if (statement_.item->kind != Node::Kind::kMap && statement_.item->kind != Node::Kind::kParameter) {
      return malformed("Expected a map of attributes after VALUE", at);
    }
    if (reader_.at_keyword("ON")) return unsupported_clause("ON CONFLICT", reader_.peek().at);
    if (reader_.at_keyword("RETURNING")) return unsupported_clause("RETURNING", reader_.peek().at);
    return {};
  }

  Result<void> update() {
    statement_.kind = Statement::Kind::kUpdate;
    TRY(source());
    std::vector<Assignment> assignments;
    for (;;) {
      if (reader_.take_keyword("SET")) {
        TRY(set_clause(&assignments));
      } else if (reader_.take_keyword("REMOVE")) {
        TRY(remove_clause(&assignments));
      } else {
        break;
      }
    }
    if (assignments.empty()) {
      TRY(check_no_alias());
      return malformed("Expected data manipulation");
    }
    statement_.assignments = reader_.arena()->copy_array(assignments);
    return where_and_returning();
  }

  Result<void> set_clause(std::vector<Assignment>* assignments) {
    do {
      Assignment assignment;
      TRY_ASSIGN(assignment.path, expressions_.path());
      TRY(reader_.expect(TokenKind::kEqual, "Expected '=' for assignment"));
      TRY_ASSIGN(assignment.value, expressions_.value());
      assignments->push_back(assignment);
    } while (reader_.take_if(TokenKind::kComma));
    return {};
  }

  Result<void> remove_clause(std::vector<Assignment>* assignments) {
    do {
      Assignment assignment;
      TRY_ASSIGN(assignment.path, expressions_.path());
      assignments->push_back(assignment);
    } while (reader_.take_if(TokenKind::kComma));
    return {};
  }

  Result<void> remove() {
    statement_.kind = Statement::Kind::kDelete;
    TRY(reader_.expect_keyword("FROM", "Expected FROM after DELETE"));
    TRY(source());
    TRY(check_no_alias());
    TRY(where_and_returning());
    if (statement_.returning == Returning::kNothing || statement_.returning == Returning::kAllOld) return {};
    return invalid("Invalid returning clause: " + returning_text() +
                   ". Only RETURNING ALL OLD * is allowed in DELETE statements.");
  }

  Result<void> where_and_returning() {
    if (reader_.take_keyword("WHERE")) {
      TRY_ASSIGN(statement_.where, expressions_.condition());
    }
    if (reader_.take_keyword("RETURNING")) TRY(returning());
    return {};
  }

  Result<void> returning() {
    const bool all = reader_.at_keyword("ALL");
    if (!all && !reader_.at_keyword("MODIFIED")) {
      return malformed("Expected ALL or MODIFIED in RETURNING", reader_.peek().at);
    }
    reader_.take();
    const bool old = reader_.at_keyword("OLD");
    if (!old && !reader_.at_keyword("NEW")) return malformed("Expected OLD or NEW in RETURNING", reader_.peek().at);
    reader_.take();
    TRY(reader_.expect(TokenKind::kStar, "Expected * in RETURNING"));
    if (all) {
      statement_.returning = old ? Returning::kAllOld : Returning::kAllNew;
    } else {
      statement_.returning = old ? Returning::kModifiedOld : Returning::kModifiedNew;
    }
    return {};
  }

  std::string returning_text() const {
    switch (statement_.returning) {
      case Returning::kNothing: break;
      case Returning::kAllOld: return "RETURNING ALL OLD *";
      case Returning::kModifiedOld: return "RETURNING MODIFIED OLD *";
      case Returning::kAllNew: return "RETURNING ALL NEW *";
      case Returning::kModifiedNew: return "RETURNING MODIFIED NEW *";
    }
    return {};
  }

  TokenReader& reader_;
  ExpressionParser expressions_;
  Statement statement_;
};

}  // namespace

Result<StatementRef> ParsedStatement::parse(std::string_view text) {
  std::shared_ptr<ParsedStatement> parsed(new ParsedStatement(text));
  const Expected<std::vector<Token>, std::string> tokens = tokens_of(parsed->text_);
  if (!tokens) return malformed(tokens.error());
  TokenReader reader(*tokens, &parsed->arena_);
  TRY_ASSIGN(parsed->statement_, StatementParser(&reader).parse());
  return StatementRef(std::move(parsed));
}

}  // namespace armature::partiql
