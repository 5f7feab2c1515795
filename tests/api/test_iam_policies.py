"""Groups, roles and policies through boto3's IAM client."""

import contextlib
import json

import pytest
from server import client
from support import refused, unique_name

READ = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]})
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def trust(principal, **condition):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="session")
def iam(endpoint):
    return client(endpoint, service="iam")


@pytest.fixture(scope="session")
def account(endpoint):
    return client(endpoint, service="sts").get_caller_identity()["Account"]


@pytest.fixture
def user(iam):
    name = unique_name("user")
    iam.create_user(UserName=name)
    yield name
    with contextlib.suppress(iam.exceptions.NoSuchEntityException):
        for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
            iam.delete_user_policy(UserName=name, PolicyName=policy)
        for policy in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
            iam.detach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
        for group in iam.list_groups_for_user(UserName=name)["Groups"]:
            iam.remove_user_from_group(UserName=name, GroupName=group["GroupName"])
        with contextlib.suppress(iam.exceptions.NoSuchEntityException):
            iam.delete_login_profile(UserName=name)
        iam.delete_user(UserName=name)


@pytest.fixture
def policy(iam):
    arn = iam.create_policy(PolicyName=unique_name("policy"), PolicyDocument=READ, Path="/x/")["Policy"]["Arn"]
    yield arn
    with contextlib.suppress(iam.exceptions.NoSuchEntityException):
        for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
        iam.delete_policy(PolicyArn=arn)


def test_inline_policies(iam, user):
    iam.put_user_policy(UserName=user, PolicyName="read", PolicyDocument=READ)
    assert iam.list_user_policies(UserName=user)["PolicyNames"] == ["read"]
    assert iam.get_user_policy(UserName=user, PolicyName="read")["PolicyDocument"] == json.loads(READ)
    with refused("DeleteConflict", "Cannot delete entity, must delete policies first."):
        iam.delete_user(UserName=user)
    iam.delete_user_policy(UserName=user, PolicyName="read")
    with refused("NoSuchEntity", "The user policy with name read cannot be found."):
        iam.get_user_policy(UserName=user, PolicyName="read")


def test_what_is_no_policy_is_refused(iam, user):
    for document in ("{", "[]", json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "x"}]})):
        with refused("MalformedPolicyDocument"):
            iam.put_user_policy(UserName=user, PolicyName="bad", PolicyDocument=document)


def test_inline_policies_have_a_size(iam, user):
    long = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:*:*:table/" + "x" * 2000}]}
    )
    with refused("LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user " + user):
        iam.put_user_policy(UserName=user, PolicyName="long", PolicyDocument=long)


def test_managed_policies_have_versions(iam, policy):
    got = iam.get_policy(PolicyArn=policy)["Policy"]
    assert (got["DefaultVersionId"], got["AttachmentCount"], got["IsAttachable"], got["Path"]) == ("v1", 0, True, "/x/")
    other = READ.replace("GetItem", "Query")
    assert iam.create_policy_version(PolicyArn=policy, PolicyDocument=other, SetAsDefault=True)["PolicyVersion"]["VersionId"] == "v2"
    assert [version["VersionId"] for version in iam.list_policy_versions(PolicyArn=policy)["Versions"]] == ["v2", "v1"]
    assert iam.get_policy_version(PolicyArn=policy, VersionId="v2")["PolicyVersion"]["Document"] == json.loads(other)
    with refused("DeleteConflict", "Cannot delete the default version of a policy."):
        iam.delete_policy_version(PolicyArn=policy, VersionId="v2")
    iam.set_default_policy_version(PolicyArn=policy, VersionId="v1")
    for _ in range(3):
        iam.create_policy_version(PolicyArn=policy, PolicyDocument=other)
    with refused("LimitExceeded"):
        iam.create_policy_version(PolicyArn=policy, PolicyDocument=other)
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=policy)


def test_a_managed_policy_is_attached_once(iam, user, policy):
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    assert [one["PolicyArn"] for one in iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]] == [policy]
    assert iam.get_policy(PolicyArn=policy)["Policy"]["AttachmentCount"] == 1
    assert [one["UserName"] for one in iam.list_entities_for_policy(PolicyArn=policy)["PolicyUsers"]] == [user]
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=policy)
    iam.detach_user_policy(UserName=user, PolicyArn=policy)
    with refused("NoSuchEntity", f"Policy {policy} was not found."):
        iam.detach_user_policy(UserName=user, PolicyArn=policy)
    with refused("NoSuchEntity", "does not exist or is not attachable."):
        iam.attach_user_policy(UserName=user, PolicyArn="arn:aws:iam::aws:policy/NoSuchPolicy")


