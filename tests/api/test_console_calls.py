"""What somebody who is signed in to the console may do: what his policies allow, and no more."""

import json
import time

import pytest
from console import root_console, statement, user_console
from server import client
from support import TARGET, temporary_table, unique_name

pytestmark = pytest.mark.skipif(TARGET != "armature", reason="only Armature has this console")


@pytest.fixture(scope="module")
def root(endpoint):
    return root_console(endpoint)


def arn(table):
    return f"arn:aws:dynamodb:*:*:table/{table}"


def test_calls_are_those_of_the_api(root, table, p):
    item = {"p": {"S": p}, "n": {"N": "12345678901234567890123456789012345678"}, "b": {"B": "AAE="}, "u": {"S": "ü\u2028\""}}
    put = root.call("PutItem", {"TableName": table, "Item": item, "ReturnConsumedCapacity": "TOTAL"})
    assert put["ok"] and put["output"]["ConsumedCapacity"]["CapacityUnits"] == 1
    assert put["requestId"] and put["serverMs"] >= 0 and put["roundTripMs"] >= 0
    assert root.call("GetItem", {"TableName": table, "Key": {"p": {"S": p}}})["output"]["Item"] == item


def test_errors_are_those_of_the_api(root, table):
    answer = root.call("PutItem", {"TableName": table, "Item": {"q": {"S": "x"}}})
    assert not answer["ok"] and answer["status"] == 400 and answer["requestId"]
    assert answer["error"]["type"] == "ValidationException" and "Missing the key p" in answer["error"]["message"]


def test_a_failed_condition_shows_the_item_it_met(root, table, p):
    item = {"p": {"S": p}}
    root.call("PutItem", {"TableName": table, "Item": item})
    answer = root.call(
        "PutItem",
        {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(p)",
         "ReturnValuesOnConditionCheckFailure": "ALL_OLD"},
    )  # fmt: skip
    assert answer["error"]["type"] == "ConditionalCheckFailedException" and answer["error"]["Item"] == item


@pytest.mark.parametrize(
    "body, named",
    [
        ({"service": "dynamodb", "operation": "ListTables"}, "input"),
        ({"service": "dynamodb", "operation": "ListTables", "input": []}, "input"),
        ({"service": "s3", "operation": "ListTables", "input": {}}, "service"),
        ({"service": "dynamodb", "operation": "../x", "input": {}}, "../x"),
        ({"service": "dynamodb", "input": {}}, "operation"),
        ({"service": "dynamodb", "operation": "ListTables", "input": {}, "region": "Not A Region"}, "Not A Region"),
    ],
    ids=["no input", "list input", "unknown service", "odd operation", "no operation", "odd region"],
)
def test_calls_that_are_none_are_told(root, body, named):
    answer = root.send("POST", "call", body)
    assert answer.status == 400 and answer.error["code"] == "BadRequest" and named in answer.error["message"]


def test_an_operation_that_does_not_exist(root):
    assert root.call("MakeCoffee", {})["error"]["type"] == "UnknownOperationException"


def test_regions_are_namespaces(root, endpoint):
    there = client(endpoint, region="eu-north-1")
    with temporary_table(there) as name:
        assert name in root.call("ListTables", {}, region="eu-north-1")["output"]["TableNames"]
        assert name not in root.call("ListTables", {})["output"]["TableNames"]
        assert {"region": "eu-north-1", "tables": 1} in root.get("regions")["regions"]


def test_somebody_with_few_permissions_does_few_things(endpoint, table, p):
    with user_console(endpoint, statement(["dynamodb:GetItem", "dynamodb:DescribeTable"], arn(table))) as console:
        key = {"p": {"S": p}}
        assert console.call("GetItem", {"TableName": table, "Key": key})["ok"]
        refused = console.call("PutItem", {"TableName": table, "Item": key})
        assert not refused["ok"] and refused["error"]["type"] == "AccessDeniedException"
        message = refused["error"]["message"]
        assert console.user in message and "dynamodb:PutItem" in message and table in message
        assert console.call("ListTables", {})["error"]["type"] == "AccessDeniedException"
        assert console.call("Scan", {"TableName": table})["error"]["type"] == "AccessDeniedException"


def test_permissions_are_told_before_a_button_is_pressed(endpoint, table):
    with user_console(endpoint, statement("dynamodb:GetItem", arn(table))) as console:
        described = client(endpoint).describe_table(TableName=table)["Table"]["TableArn"]
        checks = [{"action": "dynamodb:GetItem", "resource": described}, {"action": "dynamodb:PutItem", "resource": described}]
        allowed, refused = console.post("permissions", {"checks": checks})["results"]
        assert allowed == {"allowed": True, "reason": ""}
        assert not refused["allowed"] and "dynamodb:PutItem" in refused["reason"]
        assert console.send("POST", "permissions", {"checks": checks * 251}).status == 400


def test_a_viewer_cannot_write_whatever_his_policies_say(endpoint, table, p):
    put = {"TableName": table, "Item": {"p": {"S": p}}}
    with user_console(endpoint, statement("*"), role="viewer") as console:
        for operation, members in (
            ("PutItem", put),
            ("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": put["Item"]}}]}}),
            ("TransactWriteItems", {"TransactItems": [{"Put": put}]}),
            ("ExecuteStatement", {"Statement": f"INSERT INTO \"{table}\" VALUE {{'p': '{p}'}}"}),
            ("DeleteTable", {"TableName": table}),
        ):
            assert not console.call(operation, members)["ok"], operation
        assert console.call("Scan", {"TableName": table, "Limit": 1})["ok"]
        assert console.call("ExecuteStatement", {"Statement": f'SELECT * FROM "{table}" WHERE p = \'{p}\''})["output"]["Items"] == []
        answer = console.send("POST", "query-protocol", {"service": "iam", "action": "CreateUser", "parameters": {"UserName": "x"}})
        assert answer.status == 403 and answer.error["code"] == "NotAllowed"
        assert console.post("query-protocol", {"service": "iam", "action": "ListUsers"})["ok"]


