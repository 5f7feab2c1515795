"""Users, keys, policies: what they may do to items then. Source: Developer Guide, "Using IAM policy conditions for
fine-grained access control"."""

import json

import pytest
from server import client
from support import refused, temporary_table, unique_name
from test_iam_policies import READ


@pytest.fixture
def iam(endpoint):
    return client(endpoint, service="iam")


@pytest.fixture
def ann(endpoint, iam):
    """A user without permissions, with `allow(statement, ...)` to give some, and a DynamoDB client of its own."""
    name = unique_name("ann")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]

    class Ann:
        user_name = name

        @staticmethod
        def client_of(service):
            return client(endpoint, access_key_id=key["AccessKeyId"], secret=key["SecretAccessKey"], service=service)

        @staticmethod
        def allow(*statements):
            document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **one} for one in statements]}
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))

    Ann.ddb = Ann.client_of("dynamodb")
    yield Ann
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=name)


def test_nothing_is_allowed_until_a_policy_does(ann):
    with refused("AccessDeniedException", "because no identity-based policy allows the dynamodb:ListTables action"):
        ann.ddb.list_tables()
    ann.allow({"Action": "dynamodb:ListTables"})
    ann.ddb.list_tables()


def test_a_deny_wins(ann):
    ann.allow({"Action": "dynamodb:*"}, {"Action": "dynamodb:ListTables", "Effect": "Deny"})
    with refused("AccessDeniedException", "with an explicit deny in an identity-based policy"):
        ann.ddb.list_tables()


def test_leading_keys_are_the_users_own(ann, ddb):
    with temporary_table(ddb, "owner:HASH", "owner:S") as table:
        own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}
        ann.allow({"Action": "dynamodb:*", "Condition": own})
        mine, other = {"owner": {"S": ann.user_name}}, {"owner": {"S": "bob"}}
        ann.ddb.put_item(TableName=table, Item=mine)
        assert ann.ddb.get_item(TableName=table, Key=mine)["Item"] == mine
        with refused("AccessDeniedException", "dynamodb:PutItem"):
            ann.ddb.put_item(TableName=table, Item=other)
        with refused("AccessDeniedException", "dynamodb:BatchGetItem"):
            ann.ddb.batch_get_item(RequestItems={table: {"Keys": [mine, other]}})
        with refused("AccessDeniedException", "dynamodb:DeleteItem"):
            ann.ddb.transact_write_items(TransactItems=[{"Delete": {"TableName": table, "Key": other}}])
        with refused("AccessDeniedException", "dynamodb:Scan"):
            ann.ddb.scan(TableName=table)


def test_addresses_count(ann):
    ann.allow({"Action": "dynamodb:ListTables", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}})
    with refused("AccessDeniedException"):
        ann.ddb.list_tables()
    ann.allow({"Action": "dynamodb:ListTables", "Condition": {"IpAddress": {"aws:SourceIp": ["127.0.0.0/8", "::1"]}}})
    ann.ddb.list_tables()


def test_malformed_policies_are_refused(iam, ann):
    with refused("MalformedPolicyDocument"):
        iam.put_user_policy(UserName=ann.user_name, PolicyName="bad", PolicyDocument='{"Version":"2012-10-17"}')


@pytest.fixture
def manager(ann):
    """ann's own client of IAM."""
    return ann.client_of("iam")


@pytest.fixture
def other(iam):
    name = unique_name("other")
    iam.create_user(UserName=name, Tags=[{"Key": "team", "Value": "red"}])
    yield name
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    iam.delete_user(UserName=name)


def test_users_can_be_managed_by_their_tags(ann, manager, other):
    ann.allow({"Action": "iam:*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}})
    assert manager.get_user(UserName=other)["User"]["UserName"] == other
    assert manager.list_access_keys(UserName=other)["AccessKeyMetadata"] == []
    with refused("AccessDenied", "iam:GetUser"):
        manager.get_user(UserName=ann.user_name)
    ann.allow({"Action": "iam:*", "Condition": {"StringEquals": {"iam:ResourceTag/team": "blue"}}})
    with refused("AccessDenied", "iam:GetUser"):
        manager.get_user(UserName=other)


def test_policies_are_given_only_where_there_is_a_boundary(iam, ann, manager, other):
    boundary = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
    ann.allow(
        {
            "Action": ["iam:PutUserPolicy", "iam:DeleteUserPolicy", "iam:AttachUserPolicy", "iam:DetachUserPolicy"],
            "Condition": {"StringEquals": {"iam:PermissionsBoundary": boundary}},
        }
    )
    policy = {"UserName": other, "PolicyName": "p", "PolicyDocument": READ}
    attachment = {"UserName": other, "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    with refused("AccessDenied", "iam:PutUserPolicy"):
        manager.put_user_policy(**policy)
    with refused("AccessDenied", "iam:AttachUserPolicy"):
        manager.attach_user_policy(**attachment)
    iam.put_user_permissions_boundary(UserName=other, PermissionsBoundary=boundary)
    manager.put_user_policy(**policy)
    manager.attach_user_policy(**attachment)
    manager.detach_user_policy(**attachment)
    manager.delete_user_policy(UserName=other, PolicyName="p")


def test_a_boundary_can_be_demanded_of_new_users(ann, manager, iam):
    boundary = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
    ann.allow({"Action": "iam:CreateUser", "Condition": {"StringEquals": {"iam:PermissionsBoundary": boundary}}})
    name = unique_name("new")
    with refused("AccessDenied", "iam:CreateUser"):
        manager.create_user(UserName=name)
    manager.create_user(UserName=name, PermissionsBoundary=boundary)
    iam.delete_user(UserName=name)
