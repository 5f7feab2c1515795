"""Streams: what a consumer sees of the changes of a table. Source: API Reference, "DescribeStream", "GetShardIterator",
"GetRecords", "ListStreams"; Developer Guide, "Change data capture for DynamoDB Streams"."""

import concurrent.futures
import contextlib
import os
import re
import time

import pytest
from server import Server, client, engine_options
from stream_reader import Consumer, all_shards, drain, iterator, read_all, stream_of
from support import get, invalid, on_demand, refused, temporary_table, unique_name, wait_until_active
from values import N, S

BOTH = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
OFF = {"StreamEnabled": False}


def view(view_type):
    return {"StreamEnabled": True, "StreamViewType": view_type}


@pytest.fixture(scope="session")
def streams(endpoint):
    return client(endpoint, service="dynamodbstreams")


def told(record):
    change = record["dynamodb"]
    return (record["eventName"], change["Keys"], change.get("OldImage"), change.get("NewImage"))


@pytest.fixture
def streamed(make_table):
    return make_table(StreamSpecification=BOTH)


def test_every_change_makes_its_record(ddb, streams, streamed):
    ddb.put_item(TableName=streamed, Item={"p": S("a"), "x": N(1)})
    ddb.put_item(TableName=streamed, Item={"p": S("a"), "x": N(2)})
    ddb.update_item(
        TableName=streamed,
        Key={"p": S("a")},
        UpdateExpression="SET y = :y",
        ExpressionAttributeValues={":y": S("new")},
    )
    ddb.delete_item(TableName=streamed, Key={"p": S("a")})
    key = {"p": S("a")}
    assert [told(record) for record in read_all(ddb, streams, streamed)] == [
        ("INSERT", key, None, {**key, "x": N(1)}),
        ("MODIFY", key, {**key, "x": N(1)}, {**key, "x": N(2)}),
        ("MODIFY", key, {**key, "x": N(2)}, {**key, "x": N(2), "y": S("new")}),
        ("REMOVE", key, {**key, "x": N(2), "y": S("new")}, None),
    ]


def test_a_record_has_every_member(ddb, streams, streamed):
    before = int(time.time())
    ddb.put_item(TableName=streamed, Item={"p": S("a"), "x": N(1)})
    (record,) = read_all(ddb, streams, streamed)
    assert re.fullmatch("[0-9a-f]{32}", record["eventID"])
    assert record["eventVersion"] == "1.1"
    assert record["eventSource"] == "aws:dynamodb"
    assert record["awsRegion"] == ddb.meta.region_name
    assert "userIdentity" not in record
    change = record["dynamodb"]
    assert before <= change["ApproximateCreationDateTime"].timestamp() <= time.time() + 1
    assert re.fullmatch("[0-9]{21,40}", change["SequenceNumber"])
    assert change["SizeBytes"] == 2 + (2 + 3)
    assert change["StreamViewType"] == "NEW_AND_OLD_IMAGES"


@pytest.mark.parametrize(
    "view_type,images",
    [("KEYS_ONLY", set()), ("NEW_IMAGE", {"NewImage"}), ("OLD_IMAGE", {"OldImage"}), ("NEW_AND_OLD_IMAGES", {"NewImage", "OldImage"})],
)
def test_a_view_type_decides_on_the_images(ddb, streams, make_table, view_type, images):
    table = make_table(StreamSpecification=view(view_type))
    ddb.put_item(TableName=table, Item={"p": S("a")})
    ddb.put_item(TableName=table, Item={"p": S("a"), "x": N(2)})
    ddb.delete_item(TableName=table, Key={"p": S("a")})
    insert, modify, remove = (record["dynamodb"] for record in read_all(ddb, streams, table))
    assert {name for name in ("NewImage", "OldImage") if name in insert} == images - {"OldImage"}
    assert {name for name in ("NewImage", "OldImage") if name in modify} == images
    assert {name for name in ("NewImage", "OldImage") if name in remove} == images - {"NewImage"}
    if view_type == "KEYS_ONLY":
        assert modify["SizeBytes"] == 2


