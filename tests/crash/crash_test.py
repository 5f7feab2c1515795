"""What was acknowledged survives `kill -9`, and what survives is whole.

Writers put, update, delete and batch-write items of their own with growing versions. The server is killed at a random moment and started
again on its data; then every item must be in the last state that was acknowledged or, if a call was under way, in the one that call asked
for. Each item carries a checksum of itself, and a global index must hold exactly what the table holds.

The settings are those of workers.py.
"""

import random
import time
import zlib

import pytest
from server import Server, client
from stream_reader import Consumer
from support import definitions, index, on_demand, wait_until_active
from values import B, N, S
from workers import ROUNDS, SEED, Worker, check_directory, work_until, work_until_killed

WRITERS = 6
KEYS_PER_WRITER = 40
TABLE = "crash"


def checksum(key, version, body):
    return zlib.crc32(f"{key}|{version}|".encode() + body)


def make_item(key, version, chance):
    body = chance.randbytes(chance.choice([0, 10, 200, 5000]))
    return {
        "p": S(key),
        "version": N(version),
        "body": B(body),
        "sum": N(checksum(key, version, body)),
        "group": S(f"group-{version % 5}"),
    }


def state_of(item):
    """A version, or None for no item; fails on an item that is not whole."""
    if item is None:
        return None
    key, version, body = item["p"]["S"], int(item["version"]["N"]), bytes(item["body"]["B"])
    assert int(item["sum"]["N"]) == checksum(key, version, body), f"{key} is torn at version {version}"
    assert item["group"] == S(f"group-{version % 5}"), f"{key} is torn at version {version}"
    return version


class Writer(Worker):
    """Writes to keys nobody else writes to, one call after another."""

    def __init__(self, number):
        super().__init__()
        self.chance = random.Random(f"{SEED}-{number}")
        self.keys = [f"{number}-{i}" for i in range(KEYS_PER_WRITER)]
        self.acknowledged = dict.fromkeys(self.keys)  # By key: a version, None for no item.
        self.under_way = {}  # By key: what the call asked for that has no answer.
        self.calls = 0
        self.next_version = 1

    def work(self, ddb):
        kind = self.chance.choice(["put", "update", "delete", "batch"])
        keys = self.chance.sample(self.keys, 25 if kind == "batch" else 1)
        version = self.next_version
        self.next_version += 1
        deletes = {key for key in keys if kind == "delete" or (kind == "batch" and self.chance.random() < 0.2)}
        self.under_way = {key: None if key in deletes else version for key in keys}
        if kind == "batch":
            writes = [
                {"DeleteRequest": {"Key": {"p": S(key)}}}
                if key in deletes
                else {"PutRequest": {"Item": make_item(key, version, self.chance)}}
                for key in keys
            ]
            reply = ddb.batch_write_item(RequestItems={TABLE: writes})
            assert reply["UnprocessedItems"] == {}
        elif kind == "delete":
            ddb.delete_item(TableName=TABLE, Key={"p": S(keys[0])})
        elif kind == "put":
            ddb.put_item(TableName=TABLE, Item=make_item(keys[0], version, self.chance))
        else:
            item = make_item(keys[0], version, self.chance)
            ddb.update_item(
                TableName=TABLE,
                Key={"p": item["p"]},
                UpdateExpression="SET #v = :v, #b = :b, #s = :s, #g = :g",
                ExpressionAttributeNames={"#v": "version", "#b": "body", "#s": "sum", "#g": "group"},
                ExpressionAttributeValues={":v": item["version"], ":b": item["body"], ":s": item["sum"], ":g": item["group"]},
            )
        self.acknowledged.update(self.under_way)
        self.under_way = {}
        self.calls += 1

    def check(self, ddb):
        """Compares with what the server has now, and goes on from there."""
        for key in self.keys:
            found = state_of(ddb.get_item(TableName=TABLE, Key={"p": S(key)}, ConsistentRead=True).get("Item"))
            allowed = [self.acknowledged[key], *([self.under_way[key]] if key in self.under_way else [])]
            assert found in allowed, f"{key} is at version {found}, not at any of {allowed}; seed {SEED}"
            self.acknowledged[key] = found
        self.under_way = {}


