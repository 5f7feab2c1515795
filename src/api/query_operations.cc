#include "api/query_operations.h"

#include "api/iam/access_keys.h"
#include "api/iam/users.h"
#include "api/sts/caller_identity.h"

namespace armature::api {

const QueryService kIamService{"iam", "2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/"};
const QueryService kStsService{"sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"};

namespace {

constexpr QueryOperation iam(std::string_view target, std::string_view action, Access access, QueryHandler handler,
                             QueryResult result = QueryResult::kSome) {
  return {&kIamService, target, action, access, handler, result};
}
constexpr QueryOperation sts(std::string_view target, std::string_view action, Access access, QueryHandler handler) {
  return {&kStsService, target, action, access, handler};
}
constexpr QueryResult kNone = QueryResult::kNone;

constexpr QueryOperation kQueryOperations[] = {
    iam("iam.CreateAccessKey", "iam:CreateAccessKey", Access::kManage, create_access_key),
    iam("iam.CreateUser", "iam:CreateUser", Access::kManage, create_user),
    iam("iam.DeleteAccessKey", "iam:DeleteAccessKey", Access::kManage, delete_access_key, kNone),
    iam("iam.DeleteUser", "iam:DeleteUser", Access::kManage, delete_user, kNone),
    iam("iam.GetAccessKeyLastUsed", "iam:GetAccessKeyLastUsed", Access::kDescribe, get_access_key_last_used),
    iam("iam.GetUser", "iam:GetUser", Access::kDescribe, get_user),
    iam("iam.ListAccessKeys", "iam:ListAccessKeys", Access::kDescribe, list_access_keys),
    iam("iam.ListUserTags", "iam:ListUserTags", Access::kDescribe, list_user_tags),
    iam("iam.ListUsers", "iam:ListUsers", Access::kDescribe, list_users),
    iam("iam.TagUser", "iam:TagUser", Access::kManage, tag_user, kNone),
    iam("iam.UntagUser", "iam:UntagUser", Access::kManage, untag_user, kNone),
    iam("iam.UpdateAccessKey", "iam:UpdateAccessKey", Access::kManage, update_access_key, kNone),
    iam("iam.UpdateUser", "iam:UpdateUser", Access::kManage, update_user, kNone),

    sts("sts.GetCallerIdentity", "sts:GetCallerIdentity", Access::kDescribe, get_caller_identity),
};

}  // namespace

std::span<const QueryOperation> query_operations() { return kQueryOperations; }

const QueryOperation* find_query_operation(const QueryService& service, std::string_view action) {
  for (const QueryOperation& operation : kQueryOperations) {
    if (operation.service == &service && operation.name() == action) return &operation;
  }
  return nullptr;
}

}  // namespace armature::api