def test_silent_changes_make_no_record(ddb, streams, streamed):
    item = {"p": S("a"), "m": {"M": {"x": N(1), "y": N(2)}}}
    ddb.put_item(TableName=streamed, Item=item)
    ddb.put_item(TableName=streamed, Item={"p": S("a"), "m": {"M": {"y": N(2), "x": N(1)}}})
    ddb.update_item(TableName=streamed, Key={"p": S("a")}, UpdateExpression="REMOVE nothing_there")
    ddb.delete_item(TableName=streamed, Key={"p": S("missing")})
    with refused("ConditionalCheckFailedException"):
        ddb.delete_item(TableName=streamed, Key={"p": S("a")}, ConditionExpression="attribute_not_exists(p)")
    ddb.batch_write_item(RequestItems={streamed: [{"PutRequest": {"Item": item}}, {"DeleteRequest": {"Key": {"p": S("missing")}}}]})
    assert [record["eventName"] for record in read_all(ddb, streams, streamed)] == ["INSERT"]


def test_batches_and_transactions_make_records_too(ddb, streams, streamed):
    ddb.batch_write_item(RequestItems={streamed: [{"PutRequest": {"Item": {"p": S(f"b{i}")}}} for i in range(10)]})
    ddb.transact_write_items(
        TransactItems=[{"Put": {"TableName": streamed, "Item": {"p": S(f"t{i}")}}} for i in range(10)]
        + [{"Delete": {"TableName": streamed, "Key": {"p": S("b0")}}}]
    )
    with refused("TransactionCanceledException"):
        ddb.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": streamed, "Item": {"p": S("never")}}},
                {"ConditionCheck": {"TableName": streamed, "Key": {"p": S("b1")}, "ConditionExpression": "attribute_not_exists(p)"}},
            ]
        )
    records = read_all(ddb, streams, streamed)
    expected = {("INSERT", f"b{i}") for i in range(10)} | {("INSERT", f"t{i}") for i in range(10)} | {("REMOVE", "b0")}
    assert {(record["eventName"], record["dynamodb"]["Keys"]["p"]["S"]) for record in records} == expected
    assert len({record["dynamodb"]["SequenceNumber"] for record in records}) == len(records) == 21
    assert len({record["eventID"] for record in records}) == 21


def test_replaying_the_stream_rebuilds_the_table(ddb, streams, make_table):
    table = make_table(keys="p:HASH c:RANGE", types="p:S c:N", StreamSpecification=BOTH)

    def write(worker):
        for i in range(40):
            key = {"p": S(f"p{(worker + i) % 5}"), "c": N(i % 7)}
            if i % 4 == 3:
                ddb.delete_item(TableName=table, Key=key)
            else:
                ddb.update_item(TableName=table, Key=key, UpdateExpression="ADD n :one SET w = :w", ExpressionAttributeValues={":one": N(1), ":w": N(worker)})

    consumer = Consumer(streams, stream_of(ddb, table))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write, worker) for worker in range(8)]
        while not all(writer.done() for writer in writers):
            consumer.poll()
        for writer in writers:
            writer.result()
    for _ in range(20):
        consumer.poll()
    rebuilt = {}
    for record in consumer.records:
        key = (record["dynamodb"]["Keys"]["p"]["S"], record["dynamodb"]["Keys"]["c"]["N"])
        assert rebuilt.get(key) == record["dynamodb"].get("OldImage"), "the records of an item do not follow each other"
        rebuilt[key] = record["dynamodb"].get("NewImage")
    assert len({record["eventID"] for record in consumer.records}) == len(consumer.records)
    rebuilt = {key: item for key, item in rebuilt.items() if item is not None}
    items = ddb.scan(TableName=table, ConsistentRead=True)["Items"]
    assert rebuilt == {(item["p"]["S"], item["c"]["N"]): item for item in items}


