"""The console's API as a browser speaks it: a cookie, a token, JSON."""

import contextlib
import http.client
import json
import urllib.parse

from server import ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, client
from support import unique_name


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.text = response.read().decode()

    @property
    def body(self):
        return json.loads(self.text)

    @property
    def error(self):
        """The error; an answer without one fails the test."""
        assert self.status >= 400, f"{self.status}: {self.text}"
        return self.body["error"]


class Console:
    """One browser: what it sends goes with its cookie and, unless a test takes it away, the session's token."""

    def __init__(self, endpoint, **headers):
        self.url = urllib.parse.urlsplit(endpoint)
        self.headers = headers
        self.cookie = None
        self.token = None

    def send(self, method, path, body=None, **headers):
        complete = {"Host": self.url.netloc, **self.headers}
        if body is not None:
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
            complete["Content-Type"] = "application/json"
        if self.cookie:
            complete["Cookie"] = f"armature_session={self.cookie}"
        if self.token and method != "GET":
            complete["X-CSRF-Token"] = self.token
        complete.update({name.replace("_", "-"): value for name, value in headers.items()})
        complete = {name: value for name, value in complete.items() if value is not None}
        connection = http.client.HTTPConnection(self.url.netloc, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, "/console/api/" + path, body=body, headers=complete)
            answer = Answer(connection.getresponse())
        cookie = answer.headers.get("set-cookie", "")
        if cookie.startswith("armature_session="):
            self.cookie = cookie.split(";")[0].split("=", 1)[1] or None
        return answer

    def ask(self, method, path, body=None, status=200):
        """What a call that must succeed answers."""
        answer = self.send(method, path, body)
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.text}"
        return answer.body if answer.text else None

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body, status=200):
        return self.ask("POST", path, body, status)

    def sign_in(self, **credentials):
        session = self.post("session", credentials)
        self.token = session["csrfToken"]
        return session

    def call(self, operation, members, **more):
        """What the operation answers, or its error's {ok: false, …}."""
        service = "streams" if "Stream" in operation else "dynamodb"
        return self.post("call", {"service": service, "operation": operation, "input": members, **more})


def root_console(endpoint, **headers):
    console = Console(endpoint, **headers)
    token = {"sessionToken": SESSION_TOKEN} if SESSION_TOKEN else {}
    console.sign_in(accessKeyId=ACCESS_KEY_ID, secretAccessKey=SECRET_ACCESS_KEY, **token)
    return console


def statement(action, resource="*", effect="Allow"):
    return {"Effect": effect, "Action": action, "Resource": resource}


@contextlib.contextmanager
def temporary_user(endpoint, *statements, role=None, password=None):
    """A user with a key, these policy statements, and the tag ConsoleRole: (name, key id, secret)."""
    iam = client(endpoint, service="iam")
    name = unique_name("user")
    iam.create_user(UserName=name, Tags=[{"Key": "ConsoleRole", "Value": role}] if role else [])
    try:
        if statements:
            document = {"Version": "2012-10-17", "Statement": list(statements)}
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        if password:
            iam.create_login_profile(UserName=name, Password=password)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        yield name, key["AccessKeyId"], key["SecretAccessKey"]
    finally:
        with contextlib.suppress(iam.exceptions.NoSuchEntityException):
            iam.delete_login_profile(UserName=name)
        for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
            iam.delete_user_policy(UserName=name, PolicyName=policy)
        iam.delete_user(UserName=name)


@contextlib.contextmanager
def user_console(endpoint, *statements, role=None, **headers):
    """A console somebody with these policy statements is signed in to."""
    with temporary_user(endpoint, *statements, role=role) as (name, key_id, secret):
        console = Console(endpoint, **headers)
        console.session = console.sign_in(accessKeyId=key_id, secretAccessKey=secret)
        console.user = name
        yield console