def test_policies_that_ship_with_the_server(iam):
    names = {policy["PolicyName"] for policy in iam.list_policies(Scope="AWS")["Policies"]}
    assert {"AdministratorAccess", "AmazonDynamoDBFullAccess", "AmazonDynamoDBReadOnlyAccess", "PowerUserAccess"} <= names
    assert iam.get_policy_version(PolicyArn=ADMINISTRATOR, VersionId="v1")["PolicyVersion"]["Document"]["Statement"]
    with refused("InvalidInput"):
        iam.delete_policy(PolicyArn=ADMINISTRATOR)


def test_groups(iam, user):
    name = unique_name("group")
    made = iam.create_group(GroupName=name)["Group"]
    assert made["GroupId"].startswith("AGPA")
    iam.add_user_to_group(GroupName=name, UserName=user)
    assert [one["UserName"] for one in iam.get_group(GroupName=name)["Users"]] == [user]
    assert [one["GroupName"] for one in iam.list_groups_for_user(UserName=user)["Groups"]] == [name]
    new = unique_name("renamed")
    iam.update_group(GroupName=name, NewGroupName=new)
    assert [one["GroupName"] for one in iam.list_groups_for_user(UserName=user)["Groups"]] == [new]
    with refused("DeleteConflict", "must remove users from group first."):
        iam.delete_group(GroupName=new)
    iam.put_group_policy(GroupName=new, PolicyName="read", PolicyDocument=READ)
    iam.delete_group_policy(GroupName=new, PolicyName="read")
    iam.remove_user_from_group(GroupName=new, UserName=user)
    iam.delete_group(GroupName=new)


def test_roles(iam, account):
    name = unique_name("role")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(f"arn:aws:iam::{account}:root"), Description="d")["Role"]
    assert made["RoleId"].startswith("AROA") and made["MaxSessionDuration"] == 3600
    got = iam.get_role(RoleName=name)["Role"]
    assert got["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{account}:root"}
    iam.update_role(RoleName=name, MaxSessionDuration=7200, Description="other")
    assert iam.get_role(RoleName=name)["Role"]["MaxSessionDuration"] == 7200
    with refused("MalformedPolicyDocument"):
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=READ)
    iam.attach_role_policy(RoleName=name, PolicyArn=ADMINISTRATOR)
    with refused("DeleteConflict", "must detach all policies first."):
        iam.delete_role(RoleName=name)
    iam.detach_role_policy(RoleName=name, PolicyArn=ADMINISTRATOR)
    assert iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"] == []
    iam.delete_role(RoleName=name)
    with refused("NoSuchEntity", f"The role with name {name} cannot be found."):
        iam.get_role(RoleName=name)


def test_boundaries(iam, user, policy):
    iam.put_user_permissions_boundary(UserName=user, PermissionsBoundary=policy)
    assert iam.get_user(UserName=user)["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == policy
    assert iam.get_policy(PolicyArn=policy)["Policy"]["PermissionsBoundaryUsageCount"] == 1
    iam.delete_user_permissions_boundary(UserName=user)
    with refused("NoSuchEntity"):
        iam.delete_user_permissions_boundary(UserName=user)


def test_login_profiles(iam, user):
    with refused("PasswordPolicyViolation"):
        iam.create_login_profile(UserName=user, Password="short")
    iam.create_login_profile(UserName=user, Password="Long enough 1", PasswordResetRequired=True)
    assert iam.get_login_profile(UserName=user)["LoginProfile"]["PasswordResetRequired"]
    with refused("EntityAlreadyExists"):
        iam.create_login_profile(UserName=user, Password="Long enough 1")
    iam.update_login_profile(UserName=user, Password="Another one 2", PasswordResetRequired=False)
    iam.delete_login_profile(UserName=user)
    with refused("NoSuchEntity"):
        iam.get_login_profile(UserName=user)


def test_the_account(iam, user):
    summary = iam.get_account_summary()["SummaryMap"]
    assert summary["Users"] >= 1 and summary["AccessKeysPerUserQuota"] == 2
    iam.put_user_policy(UserName=user, PolicyName="read", PolicyDocument=READ)
    pages = iam.get_paginator("get_account_authorization_details").paginate(Filter=["User"], PaginationConfig={"PageSize": 2})
    details = {one["UserName"]: one for page in pages for one in page["UserDetailList"]}
    assert details[user]["UserPolicyList"] == [{"PolicyName": "read", "PolicyDocument": json.loads(READ)}]
    iam.create_account_alias(AccountAlias="our-account")
    assert iam.list_account_aliases()["AccountAliases"] == ["our-account"]
    iam.delete_account_alias(AccountAlias="our-account")
    for empty in (iam.list_mfa_devices, iam.list_ssh_public_keys, iam.list_signing_certificates):
        empty(UserName=user)