def test_pages_end_at_the_limit_and_go_on(ddb, streams, streamed):
    for i in range(7):
        ddb.put_item(TableName=streamed, Item={"p": S("same"), "x": N(i)})
    arn = stream_of(ddb, streamed)
    numbers = [record["dynamodb"]["SequenceNumber"] for record in read_all(ddb, streams, streamed)]
    assert numbers == sorted(numbers) and len(numbers) == 7
    shard = all_shards(streams, arn)[0]
    page = streams.get_records(ShardIterator=iterator(streams, arn, shard), Limit=3)
    assert [record["dynamodb"]["SequenceNumber"] for record in page["Records"]] == numbers[:3]
    page = streams.get_records(ShardIterator=page["NextShardIterator"], Limit=3)
    assert [record["dynamodb"]["SequenceNumber"] for record in page["Records"]] == numbers[3:6]


def test_a_page_holds_at_most_a_megabyte(ddb, streams, streamed):
    for i in range(5):
        ddb.put_item(TableName=streamed, Item={"p": S("same"), "x": N(i), "filler": S("f" * 390_000)})
    arn = stream_of(ddb, streamed)
    page = streams.get_records(ShardIterator=iterator(streams, arn, all_shards(streams, arn)[0]))
    assert 1 <= len(page["Records"]) <= 2
    rest, _ = drain(streams, page["NextShardIterator"])
    assert len(page["Records"]) + len(rest) == 5


def test_latest_begins_behind_what_is_there(ddb, streams, streamed):
    ddb.put_item(TableName=streamed, Item={"p": S("before")})
    arn = stream_of(ddb, streamed)
    latest = [iterator(streams, arn, shard, "LATEST") for shard in all_shards(streams, arn)]
    ddb.put_item(TableName=streamed, Item={"p": S("after")})
    seen = [record["dynamodb"]["Keys"]["p"]["S"] for at in latest for record in drain(streams, at)[0]]
    assert seen == ["after"]


def test_sequence_numbers_are_places_to_begin(ddb, streams, streamed):
    for i in range(3):
        ddb.put_item(TableName=streamed, Item={"p": S("same"), "x": N(i)})
    arn = stream_of(ddb, streamed)
    shard = all_shards(streams, arn)[0]
    records, _ = drain(streams, iterator(streams, arn, shard))
    number = records[1]["dynamodb"]["SequenceNumber"]
    at, _ = drain(streams, iterator(streams, arn, shard, "AT_SEQUENCE_NUMBER", SequenceNumber=number))
    after, _ = drain(streams, iterator(streams, arn, shard, "AFTER_SEQUENCE_NUMBER", SequenceNumber=number))
    assert at == records[1:]
    assert after == records[2:]
    from_start, _ = drain(
        streams,
        iterator(streams, arn, shard, "AT_SEQUENCE_NUMBER", SequenceNumber=shard["SequenceNumberRange"]["StartingSequenceNumber"]),
    )
    assert from_start == records


def test_a_poller_misses_nothing_while_writes_go_on(ddb, streams, streamed):
    consumer = Consumer(streams, stream_of(ddb, streamed))

    def write(worker):
        for i in range(30):
            ddb.put_item(TableName=streamed, Item={"p": S(f"{worker}-{i}")})

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write, worker) for worker in range(8)]
        while not all(writer.done() for writer in writers):
            consumer.poll()
        for writer in writers:
            writer.result()
    seen = [record["dynamodb"]["Keys"]["p"]["S"] for record in consumer.poll_until(240)]
    assert sorted(seen) == sorted(f"{worker}-{i}" for worker in range(8) for i in range(30))


def test_an_acknowledged_write_can_be_read_at_once(ddb, streams, streamed):
    arn = stream_of(ddb, streamed)
    for i in range(10):
        latest = [iterator(streams, arn, shard, "LATEST") for shard in all_shards(streams, arn)]
        ddb.put_item(TableName=streamed, Item={"p": S("same"), "x": N(i)})
        found = [record for at in latest for record in drain(streams, at)[0]]
        assert [record["dynamodb"]["NewImage"]["x"] for record in found] == [N(i)]


