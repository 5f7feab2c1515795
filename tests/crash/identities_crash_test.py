"""Identities survive what tables survive: kill -9 in the middle of changes, and a restart."""

import pathlib
import random

import boto3
import pytest
from server import Server, client
from support import refused
from workers import SEED, Worker, work_until_killed


class Administrator(Worker):
    """Makes users with access keys."""

    service = "iam"

    def __init__(self, name):
        super().__init__()
        self.name = name
        self.acknowledged = {}  # By user: the key, None where only the user was acknowledged.

    def work(self, iam):
        user = f"user-{self.name}-{len(self.acknowledged)}"
        iam.create_user(UserName=user)
        self.acknowledged[user] = None
        self.acknowledged[user] = iam.create_access_key(UserName=user)["AccessKey"]


@pytest.fixture
def data(tmp_path):
    return tmp_path / "armature"


def test_acknowledged_users_and_keys_survive_kill(data):
    server = Server("--data", str(data))
    administrators = [Administrator(number) for number in range(3)]
    work_until_killed(administrators, server, random.Random(SEED), shortest_s=1)
    acknowledged = {user: key for one in administrators for user, key in one.acknowledged.items()}
    assert len(acknowledged) > 5

    server = Server("--data", str(data))
    iam = client(server.endpoint, service="iam")
    pages = iam.get_paginator("list_users").paginate()
    stored = {user["UserName"] for page in pages for user in page["Users"]}
    assert set(acknowledged) <= stored
    for name, key in list(acknowledged.items())[-10:]:
        if key is None:
            continue
        own = {"access_key_id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
        assert client(server.endpoint, service="sts", **own).get_caller_identity()["Arn"].endswith(f":user/{name}")
    assert server.stop() == 0


def test_a_session_outlives_a_restart(data):
    server = Server("--data", str(data))
    sts = client(server.endpoint, service="sts")
    session = sts.get_session_token(DurationSeconds=900)["Credentials"]
    assert server.stop() == 0
    server = Server("--data", str(data))
    own = boto3.client(
        "sts",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )
    assert own.get_caller_identity()["Arn"].endswith(":root")
    assert server.stop() == 0


def test_data_does_not_start_without_its_key_file(data):
    server = Server("--data", str(data))
    assert server.stop() == 0
    keys = pathlib.Path(f"{data}.keys")
    assert keys.stat().st_mode & 0o777 == 0o600
    kept = keys.read_text()
    keys.unlink()
    with pytest.raises(RuntimeError, match="key file .* is missing"):
        Server("--data", str(data))
    keys.write_text("00000001 " + "A" * 43 + "=\n")
    with pytest.raises(RuntimeError, match="is not the one that protects the secrets"):
        Server("--data", str(data))
    keys.write_text(kept)
    server = Server("--data", str(data))
    with refused("NoSuchEntity"):
        client(server.endpoint, service="iam").get_user(UserName="nobody")
    assert server.stop() == 0
