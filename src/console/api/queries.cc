#include "console/api/queries.h"

#include <vector>

namespace armature::console {
namespace {

using connector::SavedQuery;

Unexpected<ApiError> store_failed(const connector::StoreError& error) {
  return refuse(500, "StorageFailed", error.message);
}

bool is_own(const SavedQuery& query, const SignedIn& who) { return query.owner == who.identity->principal_arn; }
bool may_see(const SavedQuery& query, const SignedIn& who) {
  return query.shared || is_own(query, who) || who.role == ConsoleRole::kAdmin;
}
bool may_change(const SavedQuery& query, const SignedIn& who) {
  return is_own(query, who) || who.role == ConsoleRole::kAdmin;
}

ApiResult<void> check_may_change(const SavedQuery& query, const SignedIn& who) {
  if (may_change(query, who)) return {};
  return refuse(403, "NotAllowed", "The query belongs to " + query.owner + ".", "Save a copy of your own.");
}

void write_all(std::string_view name, const std::vector<SavedQuery>& queries, ApiCall* call,
               const std::optional<std::string>& connection) {
  wire::JsonWriter writer(&call->reply);
  writer.begin_object();
  writer.key(name);
  writer.begin_array();
  for (const SavedQuery& query : queries) {
    if (!may_see(query, *call->who) || (connection && query.connection != *connection)) continue;
    connector::write_query(query, &writer);
  }
  writer.end_array();
  writer.end_object();
}

}  // namespace

ApiResult<SavedQuery> read_query_form(const wire::Json& json, bool name_needed) {
  auto query = connector::read_query(json);
  if (!query) return refuse(400, "InvalidQuery", query.error().message);
  if (!name_needed && query->name.empty()) query->name = "unsaved";
  const auto errors = connector::validate(*query);
  if (errors.empty()) return std::move(*query);
  ApiError error{400, "InvalidQuery", errors.front().field + ": " + errors.front().message};
  for (const connector::FieldError& field : errors) error.fields.push_back({field.field, field.message});
  return Unexpected(std::move(error));
}

Task<ApiResult<SavedQuery>> visible_query(Services& services, const ApiCall& call, std::string id) {
  auto found = co_await services.queries.find(id);
  if (!found) co_return store_failed(found.error());
  if (!*found || !may_see(**found, *call.who)) co_return refuse(404, "NotFound", "There is no query '" + id + "'.");
  co_return std::move(**found);
}

Task<ApiResult<void>> list_queries(Services& services, ApiCall& call) {
  const auto queries = co_await services.queries.list();
  if (!queries) co_return store_failed(queries.error());
  write_all("queries", *queries, &call, query_value(call, "connection"));
  co_return ApiResult<void>();
}

Task<ApiResult<void>> add_query(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(SavedQuery form, read_query_form(*call.body));
  form.id.clear();
  form.owner = call.who->identity->principal_arn;
  const auto saved = co_await services.queries.put(std::move(form));
  if (!saved) co_return store_failed(saved.error());
  wire::JsonWriter writer(&call.reply);
  connector::write_query(*saved, &writer);
  call.status = 201;
  co_return ApiResult<void>();
}

Task<ApiResult<void>> get_query(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const SavedQuery query, co_await visible_query(services, call, call.path_values[0]));
  wire::JsonWriter writer(&call.reply);
  connector::write_query(query, &writer);
  co_return ApiResult<void>();
}

Task<ApiResult<void>> replace_query(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const SavedQuery before, co_await visible_query(services, call, call.path_values[0]));
  CO_TRY(check_may_change(before, *call.who));
  CO_TRY_ASSIGN(SavedQuery form, read_query_form(*call.body));
  form.id = before.id;
  form.owner = before.owner;
  const auto saved = co_await services.queries.put(std::move(form));
  if (!saved) co_return store_failed(saved.error());
  wire::JsonWriter writer(&call.reply);
  connector::write_query(*saved, &writer);
  co_return ApiResult<void>();
}

Task<ApiResult<void>> remove_query(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const SavedQuery before, co_await visible_query(services, call, call.path_values[0]));
  CO_TRY(check_may_change(before, *call.who));
  const auto removed = co_await services.queries.remove(before.id);
  if (!removed) co_return store_failed(removed.error());
  call.status = 204;
  co_return ApiResult<void>();
}

Task<ApiResult<void>> list_query_versions(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const SavedQuery now, co_await visible_query(services, call, call.path_values[0]));
  const auto versions = co_await services.queries.versions(now.id);
  if (!versions) co_return store_failed(versions.error());
  write_all("versions", *versions, &call, std::nullopt);
  co_return ApiResult<void>();
}

}  // namespace armature::console
