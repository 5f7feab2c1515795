"""The protocol below the operations. Source: Developer Guide, "DynamoDB low-level API", "Error handling with DynamoDB"."""

import gzip
import json
import re
import socket
import zlib

import pytest
from support import TARGET
from values import S

CORAL = "com.amazon.coral.service#"
MODEL = "com.amazonaws.dynamodb.v20120810#"

pytestmark = pytest.mark.not_on("local")


def crc_of(reply):
    return str(zlib.crc32(reply.body))


def test_a_reply_carries_what_sdks_look_at(wire):
    reply = wire.send("{}", "ListTables")
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/x-amz-json-1.0"
    assert re.fullmatch(r"[0-9A-Z]{52}", reply.headers["x-amzn-requestid"])
    assert reply.headers["x-amz-crc32"] == crc_of(reply)
    assert reply.headers["content-length"] == str(len(reply.body))
    assert "date" in reply.headers
    assert "server" in reply.headers


def test_errors_carry_the_same(wire):
    reply = wire.send('{"TableName": "armature_no_such_table"}', "DescribeTable")
    assert reply.status == 400
    assert reply.type() == MODEL + "ResourceNotFoundException"
    assert reply.message() == "Requested resource not found: Table: armature_no_such_table not found"
    assert reply.headers["x-amz-crc32"] == crc_of(reply)
    assert re.fullmatch(r"[0-9A-Z]{52}", reply.headers["x-amzn-requestid"])


def test_request_ids_differ(wire):
    assert len({wire.send("{}", "ListTables").headers["x-amzn-requestid"] for _ in range(5)}) == 5


def test_validation_errors_have_their_own_namespace(wire):
    reply = wire.send('{"TableName": "x y"}', "GetItem")
    assert reply.type() == "com.amazon.coral.validate#ValidationException"


@pytest.mark.parametrize("content_type", ["application/x-amz-json-1.0", "application/json", "application/x-amz-json-1.0; charset=UTF-8"])
def test_content_types_that_are_taken(wire, content_type):
    reply = wire.send("{}", "ListTables", {"Content-Type": content_type})
    assert reply.status == 200
    assert reply.headers["content-type"] == content_type.split(";")[0]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_other_content_types_are_not_found(wire, content_type):
    assert wire.send("{}", "ListTables", {"Content-Type": content_type}).status == 404


@pytest.mark.parametrize("target", ["DynamoDB_20120810.NoSuchThing", "DynamoDB_20990101.ListTables", "ListTables."])
def test_an_unknown_target_is_an_unknown_operation(wire, target):
    reply = wire.send("{}", target)
    assert (reply.status, reply.json()) == (400, {"__type": CORAL + "UnknownOperationException"})


@pytest.mark.parametrize("body", ["", "{", "[1", "nonsense", '{"TableName": "x"', '{"TableName": }', b"\xff\xfe"])
def test_what_is_no_json_is_a_serialization_exception(wire, body):
    reply = wire.send(body, "ListTables")
    assert (reply.status, reply.json()) == (400, {"__type": CORAL + "SerializationException"})


