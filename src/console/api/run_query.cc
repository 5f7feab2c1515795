#include "console/api/run_query.h"

#include <map>
#include <string>

#include "base/random.h"
#include "connector/query_code.h"
#include "connector/run_query.h"
#include "console/api/call.h"
#include "console/api/queries.h"
#include "console/audit.h"
#include "console/json_text.h"
#include "console/targets.h"

namespace armature::console {
namespace {

using connector::SavedQuery;

// {"query": {…}}, which need not be saved, or {"id": "…"} of one that is.
Task<ApiResult<SavedQuery>> requested_query(Services& services, const ApiCall& call) {
  const wire::Json* const query = call.body->find("query");
  if (query != nullptr) co_return read_query_form(*query, /*name_needed=*/false);
  CO_TRY_ASSIGN(const auto id, optional_text(*call.body, "id"));
  if (!id) co_return bad_request("The member 'query' is missing, or 'id' in its place.");
  std::string wanted(*id);
  co_return co_await visible_query(services, call, std::move(wanted));
}

// By name, as JSON texts.
ApiResult<std::map<std::string, std::string>> requested_values(const wire::Json& body) {
  std::map<std::string, std::string> values;
  const wire::Json* const given = body.find("variables");
  if (given == nullptr) return values;
  if (!given->is(wire::Json::Kind::kObject)) return bad_request("The member 'variables' must be an object.");
  for (const wire::JsonMember& variable : given->members) {
    values[std::string(variable.name)] = json_text(variable.value);
  }
  return values;
}

ApiResult<std::string> text_or_empty(const wire::Json& body, std::string_view name) {
  TRY_ASSIGN(const auto text, optional_text(body, name));
  return std::string(text.value_or(""));
}

void write_texts(std::string_view name, const std::vector<std::string>& texts, wire::JsonWriter* writer) {
  writer->key(name);
  writer->begin_array();
  for (const std::string& text : texts) writer->string(text);
  writer->end_array();
}

void write_failure(const connector::QueryFailure& failure, Arena* arena, wire::JsonWriter* writer) {
  writer->member_bool("ok", false);
  if (failure.error.status != 0) writer->member("status", failure.error.status);
  writer->key("error");
  write_call_error(failure.error, arena, writer);
  if (!failure.missing_variables.empty()) write_texts("missingVariables", failure.missing_variables, writer);
  if (!failure.error.request_id.empty()) writer->member("requestId", failure.error.request_id);
}

// Where code sends the query: its connection, or this server as the browser reaches it.
Task<ApiResult<connector::SavedConnection>> code_target(Services& services, const ApiCall& call, std::string connection,
                                                        std::string region) {
  if (!region.empty() && !is_region(region)) co_return bad_request("'" + region + "' is not a region's name.");
  connector::SavedConnection target;
  if (!connection.empty()) {
    CO_TRY_ASSIGN(target, co_await usable_connection(services, call, std::move(connection)));
  } else {
    const std::string_view host = call.request.header("Host");
    const std::string_view address = host.empty() ? services.database.options.endpoint_address : host;
    target.endpoint = std::string(call.request.secure ? "https://" : "http://") + std::string(address);
    target.region = services.database.options.default_region;
    if (const auto parsed = connector::parse_endpoint(target.endpoint); !parsed) co_return bad_request(parsed.error());
  }
  if (!region.empty()) target.region = std::move(region);
  co_return std::move(target);
}

}  // namespace

Task<ApiResult<void>> run_query(Services& services, ApiCall& call) {
  connector::QueryRun run;
  CO_TRY_ASSIGN(run.query, co_await requested_query(services, call));
  CO_TRY_ASSIGN(run.variables, requested_values(*call.body));
  CO_TRY_ASSIGN(run.page, text_or_empty(*call.body, "page"));
  CO_TRY_ASSIGN(std::string region, text_or_empty(*call.body, "region"));
  run.user = call.who->identity->principal_arn;
  CO_TRY_ASSIGN(const Target target, co_await find_target(services, call, run.query.connection, std::move(region)));

  const auto page = co_await connector::run_query(target.get(), run);
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  if (page) {
    writer.member_bool("ok", true);
    connector::write_page_members(*page, &writer);
  } else {
    write_failure(page.error(), call.arena, &writer);
  }
  writer.end_object();
  const connector::BoundQuery& sent = page ? page->sent : page.error().sent;
  const std::string outcome = page ? std::string("ok") : page.error().error.type;
  const auto count = page ? page->count : std::nullopt;
  if (!sent.operation.empty()) audit(call, {target->saved().name, sent.operation, sent.body, outcome, count});
  co_return ApiResult<void>();
}

Task<ApiResult<void>> show_query_code(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const std::string_view language, required_text(*call.body, "language"));
  CO_TRY_ASSIGN(const SavedQuery query, co_await requested_query(services, call));
  CO_TRY_ASSIGN(const auto values, requested_values(*call.body));
  CO_TRY_ASSIGN(std::string region, text_or_empty(*call.body, "region"));
  CO_TRY_ASSIGN(const connector::SavedConnection target,
                co_await code_target(services, call, query.connection, std::move(region)));
  const connector::BindContext context{.now_ms = services.database.clock.now_ms(),
                                       .uuid = random_uuid(),
                                       .user = call.who->identity->principal_arn,
                                       .last_key_json = {}};
  const auto bound = connector::bind_query(query, values, context);
  if (!bound) {
    const bool missing = !bound.error().missing.empty();
    co_return refuse(400, missing ? "MissingVariables" : "InvalidQuery", bound.error().message,
                     missing ? "Give each of them a value first." : "");
  }
  const auto code = connector::query_code(target, *bound, language);
  if (!code) co_return bad_request(code.error());
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.member("code", *code);
  writer.end_object();
  co_return ApiResult<void>();
}

}  // namespace armature::console
