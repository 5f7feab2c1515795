"""--audit-log: what is written down, and what never is."""

import json
import os
import signal
import stat
import time
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError
from server import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Server, client
from support import on_demand, refused

pytestmark = pytest.mark.own_server


class Audit:
    """A server that keeps an audit log, and the log's lines."""

    def __init__(self, path):
        self.path = path
        self.server = Server("--memory", "--audit-log", str(path))
        self.endpoint = self.server.endpoint

    def lines(self, **wanted):
        """Lines that have these members; waits until there is one."""
        deadline = time.monotonic() + 20
        while True:
            text = self.path.read_text() if self.path.exists() else ""
            lines = [json.loads(line) for line in text.splitlines() if line.endswith("}")]
            found = [line for line in lines if all(line.get(name) == value for name, value in wanted.items())]
            if found or time.monotonic() > deadline:
                assert found, f"no line has {wanted} in:\n{text}"
                return found
            time.sleep(0.02)


@pytest.fixture(scope="module")
def audit(tmp_path_factory):
    audit = Audit(tmp_path_factory.mktemp("audit") / "audit.log")
    yield audit
    assert audit.server.stop() == 0


@pytest.fixture(scope="module")
def ann(audit):
    """Keys of a user who may list tables, except by Sid NoDescribe."""
    iam = client(audit.endpoint, service="iam")
    iam.create_user(UserName="ann")
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"},
            {"Sid": "NoDescribe", "Effect": "Deny", "Action": "dynamodb:DescribeTable", "Resource": "*"},
        ],
    }
    iam.put_user_policy(UserName="ann", PolicyName="tables", PolicyDocument=json.dumps(document))
    return iam.create_access_key(UserName="ann")["AccessKey"]


def sign_in(endpoint, **credentials):
    body = json.dumps(credentials).encode()
    request = urllib.request.Request(endpoint + "/console/api/session", body, {"Content-Type": "application/json"})
    return urllib.request.urlopen(request)


def test_calls_of_the_control_plane_are_written_down(audit):
    reply = client(audit.endpoint).create_table(**on_demand("Orders", "p:HASH", "p:S"))
    request_id = reply["ResponseMetadata"]["RequestId"]
    [line] = audit.lines(request_id=request_id)
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "permission",
        "request_id": request_id,
        "principal": "arn:aws:iam::000000000000:root",
        "access_key_id": ACCESS_KEY_ID,
        "source": "127.0.0.1",
        "action": "dynamodb:CreateTable",
        "resource": "arn:aws:dynamodb:us-east-1:000000000000:table/Orders",
        "outcome": "allowed",
    }


def test_calls_of_iam_and_sts_are_written_down(audit, ann):
    user = "arn:aws:iam::000000000000:user/ann"
    assert audit.lines(action="iam:CreateUser", resource=user, outcome="allowed")
    assert audit.lines(action="iam:CreateAccessKey", resource=user, outcome="allowed")
    sts = client(audit.endpoint, service="sts", access_key_id=ann["AccessKeyId"], secret=ann["SecretAccessKey"])
    sts.get_session_token()
    assert audit.lines(action="sts:GetSessionToken", principal=user, access_key_id=ann["AccessKeyId"])


def test_a_line_names_the_statement_that_decided(audit, ann):
    ddb = client(audit.endpoint, access_key_id=ann["AccessKeyId"], secret=ann["SecretAccessKey"])
    ddb.list_tables()
    [line] = audit.lines(action="dynamodb:ListTables", access_key_id=ann["AccessKeyId"])
    assert (line["outcome"], line["policy"], line["statement"]) == ("allowed", "ann/tables", "1")
    with refused("AccessDeniedException"):
        ddb.describe_table(TableName="Orders")
    [line] = audit.lines(action="dynamodb:DescribeTable", access_key_id=ann["AccessKeyId"])
    assert (line["outcome"], line["statement"]) == ("denied", "NoDescribe")
    assert line["reason"] == "with an explicit deny in an identity-based policy"


def test_of_data_denials_alone_are_written_down(audit, ann):
    root = client(audit.endpoint)
    root.create_table(**on_demand("Items", "p:HASH", "p:S"))
    root.put_item(TableName="Items", Item={"p": {"S": "a-value-of-an-item"}})
    ddb = client(audit.endpoint, access_key_id=ann["AccessKeyId"], secret=ann["SecretAccessKey"])
    with refused("AccessDeniedException"):
        ddb.get_item(TableName="Items", Key={"p": {"S": "a-value-of-an-item"}})
    [line] = audit.lines(action="dynamodb:GetItem")
    assert line["outcome"] == "denied"
    assert not [line for line in audit.path.read_text().splitlines() if "dynamodb:PutItem" in line]


def test_signatures_that_do_not_hold_are_written_down(audit):
    with pytest.raises(ClientError):
        client(audit.endpoint, access_key_id="AKIDOFNOBODY", secret="x").list_tables()
    [line] = audit.lines(event="signature", access_key_id="AKIDOFNOBODY")
    assert (line["outcome"], line["source"]) == ("denied", "127.0.0.1")


def test_sign_ins_to_the_console_are_written_down(audit):
    sign_in(audit.endpoint, accessKeyId=ACCESS_KEY_ID, secretAccessKey=SECRET_ACCESS_KEY)
    [line] = audit.lines(event="sign-in", outcome="allowed")
    assert line["principal"] == "arn:aws:iam::000000000000:root"
    with pytest.raises(urllib.error.HTTPError):
        sign_in(audit.endpoint, userName="mallory", password="a-guessed-password")
    [line] = audit.lines(event="sign-in", outcome="denied")
    assert line["principal"] == "mallory"


def test_secrets_and_items_are_not(audit, ann):
    text = audit.path.read_text()
    for secret in (SECRET_ACCESS_KEY, ann["SecretAccessKey"], "a-guessed-password", "a-value-of-an-item"):
        assert secret not in text
    assert stat.S_IMODE(os.stat(audit.path).st_mode) == 0o600


def test_it_goes_on_in_a_new_file_after_rotation(tmp_path):
    audit = Audit(tmp_path / "audit.log")
    ddb = client(audit.endpoint)
    ddb.list_tables()
    audit.lines(action="dynamodb:ListTables")
    os.rename(audit.path, tmp_path / "audit.log.1")
    audit.server.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 20
    while not audit.path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    ddb.describe_limits()
    audit.lines(action="dynamodb:DescribeLimits")
    assert "DescribeLimits" not in (tmp_path / "audit.log.1").read_text()
    assert audit.server.stop() == 0