def test_an_editor_writes_items_and_changes_no_tables(endpoint, table, p):
    with user_console(endpoint, statement("*"), role="editor") as console:
        assert console.call("PutItem", {"TableName": table, "Item": {"p": {"S": p}}})["ok"]
        assert not console.call("DeleteTable", {"TableName": table})["ok"]


def test_identities_through_the_query_protocol(root, endpoint):
    name = unique_name("user")
    made = root.post("query-protocol", {"service": "iam", "action": "CreateUser", "parameters": {"UserName": name}})
    assert made["ok"] and f"<UserName>{name}</UserName>" in made["xml"]
    again = root.post("query-protocol", {"service": "iam", "action": "CreateUser", "parameters": {"UserName": name}})
    assert not again["ok"] and again["status"] == 409 and "EntityAlreadyExists" in again["xml"]
    assert root.post("query-protocol", {"service": "sts", "action": "GetCallerIdentity"})["ok"]
    client(endpoint, service="iam").delete_user(UserName=name)
    with user_console(endpoint) as console:
        refused = console.post("query-protocol", {"service": "iam", "action": "ListUsers"})
        assert not refused["ok"] and refused["status"] == 403 and "iam:ListUsers" in refused["xml"]
    for wrong in ({"service": "s3", "action": "X"}, {"service": "iam"}, {"service": "iam", "action": "X", "parameters": {"a": 1}}):
        assert root.send("POST", "query-protocol", wrong).status == 400


def test_streams_are_read(root, make_table):
    table = make_table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    streams = root.call("ListStreams", {"TableName": table})["output"]["Streams"]
    described = root.call("DescribeStream", {"StreamArn": streams[0]["StreamArn"]})
    assert described["output"]["StreamDescription"]["StreamStatus"] == "ENABLED"


def test_the_history_tells_how_much_each_table_was_asked_for(root, make_table, wire):
    table = make_table(keys="p:HASH", types="p:S")
    for number in range(3):
        root.call("PutItem", {"TableName": table, "Item": {"p": {"S": str(number)}}})
    root.call("GetItem", {"TableName": table, "Key": {"p": {"S": "0"}}, "ConsistentRead": True})
    root.call("PutItem", {"TableName": table, "Item": {}})

    lines = wire.send(b"", method="GET", path="/metrics", sign=False).body.decode().splitlines()
    labels = f'region="{wire.region}",table="{table}"'
    for line in (f'requests_total{{{labels},kind="write"}} 4', f'requests_total{{{labels},kind="read"}} 1',
                 f'errors_total{{{labels},kind="write"}} 1', f'throttles_total{{{labels},kind="write"}} 0',
                 f"write_half_units_total{{{labels}}} 6", f"read_half_units_total{{{labels}}} 2"):  # fmt: skip
        assert "armature_table_" + line in lines

    deadline = time.monotonic() + 60  # It is sampled every five seconds.
    while not (found := [one for one in root.get("metrics?seconds=900")["tables"] if one["name"] == table]):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert found[0] == {"region": wire.region, "name": table, "requests": 5, "errors": 1, "throttles": 0,
                        "readUnits": 1, "writeUnits": 3, "exists": True}  # fmt: skip
    points = root.get(f"metrics/{table}?region={wire.region}&seconds=900")["points"]

    def total(kind, what):
        return sum(point[kind][what] for point in points)

    assert [total("reads", what) for what in ("requests", "errors", "throttles", "units")] == [1, 0, 0, 1]
    assert [total("writes", what) for what in ("requests", "errors", "throttles", "units")] == [4, 1, 0, 3]


def test_names_of_tables_are_for_those_who_may_look_at_them(root, endpoint, table):
    deadline = time.monotonic() + 60
    while table not in [one["name"] for one in root.get("metrics?seconds=3600")["tables"]]:
        root.call("Scan", {"TableName": table, "Limit": 1})
        assert time.monotonic() < deadline
        time.sleep(0.2)
    with user_console(endpoint, statement("dynamodb:Scan")) as console:
        assert console.get("metrics?seconds=3600")["tables"] == []
        refused = console.send("GET", f"metrics/{table}?seconds=60")
        assert (refused.status, refused.error["code"]) == (403, "NotAllowed") and "DescribeTable" in refused.error["message"]
    with user_console(endpoint, statement("dynamodb:DescribeTable", arn(table))) as console:
        assert [one["name"] for one in console.get("metrics?seconds=3600")["tables"]] == [table]
        assert console.get(f"metrics/{table}?seconds=60")["points"]


def test_what_metrics_and_health_are_made_of(root):
    metrics = root.get("metrics?seconds=60")
    assert metrics["intervalSeconds"] == 5 and len(metrics["points"]) <= 12
    assert metrics["now"]["requests"] >= 0 and metrics["now"]["residentBytes"] > 0
    for item in root.get("health")["items"]:
        assert item["severity"] in ("error", "warning", "info") and item["title"] and item["detail"]


def test_numbers_go_through_digit_by_digit(root, table, p):
    text = json.dumps({"service": "dynamodb", "operation": "Scan", "input": {"TableName": table, "Limit": 1}})
    answer = root.send("POST", "call", text.replace('"Limit": 1', '"Limit": 1.0'))
    assert answer.status == 200
