"""Saved connections: who may see, use, change and test them, and that their secrets stay where they are."""

import pytest
from console import root_console, statement, temporary_user, user_console
from server import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from support import TARGET, unique_name

pytestmark = pytest.mark.skipif(TARGET != "armature", reason="only Armature has this console")


@pytest.fixture(scope="module")
def root(endpoint):
    return root_console(endpoint)


@pytest.fixture
def save(root, endpoint):
    """Saves connections to the server itself that go when the test ends."""
    names = []

    def save(**members):
        name = unique_name("c")
        root.post("connections", form(endpoint, name=name, **members), status=201)
        names.append(name)
        return name

    yield save
    for name in names:
        root.send("DELETE", f"connections/{name}")


def form(server, **members):
    complete = {"endpoint": server, "region": REGION, "accessKeyId": ACCESS_KEY_ID, "secretAccessKey": SECRET_ACCESS_KEY,
                "userRole": "viewer", "options": {}, "allowedIps": [], "readOnly": False, **members}  # fmt: skip
    return {name: value for name, value in complete.items() if value is not None}


def step(report, name):
    return next(step for step in report["steps"] if step["id"] == name)


def test_a_secret_comes_back_from_nowhere(root, endpoint):
    name = unique_name("c")
    made = root.send("POST", "connections", form(endpoint, name=name, sessionToken="a-token-to-keep"))
    assert made.status == 201 and made.body["secretSet"] is True and made.body["sessionTokenSet"] is True
    tested = root.send("POST", f"connections/{name}/test", {})
    listed = root.send("GET", "connections")
    shown = root.send("GET", f"connections/{name}")
    replaced = root.send("PUT", f"connections/{name}", form(endpoint, name=name, secretAccessKey=None))
    assert [one["name"] for one in listed.body["connections"]].count(name) == 1
    for answer in (made, tested, listed, shown, replaced):
        assert SECRET_ACCESS_KEY not in answer.text and "a-token-to-keep" not in answer.text
    assert root.send("DELETE", f"connections/{name}").status == 204
    assert root.send("GET", f"connections/{name}").status == 404


def test_a_form_without_the_secret_keeps_it(root, endpoint, save):
    name = save()
    renamed = unique_name("c")
    changed = root.ask("PUT", f"connections/{name}", form(endpoint, name=renamed, secretAccessKey=None, environment="production"))
    assert changed["secretSet"] and changed["environment"] == "production"
    assert root.send("GET", f"connections/{name}").status == 404
    assert root.call("ListTables", {}, connection=renamed)["ok"]
    root.send("DELETE", f"connections/{renamed}")


def test_wrong_fields_are_all_named(root, endpoint):
    wrong = form(endpoint, name="", region="Not A Region", roleArn="arn:aws:iam::1:user/x", options={"nonsense": "1"}, allowedIps=["x"])
    error = root.send("POST", "connections", wrong).error
    assert error["code"] == "InvalidConnection"
    assert {field["field"] for field in error["fields"]} >= {"name", "region", "roleArn", "options.nonsense", "allowedIps"}
    assert root.send("POST", "connections", form(endpoint, name="x", colour="red")).error["code"] == "InvalidConnection"
    assert root.send("POST", "connections", form(endpoint, name=7)).error["code"] == "InvalidConnection"


def test_names_are_unique(root, endpoint, save):
    name = save()
    assert root.send("POST", "connections", form(endpoint, name=name)).error["code"] == "AlreadyExists"
    other = save()
    assert root.send("PUT", f"connections/{other}", form(endpoint, name=name)).error["code"] == "AlreadyExists"
    assert root.send("PUT", "connections/nobody", form(endpoint, name="nobody")).status == 404


def test_options_are_explained(root):
    options = {one["key"]: one for one in root.get("connection-options")["options"]}
    assert options["maxAttempts"]["help"] and options["tls.skipVerify"]["kind"] == "boolean"


