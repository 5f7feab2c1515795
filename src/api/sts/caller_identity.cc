#include "api/sts/caller_identity.h"

namespace armature::api {

// Needs no permission, and none can be taken away.
Task<Result<void>> get_caller_identity(QueryCall& call) {
  call.context.authorization_asked = true;
  call.reply.element("Arn", call.context.identity->principal_arn);
  call.reply.element("UserId", call.context.identity->user_id);
  call.reply.element("Account", call.context.identity->account_id);
  co_return Result<void>();
}

}  // namespace armature::api
