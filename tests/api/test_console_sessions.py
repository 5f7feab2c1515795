"""Who gets into the console's API, and what keeps others out."""

import pytest
from console import Console, root_console, statement, temporary_user, user_console
from server import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Server, client, engine_options
from support import TARGET

pytestmark = pytest.mark.skipif(TARGET != "armature", reason="only Armature has this console")

READS = ["session", "metrics", "health", "regions", "connections", "connections/x", "connection-options", "queries", "queries/x",
         "queries/x/versions", "allow-list"]  # fmt: skip
CHANGES = [
    ("DELETE", "session"), ("POST", "call"), ("POST", "query-protocol"), ("POST", "permissions"), ("POST", "connections"),
    ("PUT", "connections/x"), ("DELETE", "connections/x"), ("POST", "connections/test"), ("POST", "connections/x/test"), ("POST", "queries"),
    ("PUT", "queries/x"), ("DELETE", "queries/x"), ("POST", "queries/run"), ("POST", "queries/code"), ("PUT", "allow-list"),
]  # fmt: skip


@pytest.fixture
def root(endpoint):
    return root_console(endpoint)


def test_what_everybody_may_know(endpoint):
    info = Console(endpoint).get("info")
    assert info["product"] == "Armature" and info["region"] and info["accountId"]
    assert info["endpoint"] == endpoint and info["peerAddress"] == "127.0.0.1" and info["dev"] is False


def test_an_access_key_signs_in(endpoint):
    console = Console(endpoint)
    session = console.sign_in(accessKeyId=ACCESS_KEY_ID, secretAccessKey=SECRET_ACCESS_KEY)
    assert session["principal"]["kind"] == "root" and session["consoleRole"] == "admin"
    assert console.get("session") == session
    assert ACCESS_KEY_ID not in console.cookie and SECRET_ACCESS_KEY not in console.cookie


def test_the_cookie_is_for_the_console_of_this_site_alone(endpoint):
    answer = Console(endpoint).send("POST", "session", {"accessKeyId": ACCESS_KEY_ID, "secretAccessKey": SECRET_ACCESS_KEY})
    attributes = [part.strip() for part in answer.headers["set-cookie"].split(";")[1:]]
    assert {"HttpOnly", "SameSite=Strict", "Path=/console"} <= set(attributes)
    assert "Secure" not in attributes  # The test's server speaks plain HTTP.


def test_answers_are_kept_by_nobody(root):
    headers = root.send("GET", "session").headers
    assert headers["cache-control"] == "no-store" and headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


def test_a_password_signs_in(endpoint):
    with temporary_user(endpoint, statement("dynamodb:ListTables"), password="correct horse 7!") as (name, _, _):
        session = Console(endpoint).sign_in(userName=name, password="correct horse 7!")
        assert session["principal"]["name"] == name and session["principal"]["kind"] == "user"
        refused = Console(endpoint).send("POST", "session", {"userName": name, "password": "wrong"})
        assert refused.status == 401 and refused.error["code"] == "SignInFailed" and "set-cookie" not in refused.headers


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"accessKeyId": ACCESS_KEY_ID, "secretAccessKey": "wrong"},
        {"accessKeyId": "AKIDNOBODYATALL00000", "secretAccessKey": SECRET_ACCESS_KEY},
        {"accessKeyId": ACCESS_KEY_ID},
        {"userName": "nobody", "password": ""},
    ],
    ids=["nothing", "wrong secret", "unknown key", "no secret", "unknown user"],
)
def test_wrong_credentials_are_all_answered_alike(endpoint, credentials):
    answer = Console(endpoint).send("POST", "session", credentials)
    assert answer.status == 401 and "set-cookie" not in answer.headers
    assert answer.error["code"] == "SignInFailed" and answer.error["message"] == "These credentials do not sign in here."


def test_credentials_of_a_wrong_type_are_told(endpoint):
    error = Console(endpoint).send("POST", "session", {"accessKeyId": 7}).error
    assert error["code"] == "BadRequest" and "accessKeyId" in error["message"]


@pytest.mark.parametrize("method, path", [("GET", path) for path in READS] + CHANGES)
def test_nothing_is_answered_without_a_session(endpoint, method, path):
    answer = Console(endpoint).send(method, path, None if method in ("GET", "DELETE") else {})
    assert answer.status == 401 and answer.error["code"] == "NotSignedIn"


@pytest.mark.parametrize("method, path", CHANGES)
def test_nothing_is_changed_without_the_sessions_token(root, method, path):
    body = None if method == "DELETE" else {}
    for token in (None, "", "wrong", root.token[:-1]):
        answer = root.send(method, path, body, X_CSRF_Token=token)
        assert answer.status == 403 and answer.error["code"] == "CsrfMismatch"


def test_another_sessions_token_does_not_do(endpoint, root):
    answer = root.send("POST", "permissions", {"checks": []}, X_CSRF_Token=root_console(endpoint).token)
    assert answer.error["code"] == "CsrfMismatch"