def test_a_stream_is_described(ddb, streams, make_table):
    table = make_table(keys="p:HASH c:RANGE", types="p:S c:N", StreamSpecification=view("NEW_IMAGE"))
    described = ddb.describe_table(TableName=table)["Table"]
    assert described["StreamSpecification"] == view("NEW_IMAGE")
    assert described["LatestStreamArn"] == f"{described['TableArn']}/stream/{described['LatestStreamLabel']}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", described["LatestStreamLabel"])
    stream = streams.describe_stream(StreamArn=described["LatestStreamArn"])["StreamDescription"]
    assert stream["StreamArn"] == described["LatestStreamArn"]
    assert stream["StreamLabel"] == described["LatestStreamLabel"]
    assert stream["StreamStatus"] == "ENABLED"
    assert stream["StreamViewType"] == "NEW_IMAGE"
    assert stream["TableName"] == table
    assert stream["KeySchema"] == described["KeySchema"]
    assert abs(stream["CreationRequestDateTime"].timestamp() - time.time()) < 60
    (shard,) = stream["Shards"]
    assert re.fullmatch(r"shardId-\d{20}-[0-9a-f]{8}", shard["ShardId"])
    assert "ParentShardId" not in shard
    assert re.fullmatch("[0-9]{21,40}", shard["SequenceNumberRange"]["StartingSequenceNumber"])
    assert "EndingSequenceNumber" not in shard["SequenceNumberRange"]


def test_switching_off_closes_the_shards_and_on_makes_another_stream(ddb, streams, streamed):
    first = stream_of(ddb, streamed)
    ddb.put_item(TableName=streamed, Item={"p": S("first")})
    ddb.update_table(TableName=streamed, StreamSpecification=OFF)
    wait_until_active(ddb, streamed)
    table = ddb.describe_table(TableName=streamed)["Table"]
    assert "StreamSpecification" not in table
    assert table["LatestStreamArn"] == first
    ddb.put_item(TableName=streamed, Item={"p": S("between")})
    ddb.update_table(TableName=streamed, StreamSpecification=view("KEYS_ONLY"))
    wait_until_active(ddb, streamed)
    second = stream_of(ddb, streamed)
    assert second != first
    ddb.put_item(TableName=streamed, Item={"p": S("second")})

    listed = streams.list_streams(TableName=streamed)["Streams"]
    assert [stream["StreamArn"] for stream in listed] == [first, second]
    old = streams.describe_stream(StreamArn=first)["StreamDescription"]
    assert old["StreamStatus"] == "DISABLED"
    assert all("EndingSequenceNumber" in shard["SequenceNumberRange"] for shard in old["Shards"])
    records = []
    for shard in old["Shards"]:
        found, rest = drain(streams, iterator(streams, first, shard))
        assert rest is None
        records += found
    assert [record["dynamodb"]["Keys"]["p"]["S"] for record in records] == ["first"]
    records = read_all(ddb, streams, streamed)
    assert [record["dynamodb"]["Keys"]["p"]["S"] for record in records] == ["second"]
    assert records[0]["dynamodb"]["StreamViewType"] == "KEYS_ONLY"


def test_a_stream_switched_on_later_misses_nothing_after_the_reply(ddb, streams, make_table):
    table = make_table()
    for i in range(3):
        ddb.put_item(TableName=table, Item={"p": S(f"before-{i}")})
    ddb.update_table(TableName=table, StreamSpecification=BOTH)
    ddb.put_item(TableName=table, Item={"p": S("after")})
    assert [record["dynamodb"]["Keys"]["p"]["S"] for record in read_all(ddb, streams, table)] == ["after"]