def scan_all(ddb, **parameters):
    items, start = [], {}
    while True:
        page = ddb.scan(TableName=TABLE, **parameters, **start)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def check_everything(ddb, writers):
    for writer in writers:
        writer.check(ddb)
    expected = {key: version for writer in writers for key, version in writer.acknowledged.items() if version is not None}
    in_table = {item["p"]["S"]: state_of(item) for item in scan_all(ddb, ConsistentRead=True)}
    assert in_table == expected
    in_index = scan_all(ddb, IndexName="by_group")
    assert len(in_index) == len(expected), "the index holds each item once"
    assert {item["p"]["S"]: state_of(item) for item in in_index} == expected
    described = ddb.describe_table(TableName=TABLE)["Table"]
    assert described["ItemCount"] == len(expected)
    assert described["GlobalSecondaryIndexes"][0]["ItemCount"] == len(expected)


def crash_rounds(data, rounds, *options, **table):
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    writers = [Writer(number) for number in range(WRITERS)]
    server = Server("--data", str(data), *options)
    ddb = client(server.endpoint)
    ddb.create_table(**on_demand(TABLE, "p:HASH", "p:S group:S", GlobalSecondaryIndexes=[index("by_group", "group:HASH")], **table))
    wait_until_active(ddb, TABLE)
    for _ in range(rounds):
        calls_before = sum(writer.calls for writer in writers)
        work_until_killed(writers, server, chance)
        assert sum(writer.calls for writer in writers) > calls_before, "nothing was written"
        server = Server("--data", str(data), *options)
        check_everything(client(server.endpoint), writers)
    return server, writers


def test_acknowledged_writes_survive_kill_9(tmp_path):
    server, _ = crash_rounds(tmp_path / "data", ROUNDS)
    assert server.stop() == 0, server.read_log()


