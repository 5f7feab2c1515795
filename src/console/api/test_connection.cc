#include "console/api/test_connection.h"

#include <functional>
#include <string>

#include "connector/test_connection.h"
#include "console/api/connections.h"
#include "console/audit.h"
#include "console/targets.h"

namespace armature::console {
namespace {

using connector::SavedConnection;

// What a form is called that has no name yet.
constexpr std::string_view kNoNameYet = "unsaved";

// The secrets the form was never shown. They are for those who may use and change what was saved.
Task<ApiResult<void>> take_saved_secrets(Services& services, const ApiCall& call, std::string saved_as,
                                         SavedConnection* form) {
  if (saved_as.empty()) co_return ApiResult<void>();
  const auto saved = co_await services.connections.find(saved_as);
  if (!saved) co_return refuse(500, "StorageFailed", saved.error().message);
  if (!*saved) co_return ApiResult<void>();
  SavedConnection completed = *form;
  connector::keep_secrets(**saved, &completed);
  const bool takes_secret = form->secret_access_key.empty() && !completed.secret_access_key.empty();
  const bool takes_token = form->session_token.empty() && !completed.session_token.empty();
  if (!takes_secret && !takes_token) co_return ApiResult<void>();
  CO_TRY(may_manage(**saved, *call.who));
  CO_TRY(may_use(**saved, *call.who, call.request.peer_address));
  *form = std::move(completed);
  co_return ApiResult<void>();
}

std::string outcome_of(const connector::TestReport& report) {
  return report.ok || report.steps.empty() ? "ok" : "failed: " + report.steps.back().id;
}

Task<ApiResult<void>> run_test(Services& services, ApiCall& call, const SavedConnection& connection) {
  const std::function<void(const connector::TestStep&)> nobody_watches;
  const connector::TestReport report = co_await connector::test_connection(services.open_connections.loop(), connection,
                                                                           &services.database.clock, nobody_watches);
  const std::string outcome = outcome_of(report);
  audit(call, {connection.name, "TestConnection", {}, outcome});
  wire::JsonWriter writer(&call.reply);
  connector::write_report(report, &writer);
  co_return ApiResult<void>();
}

}  // namespace

Task<ApiResult<void>> test_unsaved_connection(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const wire::Json* json, required_object(*call.body, "connection"));
  CO_TRY_ASSIGN(const auto saved_as, optional_text(*call.body, "savedAs"));
  CO_TRY_ASSIGN(SavedConnection form, read_connection_form(*json));
  CO_TRY(may_manage(form, *call.who));
  std::string secrets_of(saved_as ? *saved_as : std::string_view(form.name));
  CO_TRY(co_await take_saved_secrets(services, call, std::move(secrets_of), &form));
  if (form.name.empty()) form.name = kNoNameYet;
  CO_TRY(check_connection(form));
  co_return co_await run_test(services, call, form);
}

Task<ApiResult<void>> test_saved_connection(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const SavedConnection saved, co_await usable_connection(services, call, call.path_values[0]));
  co_return co_await run_test(services, call, saved);
}

}  // namespace armature::console