@pytest.mark.parametrize(
    "operation, body, text",
    [
        ("GetItem", {"TableName": 5}, "NUMBER_VALUE cannot be converted to String"),
        ("GetItem", {"TableName": True}, "TRUE_VALUE cannot be converted to String"),
        ("GetItem", {"TableName": "ttt", "Key": "x"}, "Unexpected field type"),
        ("ListTables", {"Limit": "x"}, "STRING_VALUE cannot be converted to Integer"),
        ("ListTables", {"Limit": True}, "TRUE_VALUE cannot be converted to Integer"),
        ("PutItem", {"TableName": "ttt", "Item": {"p": {"N": 5}}}, "NUMBER_VALUE cannot be converted to String"),
        ("PutItem", {"TableName": "ttt", "Item": {"p": {"B": "abc"}}}, "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
        ("CreateTable", {"TableName": "ttt", "KeySchema": "x"}, "Unexpected field type"),
        ("GetItem", {"TableName": {}}, "Start of structure or map found where not expected"),
    ],
    ids=str,
)
def test_members_of_the_wrong_type_are_serialization_exceptions(wire, operation, body, text):
    reply = wire.send(json.dumps(body), operation)
    assert reply.status == 400
    assert reply.type() == CORAL + "SerializationException"
    assert text in reply.message()


def test_unknown_members_are_ignored_and_null_is_absent(wire, table, p):
    body = {"TableName": table, "Key": {"p": S(p)}, "ProjectionExpression": None, "NoSuchMember": [1, {"deep": 2}]}
    assert wire.send(json.dumps(body), "GetItem").json() == {}


@pytest.mark.not_on("local")
@pytest.mark.parametrize(
    "operation, body, member",
    [
        ("BatchWriteItem", {"RequestItems": {"ttt": [None]}}, "Value null at 'requestItems.ttt.member.1.member'"),
        ("BatchGetItem", {"RequestItems": {"ttt": {"Keys": [{"p": S("a")}, None]}}}, "Value at 'RequestItems.ttt.member.Keys.2.member'"),
        ("TransactWriteItems", {"TransactItems": [None]}, "Value null at 'transactItems.1.member'"),
        ("TransactGetItems", {"TransactItems": [None]}, "Value null at 'transactItems.1.member'"),
        ("ExecuteTransaction", {"TransactStatements": [None]}, "Value null at 'transactStatements.1.member'"),
        ("GetItem", {"TableName": "ttt", "Key": {"p": S("a")}, "AttributesToGet": [None]}, "Value null at 'attributesToGet.1.member'"),
    ],
    ids=str,
)
def test_elements_of_lists_are_not_null(wire, operation, body, member):
    reply = wire.send(json.dumps(body), operation)
    assert (reply.status, reply.type()) == (400, "com.amazon.coral.validate#ValidationException")
    assert reply.message() == f"1 validation error detected: {member} failed to satisfy constraint: Member must not be null"


def test_strings_are_unescaped_and_escaped(wire, table, p):
    text = 'quote " backslash \\ slash / newline \n nul \u0000 astral \U0001f389'
    wire.send(json.dumps({"TableName": table, "Item": {"p": S(p), "a": S(text)}}), "PutItem")
    reply = wire.send(json.dumps({"TableName": table, "Key": {"p": S(p)}, "ConsistentRead": True}), "GetItem")
    assert reply.json()["Item"]["a"] == S(text)


@pytest.mark.parametrize("compress", [gzip.compress, lambda body: gzip.compress(body[:5]) + gzip.compress(body[5:])], ids=["one", "two members"])
def test_gzipped_requests_are_unpacked(wire, table, p, compress):
    body = json.dumps({"TableName": table, "Item": {"p": S(p), "a": S("x" * 10_000)}}).encode()
    reply = wire.send(compress(body), "PutItem", {"Content-Encoding": "gzip"})
    assert reply.status == 200, reply.body


def test_a_large_reply_is_gzipped_on_request(wire, table, p):
    wire.call("PutItem", TableName=table, Item={"p": S(p), "a": S("x" * 50_000)})
    body = json.dumps({"TableName": table, "Key": {"p": S(p)}, "ConsistentRead": True})
    reply = wire.send(body, "GetItem", {"Accept-Encoding": "gzip"})
    if reply.headers.get("content-encoding") == "gzip":
        reply.body = gzip.decompress(reply.body)
    assert reply.json()["Item"]["a"] == S("x" * 50_000)


def test_connections_are_kept(wire):
    connection = wire.connection()
    for _ in range(3):
        assert wire.send("{}", "ListTables", connection=connection).status == 200
    connection.close()


def test_a_chunked_request_is_taken(wire):
    body = b'{"Limit": 1}'
    headers = wire.signed_headers(
        body, {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables", "Host": wire.url.netloc}
    )
    headers.pop("Content-Length", None)
    connection = wire.connection()
    connection.request("POST", "/", body=iter([body[:4], body[4:]]), headers=headers, encode_chunked=True)
    assert connection.getresponse().status == 200


def test_health_is_told_to_anyone(wire):
    reply = wire.send(b"", method="GET", sign=False, headers={"Content-Type": None})
    assert reply.status == 200
    assert reply.body.startswith(b"healthy: dynamodb.")


def test_browsers_may_ask(wire):
    reply = wire.send("{}", "ListTables", {"Origin": "https://example.com"})
    assert reply.headers["access-control-allow-origin"] == "*"
    preflight = wire.send(
        b"",
        method="OPTIONS",
        sign=False,
        headers={
            "Content-Type": None,
            "Origin": "https://example.com",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x-amz-target,authorization",
        },
    )
    assert (preflight.status, preflight.body) == (200, b"")
    assert preflight.headers["access-control-allow-headers"] == "x-amz-target,authorization"
    assert preflight.headers["access-control-max-age"] == "172800"


def test_browsers_are_told_once_what_they_may_read(wire):
    # "*" twice is not "*": browsers refuse a reply whose headers name two origins.
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables", "Origin": "https://example.com"}
    for method, path in [("POST", "/"), ("GET", "/"), ("GET", "/health"), ("OPTIONS", "/")]:
        connection = wire.connection()
        connection.request(method, path, body=b"{}" if method == "POST" else None, headers=headers)
        names = [name.lower() for name, _ in connection.getresponse().getheaders()]
        assert names.count("access-control-allow-origin") == 1, (method, path, names)
        assert len(names) == len(set(names)), (method, path, names)
        connection.close()


def test_too_large_a_body_is_413(wire):
    connection = wire.connection()
    connection.putrequest("POST", "/")
    connection.putheader("Content-Type", "application/x-amz-json-1.0")
    connection.putheader("X-Amz-Target", "DynamoDB_20120810.PutItem")
    connection.putheader("Content-Length", str(17 * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413


@pytest.mark.skipif(TARGET == "aws", reason="not polite")
@pytest.mark.parametrize(
    "raw",
    [
        b"NONSENSE\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 40_000 + b"\r\n\r\n",
    ],
    ids=["no http", "two lengths", "length and chunked", "huge header"],
)
def test_what_is_no_request_is_refused_and_closed(wire, raw):
    with socket.create_connection((wire.url.hostname, wire.url.port), timeout=10) as connection:
        connection.sendall(raw)
        reply = b""
        while chunk := connection.recv(65536):
            reply += chunk
        assert reply == b"" or re.match(rb"HTTP/1\.1 4\d\d ", reply), reply[:200]
