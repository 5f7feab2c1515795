#include "api/query_operations.h"

#include "api/iam/access_keys.h"
#include "api/iam/account.h"
#include "api/iam/attachments.h"
#include "api/iam/groups.h"
#include "api/iam/inline_policies.h"
#include "api/iam/login_profiles.h"
#include "api/iam/policies.h"
#include "api/iam/roles.h"
#include "api/iam/simulation.h"
#include "api/iam/tags.h"
#include "api/iam/users.h"
#include "api/sts/caller_identity.h"
#include "api/sts/sessions.h"

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
    iam("iam.AddUserToGroup", "iam:AddUserToGroup", Access::kManage, add_user_to_group, kNone),
    iam("iam.AttachGroupPolicy", "iam:AttachGroupPolicy", Access::kManage, attach_group_policy, kNone),
    iam("iam.AttachRolePolicy", "iam:AttachRolePolicy", Access::kManage, attach_role_policy, kNone),
    iam("iam.AttachUserPolicy", "iam:AttachUserPolicy", Access::kManage, attach_user_policy, kNone),
    iam("iam.ChangePassword", "iam:ChangePassword", Access::kManage, change_password, kNone),
    iam("iam.CreateAccessKey", "iam:CreateAccessKey", Access::kManage, create_access_key),
    iam("iam.CreateAccountAlias", "iam:CreateAccountAlias", Access::kManage, create_account_alias, kNone),
    iam("iam.CreateGroup", "iam:CreateGroup", Access::kManage, create_group),
    iam("iam.CreateLoginProfile", "iam:CreateLoginProfile", Access::kManage, create_login_profile),
    iam("iam.CreatePolicy", "iam:CreatePolicy", Access::kManage, create_policy),
    iam("iam.CreatePolicyVersion", "iam:CreatePolicyVersion", Access::kManage, create_policy_version),
    iam("iam.CreateRole", "iam:CreateRole", Access::kManage, create_role),
    iam("iam.CreateUser", "iam:CreateUser", Access::kManage, create_user),
    iam("iam.DeleteAccessKey", "iam:DeleteAccessKey", Access::kManage, delete_access_key, kNone),
    iam("iam.DeleteAccountAlias", "iam:DeleteAccountAlias", Access::kManage, delete_account_alias, kNone),
    iam("iam.DeleteGroup", "iam:DeleteGroup", Access::kManage, delete_group, kNone),
    iam("iam.DeleteGroupPolicy", "iam:DeleteGroupPolicy", Access::kManage, delete_group_policy, kNone),
    iam("iam.DeleteLoginProfile", "iam:DeleteLoginProfile", Access::kManage, delete_login_profile, kNone),
    iam("iam.DeletePolicy", "iam:DeletePolicy", Access::kManage, delete_policy, kNone),
    iam("iam.DeletePolicyVersion", "iam:DeletePolicyVersion", Access::kManage, delete_policy_version, kNone),
    iam("iam.DeleteRole", "iam:DeleteRole", Access::kManage, delete_role, kNone),
    iam("iam.DeleteRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary", Access::kManage,
        delete_role_permissions_boundary, kNone),
    iam("iam.DeleteRolePolicy", "iam:DeleteRolePolicy", Access::kManage, delete_role_policy, kNone),
    iam("iam.DeleteUser", "iam:DeleteUser", Access::kManage, delete_user, kNone),
    iam("iam.DeleteUserPermissionsBoundary", "iam:DeleteUserPermissionsBoundary", Access::kManage,
        delete_user_permissions_boundary, kNone),
    iam("iam.DeleteUserPolicy", "iam:DeleteUserPolicy", Access::kManage, delete_user_policy, kNone),
    iam("iam.DetachGroupPolicy", "iam:DetachGroupPolicy", Access::kManage, detach_group_policy, kNone),
    iam("iam.DetachRolePolicy", "iam:DetachRolePolicy", Access::kManage, detach_role_policy, kNone),
    iam("iam.DetachUserPolicy", "iam:DetachUserPolicy", Access::kManage, detach_user_policy, kNone),
    iam("iam.GetAccessKeyLastUsed", "iam:GetAccessKeyLastUsed", Access::kDescribe, get_access_key_last_used),
    iam("iam.GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", Access::kDescribe,
        get_account_authorization_details),
    iam("iam.GetAccountSummary", "iam:GetAccountSummary", Access::kDescribe, get_account_summary),
    iam("iam.GetContextKeysForCustomPolicy", "iam:GetContextKeysForCustomPolicy", Access::kDescribe,
        get_context_keys_for_custom_policy),
    iam("iam.GetContextKeysForPrincipalPolicy", "iam:GetContextKeysForPrincipalPolicy", Access::kDescribe,
        get_context_keys_for_principal_policy),
    iam("iam.GetGroup", "iam:GetGroup", Access::kDescribe, get_group),
    iam("iam.GetGroupPolicy", "iam:GetGroupPolicy", Access::kDescribe, get_group_policy),
    iam("iam.GetLoginProfile", "iam:GetLoginProfile", Access::kDescribe, get_login_profile),
    iam("iam.GetPolicy", "iam:GetPolicy", Access::kDescribe, get_managed_policy),
    iam("iam.GetPolicyVersion", "iam:GetPolicyVersion", Access::kDescribe, get_policy_version),
    iam("iam.GetRole", "iam:GetRole", Access::kDescribe, get_role),
    iam("iam.GetRolePolicy", "iam:GetRolePolicy", Access::kDescribe, get_role_policy),
    iam("iam.GetUser", "iam:GetUser", Access::kDescribe, get_user),
    iam("iam.GetUserPolicy", "iam:GetUserPolicy", Access::kDescribe, get_user_policy),
    iam("iam.ListAccessKeys", "iam:ListAccessKeys", Access::kDescribe, list_access_keys),
    iam("iam.ListAccountAliases", "iam:ListAccountAliases", Access::kDescribe, list_account_aliases),
    iam("iam.ListAttachedGroupPolicies", "iam:ListAttachedGroupPolicies", Access::kDescribe,
        list_attached_group_policies),
    iam("iam.ListAttachedRolePolicies", "iam:ListAttachedRolePolicies", Access::kDescribe, list_attached_role_policies),
    iam("iam.ListAttachedUserPolicies", "iam:ListAttachedUserPolicies", Access::kDescribe, list_attached_user_policies),
    iam("iam.ListEntitiesForPolicy", "iam:ListEntitiesForPolicy", Access::kDescribe, list_entities_for_policy),
    iam("iam.ListGroupPolicies", "iam:ListGroupPolicies", Access::kDescribe, list_group_policies),
    iam("iam.ListGroups", "iam:ListGroups", Access::kDescribe, list_groups),
    iam("iam.ListGroupsForUser", "iam:ListGroupsForUser", Access::kDescribe, list_groups_for_user),
    iam("iam.ListInstanceProfilesForRole", "iam:ListInstanceProfilesForRole", Access::kDescribe,
        list_instance_profiles_for_role),
    iam("iam.ListMFADevices", "iam:ListMFADevices", Access::kDescribe, list_mfa_devices),
    iam("iam.ListPolicies", "iam:ListPolicies", Access::kDescribe, list_policies),
    iam("iam.ListPolicyTags", "iam:ListPolicyTags", Access::kDescribe, list_policy_tags),
    iam("iam.ListPolicyVersions", "iam:ListPolicyVersions", Access::kDescribe, list_policy_versions),
    iam("iam.ListRolePolicies", "iam:ListRolePolicies", Access::kDescribe, list_role_policies),
    iam("iam.ListRoleTags", "iam:ListRoleTags", Access::kDescribe, list_role_tags),
    iam("iam.ListRoles", "iam:ListRoles", Access::kDescribe, list_roles),
    iam("iam.ListSSHPublicKeys", "iam:ListSSHPublicKeys", Access::kDescribe, list_ssh_public_keys),
    iam("iam.ListServiceSpecificCredentials", "iam:ListServiceSpecificCredentials", Access::kDescribe,
        list_service_specific_credentials),
    iam("iam.ListSigningCertificates", "iam:ListSigningCertificates", Access::kDescribe, list_signing_certificates),
    iam("iam.ListUserPolicies", "iam:ListUserPolicies", Access::kDescribe, list_user_policies),
    iam("iam.ListUserTags", "iam:ListUserTags", Access::kDescribe, list_user_tags),
    iam("iam.ListUsers", "iam:ListUsers", Access::kDescribe, list_users),
    iam("iam.ListVirtualMFADevices", "iam:ListVirtualMFADevices", Access::kDescribe, list_virtual_mfa_devices),
    iam("iam.PutGroupPolicy", "iam:PutGroupPolicy", Access::kManage, put_group_policy, kNone),
    iam("iam.PutRolePermissionsBoundary", "iam:PutRolePermissionsBoundary", Access::kManage,
        put_role_permissions_boundary, kNone),
    iam("iam.PutRolePolicy", "iam:PutRolePolicy", Access::kManage, put_role_policy, kNone),
    iam("iam.PutUserPermissionsBoundary", "iam:PutUserPermissionsBoundary", Access::kManage,
        put_user_permissions_boundary, kNone),
    iam("iam.PutUserPolicy", "iam:PutUserPolicy", Access::kManage, put_user_policy, kNone),
    iam("iam.RemoveUserFromGroup", "iam:RemoveUserFromGroup", Access::kManage, remove_user_from_group, kNone),
    iam("iam.SetDefaultPolicyVersion", "iam:SetDefaultPolicyVersion", Access::kManage, set_default_policy_version,
        kNone),
    iam("iam.SimulateCustomPolicy", "iam:SimulateCustomPolicy", Access::kDescribe, simulate_custom_policy),
    iam("iam.SimulatePrincipalPolicy", "iam:SimulatePrincipalPolicy", Access::kDescribe, simulate_principal_policy),
    iam("iam.TagPolicy", "iam:TagPolicy", Access::kManage, tag_policy, kNone),
    iam("iam.TagRole", "iam:TagRole", Access::kManage, tag_role, kNone),
    iam("iam.TagUser", "iam:TagUser", Access::kManage, tag_user, kNone),
    iam("iam.UntagPolicy", "iam:UntagPolicy", Access::kManage, untag_policy, kNone),
    iam("iam.UntagRole", "iam:UntagRole", Access::kManage, untag_role, kNone),
    iam("iam.UntagUser", "iam:UntagUser", Access::kManage, untag_user, kNone),
    iam("iam.UpdateAccessKey", "iam:UpdateAccessKey", Access::kManage, update_access_key, kNone),
    iam("iam.UpdateAssumeRolePolicy", "iam:UpdateAssumeRolePolicy", Access::kManage, update_assume_role_policy, kNone),
    iam("iam.UpdateGroup", "iam:UpdateGroup", Access::kManage, update_group, kNone),
    iam("iam.UpdateLoginProfile", "iam:UpdateLoginProfile", Access::kManage, update_login_profile, kNone),
    iam("iam.UpdateRole", "iam:UpdateRole", Access::kManage, update_role),
    iam("iam.UpdateRoleDescription", "iam:UpdateRoleDescription", Access::kManage, update_role_description),
    iam("iam.UpdateUser", "iam:UpdateUser", Access::kManage, update_user, kNone),

    sts("sts.AssumeRole", "sts:AssumeRole", Access::kManage, assume_role),
    sts("sts.GetAccessKeyInfo", "sts:GetAccessKeyInfo", Access::kDescribe, get_access_key_info),
    sts("sts.GetCallerIdentity", "sts:GetCallerIdentity", Access::kDescribe, get_caller_identity),
    sts("sts.GetFederationToken", "sts:GetFederationToken", Access::kManage, get_federation_token),
    sts("sts.GetSessionToken", "sts:GetSessionToken", Access::kManage, get_session_token),
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
