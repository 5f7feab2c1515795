"""What tests say: tables in a line, expected refusals, waiting."""

import contextlib
import os
import time
import uuid

import pytest
from botocore.exceptions import ClientError

TARGET = os.environ.get("ARMATURE_TARGET", "armature")  # armature, aws or local.
POLL_S = 2 if TARGET == "aws" else 0.02


def unique_name(prefix="t"):
    return f"armature_{prefix}_{uuid.uuid4().hex[:12]}"


def wait_until_active(ddb, name, timeout_s=300):
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        table = ddb.describe_table(TableName=name)["Table"]
        indexes = table.get("GlobalSecondaryIndexes", [])
        if table["TableStatus"] == "ACTIVE" and all(index["IndexStatus"] == "ACTIVE" for index in indexes):
            return table
        time.sleep(POLL_S)
    raise AssertionError(f"table {name} did not become ACTIVE")


def wait_until_gone(ddb, name, timeout_s=300):
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            ddb.describe_table(TableName=name)
        except ddb.exceptions.ResourceNotFoundException:
            return
        time.sleep(POLL_S)
    raise AssertionError(f"table {name} is still there")


def key_schema(text):
    """ "p:HASH c:RANGE" as a KeySchema."""
    return [dict(zip(("AttributeName", "KeyType"), pair.split(":"))) for pair in text.split()]


def definitions(text):
    """ "p:S c:N" as AttributeDefinitions."""
    return [dict(zip(("AttributeName", "AttributeType"), pair.split(":"))) for pair in text.split()]


def index(name, keys, projection="ALL", **more):
    """A LocalSecondaryIndex or GlobalSecondaryIndex; a list as projection means INCLUDE."""
    described = {"ProjectionType": projection}
    if isinstance(projection, list):
        described = {"ProjectionType": "INCLUDE", "NonKeyAttributes": projection}
    return {"IndexName": name, "KeySchema": key_schema(keys), "Projection": described, **more}


def on_demand(name, keys, types, **more):
    """The parameters of a table billed per request."""
    return {
        "TableName": name,
        "KeySchema": key_schema(keys),
        "AttributeDefinitions": definitions(types),
        "BillingMode": "PAY_PER_REQUEST",
        **more,
    }


@contextlib.contextmanager
def temporary_table(ddb, keys="p:HASH", types="p:S", name=None, **more):
    parameters = on_demand(name or unique_name(), keys, types)
    parameters.update(more)
    if "ProvisionedThroughput" in more:
        del parameters["BillingMode"]
    ddb.create_table(**parameters)
    try:
        wait_until_active(ddb, parameters["TableName"])
        yield parameters["TableName"]
    finally:
        with contextlib.suppress(ddb.exceptions.ResourceNotFoundException):
            ddb.delete_table(TableName=parameters["TableName"])


def eventually(read, expected):
    """What read() returns becomes `expected`: global indexes follow their table after a while."""
    deadline = time.monotonic() + (20 if TARGET == "aws" else 5)
    while True:
        found = read()
        if found == expected or time.monotonic() > deadline:
            assert found == expected
            return
        time.sleep(0.05)


@contextlib.contextmanager
def refused(code, *texts):
    """The call inside must fail with this error code and a message that contains each of `texts`.

    DynamoDB Local words most of its messages differently from DynamoDB, so there only the code counts.
    """
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response["Error"]
    assert error["Code"] == code, f"{error['Code']}: {error['Message']}"
    for text in texts if TARGET != "local" else ():
        assert text in error["Message"], f"{error['Message']!r} lacks {text!r}"


def invalid(*texts):
    """A ValidationException whose message contains each of `texts`."""
    return refused("ValidationException", *texts)


def get(ddb, table, **key):
    """The item of a key, or None; a strongly consistent read."""
    return ddb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
