// connections, connections/{name}, connection-options.
#pragma once

#include "connector/saved_connection.h"
#include "console/routes.h"

namespace armature::console {

// A form as it was sent, blanks around its texts removed. 400 InvalidConnection on a member of the wrong type.
ApiResult<connector::SavedConnection> read_connection_form(const wire::Json& json);
// 400 InvalidConnection that names every field that cannot be right.
ApiResult<void> check_connection(const connector::SavedConnection& form);
// Who may save or remove a connection, and try one that is not saved: editors and administrators, and nobody one that
// asks for a higher role than his own, or he could take what is not his to use. 403 NotAllowed.
ApiResult<void> may_manage(const connector::SavedConnection& connection, const SignedIn& who);
// The same of a connection as it was saved: whoever may not use it from where he is may not change it either, or the
// addresses it allows would hold nobody. Administrators, who give the rights, may from anywhere.
ApiResult<void> may_change(const connector::SavedConnection& saved, const SignedIn& who, std::string_view peer_address);

Task<ApiResult<void>> list_connections(Services& services, ApiCall& call);
Task<ApiResult<void>> add_connection(Services& services, ApiCall& call);
Task<ApiResult<void>> get_connection(Services& services, ApiCall& call);
Task<ApiResult<void>> replace_connection(Services& services, ApiCall& call);
Task<ApiResult<void>> remove_connection(Services& services, ApiCall& call);
Task<ApiResult<void>> list_connection_options(Services& services, ApiCall& call);

}  // namespace armature::console
