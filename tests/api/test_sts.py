"""Temporary credentials: AssumeRole, GetSessionToken, GetFederationToken, and calls signed with them."""

import json

import boto3
import pytest
from botocore.config import Config
from server import REGION, client
from support import refused, unique_name
from test_iam_policies import ADMINISTRATOR, READ, account, iam, trust  # noqa: F401

REFUSED = "is not authorized to perform: sts:AssumeRole on resource: "


class Principal:
    """Signs with its own keys."""

    def __init__(self, endpoint, key_id, secret, token=None):
        self.arguments = {
            "endpoint_url": endpoint,
            "region_name": REGION,
            "aws_access_key_id": key_id,
            "aws_secret_access_key": secret,
            "aws_session_token": token,
            "config": Config(retries={"max_attempts": 0}),
        }

    def client(self, service):
        return boto3.client(service, **self.arguments)


def session_of(endpoint, reply):
    credentials = reply["Credentials"]
    return Principal(endpoint, credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])


@pytest.fixture
def user(iam, endpoint):  # noqa: F811
    name = unique_name("user")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    principal = Principal(endpoint, key["AccessKeyId"], key["SecretAccessKey"])
    principal.name, principal.key_id = name, key["AccessKeyId"]
    yield principal
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    iam.delete_user(UserName=name)


@pytest.fixture
def role(iam, account, user):  # noqa: F811
    name = unique_name("role")
    document = trust(f"arn:aws:iam::{account}:user/{user.name}")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, Path="/team/")["Role"]["Arn"]
    yield arn
    try:
        for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
        iam.delete_role(RoleName=name)
    except iam.exceptions.NoSuchEntityException:
        pass


def name_of(arn):
    return arn.split("/")[-1]


