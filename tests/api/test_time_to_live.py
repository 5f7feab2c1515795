"""Items that expire. Source: Developer Guide, "Using time to live (TTL) in DynamoDB"; API Reference, "UpdateTimeToLive"."""

import os
import time

import pytest
from server import Server, client, engine_options
from stream_reader import read_all
from support import eventually, get, index, invalid, temporary_table, unique_name
from values import N, S

pytestmark = pytest.mark.own_server

YEAR_S = 365 * 24 * 3600


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """A client of a server that deletes at once what has expired."""
    engine = os.environ.get("ARMATURE_ENGINE", "memory")
    server = Server(*engine_options(engine, tmp_path_factory.mktemp("ttl") / "data"), "--ttl-delay", "0", "--ttl-change-interval", "0")
    yield client(server.endpoint)
    assert server.stop() == 0, server.read_log()


@pytest.fixture
def name(quick):
    with temporary_table(
        quick, "p:HASH", "p:S g:S", name=unique_name("ttl"), GlobalSecondaryIndexes=[index("by_g", "g:HASH")]
    ) as table:
        yield table


def set_ttl(ddb, table, enabled=True, attribute="expires"):
    reply = ddb.update_time_to_live(TableName=table, TimeToLiveSpecification={"AttributeName": attribute, "Enabled": enabled})
    assert reply["TimeToLiveSpecification"] == {"AttributeName": attribute, "Enabled": enabled}


def ttl(ddb, table):
    return ddb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]


def wait_for(ddb, table, status):
    eventually(lambda: ttl(ddb, table)["TimeToLiveStatus"], status)


def enable(ddb, table, attribute="expires"):
    set_ttl(ddb, table, attribute=attribute)
    wait_for(ddb, table, "ENABLED")


def keys(ddb, table, **more):
    return sorted(item["p"]["S"] for item in ddb.scan(TableName=table, **more)["Items"])


def test_it_is_off_until_it_is_turned_on(quick, name):
    assert ttl(quick, name) == {"TimeToLiveStatus": "DISABLED"}
    set_ttl(quick, name)
    assert ttl(quick, name)["TimeToLiveStatus"] in ("ENABLING", "ENABLED")
    wait_for(quick, name, "ENABLED")
    assert ttl(quick, name) == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    set_ttl(quick, name, enabled=False)
    wait_for(quick, name, "DISABLED")
    assert ttl(quick, name) == {"TimeToLiveStatus": "DISABLED"}


def test_what_is_refused(quick, name):
    with invalid("TimeToLive is already disabled"):
        set_ttl(quick, name, enabled=False)
    enable(quick, name)
    with invalid("TimeToLive is already enabled"):
        set_ttl(quick, name)
    for enabled in (True, False):
        with invalid("TimeToLive is active on a different AttributeName"):
            set_ttl(quick, name, enabled=enabled, attribute="other")


def test_two_changes_within_an_hour_are_refused(ddb, table, make_table):
    """On a server with the default interval."""
    name = make_table()
    set_ttl(ddb, name)
    with invalid("Time to live has been modified multiple times within a fixed interval"):
        set_ttl(ddb, name, enabled=False)


def test_an_expired_item_goes_and_its_index_entries_with_it(quick, name):
    enable(quick, name)
    now = int(time.time())
    quick.put_item(TableName=name, Item={"p": S("expired"), "g": S("g"), "expires": N(now - 10)})
    quick.put_item(TableName=name, Item={"p": S("lasting"), "g": S("g"), "expires": N(now + 3600)})
    eventually(lambda: keys(quick, name), ["lasting"])
    eventually(lambda: keys(quick, name, IndexName="by_g"), ["lasting"])
    described = quick.describe_table(TableName=name)["Table"]
    assert described["ItemCount"] == 1
    assert described["GlobalSecondaryIndexes"][0]["ItemCount"] == 1


