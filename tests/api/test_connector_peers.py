"""The connector against servers of others. Not part of the default run: DYNAMODB_LOCAL_DIR names the folder of DynamoDBLocal.jar."""

import json
import os
import shutil
import socket
import subprocess
import time

import pytest
from support import TARGET

LOCAL = os.environ.get("DYNAMODB_LOCAL_DIR", "")

pytestmark = [
    pytest.mark.skipif(TARGET != "armature", reason="the command line is ours"),
    pytest.mark.skipif(not LOCAL or not shutil.which("java"), reason="no DynamoDB Local: DYNAMODB_LOCAL_DIR, and a java"),
]


@pytest.fixture(scope="module")
def peer():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["java", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-inMemory", "-port", str(port)]
    process = subprocess.Popen(command, cwd=LOCAL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert process.poll() is None and time.monotonic() < deadline, "DynamoDB Local did not start"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def there(cli, peer):
    """A connection to it; its keys may be letters and digits alone."""
    cli.add("there", endpoint=peer, secret="anything")
    return "there"


def test_it_can_be_connected_to(cli, there):
    report, steps = cli.test(there)
    assert report["ok"] and "STS" in report["unsupported"] and "PartiQL" not in report["unsupported"]
    assert steps["identity"]["status"] == "skipped" and steps["tables"]["status"] in ("passed", "warning")


def test_tables_go_there_and_come_back(cli, there, ddb, make_table):
    source, back = make_table("p:HASH c:RANGE", "p:S c:N"), make_table("p:HASH c:RANGE", "p:S c:N")
    everything = {"n": {"N": "1" * 38}, "b": {"B": b"\x00\xff"}, "ns": {"NS": ["1", "2.5"]}, "l": {"L": [{"NULL": True}, {"M": {}}]}}
    for number in range(300):
        ddb.put_item(TableName=source, Item={"p": {"S": f"k{number % 7}"}, "c": {"N": str(number)}, "s": {"S": "€" * 50}, **everything})
    for copy in ([f"local/{source}", f"{there}/{source}", "--create"], [f"{there}/{source}", f"local/{back}"]):
        done = cli.run("copy", *copy, "--segments", "3", "--json")
        assert json.loads(done.stdout) == {"copied": 300, "sourceItems": 300, "targetItems": 300}

    def items(table):
        found = [item for page in ddb.get_paginator("scan").paginate(TableName=table) for item in page["Items"]]
        for item in found:
            item["ns"]["NS"].sort()
        return sorted(found, key=lambda item: int(item["c"]["N"]))

    assert items(source) == items(back)


def test_statements_and_queries_run_there(cli, there):
    cli.run("sql", there, "-e", json_call("CreateTable", TableName="ttt", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}]))  # fmt: skip
    cli.run("sql", there, "-e", "INSERT INTO \"ttt\" VALUE {'p': 'it''s', 'n': 12345678901234567890123456789012345678}")
    cli.run("query", "save", "one", "-c", there, "--partiql", 'SELECT * FROM "ttt" WHERE p = {{id}}', "--var", "id:S")
    done = cli.run("query", "run", "one", "--var", "id=it's", "--format", "dynamodb")
    assert json.loads(done.stdout) == {"p": {"S": "it's"}, "n": {"N": "12345678901234567890123456789012345678"}}
    missing = cli.run("sql", there, "-e", json_call("Scan", TableName="no-such-table"), status=1)
    assert "ResourceNotFoundException" in missing.stderr and "Check the table's name" in missing.stderr


def json_call(operation, **members):
    return f"{operation} {json.dumps(members)}"