def test_buffered_writes_survive_kill_9_too(tmp_path):
    """Without a sync, but written: a crash of the process alone loses nothing."""
    server, _ = crash_rounds(tmp_path / "data", max(1, ROUNDS // 2), "--durability", "buffered")
    assert server.stop() == 0, server.read_log()


def test_a_stop_in_the_middle_of_writes_loses_nothing(tmp_path):
    server, writers = crash_rounds(tmp_path / "data", 0)
    work_until(writers, server.endpoint, lambda: (time.sleep(0.5), server.stop()))
    server = Server("--data", str(tmp_path / "data"))
    check_everything(client(server.endpoint), writers)
    assert server.stop() == 0, server.read_log()


def test_a_kill_while_starting_does_no_harm(tmp_path):
    server, writers = crash_rounds(tmp_path / "data", 1)
    server.kill()
    for _ in range(3):
        Server("--data", str(tmp_path / "data")).kill()
    server = Server("--data", str(tmp_path / "data"))
    check_everything(client(server.endpoint), writers)
    assert server.stop() == 0, server.read_log()


def test_acknowledged_writes_have_their_records_exactly_once(tmp_path):
    """The table is what its stream tells, record by record, over several kills."""
    both = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    server, _ = crash_rounds(tmp_path / "data", max(2, ROUNDS // 2), StreamSpecification=both)
    ddb, streams = client(server.endpoint), client(server.endpoint, service="dynamodbstreams")
    arn = ddb.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    told = {}
    numbers = set()
    for record in Consumer(streams, arn).poll():
        change = record["dynamodb"]
        assert change["SequenceNumber"] not in numbers
        numbers.add(change["SequenceNumber"])
        key = change["Keys"]["p"]["S"]
        assert told.get(key) == change.get("OldImage"), f"a record of {key} is missing; seed {SEED}"
        told[key] = change.get("NewImage")
    in_table = {item["p"]["S"]: item for item in scan_all(ddb, ConsistentRead=True)}
    assert {key: item for key, item in told.items() if item is not None} == in_table
    assert len(numbers) > len(in_table)
    assert server.stop() == 0, server.read_log()


@pytest.mark.parametrize("when", ["creating", "deleting"])
def test_tables_come_and_go_whole(tmp_path, when):
    """Killed right after the answer of CreateTable or DeleteTable: the answer holds."""
    data = tmp_path / "data"
    server = Server("--data", str(data))
    ddb = client(server.endpoint)
    ddb.create_table(**on_demand(TABLE, "p:HASH", "p:S"))
    if when == "deleting":
        for i in range(100):
            ddb.put_item(TableName=TABLE, Item={"p": S(f"{i}")})
        ddb.delete_table(TableName=TABLE)
    server.kill()
    server = Server("--data", str(data))
    ddb = client(server.endpoint)
    if when == "deleting":
        assert ddb.list_tables()["TableNames"] == []
        ddb.create_table(**on_demand(TABLE, "p:HASH", "p:S"))
    assert wait_until_active(ddb, TABLE)["ItemCount"] == 0
    assert ddb.scan(TableName=TABLE)["Count"] == 0
    ddb.put_item(TableName=TABLE, Item={"p": S("x")})
    assert server.stop() == 0, server.read_log()


def fill(ddb, items):
    for first in range(0, items, 25):
        writes = [
            {"PutRequest": {"Item": {"p": S(f"{i:06}"), "group": S(f"group-{i % 5}"), "expires": N(4_000_000_000 + i)}}}
            for i in range(first, first + 25)
        ]
        assert ddb.batch_write_item(RequestItems={TABLE: writes})["UnprocessedItems"] == {}


def expiry_status(ddb):
    return ddb.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]["TimeToLiveStatus"]


def test_building_an_index_and_expiry_entries_goes_on_after_kill_9(tmp_path):
    """Killed again and again in the middle of it, while others write."""
    chance = random.Random(SEED)
    data = tmp_path / "data"
    server = Server("--data", str(data))
    ddb = client(server.endpoint)
    ddb.create_table(**on_demand(TABLE, "p:HASH", "p:S"))
    wait_until_active(ddb, TABLE)
    items = 5000
    fill(ddb, items)
    ddb.update_time_to_live(TableName=TABLE, TimeToLiveSpecification={"AttributeName": "expires", "Enabled": True})
    ddb.update_table(
        TableName=TABLE,
        AttributeDefinitions=definitions("group:S"),
        GlobalSecondaryIndexUpdates=[{"Create": index("by_group", "group:HASH")}],
    )
    writers = [Writer(number) for number in range(2)]
    kills = 0
    for _ in range(20):
        described = ddb.describe_table(TableName=TABLE)["Table"]
        if described["TableStatus"] == "ACTIVE" and expiry_status(ddb) == "ENABLED":
            break
        work_until_killed(writers, server, chance, shortest_s=0.05, longest_s=0.5)
        kills += 1
        server = Server("--data", str(data))
        ddb = client(server.endpoint)
        for writer in writers:
            writer.check(ddb)
    assert kills > 0, "nothing was interrupted"
    wait_until_active(ddb, TABLE)
    in_table = {item["p"]["S"] for item in scan_all(ddb, ConsistentRead=True)}
    in_index = [item["p"]["S"] for item in scan_all(ddb, IndexName="by_group")]
    assert len(in_table) >= items
    assert len(in_index) == len(set(in_index)) and set(in_index) == in_table
    assert ddb.describe_table(TableName=TABLE)["Table"]["GlobalSecondaryIndexes"][0]["ItemCount"] == len(in_table)
    while expiry_status(ddb) != "ENABLED":
        time.sleep(0.05)
    assert server.stop() == 0, server.read_log()
    # The check compares expiry entries with the items they should name.
    check_directory(data)
