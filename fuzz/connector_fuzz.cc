// links: armature_connector
// Any bytes as a query's body, a statement, CSV or plain JSON: bound, cut and converted without harm. A bound request
// is JSON; pieces of a statement are the statement; an item that goes to CSV and back is the same item.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "connector/bind_query.h"
#include "connector/call_rules.h"
#include "connector/csv.h"
#include "connector/partiql_text.h"
#include "connector/plain_json.h"
#include "connector/xml_text.h"

using namespace armature;
using namespace armature::connector;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void bind(BytesView input) {
  SavedQuery query;
  query.operation = "Query";
  query.body = std::string(input);
  query.variables = {{"n", VariableType::kNumber, "12", false, {}},
                     {"name", VariableType::kName, "\"a\\\"b\"", false, {}},
                     {"list", VariableType::kList, "[1,\"x\"]", false, {}},
                     {"s", VariableType::kString, "\"' OR 1=1\"", false, {}}};
  BindContext context;
  for (const QueryLanguage language : {QueryLanguage::kJson, QueryLanguage::kPartiQl}) {
    for (const ValueFormat format : {ValueFormat::kDynamoDb, ValueFormat::kPlain}) {
      query.language = language;
      query.value_format = format;
      const auto bound = bind_query(query, {}, context);
      if (!bound) continue;
      // A JSON body was UTF-8, or it would not have parsed; a statement may be anything, which is the server's to
      // refuse.
      Arena arena;
      require(wire::parse_json(bound->body, &arena).has_value() || language == QueryLanguage::kPartiQl);
    }
  }
}

void cut(BytesView input) {
  std::string again;
  for (const Piece& piece : cut_statement(input)) again += piece.text;
  require(again == input);
  static_cast<void>(statement_end(input));
  static_cast<void>(prefix_statement_tables(input, "p-"));
  static_cast<void>(call_effect("ExecuteStatement", input));
}

void convert(BytesView input) {
  Arena arena;
  const auto json = wire::parse_json(input, &arena);
  if (!json || !(*json)->is(wire::Json::Kind::kObject)) return;
  std::string dynamodb;
  wire::JsonWriter writer(&dynamodb);
  if (!write_dynamodb_item(**json, &writer)) return;
  const auto item = wire::parse_json(dynamodb, &arena);
  require(item.has_value());
  for (const NumberFormat numbers : {NumberFormat::kText, NumberFormat::kDecimal}) {
    std::string plain;
    wire::JsonWriter plain_writer(&plain);
    write_plain_item(**item, numbers, &plain_writer);
    const auto parsed = wire::parse_json(plain, &arena);
    require(parsed.has_value());
    std::string again;
    wire::JsonWriter again_writer(&again);
    require(write_dynamodb_item(**parsed, &again_writer).has_value());
    require(again == dynamodb);
  }
}

void read_csv(BytesView input) {
  std::string_view text = input;
  const auto header = take_csv_record(&text, false);
  if (!header) return;
  const auto columns = csv_columns(*header);
  while (const auto record = take_csv_record(&text, false)) static_cast<void>(csv_item(columns, *record));
  require(text.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(reinterpret_cast<const char*>(data), size);
  bind(input);
  cut(input);
  convert(input);
  read_csv(input);
  static_cast<void>(xml_text(input, "Code"));
  return 0;
}
