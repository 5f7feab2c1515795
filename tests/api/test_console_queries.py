"""Saved queries: kept, shared, run with variables bound as values, written as code."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from console import root_console, statement, user_console
from server import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, client
from support import TARGET, temporary_table, unique_name

pytestmark = pytest.mark.skipif(TARGET != "armature", reason="only Armature has this console")


@pytest.fixture(scope="module")
def root(endpoint):
    return root_console(endpoint)


@pytest.fixture
def music(ddb, range_table, p):
    """Twelve items under one partition key."""
    for number in range(12):
        ddb.put_item(TableName=range_table, Item={"p": {"S": p}, "c": {"S": f"{number:02}"}, "n": {"N": str(number)}, "by": {"S": "o'Neil"}})
    return range_table


def query(operation, body, *variables, **more):
    return {"language": "json", "operation": operation, "body": body, "variables": list(variables), "valueFormat": "plain", **more}


def partiql(text, *variables, **more):
    return {"language": "partiql", "body": text, "variables": list(variables), **more}


def variable(name, kind="S", **more):
    return {"name": name, "type": kind, "required": True, **more}


def run(console, asked, variables=None, **more):
    return console.post("queries/run", {"query": asked, "variables": variables or {}, **more})


def by_key(table, **more):
    return query("Query", {"TableName": table, "KeyConditionExpression": "p = {{id}}"}, variable("id"), **more)


# Keeping them.


def test_a_query_is_kept_as_it_was_saved(root):
    asked = query("GetItem", {"TableName": "t", "Key": {"p": "{{id}}"}}, variable("id", "N", default="7"), name="one", folder="a/b",
                  description="why", shared=False)  # fmt: skip
    made = root.post("queries", asked, status=201)
    try:
        assert made["id"] and made["owner"].endswith(":root") and made["updatedAt"] > 0
        assert {name: made[name] for name in asked} == asked
        assert root.get(f"queries/{made['id']}") == made
        assert made in root.get("queries")["queries"]
        assert made not in root.get("queries?connection=other")["queries"]
    finally:
        assert root.send("DELETE", f"queries/{made['id']}").status == 204
    assert root.send("GET", f"queries/{made['id']}").status == 404


def test_what_a_query_was_is_kept_too(root):
    made = root.post("queries", partiql("SELECT 1", name="v"), status=201)
    for text in ("SELECT 2", "SELECT 3"):
        root.ask("PUT", f"queries/{made['id']}", partiql(text, name="v"))
    assert [one["body"] for one in root.get(f"queries/{made['id']}/versions")["versions"]] == ["SELECT 2", "SELECT 1"]
    root.send("DELETE", f"queries/{made['id']}")


@pytest.mark.parametrize(
    "wrong, field",
    [
        (partiql("SELECT 1"), "name"),
        (partiql("", name="x"), "body"),
        (query("", {}, name="x"), "operation"),
        (query("Query", "not json", name="x"), "body"),
        (partiql("SELECT 1", variable("1st"), name="x"), "variables"),
        (partiql("SELECT 1", variable("a"), variable("a"), name="x"), "variables"),
    ],
    ids=["name", "body", "operation", "json", "variable", "twice"],
)
def test_wrong_queries_are_told(root, wrong, field):
    error = root.send("POST", "queries", wrong).error
    assert error["code"] == "InvalidQuery" and field in [one["field"] for one in error["fields"]]


def test_a_query_is_its_owners_until_it_is_shared(root, endpoint):
    made = root.post("queries", partiql("SELECT 1", name="mine"), status=201)
    path = f"queries/{made['id']}"
    with user_console(endpoint, role="editor") as console:
        assert console.send("GET", path).status == 404
        assert console.send("POST", "queries/run", {"id": made["id"]}).status == 404
        assert made["id"] not in [one["id"] for one in console.get("queries")["queries"]]
        root.ask("PUT", path, partiql("SELECT 1", name="mine", shared=True))
        assert console.get(path)["shared"]
        for method in ("PUT", "DELETE"):
            answer = console.send(method, path, partiql("SELECT 2", name="mine") if method == "PUT" else None)
            assert answer.status == 403 and answer.error["code"] == "NotAllowed" and answer.error["remedy"]
        own = console.post("queries", partiql("SELECT 3", name="his", owner="somebody else"), status=201)
        assert console.user in own["owner"]
        assert root.get(f"queries/{own['id']}")["name"] == "his"  # Administrators see all.
        console.send("DELETE", f"queries/{own['id']}")
    root.send("DELETE", path)


# Running them.


def test_a_query_runs_without_being_saved(root, music, p):
    answer = run(root, by_key(music), {"id": p})
    assert answer["ok"] and len(answer["items"]) == 12 and answer["count"] == 12 and answer["scannedCount"] == 12
    assert answer["items"][3]["n"] == {"N": "3"}
    assert answer["consumedCapacity"]["CapacityUnits"] > 0 and answer["consumedCapacity"]["TableName"] == music
    assert answer["serverMs"] >= 0 and answer["roundTripMs"] >= 0 and answer["requestId"] and answer["warnings"] == []
    assert answer["output"]["Count"] == 12 and "nextPage" not in answer


def test_a_saved_query_runs_by_its_id(root, music, p):
    made = root.post("queries", by_key(music, name="by key"), status=201)
    answer = root.post("queries/run", {"id": made["id"], "variables": {"id": p}})
    assert answer["count"] == 12
    root.send("DELETE", f"queries/{made['id']}")
    assert root.send("POST", "queries/run", {"id": made["id"]}).status == 404


def test_pages_follow_each_other(root, music, p):
    asked = query("Query", {"TableName": music, "KeyConditionExpression": "p = {{id}}", "Limit": 5}, variable("id"))
    seen, page = [], None
    for _ in range(3):
        answer = run(root, asked, {"id": p}, page=page)
        seen += [item["c"]["S"] for item in answer["items"]]
        page = answer.get("nextPage")
    assert page is None and seen == [f"{number:02}" for number in range(12)]


def test_statements_have_pages_too(root, music, p):
    asked = partiql(f'SELECT c FROM "{music}" WHERE p = {{{{id}}}}', variable("id"))
    answer = run(root, asked, {"id": p})
    assert answer["ok"] and len(answer["items"]) == 12 and answer["items"][0] == {"c": {"S": "00"}}


@pytest.mark.parametrize("page", ["K", "Knonsense", "K[]", 'K{"p":{"S":"x"}},"TableName":"other"', "X1", "{}"])
def test_a_page_that_is_none_is_not_sent(root, music, p, page):
    answer = run(root, by_key(music), {"id": p}, page=page)
    assert not answer["ok"] and "page" in answer["error"]["message"]


@pytest.mark.parametrize(
    "value", ["a' OR 1=1 --", '"', "#", "}}{{id}}", ":v1", "😀", "\\", "x" * 1000, "\u0000\u2028"], ids=lambda value: ascii(value)[:20]
)
def test_values_are_bound_and_never_text(root, table, p, value):
    key = p + value
    asked = query("PutItem", {"TableName": table, "Item": {"p": "{{id}}", "v": "{{id}}"}}, variable("id"))
    assert run(root, asked, {"id": key})["ok"]
    found = run(root, partiql(f'SELECT v FROM "{table}" WHERE p = {{{{id}}}}', variable("id")), {"id": key})
    assert found["items"] == [{"v": {"S": key}}]
    found = run(root, query("Query", {"TableName": table, "KeyConditionExpression": "{{attribute}} = {{id}}"}, variable("id"),
                            variable("attribute", "name")), {"id": key, "attribute": "p"})  # fmt: skip
    assert found["items"] == [{"p": {"S": key}, "v": {"S": key}}]


@pytest.mark.parametrize(
    "kind, typed, stored",
    [
        ("N", "12345678901234567890123456789012345678", {"N": "12345678901234567890123456789012345678"}),
        ("BOOL", "true", {"BOOL": True}),
        ("NULL", "null", {"NULL": True}),
        ("L", '[1, "a"]', {"L": [{"N": "1"}, {"S": "a"}]}),
        ("M", '{"a": 1}', {"M": {"a": {"N": "1"}}}),
        ("SS", '["a", "b"]', {"SS": ["a", "b"]}),
        ("NS", "[1, 2]", {"NS": ["1", "2"]}),
        ("B", "AAE=", {"B": "AAE="}),
    ],
)
def test_what_is_typed_into_a_field_takes_the_variables_type(root, table, p, kind, typed, stored):
    asked = query("PutItem", {"TableName": table, "Item": {"p": p, "v": "{{v}}"}}, variable("v", kind))
    answer = run(root, asked, {"v": typed})
    assert answer["ok"], answer
    item = root.call("GetItem", {"TableName": table, "Key": {"p": {"S": p}}})["output"]["Item"]
    assert item["v"] == stored or {name: sorted(values) for name, values in item["v"].items()} == stored
    if typed[0] in "[{tn1":  # The same as JSON, and as a default.
        assert run(root, asked, {"v": json.loads(typed)})["ok"] or kind == "N"
    by_default = query("PutItem", asked["body"], variable("v", kind, default=typed))
    assert run(root, by_default)["ok"]


@pytest.mark.parametrize("kind, typed", [("N", "seven"), ("BOOL", "yes"), ("L", "{}"), ("SS", "[]"), ("B", "no base64!"), ("M", "x")])
def test_values_that_do_not_fit_are_not_sent(root, table, p, kind, typed):
    asked = query("PutItem", {"TableName": table, "Item": {"p": p, "v": "{{v}}"}}, variable("v", kind))
    answer = run(root, asked, {"v": typed})
    assert not answer["ok"] and answer["error"]["type"] == "InvalidVariables" and "'v'" in answer["error"]["message"]
    assert "missingVariables" not in answer


def test_missing_variables_are_all_named(root, music):
    asked = partiql(f'SELECT * FROM "{music}" WHERE p = {{{{one}}}} AND c = {{{{two}}}} AND n = {{{{three}}}}', variable("three", "N", default=3))
    answer = run(root, asked)
    assert not answer["ok"] and answer["error"]["type"] == "MissingVariables" and answer["missingVariables"] == ["one", "two"]


def test_a_variable_that_does_not_exist_is_a_slip(root, music, p):
    answer = run(root, by_key(music), {"id": p, "ident": "x"})
    assert not answer["ok"] and "ident" in answer["error"]["message"]


def test_only_allowed_values_are_taken(root, music, p):
    asked = query("Query", {"TableName": music, "KeyConditionExpression": "p = {{id}} AND c = {{c}}"}, variable("id"),
                  variable("c", allowed=["01", "02"]))  # fmt: skip
    assert run(root, asked, {"id": p, "c": "02"})["count"] == 1
    assert not run(root, asked, {"id": p, "c": "03"})["ok"]


def test_built_in_values(root, table, p):
    asked = query("PutItem", {"TableName": table, "Item": {"p": p, "at": "{{$now}}", "who": "{{$user}}", "u": "{{$uuid}}"}})
    assert run(root, asked)["ok"]
    item = root.call("GetItem", {"TableName": table, "Key": {"p": {"S": p}}})["output"]["Item"]
    assert item["who"]["S"].endswith(":root") and len(item["u"]["S"]) == 36 and int(item["at"]["N"]) > 1_700_000_000


def test_a_region_of_its_own(root, endpoint):
    with temporary_table(client(endpoint, region="eu-north-1")) as name:
        assert run(root, query("Scan", {"TableName": name}), region="eu-north-1")["count"] == 0
        assert run(root, query("Scan", {"TableName": name}))["error"]["type"] == "ResourceNotFoundException"
        assert root.send("POST", "queries/run", {"query": query("Scan", {"TableName": name}), "region": "../x"}).status == 400


def test_warnings_say_what_a_query_costs(root, music):
    answer = run(root, query("Scan", {"TableName": music, "FilterExpression": "p = {{id}}"}, variable("id")), {"id": "x"})
    assert any("Query" in warning for warning in answer["warnings"])


def test_a_run_may_do_what_whoever_runs_it_may(root, endpoint, music, p):
    made = root.post("queries", by_key(music, name="shared", shared=True), status=201)
    with user_console(endpoint, statement("dynamodb:Query", f"arn:aws:dynamodb:*:*:table/{music}")) as console:
        assert console.post("queries/run", {"id": made["id"], "variables": {"id": p}})["count"] == 12
    with user_console(endpoint, statement("dynamodb:GetItem")) as console:
        answer = console.post("queries/run", {"id": made["id"], "variables": {"id": p}})
        assert answer["error"]["type"] == "AccessDeniedException" and "dynamodb:Query" in answer["error"]["message"]
        assert console.user in answer["error"]["message"]
    with user_console(endpoint, statement("*"), role="viewer") as console:
        refused = run(console, query("PutItem", {"TableName": music, "Item": {"p": p, "c": "x"}}))
        assert not refused["ok"]
        refused = run(console, partiql(f"DELETE FROM \"{music}\" WHERE p = {{{{id}}}} AND c = '00'", variable("id")), {"id": p})
        assert not refused["ok"]
        assert run(console, by_key(music), {"id": p})["count"] == 12
    root.send("DELETE", f"queries/{made['id']}")


@pytest.mark.parametrize(
    "body",
    [{}, {"query": []}, {"query": "x"}, {"id": 7}, {"query": {"language": "sql"}}, {"query": {"body": "x", "operation": "Query"}, "variables": []},
     {"query": {"language": "partiql", "body": "SELECT 1"}, "variables": "x"}, {"query": {"language": "partiql", "body": "SELECT 1"}, "page": 7}],
    ids=str,
)  # fmt: skip
def test_what_is_no_run_is_told(root, body):
    answer = root.send("POST", "queries/run", body)
    assert answer.status == 400 and answer.error["message"]


def test_a_query_runs_through_its_connection(root, endpoint, music, p):
    name = unique_name("c")
    root.post("connections", {"name": name, "endpoint": endpoint, "region": REGION, "accessKeyId": ACCESS_KEY_ID,
                              "secretAccessKey": SECRET_ACCESS_KEY, "userRole": "viewer", "readOnly": True, "allowedIps": [],
                              "options": {"pageSize": "5", "tablePrefix": music[:4]}}, status=201)  # fmt: skip
    try:
        asked = by_key(music[4:], connection=name)
        answer = run(root, asked, {"id": p})
        assert answer["count"] == 5 and answer["nextPage"] and answer["consumedCapacity"]["TableName"] == music[4:]
        refused = run(root, query("DeleteItem", {"TableName": music[4:], "Key": {"p": p, "c": "00"}}, connection=name))
        assert not refused["ok"] and "read-only" in refused["error"]["message"]
        code = root.post("queries/code", {"query": asked, "language": "python", "variables": {"id": p}})["code"]
        assert f'"{music}"' in code  # As the connection sends it.
    finally:
        root.send("DELETE", f"connections/{name}")
    assert root.send("POST", "queries/run", {"query": by_key(music, connection=name), "variables": {"id": p}}).status == 404


# As code.


def code(console, language, asked, variables=None, **more):
    return console.post("queries/code", {"query": asked, "language": language, "variables": variables or {}, **more})["code"]


def run_program(*command, code=None):
    environment = {
        "PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_PAGER": "",
    }  # fmt: skip
    done = subprocess.run(command, input=code, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


RUNNERS = {"python": [sys.executable, "-"], "cli": ["bash", "-s"], "curl": ["bash", "-s"]}


@pytest.mark.parametrize("language", RUNNERS)
def test_code_does_what_the_query_does(root, music, p, language):
    tool = {"python": sys.executable, "cli": "aws", "curl": "curl"}[language]
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    asked = query("Query", {"TableName": music, "KeyConditionExpression": "p = {{id}}", "FilterExpression": "{{attribute}} = {{by}}",
                            "ConsistentRead": True}, variable("id"), variable("by"), variable("attribute", "name"))  # fmt: skip
    text = code(root, language, asked, {"id": p, "by": "o'Neil", "attribute": "by"})
    assert SECRET_ACCESS_KEY not in text and ACCESS_KEY_ID not in text
    out = run_program(*RUNNERS[language], code=text)
    assert out.count("o'Neil") == 12 and "'Count': 12" in out.replace('"', "'").replace("'Count':12", "'Count': 12")


def test_binary_values_survive_in_code(root, table, p):
    asked = query("PutItem", {"TableName": table, "Item": {"p": p, "b": "{{b}}"}}, variable("b", "B"))
    run_program(*RUNNERS["python"], code=code(root, "python", asked, {"b": "AAECAw=="}))
    assert root.call("GetItem", {"TableName": table, "Key": {"p": {"S": p}}})["output"]["Item"]["b"] == {"B": "AAECAw=="}


@pytest.mark.parametrize("language, said", [("javascript", "new QueryCommand("), ("java", "QueryRequest.builder()"), ("go", "&dynamodb.QueryInput{")])
def test_every_language_has_its_client(root, endpoint, music, language, said):
    text = code(root, language, by_key(music), {"id": 'quote " and ${dollar}'})
    assert said in text and music in text and endpoint in text and REGION in text and '\\"' in text


def test_code_is_for_the_region_and_address_it_was_shown_for(root, music, endpoint):
    text = code(root, "cli", by_key(music), {"id": "x"}, region="eu-north-1")
    assert "--region eu-north-1" in text and endpoint in text
    odd = root.send("POST", "queries/code", {"query": by_key(music), "language": "cli", "variables": {"id": "x"}}, Host="a'b; rm -rf")
    assert odd.status == 400 or "'\\''" in odd.body["code"]


def test_code_that_cannot_be_written_is_told(root, music):
    answer = root.send("POST", "queries/code", {"query": by_key(music), "language": "cli"})
    assert answer.status == 400 and answer.error["code"] == "MissingVariables" and "id" in answer.error["message"]
    for asked in ({"language": "cobol"}, {"language": 7}, {}, {"language": "cli", "region": "x y"}):
        assert root.send("POST", "queries/code", {"query": by_key(music), "variables": {"id": "x"}, **asked}).status == 400
    answer = root.send("POST", "queries/code", {"query": query("CreateTable", {"TableName": "t"}), "language": "java"})
    assert answer.status == 400 and "CreateTable" in answer.error["message"]