def test_a_trusted_user_assumes_a_role(endpoint, account, user, role):  # noqa: F811
    reply = user.client("sts").assume_role(RoleArn=role, RoleSessionName="me", DurationSeconds=900)
    assert reply["Credentials"]["AccessKeyId"].startswith("ASIA")
    assert reply["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{account}:assumed-role/{name_of(role)}/me"
    identity = session_of(endpoint, reply).client("sts").get_caller_identity()
    assert identity["Arn"] == reply["AssumedRoleUser"]["Arn"]
    assert identity["UserId"] == reply["AssumedRoleUser"]["AssumedRoleId"]


def test_roles_that_trust_others_look_like_roles_that_are_not_there(iam, account, user, role):  # noqa: F811
    sts = user.client("sts")
    missing = role + "x"
    with refused("AccessDenied", REFUSED + missing):
        sts.assume_role(RoleArn=missing, RoleSessionName="me")
    iam.update_assume_role_policy(RoleName=name_of(role), PolicyDocument=trust("999999999999"))
    with refused("AccessDenied", REFUSED + role):
        sts.assume_role(RoleArn=role, RoleSessionName="me")


def test_an_external_id_has_to_match(iam, account, user, role):  # noqa: F811
    document = trust(f"arn:aws:iam::{account}:user/{user.name}", StringEquals={"sts:ExternalId": "our-id"})
    iam.update_assume_role_policy(RoleName=name_of(role), PolicyDocument=document)
    sts = user.client("sts")
    with refused("AccessDenied", REFUSED):
        sts.assume_role(RoleArn=role, RoleSessionName="me")
    with refused("AccessDenied", REFUSED):
        sts.assume_role(RoleArn=role, RoleSessionName="me", ExternalId="another")
    sts.assume_role(RoleArn=role, RoleSessionName="me", ExternalId="our-id")


def test_parameters_of_assume_role(user, role):
    sts = user.client("sts")
    with refused("ValidationError", "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: "):
        sts.assume_role(RoleArn=role, RoleSessionName="a b")
    with refused("ValidationError", "arn:of:something:quite:other is invalid"):
        sts.assume_role(RoleArn="arn:of:something:quite:other", RoleSessionName="me")
    with refused("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."):
        sts.assume_role(RoleArn=role, RoleSessionName="me", DurationSeconds=7200)
    with refused("MalformedPolicyDocument"):
        sts.assume_role(RoleArn=role, RoleSessionName="me", Policy="{}}")


def test_root_assumes_no_role(endpoint, role):
    with refused("AccessDenied"):
        client(endpoint, service="sts").assume_role(RoleArn=role, RoleSessionName="me")


def test_a_session_ends_with_its_role(endpoint, iam, user, role):  # noqa: F811
    session = session_of(endpoint, user.client("sts").assume_role(RoleArn=role, RoleSessionName="me"))
    session.client("sts").get_caller_identity()
    iam.delete_role(RoleName=name_of(role))
    with refused("InvalidClientTokenId", "The security token included in the request is invalid"):
        session.client("sts").get_caller_identity()


def test_a_temporary_key_needs_its_own_token(endpoint, user, role):
    first, second = (user.client("sts").assume_role(RoleArn=role, RoleSessionName=name)["Credentials"] for name in ("one", "two"))
    for token in (None, second["SessionToken"], first["SessionToken"][:-8]):
        with refused("InvalidClientTokenId"):
            Principal(endpoint, first["AccessKeyId"], first["SecretAccessKey"], token).client("sts").get_caller_identity()
    with refused("UnrecognizedClientException"):
        Principal(endpoint, first["AccessKeyId"], first["SecretAccessKey"]).client("dynamodb").list_tables()


def test_get_session_token_is_the_user_itself(endpoint, iam, user):  # noqa: F811
    reply = user.client("sts").get_session_token(DurationSeconds=900)
    session = session_of(endpoint, reply)
    own = user.client("sts").get_caller_identity()
    assert session.client("sts").get_caller_identity()["Arn"] == own["Arn"]
    with refused("AccessDenied", "Cannot call GetSessionToken with session credentials"):
        session.client("sts").get_session_token()
    iam.delete_access_key(UserName=user.name, AccessKeyId=user.key_id)
    with refused("InvalidClientTokenId"):
        session.client("sts").get_caller_identity()


def test_a_federated_user(endpoint, iam, account, user):  # noqa: F811
    with refused("AccessDenied", "sts:GetFederationToken"):
        user.client("sts").get_federation_token(Name="bob")
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:GetFederationToken", "Resource": "*"}]}
    iam.put_user_policy(UserName=user.name, PolicyName="federate", PolicyDocument=json.dumps(document))
    reply = user.client("sts").get_federation_token(Name="bob", Policy=READ)
    assert reply["FederatedUser"]["Arn"] == f"arn:aws:sts::{account}:federated-user/bob"
    assert reply["PackedPolicySize"] > 0
    assert session_of(endpoint, reply).client("sts").get_caller_identity()["UserId"] == f"{account}:bob"


def test_a_role_session_may_what_its_role_may(endpoint, iam, user, role):  # noqa: F811
    reply = user.client("sts").assume_role(RoleArn=role, RoleSessionName="me")
    session = session_of(endpoint, reply)
    with refused("AccessDeniedException", "assumed-role", "is not authorized to perform: dynamodb:ListTables"):
        session.client("dynamodb").list_tables()
    iam.attach_role_policy(RoleName=name_of(role), PolicyArn=ADMINISTRATOR)
    session.client("dynamodb").list_tables()
    limited = session_of(endpoint, user.client("sts").assume_role(RoleArn=role, RoleSessionName="me", Policy=READ))
    with refused("AccessDeniedException", "because no session policy allows the dynamodb:ListTables action"):
        limited.client("dynamodb").list_tables()
    iam.detach_role_policy(RoleName=name_of(role), PolicyArn=ADMINISTRATOR)
    with refused("AccessDeniedException"):
        session.client("dynamodb").list_tables()


def test_access_key_info(endpoint, account, user):  # noqa: F811
    assert client(endpoint, service="sts").get_access_key_info(AccessKeyId=user.key_id)["Account"] == account
