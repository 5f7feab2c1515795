#include "console/roles.h"

#include "api/context.h"
#include "api/operations.h"
#include "auth/identity/identity_store.h"
#include "catalog/table_definition.h"

namespace armature::console {
namespace {

// Asking about each of thousands of tables would take longer than the answer is worth.
constexpr std::size_t kMostTablesAsked = 200;

}  // namespace

std::string_view to_string(ConsoleRole role) {
  switch (role) {
    case ConsoleRole::kViewer: return "viewer";
    case ConsoleRole::kEditor: return "editor";
    case ConsoleRole::kAdmin: return "admin";
  }
  return {};
}

std::optional<ConsoleRole> parse_console_role(std::string_view text) {
  for (const ConsoleRole role : {ConsoleRole::kViewer, ConsoleRole::kEditor, ConsoleRole::kAdmin}) {
    if (text == to_string(role)) return role;
  }
  return std::nullopt;
}

Result<void> may(const Services& services, const ApiCall& call, const auth::Identity& identity, std::string_view action,
                 std::string_view resource_arn) {
  api::RequestContext context;
  context.arena = call.arena;
  context.request_id = call.request.request_id;
  context.region = services.database.options.default_region;
  context.account_id = services.database.catalog.account_id();
  context.peer_address = call.request.peer_address;
  context.secure = call.request.secure;
  // The authorizer only reads it while we wait.
  context.identity = std::shared_ptr<const auth::Identity>(std::shared_ptr<void>(), &identity);
  context.authorizer = &services.authorizer;
  return services.authorizer.authorize(
      context, api::AccessRequest{.action = action, .resource_arn = resource_arn, .only_asked = true});
}

std::optional<ConsoleRole> given_role(const Services& services, const auth::Identity& identity) {
  if (identity.kind == auth::PrincipalKind::kRoot || identity.user_name.empty()) return std::nullopt;
  const auth::UserRef user = services.database.identities->identities()->user(identity.user_name);
  if (user == nullptr) return std::nullopt;
  for (const auth::Tag& tag : user->tags) {
    // A value that is no role is a slip: the safest one then.
    if (tag.key == "ConsoleRole") return parse_console_role(tag.value).value_or(ConsoleRole::kViewer);
  }
  return std::nullopt;
}

ConsoleRole derived_role(const Services& services, const ApiCall& call, const auth::Identity& identity) {
  if (identity.kind == auth::PrincipalKind::kRoot) return ConsoleRole::kAdmin;
  const auto allowed = [&](std::string_view action, std::string_view resource) {
    return may(services, call, identity, action, resource).has_value();
  };
  const Catalog& catalog = services.database.catalog;
  const std::string any_user = "arn:aws:iam::" + catalog.account_id() + ":user/*";
  if (allowed("iam:CreateUser", any_user) && allowed("iam:PutUserPolicy", any_user)) return ConsoleRole::kAdmin;

  const auto may_change = [&](std::string_view table) {
    for (const std::string_view action : {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem",
                                          "dynamodb:BatchWriteItem", "dynamodb:CreateTable"}) {
      if (allowed(action, table)) return true;
    }
    return false;
  };
  if (may_change(table_arn(services.database.options.default_region, catalog.account_id(), "*"))) {
    return ConsoleRole::kEditor;
  }
  std::size_t asked = 0;
  for (const TableRef& table : catalog.all()) {
    if (++asked > kMostTablesAsked) break;
    if (may_change(table->arn)) return ConsoleRole::kEditor;
  }
  return ConsoleRole::kViewer;
}

}  // namespace armature::console
