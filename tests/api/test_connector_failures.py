"""What `armature connection test` says of each thing that can be wrong, and what calls survive."""

import contextlib
import json
import socket

import pytest
from fault_proxy import FaultProxy, certificate
from forward_proxy import ForwardProxy
from server import ACCESS_KEY_ID, REGION
from support import TARGET, unique_name
from test_iam_policies import account, iam, trust  # noqa: F401

pytestmark = pytest.mark.skipif(TARGET != "armature", reason="the command line is ours; any server will do, one is enough")


@contextlib.contextmanager
def closed_port():
    """A port nobody listens on."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield closed.getsockname()[1]


def test_each_mistake_has_its_own_answer(cli):
    cli.add("wrong-secret", secret="not-the-secret")
    assert f"The secret access key does not belong to access key id {ACCESS_KEY_ID}" in cli.failure("wrong-secret")["detail"]
    cli.add("wrong-key", key="AKIDNOBODYKNOWS00001")
    assert "does not know access key id AKIDNOBODYKNOWS00001" in cli.failure("wrong-key")["detail"]
    with closed_port() as port:
        cli.add("closed", endpoint=f"http://127.0.0.1:{port}")
        assert f"Nothing listens on 127.0.0.1:{port}" in cli.failure("closed")["detail"]
    cli.add("nowhere", endpoint="http://no-such-host.invalid:8000")
    assert "There is no host no-such-host.invalid" in cli.failure("nowhere")["detail"]
    cli.add("metadata", endpoint="http://169.254.169.254")
    assert "metadata" in cli.failure("metadata")["detail"]
    cli.add("tls", endpoint=cli.endpoint.replace("http://", "https://"))
    assert "does not speak TLS" in cli.failure("tls")["detail"]
    cli.add("role", options=["--role-arn", "arn:aws:iam::000000000000:role/Nobody"])
    assert "arn:aws:iam::000000000000:role/Nobody" in cli.failure("role")["detail"]


def test_a_region_without_tables_is_worth_a_warning(cli):
    cli.add("elsewhere", region="xx-elsewhere-7")
    _, steps = cli.test("elsewhere")
    assert steps["tables"]["status"] == "warning" and "no tables in region xx-elsewhere-7" in steps["tables"]["detail"]


def test_what_is_no_dynamodb_is_told_so(cli):
    with FaultProxy(cli.endpoint) as proxy:
        proxy.faults = ["html"]
        cli.add("page", endpoint=proxy.endpoint)
        assert "not as DynamoDB does" in cli.failure("page")["detail"]


@pytest.mark.parametrize("fault", ["reset", "503", "throttle", "truncate"])
def test_calls_survive_a_fault(cli, fault):
    with FaultProxy(cli.endpoint) as proxy:
        cli.add("faulty", endpoint=proxy.endpoint)
        proxy.faults = [fault]
        cli.run("sql", "faulty", "-e", "ListTables {}")
        assert proxy.requests == 2


def test_a_slow_answer_is_waited_for_no_longer_than_told(cli):
    with FaultProxy(cli.endpoint) as proxy:
        cli.add("slow", endpoint=proxy.endpoint, options=["--option", "requestTimeoutMs=200", "--option", "maxAttempts=1"])
        proxy.faults = ["slow"]
        assert "did not answer in time" in cli.run("sql", "slow", "-e", "ListTables {}", status=1).stderr


def test_certificates_are_verified(cli, tmp_path):
    good = certificate(tmp_path, "good")
    other = certificate(tmp_path, "other", alternative="DNS:elsewhere.example")
    with FaultProxy(cli.endpoint, good) as proxy:
        cli.add("unknown", endpoint=proxy.endpoint)
        assert "authority this machine does not know" in cli.failure("unknown")["detail"]
        cli.add("known", endpoint=proxy.endpoint, options=["--option", f"tls.caFile={good[0]}"])
        assert cli.test("known")[1]["tls"]["status"] == "passed"
        cli.add("anything", endpoint=proxy.endpoint, options=["--option", "tls.skipVerify=true"])
        assert cli.test("anything")[1]["tls"]["status"] == "warning"
    with FaultProxy(cli.endpoint, other) as proxy:
        cli.add("misnamed", endpoint=proxy.endpoint, options=["--option", f"tls.caFile={other[0]}"])
        assert "for another name" in cli.failure("misnamed")["detail"]
        cli.add("named", endpoint=proxy.endpoint, options=["--option", f"tls.caFile={other[0]}", "--option", "tls.serverName=elsewhere.example"])
        assert cli.test("named")[0]["ok"]


def test_a_region_the_endpoint_is_not_of(cli):
    with FaultProxy(cli.endpoint) as proxy:
        proxy.faults = ["", "region"]
        cli.add("elsewhere", endpoint=proxy.endpoint)
        step = cli.failure("elsewhere")
        assert f"The endpoint is not one of region {REGION}" in step["detail"] and "Set the region" in step["remedy"]


def test_a_session_token_that_has_expired(cli):
    with FaultProxy(cli.endpoint) as proxy:
        proxy.faults = ["", "expired"]
        cli.add("old", endpoint=proxy.endpoint)
        step = cli.failure("old")
        assert step["id"] == "identity" and "The session token has expired" in step["detail"]


def test_a_clock_that_is_wrong_is_worth_a_warning(cli):
    with FaultProxy(cli.endpoint) as proxy:
        cli.add("late", endpoint=proxy.endpoint)
        proxy.clock_offset_s = 600
        clock = cli.test("late")[1]["clock"]
        assert clock["status"] == "warning" and "behind the server's" in clock["detail"] and "time service" in clock["remedy"]
        proxy.clock_offset_s = -600
        assert "ahead of the server's" in cli.test("late")[1]["clock"]["detail"]
        proxy.clock_offset_s = 0
        assert cli.test("late")[1]["clock"]["status"] == "passed"


class RoleUser:
    """A user of its own, and roles that may trust it."""

    def __init__(self, iam, account, cli, stack):  # noqa: F811
        self.iam, self.account, self.cli, self.stack = iam, account, cli, stack
        self.name = unique_name("user")
        iam.create_user(UserName=self.name)
        self.key = iam.create_access_key(UserName=self.name)["AccessKey"]
        stack.callback(iam.delete_user, UserName=self.name)
        stack.callback(iam.delete_access_key, UserName=self.name, AccessKeyId=self.key["AccessKeyId"])
        self.arn = f"arn:aws:iam::{account}:user/{self.name}"

    def role(self, principal=None, **condition):
        name = unique_name("role")
        document = trust(principal or self.arn, **condition)
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        self.stack.callback(self.iam.delete_role, RoleName=name)
        policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}}
        self.iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(policy))
        self.stack.callback(self.iam.delete_role_policy, RoleName=name, PolicyName="all")
        return arn

    def add(self, arn, *options):
        options = ["--role-arn", arn, *options]
        self.cli.add("role", key=self.key["AccessKeyId"], secret=self.key["SecretAccessKey"], options=options)


@pytest.fixture
def role_user(iam, account, cli):  # noqa: F811
    with contextlib.ExitStack() as stack:
        yield RoleUser(iam, account, cli, stack)


def test_a_role_is_assumed(cli, role_user):
    arn = role_user.role()
    role_user.add(arn)
    report, steps = cli.test("role")
    session = f"assumed-role/{arn.rsplit('/')[-1]}/connector-role"
    assert steps["role"]["status"] == "passed" and session in steps["role"]["detail"] and session in report["summary"]


def test_a_role_that_trusts_somebody_else(cli, role_user):
    arn = role_user.role(f"arn:aws:iam::{role_user.account}:root")
    role_user.add(arn)
    step = cli.failure("role")
    assert step["id"] == "role" and f"Role {arn} may not be assumed by {role_user.arn}" in step["detail"]
    assert "trust policy names this caller" in step["remedy"]


def test_a_role_that_is_not_there(cli, role_user):
    role_user.add(f"arn:aws:iam::{role_user.account}:role/{unique_name('nobody')}")
    step = cli.failure("role")
    assert step["id"] == "role" and "Check that the role exists" in step["remedy"]


def test_an_external_id_that_is_missing_or_wrong(cli, role_user):
    arn = role_user.role(StringEquals={"sts:ExternalId": "the-right-one"})
    role_user.add(arn)
    assert "set the external id" in cli.failure("role")["remedy"]
    role_user.add(arn, "--external-id", "another-one")
    assert "the external id is the one its sts:ExternalId condition asks for" in cli.failure("role")["remedy"]
    role_user.add(arn, "--external-id", "the-right-one")
    assert cli.test("role")[1]["role"]["status"] == "passed"


def test_a_session_longer_than_the_role_allows(cli, role_user):
    role_user.add(role_user.role(), "--duration", "7200")
    step = cli.failure("role")
    assert "The session is too long for role" in step["detail"] and "Lower the duration" in step["remedy"]


def test_a_proxy_carries_every_call(cli, tmp_path):
    with ForwardProxy() as proxy:
        cli.add("through", options=["--option", f"proxy={proxy.url}"])
        assert cli.test("through")[0]["ok"]
        cli.run("sql", "through", "-e", "ListTables {}")
        assert len(proxy.seen) > 3 and set(proxy.seen) == {f"POST {cli.endpoint}/"}
    good = certificate(tmp_path, "good")
    with ForwardProxy() as proxy, FaultProxy(cli.endpoint, good) as server:
        cli.add("tunnel", endpoint=server.endpoint, options=["--option", f"proxy={proxy.url}", "--option", f"tls.caFile={good[0]}"])
        assert cli.test("tunnel")[0]["ok"]
        assert set(proxy.seen) == {f"CONNECT {server.endpoint.removeprefix('https://')}"}
        # The certificate is the server's, not the proxy's, to show.
        cli.add("untrusted", endpoint=server.endpoint, options=["--option", f"proxy={proxy.url}"])
        assert "authority this machine does not know" in cli.failure("untrusted")["detail"]


def test_each_failure_of_a_proxy_names_the_proxy(cli):
    secure = "https://db.example"
    with closed_port() as port:
        cli.add("closed", options=["--option", f"proxy=http://127.0.0.1:{port}"])
        step = cli.failure("closed")
        assert f"Nothing listens on proxy 127.0.0.1:{port}" in step["detail"] and "option proxy" in step["remedy"]
    cli.add("nowhere", options=["--option", "proxy=http://no-such-proxy.invalid:3128"])
    step = cli.failure("nowhere")
    assert "There is no host no-such-proxy.invalid" in step["detail"] and "option proxy" in step["remedy"]
    with ForwardProxy(refusal=403) as proxy:
        cli.add("forbidden", endpoint=secure, options=["--option", f"proxy={proxy.url}"])
        step = cli.failure("forbidden")
        assert "refuses a tunnel to db.example:443: HTTP/1.1 403" in step["detail"] and "whoever runs the proxy" in step["remedy"]
        cli.add("page", options=["--option", f"proxy={proxy.url}"])
        assert f"Proxy {proxy.url.removeprefix('http://')} answers" in cli.failure("page")["detail"]
    with ForwardProxy(refusal=407) as proxy:
        cli.add("private", options=["--option", f"proxy={proxy.url}"])
        assert "wants credentials" in cli.failure("private")["detail"]
        cli.add("metadata", endpoint="http://169.254.169.254", options=["--option", f"proxy={proxy.url}"])
        assert "metadata" in cli.failure("metadata")["detail"]
