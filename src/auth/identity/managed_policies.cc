#include "auth/identity/identities.h"

namespace armature::auth {
namespace {

struct BuiltIn {
  std::string_view name;
  std::string_view id;  // AWS's own.
  std::string_view description;
  std::int64_t created_at_s;
  std::string_view document;
};

// What these say about services that are not here has been left out.
constexpr BuiltIn kBuiltIn[] = {
    {"AdministratorAccess", "ANPAIWMBCKSKIEE64ZLYK", "Provides full access to AWS services and resources.", 1423247399,
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})"},
    {"AmazonDynamoDBFullAccess", "ANPAINUGF2JSOSUY76KYA",
     "Provides full access to Amazon DynamoDB via the AWS Management Console.", 1423247411,
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}]})"},
    {"AmazonDynamoDBReadOnlyAccess", "ANPAIY2XFNA232XJ6J7X2",
     "Provides read only access to Amazon DynamoDB via the AWS Management Console.", 1423247412,
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:BatchGetItem","dynamodb:Describe*",)"
     R"("dynamodb:List*","dynamodb:GetAbacStatus","dynamodb:GetItem","dynamodb:GetResourcePolicy","dynamodb:Query",)"
     R"("dynamodb:Scan","dynamodb:PartiQLSelect","dynamodb:GetRecords","dynamodb:GetShardIterator"],"Resource":"*"}]})"},
    {"IAMFullAccess", "ANPAI7XKCFMBPM3QQRRVQ", "Provides full access to IAM via the AWS Management Console.",
     1423247438, R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]})"},
    {"IAMReadOnlyAccess", "ANPAJKSO7NDY4T57MWDSQ", "Provides read only access to IAM via the AWS Management Console.",
     1423247439,
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:Get*","iam:List*",)"
     R"("iam:SimulateCustomPolicy","iam:SimulatePrincipalPolicy"],"Resource":"*"}]})"},
    {"PowerUserAccess", "ANPAJYRXTHIB4FOVS3ZXS",
     "Provides full access to AWS services and resources, but does not allow management of Users and groups.",
     1423247447,
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","armature:*"],"Resource":"*"},)"
     R"({"Effect":"Allow","Action":["iam:ListRoles","iam:GetAccountSummary"],"Resource":"*"}]})"},
};

std::vector<ManagedPolicyRef> make_all() {
  std::vector<ManagedPolicyRef> all;
  for (const BuiltIn& built_in : kBuiltIn) {
    ManagedPolicy policy;
    policy.name = built_in.name;
    policy.id = built_in.id;
    policy.arn = "arn:aws:iam::aws:policy/" + policy.name;
    policy.description = built_in.description;
    policy.created_at_s = policy.updated_at_s = built_in.created_at_s;
    policy.versions.push_back(
        {1, stored_document(std::string(built_in.document), iam::PolicyKind::kIdentity), built_in.created_at_s});
    policy.aws_managed = true;
    all.push_back(std::make_shared<const ManagedPolicy>(std::move(policy)));
  }
  return all;
}

}  // namespace

const std::vector<ManagedPolicyRef>& aws_managed_policies() {
  static const std::vector<ManagedPolicyRef> all = make_all();
  return all;
}

}  // namespace armature::auth