def test_calls_go_through_a_connection_as_its_keys_may(root, endpoint, save, table, p):
    allowed = statement(["dynamodb:GetItem"])
    with temporary_user(endpoint, allowed) as (name, key_id, secret):
        saved = save(accessKeyId=key_id, secretAccessKey=secret, userRole="admin")
        key = {"p": {"S": p}}
        assert root.call("GetItem", {"TableName": table, "Key": key}, connection=saved)["ok"]
        refused = root.call("PutItem", {"TableName": table, "Item": key}, connection=saved)
        assert refused["error"]["type"] == "AccessDeniedException" and name in refused["error"]["message"]


def test_a_connection_keeps_its_own_rules(root, save, table, p):
    put = {"TableName": table, "Item": {"p": {"S": p}}}
    for rules in ({"readOnly": True, "userRole": "admin"}, {"userRole": "viewer"}, {"userRole": "admin", "tableFilter": ["other*"]}):
        answer = root.call("PutItem", put, connection=save(**rules))
        assert not answer["ok"] and "not sent" in answer["error"]["message"], rules
    assert root.call("PutItem", put, connection=save(userRole="editor"))["ok"]
    assert root.call("ListTables", {}, connection=save(tableFilter=[table]))["output"]["TableNames"] == [table]
    assert root.send("POST", "call", {"connection": "nobody", "service": "dynamodb", "operation": "X", "input": {}}).status == 404


def test_roles_see_and_use_what_is_for_them(endpoint, save):
    for_all, for_editors, for_admins = save(), save(userRole="editor"), save(userRole="admin")
    with user_console(endpoint, role="editor") as console:
        names = [one["name"] for one in console.get("connections")["connections"]]
        assert for_all in names and for_editors in names and for_admins not in names
        assert console.call("ListTables", {"Limit": 1}, connection=for_editors)["ok"]
        for method, path, body in (
            ("GET", f"connections/{for_admins}", None),
            ("PUT", f"connections/{for_admins}", form(endpoint, name=for_admins)),
            ("DELETE", f"connections/{for_admins}", None),
            ("POST", f"connections/{for_admins}/test", {}),
            ("PUT", f"connections/{for_editors}", form(endpoint, name=for_editors, userRole="admin")),
            ("POST", "connections", form(endpoint, name="x", options={"tls.caFile": "/etc/passwd"})),
        ):
            answer = console.send(method, path, body)
            assert answer.status == 403 and answer.error["code"] == "NotAllowed", (method, path)


def test_a_viewer_tests_what_is_saved_and_changes_nothing(root, endpoint, save):
    name = save()
    with user_console(endpoint, role="viewer") as console:
        assert console.post(f"connections/{name}/test", {})["ok"]
        for method, path, body in (
            ("POST", "connections", form(endpoint, name="x")),
            ("PUT", f"connections/{name}", form(endpoint, name=name)),
            ("DELETE", f"connections/{name}", None),
            ("POST", "connections/test", {"connection": form(endpoint)}),
        ):
            assert console.send(method, path, body).error["code"] == "NotAllowed", (method, path)
    assert root.get(f"connections/{name}")["secretSet"]


def test_a_connection_is_for_the_addresses_it_allows(root, endpoint, save):
    elsewhere = save(allowedIps=["10.1.0.0/16"], userRole="editor")
    here = save(allowedIps=["127.0.0.1"], userRole="editor")
    assert root.call("ListTables", {"Limit": 1}, connection=here)["ok"]
    call = {"service": "dynamodb", "operation": "ListTables", "input": {}, "connection": elsewhere}
    error = root.send("POST", "call", call).error
    assert error["code"] == "NotAllowed" and "127.0.0.1" in error["message"]
    assert root.send("POST", f"connections/{elsewhere}/test", {}).error["code"] == "NotAllowed"
    query = {"query": {"language": "json", "operation": "ListTables", "body": {}, "connection": elsewhere}}
    assert root.send("POST", "queries/run", query).error["code"] == "NotAllowed"
    # An administrator may see and correct it; an editor could otherwise let himself in.
    assert root.get(f"connections/{elsewhere}")["allowedIps"] == ["10.1.0.0/16"]
    with user_console(endpoint, role="editor") as console:
        opened = form(endpoint, name=elsewhere, userRole="editor", secretAccessKey=None)
        assert console.send("PUT", f"connections/{elsewhere}", opened).error["code"] == "NotAllowed"
        assert console.send("DELETE", f"connections/{elsewhere}").error["code"] == "NotAllowed"
        assert console.send("POST", "connections/test", {"connection": opened}).error["code"] == "NotAllowed"
    assert root.ask("PUT", f"connections/{elsewhere}", form(endpoint, name=elsewhere, secretAccessKey=None))["allowedIps"] == []


