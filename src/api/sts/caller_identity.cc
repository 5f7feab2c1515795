#include "api/sts/caller_identity.h"

#include "api/form.h"

namespace armature::api {

// Needs no permission, and none can be taken away.
Task<Result<void>> get_caller_identity(QueryCall& call) {
  call.context.authorization_asked = true;
  call.reply.element("Arn", call.context.identity->principal_arn);
  call.reply.element("UserId", call.context.identity->user_id);
  call.reply.element("Account", call.context.identity->account_id);
  co_return Result<void>();
}

// A server has one account, so every key that can be used here is of it; whether this one exists is not told.
Task<Result<void>> get_access_key_info(QueryCall& call) {
  Form form(call.parameters);
  (void)form.text("AccessKeyId", kAccessKeyIdRule);
  CO_TRY(form.check());
  CO_TRY(authorize(call.context, "*"));
  call.reply.element("Account", call.context.account_id);
  co_return Result<void>();
}

}  // namespace armature::api
