"""Starts the server for tests, and talks to it below boto3."""

import base64
import http.client
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import tempfile
import time
import urllib.parse

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
# Letters and digits alone, because some servers insist on it.
ACCESS_KEY_ID = os.environ.get("AWS_ACCESS_KEY_ID", "AKIDARMATURETESTS001")
SECRET_ACCESS_KEY = os.environ.get("AWS_SECRET_ACCESS_KEY", "a-secret-for-tests-only")
SESSION_TOKEN = os.environ.get("AWS_SESSION_TOKEN")

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary():
    """The server's program: ARMATURE_BINARY, or the newest one under build/."""
    named = os.environ.get("ARMATURE_BINARY")
    if named:
        return named
    found = sorted(ROOT.glob("build/*/src/cmd/armature"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise RuntimeError("no server to test: build it, or set ARMATURE_BINARY or ARMATURE_ENDPOINT")
    return str(found[-1])


def engine_options(engine, data_directory):
    """Command line options that choose a storage engine."""
    return {
        "memory": ["--memory"],
        "rocksdb": ["--data", str(data_directory)],
        "simulated": ["--simulate", os.environ.get("ARMATURE_SEED", "1")],
    }[engine]


class Server:
    """One server process on a free port."""

    def __init__(self, *options, start_timeout_s=30):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ARMATURE_")}
        environment["ARMATURE_ROOT_ACCESS_KEY_ID"] = ACCESS_KEY_ID
        environment["ARMATURE_ROOT_SECRET_ACCESS_KEY"] = SECRET_ACCESS_KEY
        self.log = tempfile.NamedTemporaryFile(prefix="armature-test-", suffix=".log", mode="w+", delete=False)
        self.process = subprocess.Popen(
            [binary(), "serve", "--listen", "127.0.0.1:0", *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
        )
        self.endpoint = self._wait_for_endpoint(time.monotonic() + start_timeout_s)

    def _wait_for_endpoint(self, deadline):
        output = b""
        while time.monotonic() < deadline:
            readable, _, _ = select.select([self.process.stdout], [], [], 0.1)
            if readable:
                chunk = os.read(self.process.stdout.fileno(), 65536)
                output += chunk
                found = re.search(rb"https?://127\.0\.0\.1:\d+", output)
                if found:
                    return found.group().decode()
                if not chunk:
                    break
        self.kill()
        raise RuntimeError(f"the server did not start:\n{output.decode()}\n{self.read_log()}")

    def read_log(self):
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def kill(self):
        """As power loss of the process: SIGKILL, no goodbye."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def stop(self, timeout_s=30):
        """SIGTERM; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()
        if self.process.returncode == 0:
            os.unlink(self.log.name)
        return self.process.returncode


def client(endpoint, region=REGION, access_key_id=ACCESS_KEY_ID, secret=SECRET_ACCESS_KEY, service="dynamodb", **config):
    """A boto3 client that sends what it is told, however wrong, and never retries by itself."""
    settings = {"parameter_validation": False, "retries": {"max_attempts": 0}, "read_timeout": 30, "max_pool_connections": 32}
    settings.update(config)
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret,
        aws_session_token=SESSION_TOKEN if access_key_id == ACCESS_KEY_ID else None,
        config=Config(**settings),
    )


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    def type(self):
        """The error's full type, as `com.amazon.coral.service#SerializationException`."""
        return self.json()["__type"]

    def message(self):
        body = self.json()
        return body.get("message", body.get("Message"))


def jsonable(value):
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {name: jsonable(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(element) for element in value]
    return value


class Wire:
    """HTTP requests made by hand, for what boto3 would not send, or is too old to know."""

    def __init__(self, endpoint, region=REGION, access_key_id=ACCESS_KEY_ID, secret=SECRET_ACCESS_KEY):
        self.endpoint = endpoint
        self.url = urllib.parse.urlsplit(endpoint)
        self.region = region
        self.credentials = botocore.credentials.Credentials(
            access_key_id, secret, SESSION_TOKEN if access_key_id == ACCESS_KEY_ID else None
        )

    def connection(self):
        kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        return kind(self.url.netloc, timeout=30)

    def signed_headers(self, body, headers, method="POST", path="/", service="dynamodb"):
        request = botocore.awsrequest.AWSRequest(method=method, url=self.endpoint.rstrip("/") + path, data=body, headers=headers)
        botocore.auth.SigV4Auth(self.credentials, service, self.region).add_auth(request)
        return dict(request.headers)

    def send(self, body=b"{}", operation=None, headers=None, method="POST", path="/", sign=True, connection=None):
        """Sends bytes as they are; `headers` override what would be sent otherwise, None removes one."""
        body = body.encode() if isinstance(body, str) else body
        complete = {"Content-Type": "application/x-amz-json-1.0", "Host": self.url.netloc}
        if operation is not None:
            complete["X-Amz-Target"] = operation if "." in operation else "DynamoDB_20120810." + operation
        complete.update(headers or {})
        complete = {name: value for name, value in complete.items() if value is not None}
        if sign:
            complete = self.signed_headers(body, complete, method, path)
        connection = connection or self.connection()
        connection.request(method, path, body=body, headers=complete)
        return Reply(connection.getresponse())

    def call(self, operation, **members):
        """A well-formed call; raises ClientError as boto3 does."""
        reply = self.send(json.dumps(jsonable(members)), operation)
        if reply.status == 200:
            return reply.json() if reply.body else {}
        body = reply.json()
        error = {"Code": body["__type"].split("#")[-1], "Message": body.get("message", body.get("Message", ""))}
        raise ClientError({**body, "Error": error, "ResponseMetadata": {"HTTPStatusCode": reply.status}}, operation)
