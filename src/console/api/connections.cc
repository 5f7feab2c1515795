#include "console/api/connections.h"

#include "base/log.h"
#include "connector/connection_options.h"
#include "console/targets.h"

namespace armature::console {
namespace {

using connector::SavedConnection;

Unexpected<ApiError> store_failed(const connector::StoreError& error) {
  return refuse(500, "StorageFailed", error.message);
}

void write_saved(const SavedConnection& connection, wire::JsonWriter* writer) {
  connector::write_connection(connection, connector::Secrets::kWithout, writer);
}

void log_change(const ApiCall& call, std::string_view what, std::string_view name) {
  log(LogLevel::kInfo, "console: connection changed",
      {{"principal", call.who->identity->principal_arn},
       {"peer", call.request.peer_address},
       {"what", what},
       {"connection", name}});
}

Task<ApiResult<std::optional<SavedConnection>>> find_saved(Services& services, std::string name) {
  auto found = co_await services.connections.find(std::move(name));
  if (!found) co_return store_failed(found.error());
  co_return std::move(*found);
}

}  // namespace

ApiResult<SavedConnection> read_connection_form(const wire::Json& json) {
  auto form = connector::read_connection(json);
  if (!form) return refuse(400, "InvalidConnection", form.error().message);
  connector::trim(&*form);
  return std::move(*form);
}

ApiResult<void> check_connection(const SavedConnection& form) {
  const auto errors = connector::validate(form);
  if (errors.empty()) return {};
  ApiError error{400, "InvalidConnection", errors.front().field + ": " + errors.front().message};
  for (const connector::FieldError& field : errors) error.fields.push_back({field.field, field.message});
  return Unexpected(std::move(error));
}

ApiResult<void> may_manage(const SavedConnection& connection, const SignedIn& who) {
  if (who.role == ConsoleRole::kViewer) return refuse(403, "NotAllowed", "A viewer may not change connections.");
  if (who.role < required_role(connection)) {
    return refuse(
        403, "NotAllowed",
        "Connections for the role " + std::string(to_string(required_role(connection))) + " are not yours to change.");
  }
  // The path is one of the server's own disk.
  if (connection.options.contains("tls.caFile") && who.role != ConsoleRole::kAdmin) {
    return refuse(403, "NotAllowed", "Only administrators may name a file on the server (tls.caFile).");
  }
  return {};
}

ApiResult<void> may_change(const SavedConnection& saved, const SignedIn& who, std::string_view peer_address) {
  TRY(may_manage(saved, who));
  if (who.role == ConsoleRole::kAdmin) return {};
  return may_use(saved, who, peer_address);
}

Task<ApiResult<void>> list_connections(Services& services, ApiCall& call) {
  const auto connections = co_await services.connections.list();
  if (!connections) co_return store_failed(connections.error());
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.key("connections");
  writer.begin_array();
  for (const SavedConnection& connection : *connections) {
    if (call.who->role >= required_role(connection)) write_saved(connection, &writer);
  }
  writer.end_array();
  writer.end_object();
  co_return ApiResult<void>();
}

Task<ApiResult<void>> add_connection(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(SavedConnection form, read_connection_form(*call.body));
  CO_TRY(check_connection(form));
  CO_TRY(may_manage(form, *call.who));
  const auto added = co_await services.connections.add(form);
  if (!added) co_return store_failed(added.error());
  if (*added == StoredConnections::Added::kExists) {
    co_return refuse(409, "AlreadyExists", "There is a connection '" + form.name + "' already.",
                     "Choose another name.");
  }
  log_change(call, "added", form.name);
  wire::JsonWriter writer(&call.reply);
  write_saved(form, &writer);
  call.status = 201;
  co_return ApiResult<void>();
}

Task<ApiResult<void>> get_connection(Services& services, ApiCall& call) {
  const std::string& name = call.path_values[0];
  CO_TRY_ASSIGN(const std::optional<SavedConnection> saved, co_await find_saved(services, name));
  if (!saved) co_return refuse(404, "NotFound", "There is no connection '" + name + "'.");
  // Administrators look at what they may change, from wherever they are.
  if (call.who->role != ConsoleRole::kAdmin) CO_TRY(may_use(*saved, *call.who, call.request.peer_address));
  wire::JsonWriter writer(&call.reply);
  write_saved(*saved, &writer);
  co_return ApiResult<void>();
}

Task<ApiResult<void>> replace_connection(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(SavedConnection form, read_connection_form(*call.body));
  if (form.name.empty()) form.name = call.path_values[0];
  CO_TRY_ASSIGN(const std::optional<SavedConnection> before, co_await find_saved(services, call.path_values[0]));
  if (!before) co_return refuse(404, "NotFound", "There is no connection '" + call.path_values[0] + "'.");
  CO_TRY(may_change(*before, *call.who, call.request.peer_address));
  connector::keep_secrets(*before, &form);
  CO_TRY(check_connection(form));
  CO_TRY(may_manage(form, *call.who));
  if (form.name != before->name) {
    const auto added = co_await services.connections.add(form);
    if (!added) co_return store_failed(added.error());
    if (*added == StoredConnections::Added::kExists) {
      co_return refuse(409, "AlreadyExists", "There is a connection '" + form.name + "' already.");
    }
    const auto removed = co_await services.connections.remove(before->name);
    if (!removed) co_return store_failed(removed.error());
  } else {
    const auto saved = co_await services.connections.put(form);
    if (!saved) co_return store_failed(saved.error());
  }
  log_change(call, "replaced", form.name);
  wire::JsonWriter writer(&call.reply);
  write_saved(form, &writer);
  co_return ApiResult<void>();
}

Task<ApiResult<void>> remove_connection(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const std::optional<SavedConnection> before, co_await find_saved(services, call.path_values[0]));
  if (!before) co_return refuse(404, "NotFound", "There is no connection '" + call.path_values[0] + "'.");
  CO_TRY(may_change(*before, *call.who, call.request.peer_address));
  const auto removed = co_await services.connections.remove(before->name);
  if (!removed) co_return store_failed(removed.error());
  log_change(call, "removed", before->name);
  call.status = 204;
  co_return ApiResult<void>();
}

Task<ApiResult<void>> list_connection_options(Services&, ApiCall& call) {
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.key("options");
  writer.begin_array();
  for (const connector::OptionDescription& option : connector::known_options()) {
    writer.begin_object();
    writer.member("key", option.key);
    writer.member("kind", connector::option_kind_name(option.kind));
    if (!option.values.empty()) {
      writer.key("values");
      writer.begin_array();
      for (const std::string_view value : option.values) writer.string(value);
      writer.end_array();
    }
    if (option.most > 0) {
      writer.member("least", static_cast<std::int64_t>(option.least));
      writer.member("most", static_cast<std::int64_t>(option.most));
    }
    writer.member("default", option.default_value);
    writer.member("help", option.help);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  co_return ApiResult<void>();
}

}  // namespace armature::console
