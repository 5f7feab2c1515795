// queries, queries/{id}, queries/{id}/versions.
#pragma once

#include "connector/saved_query.h"
#include "console/routes.h"

namespace armature::console {

// A query as it was sent. 400 InvalidQuery that names every field that cannot be right. `name_needed`: one that is
// only run may have no name.
ApiResult<connector::SavedQuery> read_query_form(const wire::Json& json, bool name_needed = true);
// The saved query of that id; one that may not be seen is not there: 404 NotFound.
Task<ApiResult<connector::SavedQuery>> visible_query(Services& services, const ApiCall& call, std::string id);

Task<ApiResult<void>> list_queries(Services& services, ApiCall& call);
Task<ApiResult<void>> add_query(Services& services, ApiCall& call);
Task<ApiResult<void>> get_query(Services& services, ApiCall& call);
Task<ApiResult<void>> replace_query(Services& services, ApiCall& call);
Task<ApiResult<void>> remove_query(Services& services, ApiCall& call);
Task<ApiResult<void>> list_query_versions(Services& services, ApiCall& call);

}  // namespace armature::console
