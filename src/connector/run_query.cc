#include "connector/run_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "connector/json_text.h"
#include "connector/open_connection.h"
#include "connector/query_warnings.h"
#include "wire/json_reader.h"

namespace armature::connector {
namespace {

using wire::Json;

constexpr std::string_view kTellCapacity[] = {"GetItem",
                                              "PutItem",
                                              "UpdateItem",
                                              "DeleteItem",
                                              "Query",
                                              "Scan",
                                              "BatchGetItem",
                                              "BatchWriteItem",
                                              "TransactGetItems",
                                              "TransactWriteItems",
                                              "ExecuteStatement",
                                              "BatchExecuteStatement",
                                              "ExecuteTransaction"};

bool pages(std::string_view operation) {
  return operation == "Query" || operation == "Scan" || operation == "ExecuteStatement";
}

// Statements that write take no Limit.
bool takes_limit(std::string_view operation, const Json& request) {
  if (operation != "ExecuteStatement") return pages(operation);
  const Json* const statement = request.find("Statement");
  return statement != nullptr && statement_effect(statement->text) == Effect::kRead;
}

// A page is named by what continues behind it: 'K' and a LastEvaluatedKey, 'T' and a NextToken.
std::string page_key(const std::string& page) { return page.starts_with('K') ? page.substr(1) : std::string(); }
std::string page_token(const std::string& page) { return page.starts_with('T') ? page.substr(1) : std::string(); }

// Adds what the connection sets for all queries and the request does not say itself, and where the page begins.
std::string complete_request(const OpenConnection& connection, std::string_view operation, const Json& request,
                             const std::string& page) {
  const ConnectionSettings& settings = connection.settings();
  const auto says = [&](std::string_view name) { return request.find(name) != nullptr; };
  std::string text;
  wire::JsonWriter writer(&text);
  writer.begin_object();
  const std::string key = page_key(page);
  const std::string token = page_token(page);
  for (const wire::JsonMember& member : request.members) {
    if (!key.empty() && member.name == "ExclusiveStartKey") continue;
    if (!token.empty() && member.name == "NextToken") continue;
    writer.key(member.name);
    write_json(member.value, &writer);
  }
  if (!key.empty()) writer.key("ExclusiveStartKey"), writer.raw(key);
  if (!token.empty()) writer.member("NextToken", token);
  if (takes_limit(operation, request) && !says("Limit")) writer.member("Limit", std::int64_t{settings.page_size});
  const bool tells =
      std::find(std::begin(kTellCapacity), std::end(kTellCapacity), operation) != std::end(kTellCapacity);
  if (tells && settings.returned_capacity != "NONE" && !says("ReturnConsumedCapacity")) {
    writer.member("ReturnConsumedCapacity", settings.returned_capacity);
  }
  const bool reads_table =
      operation == "GetItem" || ((operation == "Query" || operation == "Scan") && !says("IndexName"));
  if (reads_table && settings.consistent_read_default && !says("ConsistentRead"))
    writer.member_bool("ConsistentRead", true);
  writer.end_object();
  return text;
}

std::optional<std::int64_t> integer_member(const Json& reply, std::string_view name) {
  const Json* const member = reply.find(name);
  if (member == nullptr) return std::nullopt;
  const auto value = wire::as_long(*member);
  return value ? std::optional(*value) : std::nullopt;
}

// The items of a reply, whatever the operation calls them.
void take_items(const Json& reply, QueryPage* page) {
  if (const Json* items = reply.find("Items"); items != nullptr && items->is(Json::Kind::kArray)) {
    page->has_items = true;
    for (const Json& item : items->elements) page->items.push_back(json_text(item));
  }
  for (const std::string_view name : {std::string_view("Item"), std::string_view("Attributes")}) {
    const Json* const item = reply.find(name);
    if (item == nullptr) continue;
    page->has_items = true;
    page->items.push_back(json_text(*item));
  }
  const Json* const responses = reply.find("Responses");
  if (responses == nullptr) return;
  page->has_items = true;
  if (responses->is(Json::Kind::kArray)) {
    for (const Json& response : responses->elements) {
      const Json* const item = response.find("Item");
      if (item != nullptr) page->items.push_back(json_text(*item));
    }
  }
  if (responses->is(Json::Kind::kObject)) {
    for (const wire::JsonMember& table : responses->members) {
      for (const Json& item : table.value.elements) page->items.push_back(json_text(item));
    }
  }
}

// The error: the reply is not JSON.
Expected<QueryPage, CallError> read_page(CallReply&& reply, std::string_view operation) {
  QueryPage page;
  page.request_id = reply.request_id;
  page.server_ms = reply.server_ms;
  page.round_trip_ms = std::chrono::duration<double, std::milli>(reply.round_trip).count();
  page.output = reply.body.empty() ? std::string("{}") : std::move(reply.body);
  Arena arena;
  const auto json = wire::parse_json(page.output, &arena);
  if (!json) {
    CallError error;
    error.type = "UnexpectedAnswer";
    error.message = "the answer is not JSON";
    error.request_id = std::move(page.request_id);
    return Unexpected(std::move(error));
  }
  page.has_items = operation == "GetItem";
  take_items(**json, &page);
  page.count = integer_member(**json, "Count");
  page.scanned_count = integer_member(**json, "ScannedCount");
  if (const Json* capacity = (*json)->find("ConsumedCapacity"); capacity != nullptr)
    page.consumed_capacity = json_text(*capacity);
  const Json* const token = (*json)->find("NextToken");
  const Json* const key = (*json)->find("LastEvaluatedKey");
  if (token != nullptr && token->is(Json::Kind::kString)) {
    page.next_page = "T" + std::string(token->text);
  } else if (key != nullptr) {
    page.next_page = "K" + json_text(*key);
  }
  return page;
}

// Pages travel through other hands.
bool is_page(const std::string& page) {
  if (page.empty() || page.starts_with('T')) return true;
  Arena arena;
  const auto key = wire::parse_json(page_key(page), &arena);
  return key && (*key)->is(Json::Kind::kObject);
}

Unexpected<QueryFailure> not_sent(BindError&& error) {
  QueryFailure failure;
  failure.error.kind = CallError::Kind::kNotSent;
  failure.error.type = error.missing.empty() ? "InvalidVariables" : "MissingVariables";
  failure.error.message = std::move(error.message);
  failure.missing_variables = std::move(error.missing);
  return Unexpected(std::move(failure));
}

}  // namespace

Task<Expected<QueryPage, QueryFailure>> run_query(OpenConnection* connection, const QueryRun& run) {
  if (!is_page(run.page)) co_return not_sent(BindError{"the page is none that this query came from", {}});
  BindContext context;
  context.now_ms = connection->clock().now_ms();
  context.uuid = random_uuid();
  context.user = run.user;
  context.last_key_json = page_key(run.page);
  auto bound = bind_query(run.query, run.variables, context);
  if (!bound) co_return not_sent(std::move(bound.error()));

  Arena arena;
  const auto request = wire::parse_json(bound->body, &arena);
  if (!request) co_return not_sent(BindError{"the request is not JSON", {}});
  const std::string body = complete_request(*connection, bound->operation, **request, run.page);
  const Service service = service_of(bound->operation);
  auto reply = co_await connection->call(service, bound->operation, body);
  Expected<QueryPage, CallError> page = QueryPage();
  if (reply) {
    page = read_page(std::move(*reply), bound->operation);
  } else {
    page = Unexpected(std::move(reply.error()));
  }
  if (!page) {
    QueryFailure failure;
    failure.error = std::move(page.error());
    failure.sent = std::move(*bound);
    co_return Unexpected(std::move(failure));
  }
  std::optional<TableKeys> keys;
  const std::string table = run.page.empty() ? table_to_look_at(bound->operation, **request) : std::string();
  if (!table.empty()) keys = co_await fetch_table_keys(connection, table);
  RunFigures figures;
  figures.count = page->count;
  figures.scanned_count = page->scanned_count;
  page->warnings = query_warnings(bound->operation, **request, keys ? &*keys : nullptr, figures);
  page->sent = std::move(*bound);
  co_return std::move(*page);
}

void write_page_members(const QueryPage& page, wire::JsonWriter* writer) {
  if (page.has_items) {
    writer->key("items");
    writer->begin_array();
    for (const std::string& item : page.items) writer->raw(item);
    writer->end_array();
  }
  writer->key("output");
  writer->raw(page.output);
  if (page.count) writer->member("count", *page.count);
  if (page.scanned_count) writer->member("scannedCount", *page.scanned_count);
  if (!page.consumed_capacity.empty()) {
    writer->key("consumedCapacity");
    writer->raw(page.consumed_capacity);
  }
  if (!page.next_page.empty()) writer->member("nextPage", page.next_page);
  if (page.server_ms) {
    writer->key("serverMs");
    writer->real(*page.server_ms);
  }
  writer->key("roundTripMs");
  writer->real(page.round_trip_ms);
  writer->member("requestId", page.request_id);
  writer->key("warnings");
  writer->begin_array();
  for (const std::string& warning : page.warnings) writer->string(warning);
  writer->end_array();
}

}  // namespace armature::connector
