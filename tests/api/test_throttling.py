"""Provisioned throughput is enforced. Source: Developer Guide, "DynamoDB provisioned capacity mode", "Burst and adaptive capacity"."""

import pytest
from botocore.exceptions import ClientError
from support import index
from values import S

MESSAGE = (
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level "
    "with the UpdateTable API."
)
UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
# Capacity that was not used is kept for five minutes, so one unit a second allows at most 300 at once.
BURST_UNITS = 300

pytestmark = pytest.mark.not_on("local", "aws")  # Local does not throttle, AWS takes a while to.


def exhaust(call, most):
    """Calls until throttled; the error, and how many calls went through."""
    for done in range(most):
        try:
            call()
        except ClientError as error:
            return error.response, done
    raise AssertionError(f"{most} calls were not throttled")


def test_writes_beyond_the_burst_are_throttled(ddb, make_table):
    name = make_table(ProvisionedThroughput=UNITS)
    item = {"p": S("x"), "a": S("y" * 50_000)}
    error, done = exhaust(lambda: ddb.put_item(TableName=name, Item=item), 20)
    assert error["Error"]["Code"] == "ProvisionedThroughputExceededException"
    assert error["Error"]["Message"] == MESSAGE
    assert 0 < done <= BURST_UNITS // 49 + 1


def test_reads_beyond_the_burst_are_throttled_apart_from_writes(ddb, make_table):
    name = make_table(ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1000})
    ddb.put_item(TableName=name, Item={"p": S("x"), "a": S("y" * 200_000)})
    error, done = exhaust(lambda: ddb.get_item(TableName=name, Key={"p": S("x")}, ConsistentRead=True), 20)
    assert error["Error"]["Code"] == "ProvisionedThroughputExceededException"
    assert 0 < done <= BURST_UNITS // 49 + 1
    ddb.put_item(TableName=name, Item={"p": S("y")})


def test_the_error_says_what_was_exceeded(wire, make_table):
    name = make_table(ProvisionedThroughput=UNITS)
    item = {"p": S("x"), "a": S("y" * 300_000)}
    error, _ = exhaust(lambda: wire.call("PutItem", TableName=name, Item=item), 5)
    (reason,) = error["ThrottlingReasons"]
    assert reason["reason"] == "TableWriteProvisionedThroughputExceeded"
    assert reason["resource"].endswith(":table/" + name)


def test_an_index_without_capacity_throttles_the_tables_writes(ddb, make_table):
    name = make_table(
        "p:HASH",
        "p:S g:S",
        ProvisionedThroughput={"ReadCapacityUnits": 1000, "WriteCapacityUnits": 1000},
        GlobalSecondaryIndexes=[index("by_g", "g:HASH", ProvisionedThroughput=UNITS)],
    )
    bulk = S("y" * 200_000)
    item = {"p": S("x"), "g": S("g"), "a": bulk}
    error, _ = exhaust(lambda: [ddb.delete_item(TableName=name, Key={"p": S("x")}), ddb.put_item(TableName=name, Item=item)], 5)
    assert error["Error"]["Code"] == "ProvisionedThroughputExceededException"
    ddb.put_item(TableName=name, Item={"p": S("y"), "a": bulk})


def test_a_batch_returns_what_was_throttled(ddb, make_table):
    name = make_table(ProvisionedThroughput=UNITS)
    writes = [{"PutRequest": {"Item": {"p": S(f"{i}"), "a": S("y" * 100_000)}}} for i in range(10)]
    reply = ddb.batch_write_item(RequestItems={name: writes})
    left = reply["UnprocessedItems"][name]
    assert 0 < len(left) < 10
    stored = ddb.scan(TableName=name, Select="COUNT")["Count"]
    assert stored + len(left) == 10


def test_an_on_demand_table_has_a_ceiling_if_it_was_given_one(wire, make_table, ddb):
    name = make_table()
    wire.call("UpdateTable", TableName=name, OnDemandThroughput={"MaxWriteRequestUnits": 1})
    error, _ = exhaust(lambda: ddb.put_item(TableName=name, Item={"p": S("x"), "a": S("y" * 200_000)}), 20)
    assert error["Error"]["Code"] == "ProvisionedThroughputExceededException"


def test_an_on_demand_table_is_not_throttled(ddb, make_table):
    name = make_table()
    for _ in range(10):
        ddb.put_item(TableName=name, Item={"p": S("x"), "a": S("y" * 100_000)})