def test_the_stream_of_a_deleted_table_can_be_read(ddb, streams, make_table):
    name = unique_name()
    with temporary_table(ddb, name=name, StreamSpecification=BOTH):
        arn = stream_of(ddb, name)
        ddb.put_item(TableName=name, Item={"p": S("a")})
    with contextlib.suppress(Exception):
        ddb.delete_table(TableName=name)
    assert {"StreamArn": arn, "StreamLabel": arn.split("/")[-1], "TableName": name} in streams.list_streams(TableName=name)["Streams"]
    deadline = time.monotonic() + 20
    while streams.describe_stream(StreamArn=arn)["StreamDescription"]["StreamStatus"] != "DISABLED":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (shard,) = all_shards(streams, arn)
    records, rest = drain(streams, iterator(streams, arn, shard))
    assert [record["dynamodb"]["Keys"] for record in records] == [{"p": S("a")}]
    assert rest is None
    with temporary_table(ddb, name=name, StreamSpecification=BOTH):  # Another table of that name is another stream.
        assert read_all(ddb, streams, name) == []
        assert len(streams.list_streams(TableName=name)["Streams"]) == 2


def test_lists_come_in_pages(ddb, streams, make_table):
    tables = sorted(make_table(StreamSpecification=BOTH) for _ in range(3))
    seen, start = [], {}
    while True:
        page = streams.list_streams(Limit=1, **start)
        assert len(page["Streams"]) <= 1
        seen += [stream["TableName"] for stream in page["Streams"]]
        if "LastEvaluatedStreamArn" not in page:
            break
        assert page["LastEvaluatedStreamArn"] == page["Streams"][-1]["StreamArn"]
        start = {"ExclusiveStartStreamArn": page["LastEvaluatedStreamArn"]}
    assert [name for name in seen if name in tables] == tables
    assert streams.list_streams(TableName=unique_name())["Streams"] == []


def test_children_of_a_shard_can_be_asked_for(wire, ddb, streams, streamed):
    arn = stream_of(ddb, streamed)
    shard = all_shards(streams, arn)[0]["ShardId"]
    described = wire.call("DynamoDBStreams_20120810.DescribeStream", StreamArn=arn, ShardFilter={"Type": "CHILD_SHARDS", "ShardId": shard})
    assert all(child["ParentShardId"] == shard for child in described["StreamDescription"]["Shards"])
    with invalid("shardFilter.type", "[CHILD_SHARDS]"):
        wire.call("DynamoDBStreams_20120810.DescribeStream", StreamArn=arn, ShardFilter={"Type": "PARENTS", "ShardId": shard})
    with invalid("ShardId"):
        wire.call("DynamoDBStreams_20120810.DescribeStream", StreamArn=arn, ShardFilter={"Type": "CHILD_SHARDS"})


def test_specifications_are_checked(ddb, make_table):
    table = make_table()
    with invalid("Table is being created with a stream disabled, UpdateViewType should not be specified"):
        ddb.create_table(**on_demand(unique_name(), "p:HASH", "p:S", StreamSpecification={"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"}))
    with invalid("StreamViewType"):
        ddb.create_table(**on_demand(unique_name(), "p:HASH", "p:S", StreamSpecification={"StreamEnabled": True}))
    with invalid("streamSpecification.streamViewType"):
        ddb.create_table(**on_demand(unique_name(), "p:HASH", "p:S", StreamSpecification=view("ALL")))
    with invalid():
        ddb.update_table(TableName=table, StreamSpecification=OFF)
    ddb.update_table(TableName=table, StreamSpecification=BOTH)
    for again in (BOTH, view("KEYS_ONLY")):
        with invalid(f"Table already has an enabled stream: TableName: {table}"):
            ddb.update_table(TableName=table, StreamSpecification=again)