def test_a_form_is_tested_before_it_is_saved_or_named(root, endpoint, table):
    report = root.post("connections/test", {"connection": form(endpoint)})
    assert report["ok"] and report["summary"].startswith("Connected as ")
    assert [one["id"] for one in report["steps"]][:2] == ["connect", "tls"]
    assert all(one["status"] in ("passed", "warning", "skipped") and one["ms"] >= 0 and one["title"] for one in report["steps"])
    assert step(report, "tables")["status"] == "passed" and "table" in step(report, "tables")["detail"]


@pytest.mark.parametrize(
    "members, failed, said",
    [
        ({"secretAccessKey": "wrong"}, "identity", "secret"),
        ({"accessKeyId": "AKIDNOBODYATALL00000"}, "identity", "access key"),
        ({"endpoint": "http://127.0.0.1:1"}, "connect", "refused"),
        ({"endpoint": "http://169.254.169.254"}, "connect", "metadata"),
        ({"endpoint": "http://no-such-host.invalid"}, "connect", "no-such-host.invalid"),
    ],
    ids=["secret", "key id", "port", "metadata service", "host"],
)
def test_a_failed_test_says_what_to_do(root, endpoint, members, failed, said):
    report = root.post("connections/test", {"connection": form(endpoint, **members)})
    assert report["ok"] is False
    last = report["steps"][-1]
    assert last["id"] == failed and last["status"] == "failed" and last["remedy"]
    assert said in (last["detail"] + last["remedy"]).lower()
    assert "wrong" not in report["summary"] or "secret" in report["summary"]


def test_a_form_that_cannot_be_right_is_not_tested(root, endpoint):
    error = root.send("POST", "connections/test", {"connection": form(endpoint, region="", secretAccessKey=None)}).error
    assert error["code"] == "InvalidConnection"
    assert {field["field"] for field in error["fields"]} == {"region", "secretAccessKey"}
    assert root.send("POST", "connections/test", {}).error["message"] == "The member 'connection' is missing."
    assert root.send("POST", "connections/nobody/test", {}).status == 404


def test_a_form_is_tested_with_the_secret_it_was_never_shown(root, endpoint, save):
    name = save()
    edited = form(endpoint, name=name, secretAccessKey=None)
    assert root.post("connections/test", {"connection": edited})["ok"]
    renamed = {**edited, "name": unique_name("c")}
    assert root.send("POST", "connections/test", {"connection": renamed}).error["code"] == "InvalidConnection"
    assert root.post("connections/test", {"connection": renamed, "savedAs": name})["ok"]
    # Not by somebody for whom it is not.
    for_admins = save(userRole="admin")
    with user_console(endpoint, role="editor") as console:
        stolen = {"connection": {**edited, "name": for_admins}, "savedAs": for_admins}
        assert console.send("POST", "connections/test", stolen).error["code"] == "NotAllowed"


def test_a_role_is_assumed(root, endpoint, save):
    report = root.post("connections/test", {"connection": form(endpoint, roleArn="arn:aws:iam::000000000000:role/nobody")})
    assert not report["ok"] and report["steps"][-1]["id"] == "role" and report["steps"][-1]["remedy"]


def test_somebody_limited_to_one_table_connects(root, endpoint, table):
    one = statement(["dynamodb:DescribeTable", "dynamodb:GetItem"], f"arn:aws:dynamodb:*:*:table/{table}")
    with temporary_user(endpoint, one) as (_, key_id, secret):
        limited = form(endpoint, accessKeyId=key_id, secretAccessKey=secret, tableFilter=[table])
        report = root.post("connections/test", {"connection": limited})
        assert report["ok"] and step(report, "tables")["status"] == "warning" and step(report, "read")["status"] == "passed"
