#include "connector/query_warnings.h"

#include <fmt/format.h>

#include "connector/call_rules.h"
#include "connector/partiql_text.h"
#include "connector/service.h"

namespace armature::connector {
namespace {

using wire::Json;

constexpr std::int64_t kScannedWorthSaying = 100;
constexpr std::int64_t kScannedPerReturned = 10;

std::string_view text_member(const Json& request, std::string_view name) {
  const Json* const member = request.find(name);
  return member != nullptr && member->is(Json::Kind::kString) ? member->text : std::string_view();
}

std::vector<Piece> without_blanks(std::string_view text) {
  std::vector<Piece> pieces = cut_statement(text);
  std::erase_if(pieces, [](const Piece& piece) { return piece.kind == PieceKind::kBlank; });
  return pieces;
}

// The attribute an operand of a filter names: "pk", or "#p" by way of ExpressionAttributeNames.
std::string_view attribute_of(const Json& request, const std::vector<Piece>& pieces, std::size_t at) {
  if (at > 0 && pieces[at - 1].text == "#") {
    const Json* const names = request.find("ExpressionAttributeNames");
    const Json* const name = names != nullptr ? names->find("#" + std::string(pieces[at].text)) : nullptr;
    return name != nullptr ? name->text : std::string_view();
  }
  if (at > 0 && (pieces[at - 1].text == "." || pieces[at - 1].text == ":")) return {};
  return pieces[at].text;
}

// Whether the filter of a Scan compares `attribute` for equality.
bool filter_equals(const Json& request, std::string_view attribute) {
  const std::vector<Piece> pieces = without_blanks(text_member(request, "FilterExpression"));
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    if (pieces[i].kind == PieceKind::kWord && pieces[i + 1].text == "=" &&
        attribute_of(request, pieces, i) == attribute)
      return true;
  }
  return false;
}

// Whether a SELECT names its partition key with = or IN behind WHERE.
bool statement_finds_partition(std::string_view statement, std::string_view partition_key) {
  bool where = false;
  const std::vector<Piece> pieces = without_blanks(statement);
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    where = where || is_word(pieces[i], "WHERE");
    std::string_view name = pieces[i].text;
    if (pieces[i].kind == PieceKind::kIdentifier && name.size() >= 2) name = name.substr(1, name.size() - 2);
    const bool chosen = pieces[i + 1].text == "=" || is_word(pieces[i + 1], "IN");
    if (where && name == partition_key && chosen) return true;
  }
  return false;
}

std::string index_of_statement(std::string_view statement) {
  const std::vector<Piece> pieces = without_blanks(statement);
  for (std::size_t i = 0; i + 3 < pieces.size(); ++i) {
    if (!is_word(pieces[i], "FROM") || pieces[i + 2].text != ".") continue;
    std::string_view name = pieces[i + 3].text;
    if (pieces[i + 3].kind == PieceKind::kIdentifier && name.size() >= 2) name = name.substr(1, name.size() - 2);
    return std::string(name);
  }
  return "";
}

void warn_of_scan(const Json& request, const TableKeys& keys, std::vector<std::string>* warnings) {
  const std::string_view index = text_member(request, "IndexName");
  const auto suggest = [&](const KeyNames& names, const std::string& where) {
    warnings->push_back(fmt::format(
        "This Scan reads everything and filters by {0} = …, which is the partition key{1}: a Query with that as its "
        "key condition reads only what it returns.",
        names.partition_key, where));
  };
  if (const KeyNames* own = keys.find(index); own != nullptr && filter_equals(request, own->partition_key))
    return suggest(*own, "");
  for (const auto& [name, names] : keys.indexes) {
    if (filter_equals(request, names.partition_key)) return suggest(names, fmt::format(" of index {}", name));
  }
}

}  // namespace

std::string table_to_look_at(std::string_view operation, const Json& request) {
  if (operation == "Scan" && request.find("FilterExpression") != nullptr)
    return std::string(text_member(request, "TableName"));
  if (operation != "ExecuteStatement") return "";
  const std::string_view statement = text_member(request, "Statement");
  if (statement_effect(statement) != Effect::kRead) return "";
  const std::vector<std::string> tables = statement_tables(statement);
  return tables.empty() ? "" : tables.front();
}

std::vector<std::string> query_warnings(std::string_view operation, const Json& request, const TableKeys* keys,
                                        const RunFigures& figures) {
  std::vector<std::string> warnings;
  if (keys != nullptr && operation == "Scan") warn_of_scan(request, *keys, &warnings);
  if (keys != nullptr && operation == "ExecuteStatement") {
    const std::string_view statement = text_member(request, "Statement");
    const KeyNames* const names = keys->find(index_of_statement(statement));
    if (names != nullptr && statement_effect(statement) == Effect::kRead &&
        !statement_finds_partition(statement, names->partition_key)) {
      warnings.push_back(
          fmt::format("This statement reads the whole table: only WHERE {} = … or IN (…) makes it a key read.",
                      names->partition_key));
    }
  }
  if (figures.count && figures.scanned_count && *figures.scanned_count >= kScannedWorthSaying &&
      *figures.scanned_count >= kScannedPerReturned * std::max<std::int64_t>(1, *figures.count)) {
    warnings.push_back(fmt::format(
        "{} items were read, and paid for, to return {}: an index on what the filter compares would read fewer.",
        *figures.scanned_count, *figures.count));
  }
  return warnings;
}

}  // namespace armature::connector