@pytest.mark.parametrize(
    "headers",
    [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
    ids=str,
)
def test_other_sites_are_not_answered(root, headers):
    answer = root.send("GET", "session", **headers)
    assert answer.status == 403 and answer.error["code"] == "NotAllowed"
    assert "access-control-allow-origin" not in answer.headers


def test_its_own_pages_are_answered(root, endpoint):
    assert root.send("GET", "session", Origin=endpoint, Sec_Fetch_Site="same-origin").status == 200


def test_a_form_of_another_site_is_no_request(root):
    answer = root.send("POST", "permissions", '{"checks": []}', Content_Type="text/plain")
    assert answer.status == 415


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', '{"checks": 1}'], ids=repr)
def test_what_is_no_request_is_told(root, body):
    answer = root.send("POST", "permissions", body)
    assert answer.status == 400 and answer.error["code"] == "BadRequest"


def test_a_changed_cookie_opens_nothing(root):
    whole = root.cookie
    for at in (0, len(whole) // 2, len(whole) - 3):
        root.cookie = whole[:at] + ("A" if whole[at] != "A" else "B") + whole[at + 1 :]
        assert root.send("GET", "session").status == 401
    root.cookie = whole
    assert root.send("GET", "session").status == 200


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(root):
    kept = root.cookie
    answer = root.send("DELETE", "session")
    assert answer.status == 204 and "Max-Age=0" in answer.headers["set-cookie"]
    root.cookie = kept
    assert root.send("GET", "session").error["code"] == "NotSignedIn"


@pytest.mark.parametrize("what", ["deactivated", "deleted"])
def test_a_key_that_is_gone_ends_its_sessions(endpoint, what):
    iam = client(endpoint, service="iam")
    with user_console(endpoint, statement("dynamodb:ListTables")) as console:
        key_id = iam.list_access_keys(UserName=console.user)["AccessKeyMetadata"][0]["AccessKeyId"]
        assert console.send("GET", "session").status == 200
        if what == "deleted":
            iam.delete_access_key(UserName=console.user, AccessKeyId=key_id)
        else:
            iam.update_access_key(UserName=console.user, AccessKeyId=key_id, Status="Inactive")
        assert console.send("GET", "session").status == 401


def test_temporary_keys_sign_in_with_their_token(endpoint):
    with temporary_user(endpoint, statement("dynamodb:ListTables")) as (name, key_id, secret):
        sts = client(endpoint, service="sts", access_key_id=key_id, secret=secret)
        keys = sts.get_session_token()["Credentials"]
        session = {"accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"]}
        assert Console(endpoint).send("POST", "session", session).status == 401
        console = Console(endpoint)
        console.sign_in(**session, sessionToken=keys["SessionToken"])
        assert console.call("ListTables", {"Limit": 1})["ok"]


def test_unknown_paths_and_methods(root):
    assert root.send("GET", "nothing").status == 404
    assert root.send("PATCH", "session", {}).status == 405
    assert root.send("GET", "call").status == 405


@pytest.mark.parametrize(
    "statements, role",
    [
        ([statement("dynamodb:GetItem")], "viewer"),
        ([statement("dynamodb:PutItem")], "editor"),
        ([statement("iam:*")], "admin"),
        ([], "viewer"),
    ],
    ids=["reads", "writes", "manages users", "nothing"],
)
def test_the_role_is_worked_out_of_what_policies_allow(endpoint, statements, role):
    with user_console(endpoint, *statements) as console:
        assert console.session["consoleRole"] == role


def test_the_tag_of_a_user_decides_its_role(endpoint):
    with user_console(endpoint, statement("*"), role="viewer") as console:
        assert console.session["consoleRole"] == "viewer"
    with user_console(endpoint, statement("*"), role="slip of the pen") as console:
        assert console.session["consoleRole"] == "viewer"
    with user_console(endpoint, role="editor") as console:
        assert console.session["consoleRole"] == "editor"


@pytest.mark.own_server
def test_sessions_outlive_a_restart_and_none_is_needed_for_development(tmp_path):
    options = engine_options("rocksdb", tmp_path / "data")
    server = Server(*options)
    console = root_console(server.endpoint)
    assert server.stop() == 0
    server = Server(*options)
    try:
        again = Console(server.endpoint)
        again.cookie = console.cookie
        assert again.get("session")["principal"]["kind"] == "root"
    finally:
        server.stop()
    server = Server("--dev")
    try:
        console = Console(server.endpoint)
        assert console.get("info")["dev"] is True
        assert console.sign_in()["principal"]["kind"] == "root"
        assert console.call("ListTables", {})["ok"]
    finally:
        server.stop()


@pytest.mark.own_server
def test_the_console_can_be_closed_to_addresses_or_left_out():
    server = Server("--memory", "--trusted-proxy", "127.0.0.1", "--console-allow-ip", "10.1.0.0/16")
    try:
        assert Console(server.endpoint, **{"X-Forwarded-For": "10.1.2.3"}).send("GET", "info").status == 200
        error = Console(server.endpoint, **{"X-Forwarded-For": "10.2.2.3"}).send("GET", "info").error
        assert error["code"] == "NotAllowed" and "10.2.2.3" in error["message"]
        assert Console(server.endpoint).send("GET", "info").status == 200  # From the machine itself.
    finally:
        server.stop()
    server = Server("--memory", "--no-console")
    try:
        assert Console(server.endpoint).send("GET", "info").status == 404
    finally:
        server.stop()
