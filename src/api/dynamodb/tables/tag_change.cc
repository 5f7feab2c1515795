#include "api/dynamodb/tables/tag_change.h"

#include <fmt/format.h>

#include "api/dynamodb/tables/lifecycle.h"

namespace armature::api {

Task<Result<void>> change_tags(Services& services, const RequestContext& context, std::string_view arn,
                               const TableName& name, const TagChange& change) {
  const Catalog::Change change_table = [&change](const TableDefinition& current) -> Result<TableDefinition> {
    if (current.status != TableStatus::kUpdating) TRY(check_not_in_transition(current));
    TableDefinition changed = current;
    TRY(change(&changed.tags));
    return changed;
  };
  const Result<TableRef> changed = co_await services.catalog.update(context.region, name, change_table);
  if (changed) co_return Result<void>();
  if (changed.error().code == ErrorCode::kResourceNotFound) {
    // DynamoDB spells it so.
    co_return fail(ErrorCode::kResourceNotFound,
                   fmt::format("Requested resource not found: ResourcArn: {} not found", arn));
  }
  co_return Unexpected(changed.error());
}

}  // namespace armature::api
