#include "connector/call_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "connector/json_text.h"
#include "connector/partiql_text.h"
#include "wire/json.h"

namespace armature::connector {
namespace {

using wire::Json;

// Members that hold a table's name, or names, in requests and replies.
constexpr std::string_view kNameMembers[] = {"TableName", "GlobalTableName", "TargetTableName", "SourceTableName"};
// Members whose own member names are table names.
constexpr std::string_view kTableMaps[] = {"RequestItems", "Responses", "UnprocessedItems", "UnprocessedKeys",
                                           "ItemCollectionMetrics"};
// Members of user data, in which nothing is a table's name whatever it is called.
constexpr std::string_view kData[] = {"Item",
                                      "Items",
                                      "Key",
                                      "Keys",
                                      "Attributes",
                                      "ExpressionAttributeValues",
                                      "ExpressionAttributeNames",
                                      "ExclusiveStartKey",
                                      "LastEvaluatedKey",
                                      "Parameters",
                                      "Expected",
                                      "AttributeUpdates",
                                      "KeyConditions",
                                      "QueryFilter",
                                      "ScanFilter",
                                      "Tags"};
constexpr std::string_view kPartiQlOperations[] = {"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"};

template <std::size_t kCount>
bool among(const std::string_view (&names)[kCount], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

CallError not_sent(std::string_view type, std::string message) {
  CallError error;
  error.kind = CallError::Kind::kNotSent;
  error.type = type;
  error.message = std::move(message);
  return error;
}

template <class Visit>
void each_statement(const Json& json, Visit visit) {
  if (json.is(Json::Kind::kArray)) {
    for (const Json& element : json.elements) each_statement(element, visit);
  }
  if (!json.is(Json::Kind::kObject)) return;
  for (const wire::JsonMember& member : json.members) {
    if (member.name == "Statement" && member.value.is(Json::Kind::kString)) visit(member.value.text);
    if (member.name == "Statements" || member.name == "TransactStatements") each_statement(member.value, visit);
  }
}

// Copies a request or reply, handing every table name to `rename`, which returns what to write instead.
template <class Rename>
class Renamer {
 public:
  Renamer(Rename rename, wire::JsonWriter* writer) : rename_(rename), writer_(writer) {}

  void copy(const Json& json) {
    switch (json.kind) {
      case Json::Kind::kNull: return writer_->null();
      case Json::Kind::kBool: return writer_->boolean(json.boolean);
      case Json::Kind::kNumber: return writer_->raw(json.text);
      case Json::Kind::kString: return writer_->string(json.text);
      case Json::Kind::kArray:
        writer_->begin_array();
        for (const Json& element : json.elements) copy(element);
        return writer_->end_array();
      case Json::Kind::kObject:
        writer_->begin_object();
        for (const wire::JsonMember& member : json.members) copy_member(member);
        return writer_->end_object();
    }
  }

 private:
  void copy_member(const wire::JsonMember& member) {
    const Json& value = member.value;
    writer_->key(member.name);
    if (among(kNameMembers, member.name) && value.is(Json::Kind::kString))
      return writer_->string(rename_.table(value.text));
    if (member.name == "TableNames" && value.is(Json::Kind::kArray)) {
      writer_->begin_array();
      for (const Json& name : value.elements) {
        if (name.is(Json::Kind::kString)) writer_->string(rename_.table(name.text));
      }
      return writer_->end_array();
    }
    if ((member.name == "ExclusiveStartTableName" || member.name == "LastEvaluatedTableName") &&
        value.is(Json::Kind::kString)) {
      return writer_->string(rename_.table(value.text));
    }
    if (member.name == "Statement" && value.is(Json::Kind::kString))
      return writer_->string(rename_.statement(value.text));
    if (among(kTableMaps, member.name) && value.is(Json::Kind::kObject)) {
      writer_->begin_object();
      for (const wire::JsonMember& table : value.members) {
        writer_->key(rename_.table(table.name));
        write_json(table.value, writer_);  // User data, or requests about it.
      }
      return writer_->end_object();
    }
    among(kData, member.name) ? write_json(value, writer_) : copy(value);
  }

  Rename rename_;
  wire::JsonWriter* writer_;
};

bool is_arn(std::string_view name) { return name.starts_with("arn:"); }
// arn:aws:dynamodb:region:account:table/Name[/index/…]: its table.
std::string_view table_of_arn(std::string_view arn) {
  const std::size_t at = arn.find(":table/");
  if (at == std::string_view::npos) return arn;
  arn.remove_prefix(at + 7);
  return arn.substr(0, arn.find('/'));
}

std::string unquoted(std::string_view identifier) {
  std::string name;
  identifier.remove_prefix(1);
  if (identifier.ends_with('"')) identifier.remove_suffix(1);
  for (std::size_t i = 0; i < identifier.size(); ++i) {
    name += identifier[i];
    if (identifier[i] == '"') ++i;
  }
  return name;
}

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

// Whether the piece at `at` names a table: the identifier behind FROM, INTO or UPDATE.
class TableSpotter {
 public:
  bool next(const Piece& piece) {
    if (piece.kind == PieceKind::kBlank) return false;
    const bool name = piece.kind == PieceKind::kIdentifier || piece.kind == PieceKind::kWord;
    const bool table = expected_ && name;
    expected_ = !table && (is_word(piece, "FROM") || is_word(piece, "INTO") || is_word(piece, "UPDATE"));
    return table;
  }

 private:
  bool expected_ = false;
};

struct PrefixRename {
  std::string_view prefix;
  std::string table(std::string_view name) const {
    return is_arn(name) ? std::string(name) : std::string(prefix) + std::string(name);
  }
  std::string statement(std::string_view text) const { return prefix_statement_tables(text, prefix); }
};

// Takes prefixes off, and leaves out of lists what has none: it belongs to somebody else.
struct RevealRename {
  std::string_view prefix;
  std::string table(std::string_view name) const {
    return std::string(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
  }
  std::string statement(std::string_view text) const { return std::string(text); }
};

// Every table a request names.
struct CollectTables {
  std::vector<std::string>* tables;
  std::string table(std::string_view name) const {
    tables->emplace_back(is_arn(name) ? table_of_arn(name) : name);
    return std::string(name);
  }
  std::string statement(std::string_view text) const {
    for (std::string& name : statement_tables(text)) tables->push_back(std::move(name));
    return std::string(text);
  }
};

std::optional<CallError> forbidden(const SavedConnection& connection, Service service, std::string_view operation,
                                   std::string_view body) {
  if (service != Service::kDynamoDb && service != Service::kStreams) return std::nullopt;
  const Effect effect = call_effect(operation, body);
  if (connection.read_only && effect != Effect::kRead) {
    return not_sent("ReadOnlyConnection",
                    fmt::format("connection '{}' is read-only, so {} was not sent", connection.name, operation));
  }
  if (connection.user_role == UserRole::kViewer && effect != Effect::kRead) {
    return not_sent("NotAllowed", fmt::format("connection '{}' is for viewers, who may only read; {} was not sent",
                                              connection.name, operation));
  }
  if (connection.user_role == UserRole::kEditor && effect == Effect::kAdminister) {
    return not_sent("NotAllowed",
                    fmt::format("connection '{}' is for editors, who may read and write items; {} was not sent",
                                connection.name, operation));
  }
  return std::nullopt;
}

std::string list_tables_reply(const SavedConnection& connection, std::string_view prefix, const Json& reply) {
  std::string text;
  wire::JsonWriter writer(&text);
  writer.begin_object();
  for (const wire::JsonMember& member : reply.members) {
    writer.key(member.name);
    if (member.name != "TableNames" || !member.value.is(Json::Kind::kArray)) {
      const bool name = member.name == "LastEvaluatedTableName" && member.value.is(Json::Kind::kString);
      name ? writer.string(RevealRename{prefix}.table(member.value.text)) : write_json(member.value, &writer);
      continue;
    }
    writer.begin_array();
    for (const Json& name : member.value.elements) {
      if (!name.is(Json::Kind::kString) || !name.text.starts_with(prefix)) continue;
      const std::string_view table = name.text.substr(prefix.size());
      if (table_allowed(connection, table)) writer.string(table);
    }
    writer.end_array();
  }
  writer.end_object();
  return text;
}

}  // namespace

Effect call_effect(std::string_view operation, std::string_view body) {
  if (!among(kPartiQlOperations, operation)) return operation_effect(operation);
  Arena arena;
  const auto json = wire::parse_json(body, &arena);
  if (!json) return Effect::kWrite;
  Effect effect = Effect::kRead;
  int statements = 0;
  each_statement(**json, [&](std::string_view statement) {
    ++statements;
    if (statement_effect(statement) != Effect::kRead) effect = Effect::kWrite;
  });
  return statements == 0 ? Effect::kWrite : effect;
}

std::vector<std::string> statement_tables(std::string_view statement) {
  std::vector<std::string> tables;
  TableSpotter spotter;
  for (const Piece& piece : cut_statement(statement)) {
    if (!spotter.next(piece)) continue;
    tables.push_back(piece.kind == PieceKind::kIdentifier ? unquoted(piece.text) : std::string(piece.text));
  }
  return tables;
}

std::string prefix_statement_tables(std::string_view statement, std::string_view prefix) {
  std::string out;
  TableSpotter spotter;
  for (const Piece& piece : cut_statement(statement)) {
    if (!spotter.next(piece)) {
      out += piece.text;
      continue;
    }
    const std::string name = piece.kind == PieceKind::kIdentifier ? unquoted(piece.text) : std::string(piece.text);
    out += is_arn(name) ? std::string(piece.text) : quoted(std::string(prefix) + name);
  }
  return out;
}

Expected<std::string, CallError> permit_call(const SavedConnection& connection, const ConnectionSettings& settings,
                                             Service service, std::string_view operation, std::string body) {
  if (auto error = forbidden(connection, service, operation, body)) return Unexpected(std::move(*error));
  if (connection.table_filter.empty() && settings.table_prefix.empty()) return body;
  Arena arena;
  const auto json = wire::parse_json(body, &arena);
  if (!json || !(*json)->is(Json::Kind::kObject))
    return Unexpected(not_sent("NotJson", "the request is no JSON object"));

  std::vector<std::string> tables;
  std::string scratch;
  wire::JsonWriter scratch_writer(&scratch);
  if (operation != "ListTables") Renamer(CollectTables{&tables}, &scratch_writer).copy(**json);
  for (const std::string& table : tables) {
    if (table_allowed(connection, table)) continue;
    return Unexpected(not_sent(
        "TableNotAllowed", fmt::format("table '{}' is outside the table filter of connection '{}', so {} was not sent",
                                       table, connection.name, operation)));
  }
  if (settings.table_prefix.empty()) return body;
  std::string prefixed;
  wire::JsonWriter writer(&prefixed);
  Renamer(PrefixRename{settings.table_prefix}, &writer).copy(**json);
  return prefixed;
}

std::string reveal_reply(const SavedConnection& connection, const ConnectionSettings& settings,
                         std::string_view operation, std::string body) {
  const bool lists = operation == "ListTables";
  if (settings.table_prefix.empty() && (!lists || connection.table_filter.empty())) return body;
  Arena arena;
  const auto json = wire::parse_json(body, &arena);
  if (!json || !(*json)->is(Json::Kind::kObject)) return body;
  if (lists) return list_tables_reply(connection, settings.table_prefix, **json);
  std::string revealed;
  wire::JsonWriter writer(&revealed);
  Renamer(RevealRename{settings.table_prefix}, &writer).copy(**json);
  return revealed;
}

}  // namespace armature::connector
