"""`armature user`, `key`, `role`, `policy`, `group`, `allow-ip` against a server."""

import json
import os
import re
import subprocess

import pytest
from server import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Server, Wire, binary, client
from support import refused, unique_name

pytestmark = pytest.mark.skipif("ARMATURE_ENDPOINT" in os.environ, reason="speaks to a server of ours")


@pytest.fixture
def armature(endpoint, tmp_path):
    """Runs a command with the root keys; returns the completed process."""

    def run(*arguments, key=(ACCESS_KEY_ID, SECRET_ACCESS_KEY), check=True):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": key[0],
            "AWS_SECRET_ACCESS_KEY": key[1],
        }
        done = subprocess.run([binary(), *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        if check:
            assert done.returncode == 0, done.stderr
        return done

    return run


def created_key(output):
    return re.search(r"access key +(\S+)", output).group(1), re.search(r"secret key +(\S+)", output).group(1)


def test_a_user_is_made_with_a_key_that_works(armature, endpoint):
    name = unique_name("cli")
    output = armature("user", "create", name, "--policy", "read-only").stdout
    assert f"[profile {name}]" in output and f"endpoint_url = {endpoint}" in output
    key_id, secret = created_key(output)
    assert client(endpoint, service="sts", access_key_id=key_id, secret=secret).get_caller_identity()["Arn"].endswith(f":user/{name}")
    assert name in [user["UserName"] for user in json.loads(armature("user", "list", "--json").stdout)]
    assert "AmazonDynamoDBReadOnlyAccess" in armature("user", "show", name).stdout
    armature("user", "delete", name, "--force")


def test_keys_are_rotated(armature, endpoint):
    name = unique_name("cli")
    first = created_key(armature("user", "create", name).stdout)
    rotated = armature("key", "rotate", name)
    second = created_key(rotated.stdout)
    assert first[0] in rotated.stderr
    armature("key", "deactivate", first[0])
    with refused("InvalidClientTokenId"):
        client(endpoint, service="sts", access_key_id=first[0], secret=first[1]).get_caller_identity()
    client(endpoint, service="sts", access_key_id=second[0], secret=second[1]).get_caller_identity()
    statuses = {key["AccessKeyId"]: key["Status"] for key in json.loads(armature("key", "list", name, "--json").stdout)}
    assert statuses == {first[0]: "Inactive", second[0]: "Active"}
    armature("user", "delete", name, "--force")


def test_a_role_is_assumed(armature, endpoint):
    name, role = unique_name("cli"), unique_name("role")
    key = created_key(armature("user", "create", name).stdout)
    arn = armature("role", "create", role, "--user", name, "--policy", "read-only").stdout.strip()
    assert arn.endswith(f":role/{role}")
    session = json.loads(armature("role", "assume", arn, "--json", key=key).stdout)
    assert session["AccessKeyId"].startswith("ASIA") and session["Version"] == 1
    assert "export AWS_SESSION_TOKEN=" in armature("role", "assume", role, key=key).stdout
    armature("role", "revoke-sessions", role)
    armature("role", "delete", role, "--force")
    armature("user", "delete", name, "--force")


def test_policies_and_groups(armature, tmp_path):
    policy, group, name = unique_name("policy"), unique_name("group"), unique_name("cli")
    (tmp_path / "p.json").write_text('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}}')
    arn = armature("policy", "create", policy, "p.json").stdout.strip()
    armature("group", "create", group)
    armature("user", "create", name, "--no-key", "--group", group)
    armature("policy", "attach", policy, "--group", group)
    assert arn in armature("user", "show", name).stdout
    assert name in armature("group", "show", group).stdout
    assert '"dynamodb:*"' in armature("policy", "show", policy).stdout
    assert armature("policy", "update", policy, "p.json").stdout.strip() == "v2"
    armature("policy", "detach", policy, "--group", group)
    armature("user", "delete", name, "--force")
    armature("group", "delete", group)
    armature("policy", "delete", policy)


def test_why_tells_what_decides(armature):
    name = unique_name("cli")
    armature("user", "create", name, "--policy", "table", "--table", "Music")

    def row(*call):
        return armature("user", "why", name, *call).stdout.splitlines()[1]

    assert f" allowed by user_{name}_table-Music" in row("GetItem", "Music")
    assert " implicitDeny " in row("DeleteTable", "Music")
    assert " implicitDeny " in row("GetItem", "Other")
    assert " implicitDeny " in row("iam:CreateUser")


def test_addresses_of_a_user_are_an_inline_policy(armature, endpoint):
    name = unique_name("cli")
    armature("user", "create", name, "--no-key", "--allow-ip", "10.0.0.0/8")
    policy = client(endpoint, service="iam").get_user_policy(UserName=name, PolicyName="armature-allowed-addresses")
    statement = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny" and statement["Condition"] == {"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}}
    armature("user", "allow-ip", name, "--clear")
    armature("user", "delete", name, "--force")


def test_errors_say_what_to_do(armature):
    wrong = armature("user", "list", key=("AKIAWRONG00000000000", "x"), check=False)
    assert wrong.returncode == 1 and "--profile" in wrong.stderr and wrong.stdout == ""
    unknown = armature("user", "create", "x", "--policy", "everything", check=False)
    assert unknown.returncode == 1 and "there are read-only, read-write, table" in unknown.stderr
    silent = armature("user", "list", "--endpoint", "http://127.0.0.1:9", check=False)
    assert silent.returncode == 1 and "is the server running" in silent.stderr
    missing = armature("user", "delete", "nobody-of-that-name", check=False)
    assert missing.returncode == 1 and "NoSuchEntity" in missing.stderr


def test_the_allow_list_changes_at_run_time_and_stays(tmp_path):
    options = ["--data", str(tmp_path / "data"), "--allow-ip", "192.0.2.0/24"]
    server = Server(*options)
    wire = Wire(server.endpoint)
    before = wire.send("{}", "Armature_20261101.GetAllowList").json()
    assert before["AllowedIps"] == ["192.0.2.0/24"] and before["Source"] == "command-line" and before["LoopbackAlways"]
    assert wire.send('{"AllowedIps":["10.0.0.0/8","2001:db8::/32"]}', "Armature_20261101.PutAllowList").status == 200
    bad = wire.send('{"AllowedIps":["10.0.0.0/99"]}', "Armature_20261101.PutAllowList")
    assert bad.status == 400 and "prefix length" in bad.message()
    assert server.stop() == 0
    server = Server(*options)
    after = Wire(server.endpoint).send("{}", "Armature_20261101.GetAllowList").json()
    assert after["AllowedIps"] == ["10.0.0.0/8", "2001:db8::/32"] and after["Source"] == "stored"
    Wire(server.endpoint).send("{}", "Armature_20261101.PutAllowList")
    assert Wire(server.endpoint).send("{}", "Armature_20261101.GetAllowList").json()["Source"] == "command-line"
    assert server.stop() == 0


def test_the_address_behind_a_trusted_proxy_counts(tmp_path):
    server = Server("--memory", "--trusted-proxy", "127.0.0.1", "--allow-ip", "192.0.2.0/24")
    wire = Wire(server.endpoint)
    seen = wire.send("{}", "Armature_20261101.GetAllowList", headers={"X-Forwarded-For": "1.2.3.4, 192.0.2.7"}).json()
    assert seen["PeerAddress"] == "192.0.2.7"
    assert wire.send("{}", "ListTables", headers={"X-Forwarded-For": "198.51.100.1"}).status == 403
    assert server.stop() == 0
