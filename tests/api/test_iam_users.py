"""Users and their access keys through boto3's IAM and STS clients."""

import pytest
from botocore.exceptions import ClientError
from server import client
from support import refused, unique_name


@pytest.fixture(scope="session")
def iam(endpoint):
    return client(endpoint, service="iam")


@pytest.fixture(scope="session")
def sts(endpoint):
    return client(endpoint, service="sts")


@pytest.fixture
def user(iam):
    name = unique_name("user")
    iam.create_user(UserName=name, Path="/team/")
    yield name
    try:
        for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        iam.delete_user(UserName=name)
    except iam.exceptions.NoSuchEntityException:
        pass


def test_caller_identity_of_root(sts):
    identity = sts.get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{identity['Account']}:root"
    assert identity["UserId"] == identity["Account"]


def test_a_user_has_what_it_was_made_with(iam):
    name = unique_name("user")
    made = iam.create_user(UserName=name, Path="/a/b/", Tags=[{"Key": "Team", "Value": "core"}])["User"]
    assert made["Arn"].endswith(f":user/a/b/{name}")
    assert made["UserId"].startswith("AIDA") and len(made["UserId"]) == 21
    got = iam.get_user(UserName=name.upper())["User"]
    assert got == made
    assert got["Tags"] == [{"Key": "Team", "Value": "core"}]
    iam.delete_user(UserName=name)
    with refused("NoSuchEntity", f"The user with name {name} cannot be found."):
        iam.get_user(UserName=name)


def test_names_are_unique_whatever_their_case(iam, user):
    with refused("EntityAlreadyExists", f"User with name {user.upper()} already exists."):
        iam.create_user(UserName=user.upper())


def test_wrong_parameters_are_told(iam):
    with refused("ValidationError", "1 validation error detected: Value 'a b' at 'userName' failed to satisfy constraint"):
        iam.create_user(UserName="a b")
    with refused("ValidationError", "at 'userName'", "less than or equal to 64"):
        iam.create_user(UserName="x" * 65)
    with refused("ValidationError", "at 'path'"):
        iam.create_user(UserName="x", Path="no/slash")


def test_lists_come_in_pages(iam):
    names = sorted(unique_name("page") for _ in range(3))
    path = f"/{unique_name('path')}/"
    for name in names:
        iam.create_user(UserName=name, Path=path)
    first = iam.list_users(PathPrefix=path, MaxItems=2)
    assert first["IsTruncated"] and [user["UserName"] for user in first["Users"]] == names[:2]
    second = iam.list_users(PathPrefix=path, Marker=first["Marker"])
    assert not second["IsTruncated"] and [user["UserName"] for user in second["Users"]] == names[2:]
    pages = iam.get_paginator("list_users").paginate(PathPrefix=path, PaginationConfig={"PageSize": 1})
    assert [user["UserName"] for page in pages for user in page["Users"]] == names
    for name in names:
        iam.delete_user(UserName=name)


def test_a_user_can_be_renamed_and_moved(iam, user):
    new = unique_name("renamed")
    before = iam.get_user(UserName=user)["User"]
    iam.update_user(UserName=user, NewUserName=new, NewPath="/x/")
    after = iam.get_user(UserName=new)["User"]
    assert after["UserId"] == before["UserId"] and after["Arn"].endswith(f":user/x/{new}")
    with refused("NoSuchEntity"):
        iam.get_user(UserName=user)
    iam.delete_user(UserName=new)


def test_tags(iam, user):
    iam.tag_user(UserName=user, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    iam.tag_user(UserName=user, Tags=[{"Key": "A", "Value": "3"}])
    assert iam.list_user_tags(UserName=user)["Tags"] == [{"Key": "A", "Value": "3"}, {"Key": "b", "Value": "2"}]
    iam.untag_user(UserName=user, TagKeys=["a"])
    assert iam.list_user_tags(UserName=user)["Tags"] == [{"Key": "b", "Value": "2"}]
    with refused("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive."):
        iam.tag_user(UserName=user, Tags=[{"Key": "c", "Value": "1"}, {"Key": "C", "Value": "2"}])


def test_a_key_signs_until_it_is_deactivated(endpoint, iam, user):
    key = iam.create_access_key(UserName=user)["AccessKey"]
    assert key["AccessKeyId"].startswith("AKIA") and len(key["AccessKeyId"]) == 20 and len(key["SecretAccessKey"]) == 40
    own = {"access_key_id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
    identity = client(endpoint, service="sts", **own).get_caller_identity()
    assert identity["Arn"].endswith(f":user/team/{user}")
    assert identity["UserId"] == iam.get_user(UserName=user)["User"]["UserId"]

    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        client(endpoint, service="sts", **own).get_caller_identity()
    with refused("UnrecognizedClientException", "The security token included in the request is invalid."):
        client(endpoint, **own).list_tables()
    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Active")
    client(endpoint, service="sts", **own).get_caller_identity()
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    with refused("InvalidClientTokenId"):
        client(endpoint, service="sts", **own).get_caller_identity()


def test_a_user_has_two_keys_at_most(iam, user):
    ids = sorted(iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"] for _ in range(2))
    with refused("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"):
        iam.create_access_key(UserName=user)
    listed = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in listed] == ids
    assert all(key["Status"] == "Active" and "SecretAccessKey" not in key for key in listed)
    with refused("DeleteConflict", "must delete access keys first."):
        iam.delete_user(UserName=user)


def test_last_use_of_a_key(endpoint, iam, user):
    key = iam.create_access_key(UserName=user)["AccessKey"]
    unused = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert unused["UserName"] == user
    assert unused["AccessKeyLastUsed"] == {"Region": "N/A", "ServiceName": "N/A"}
    own = {"access_key_id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
    client(endpoint, service="sts", region="eu-west-1", **own).get_caller_identity()
    used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
    assert used["Region"] == "eu-west-1" and used["ServiceName"] == "sts" and "LastUsedDate" in used


def test_a_wrong_secret_is_a_wrong_signature(endpoint):
    with refused("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."):
        client(endpoint, service="iam", secret="not the secret").list_users()


def test_the_statuses_of_refusals(endpoint, iam):
    for call, status in (
        (lambda: client(endpoint, service="iam", secret="wrong").list_users(), 403),
        (lambda: client(endpoint, service="iam", access_key_id="AKIAUNKNOWN000000000").list_users(), 403),
        (lambda: iam.get_user(UserName="nobody"), 404),
        (lambda: iam.create_user(UserName="a b"), 400),
    ):
        with pytest.raises(ClientError) as caught:
            call()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