def test_the_record_of_an_expired_item_names_the_service(quick):
    """Source: Developer Guide, "DynamoDB Streams and Time to Live"."""
    streams = client(quick.meta.endpoint_url, service="dynamodbstreams")
    view = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    with temporary_table(quick, name=unique_name("ttl"), StreamSpecification=view) as table:
        enable(quick, table)
        expired = {"p": S("expired"), "expires": N(int(time.time()) - 10)}
        quick.put_item(TableName=table, Item=expired)
        quick.put_item(TableName=table, Item={"p": S("deleted")})
        quick.delete_item(TableName=table, Key={"p": S("deleted")})
        eventually(lambda: keys(quick, table), [])
        records = {(record["eventName"], record["dynamodb"]["Keys"]["p"]["S"]): record for record in read_all(quick, streams, table)}
    by_service = records.pop(("REMOVE", "expired"))
    assert by_service["userIdentity"] == {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
    assert by_service["dynamodb"]["OldImage"] == expired and "NewImage" not in by_service["dynamodb"]
    assert sorted(records) == [("INSERT", "deleted"), ("INSERT", "expired"), ("REMOVE", "deleted")]
    assert all("userIdentity" not in record for record in records.values())


def test_an_item_goes_when_its_time_comes(quick, name):
    enable(quick, name)
    quick.put_item(TableName=name, Item={"p": S("soon"), "expires": N(f"{time.time() + 1.2:.1f}")})
    assert get(quick, name, p=S("soon"))
    eventually(lambda: keys(quick, name), [])


def test_only_a_time_within_five_years_counts(quick, name):
    enable(quick, name)
    now = int(time.time())
    for key, value in {
        "text": S(str(now - 10)),
        "too old": N(now - 5 * YEAR_S - 2 * 24 * 3600 - 10),
        "milliseconds": N(now * 1000),
        "negative": N(-5),
        "zero": N(0),
        "huge": N("1e100"),
    }.items():
        quick.put_item(TableName=name, Item={"p": S(key), "expires": value})
    quick.put_item(TableName=name, Item={"p": S("no attribute")})
    quick.put_item(TableName=name, Item={"p": S("nested"), "m": {"M": {"expires": N(now - 10)}}})
    quick.put_item(TableName=name, Item={"p": S("fraction"), "expires": N(f"{now - 10}.5")})
    quick.put_item(TableName=name, Item={"p": S("exponent"), "expires": N(f"{(now - 10) / 1e9:.9f}e9")})
    kept = ["huge", "milliseconds", "negative", "nested", "no attribute", "text", "too old", "zero"]
    eventually(lambda: keys(quick, name), kept)


def test_a_key_attribute_may_be_the_one(quick):
    with temporary_table(quick, "p:HASH c:RANGE", "p:S c:N", name=unique_name("ttl")) as table:
        enable(quick, table, "c")
        now = int(time.time())
        quick.put_item(TableName=table, Item={"p": S("a"), "c": N(now - 5)})
        quick.put_item(TableName=table, Item={"p": S("b"), "c": N(now + 500)})
        eventually(lambda: keys(quick, table), ["b"])


def test_items_older_than_the_setting_expire_too(quick, name):
    now = int(time.time())
    for i in range(60):
        quick.put_item(TableName=name, Item={"p": S(f"{i:02}"), "expires": N(now - 10 if i % 2 else now + 3600)})
    enable(quick, name)
    eventually(lambda: keys(quick, name), [f"{i:02}" for i in range(0, 60, 2)])


def test_nothing_expires_once_it_is_off(quick, name):
    enable(quick, name)
    set_ttl(quick, name, enabled=False)
    wait_for(quick, name, "DISABLED")
    quick.put_item(TableName=name, Item={"p": S("x"), "expires": N(int(time.time()) - 10)})
    time.sleep(0.8)
    assert keys(quick, name) == ["x"]
    enable(quick, name, "other")
    time.sleep(0.8)
    assert keys(quick, name) == ["x"]


def test_an_item_that_gets_more_time_stays(quick, name):
    enable(quick, name)
    quick.put_item(TableName=name, Item={"p": S("x"), "expires": N(f"{time.time() + 1:.1f}")})
    quick.update_item(
        TableName=name,
        Key={"p": S("x")},
        UpdateExpression="SET expires = :later",
        ExpressionAttributeValues={":later": N(int(time.time()) + 3600)},
    )
    time.sleep(1.8)
    assert keys(quick, name) == ["x"]


def test_entries_survive_a_restart(tmp_path):
    options = ["--data", str(tmp_path / "data"), "--ttl-change-interval", "0"]
    server = Server(*options)
    ddb = client(server.endpoint)
    ddb.create_table(
        TableName="kept",
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    enable(ddb, "kept")
    ddb.put_item(TableName="kept", Item={"p": S("x"), "expires": N(int(time.time()) - 10)})
    server.kill()
    server = Server(*options, "--ttl-delay", "0")
    ddb = client(server.endpoint)
    eventually(lambda: keys(ddb, "kept"), [])
    assert server.stop() == 0, server.read_log()