def test_requests_are_checked(ddb, streams, streamed):
    arn = stream_of(ddb, streamed)
    shard = all_shards(streams, arn)[0]
    for request in (
        lambda: streams.describe_stream(StreamArn="short"),
        lambda: streams.describe_stream(StreamArn=arn, Limit=0),
        lambda: streams.describe_stream(StreamArn=arn, Limit=101),
        lambda: streams.describe_stream(StreamArn="arn:aws:dynamodb:us-east-1:000000000000:table/no-stream-at-all"),
        lambda: streams.list_streams(Limit=101),
        lambda: streams.list_streams(ExclusiveStartStreamArn="x" * 40),
        lambda: iterator(streams, arn, {"ShardId": "shardId-short"}),
        lambda: iterator(streams, arn, shard, "NOW"),
        lambda: iterator(streams, arn, shard, "AT_SEQUENCE_NUMBER"),
        lambda: iterator(streams, arn, shard, "LATEST", SequenceNumber="1" * 26),
        lambda: iterator(streams, arn, shard, "AT_SEQUENCE_NUMBER", SequenceNumber="1" * 20),
        lambda: iterator(streams, arn, shard, "AT_SEQUENCE_NUMBER", SequenceNumber="x" * 26),
        lambda: iterator(streams, arn, shard, "AFTER_SEQUENCE_NUMBER", SequenceNumber="9" * 40),
        lambda: streams.get_records(ShardIterator="not an iterator"),
        lambda: streams.get_records(ShardIterator="x" * 2049),
        lambda: streams.get_records(ShardIterator=iterator(streams, arn, shard), Limit=1001),
        lambda: streams.get_records(ShardIterator=iterator(streams, arn, shard), Limit=0),
    ):
        with invalid():
            request()


def test_what_is_not_there_is_not_found(ddb, streams, streamed):
    arn = stream_of(ddb, streamed)
    missing = arn[:-3] + "999"
    for request in (
        lambda: streams.describe_stream(StreamArn=missing),
        lambda: iterator(streams, missing, {"ShardId": "shardId-00000000000000000000-00000000"}),
    ):
        with refused("ResourceNotFoundException", f"Requested resource not found: Stream: {missing} not found"):
            request()
    for name in ("shardId-00000000000000000001-00000000", "shardId-what-ever-it-may-be-named"):
        with refused("ResourceNotFoundException", f"Shard: {name} in Stream: {arn} not found"):
            iterator(streams, arn, {"ShardId": name})


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory):
    """A server that keeps records for two seconds."""
    engine = os.environ.get("ARMATURE_ENGINE", "memory")
    server = Server(*engine_options(engine, tmp_path_factory.mktemp("forgetful") / "data"), "--stream-retention", "2")
    yield server
    assert server.stop() == 0, server.read_log()


@pytest.mark.own_server
def test_old_records_are_trimmed(forgetful):
    ddb, streams = client(forgetful.endpoint), client(forgetful.endpoint, service="dynamodbstreams")
    name = unique_name()
    ddb.create_table(**on_demand(name, "p:HASH", "p:S", StreamSpecification=BOTH))
    arn = stream_of(ddb, name)
    ddb.put_item(TableName=name, Item={"p": S("old")})
    shard = all_shards(streams, arn)[-1]
    oldest = iterator(streams, arn, shard)
    (record,), caught_up = drain(streams, oldest)
    at = {"kind": "AT_SEQUENCE_NUMBER", "SequenceNumber": record["dynamodb"]["SequenceNumber"]}
    at_record = iterator(streams, arn, shard, **at)
    time.sleep(2.5)
    for request in (
        lambda: iterator(streams, arn, shard, **at),
        lambda: streams.get_records(ShardIterator=at_record),
        lambda: streams.get_records(ShardIterator=caught_up),
    ):
        with refused("TrimmedDataAccessException", "The operation attempted to read past the oldest stream record in a shard."):
            request()
    assert drain(streams, oldest)[0] == []
    ddb.put_item(TableName=name, Item={"p": S("new")})
    assert [record["dynamodb"]["Keys"]["p"]["S"] for record in read_all(ddb, streams, name)] == ["new"]


@pytest.mark.own_server
def test_streams_go_when_their_time_is_over(forgetful):
    ddb, streams = client(forgetful.endpoint), client(forgetful.endpoint, service="dynamodbstreams")
    name = unique_name()
    ddb.create_table(**on_demand(name, "p:HASH", "p:S", StreamSpecification=BOTH))
    arn = stream_of(ddb, name)
    ddb.delete_table(TableName=name)
    assert len(streams.list_streams(TableName=name)["Streams"]) == 1
    time.sleep(2.5)
    assert streams.list_streams(TableName=name)["Streams"] == []
    with refused("ResourceNotFoundException", "Stream: "):
        streams.describe_stream(StreamArn=arn)
