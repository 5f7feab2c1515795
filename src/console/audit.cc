#include "console/audit.h"

#include <algorithm>
#include <vector>

#include "base/log.h"
#include "connector/call_rules.h"
#include "wire/json.h"

namespace armature::console {
namespace {

using wire::Json;

void collect(const Json& value, std::vector<std::string>* tables) {
  for (const Json& element : value.elements) collect(element, tables);
  for (const wire::JsonMember& member : value.members) {
    const bool text = member.value.is(Json::Kind::kString);
    if (member.name == "TableName" && text) {
      tables->emplace_back(member.value.text);
    } else if (member.name == "RequestItems") {
      for (const wire::JsonMember& table : member.value.members) tables->emplace_back(table.name);
    } else if (member.name == "Statement" && text) {
      for (std::string& table : connector::statement_tables(member.value.text)) tables->push_back(std::move(table));
    } else if (member.name == "Statements" || member.name == "TransactStatements" || member.name == "TransactItems" ||
               member.name == "Get" || member.name == "Put" || member.name == "Update" || member.name == "Delete" ||
               member.name == "ConditionCheck") {
      collect(member.value, tables);
    }
  }
}

}  // namespace

std::string tables_of(std::string_view body) {
  constexpr std::size_t kMostTables = 10;
  Arena arena;
  const auto json = wire::parse_json(body, &arena);
  std::vector<std::string> tables;
  if (json) collect(**json, &tables);
  std::sort(tables.begin(), tables.end());
  tables.erase(std::unique(tables.begin(), tables.end()), tables.end());
  std::string text;
  for (std::size_t i = 0; i < std::min(tables.size(), kMostTables); ++i) {
    if (i > 0) text += ' ';
    text += tables[i];
  }
  if (tables.size() > kMostTables) text += " …";
  return text;
}

void audit(const ApiCall& call, const AuditedCall& made) {
  log(LogLevel::kInfo, "console: call",
      {{"principal", call.who->identity->principal_arn},
       {"peer", call.request.peer_address},
       {"connection", made.connection},
       {"operation", made.operation},
       {"tables", tables_of(made.body)},
       {"count", made.count.value_or(-1)},
       {"outcome", made.outcome},
       {"request_id", call.request.request_id}});
}

}  // namespace armature::console
