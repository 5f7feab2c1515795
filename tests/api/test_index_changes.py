"""Global indexes that come to and go from tables with items. Source: Developer Guide, "Managing Global Secondary Indexes in DynamoDB"."""

import threading

import pytest
from support import TARGET, definitions, eventually, index, invalid, on_demand, refused, unique_name, wait_until_active
from values import N, S

pytestmark = pytest.mark.not_on("local")
ONE_AT_A_TIME = "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"


@pytest.fixture
def filled(ddb, make_table):
    """A table of 200 items, some of which do not fit an index on g:S."""
    name = make_table("p:HASH", "p:S")
    for first in range(0, 200, 25):
        ddb.batch_write_item(RequestItems={name: [{"PutRequest": {"Item": item(i)}} for i in range(first, first + 25)]})
    return name


def item(number):
    made = {"p": S(f"{number:03}"), "n": N(number), "note": S("x" * (number % 50))}
    misfit = {5: N(5), 6: S(""), 7: S("k" * 2049), 8: {"L": []}}.get(number % 10)
    if number % 10 == 9:
        return made  # Without g.
    return {**made, "g": misfit or S(f"group {number % 3}")}


def fits(number):
    return number % 10 < 5


def create_index(ddb, table, name="by_g", keys="g:HASH", types="g:S", projection="ALL", **more):
    created = index(name, keys, projection, **more)
    return ddb.update_table(
        TableName=table, AttributeDefinitions=definitions(types), GlobalSecondaryIndexUpdates=[{"Create": created}]
    )["TableDescription"]


def delete_index(ddb, table, name="by_g"):
    return ddb.update_table(TableName=table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": name}}])["TableDescription"]


def all_keys(ddb, table, **more):
    found, start = [], {}
    while True:
        page = ddb.scan(TableName=table, **more, **start)
        found += [entry["p"]["S"] for entry in page["Items"]]
        if "LastEvaluatedKey" not in page:
            return sorted(found)
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def wait_until_index_is_gone(ddb, table, name="by_g"):
    def names():
        described = ddb.describe_table(TableName=table)["Table"]
        return described["TableStatus"], name in [i["IndexName"] for i in described.get("GlobalSecondaryIndexes", [])]

    eventually(names, ("ACTIVE", False))


def test_a_new_index_holds_the_items_that_fit_it(ddb, filled):
    reply = create_index(ddb, filled)
    assert reply["TableStatus"] == "UPDATING"
    assert reply["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING"
    described = wait_until_active(ddb, filled)
    expected = [f"{i:03}" for i in range(200) if fits(i)]
    assert all_keys(ddb, filled, IndexName="by_g") == expected
    assert "Backfilling" not in described["GlobalSecondaryIndexes"][0]
    if TARGET == "armature":
        assert described["GlobalSecondaryIndexes"][0]["ItemCount"] == len(expected)
    group = ddb.query(
        TableName=filled,
        IndexName="by_g",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": S("group 0")},
    )
    assert sorted(entry["p"]["S"] for entry in group["Items"]) == [f"{i:03}" for i in range(200) if fits(i) and i % 3 == 0]


def test_a_projection_keeps_what_it_says(ddb, filled):
    create_index(ddb, filled, projection=["n"])
    wait_until_active(ddb, filled)
    for entry in ddb.scan(TableName=filled, IndexName="by_g")["Items"]:
        assert sorted(entry) == ["g", "n", "p"]


def test_new_writes_must_fit_the_index(ddb, filled):
    create_index(ddb, filled)
    with invalid("Type mismatch for Index Key g Expected: S Actual: N"):
        ddb.put_item(TableName=filled, Item={"p": S("new"), "g": N(5)})
    wait_until_active(ddb, filled)
    delete_index(ddb, filled)
    wait_until_index_is_gone(ddb, filled)
    ddb.put_item(TableName=filled, Item={"p": S("new"), "g": N(5)})


def test_one_index_changes_at_a_time(ddb, filled):
    two = [{"Create": index("a_g", "g:HASH")}, {"Create": index("b_g", "g:HASH")}]
    with refused("LimitExceededException", ONE_AT_A_TIME):
        ddb.update_table(TableName=filled, AttributeDefinitions=definitions("g:S"), GlobalSecondaryIndexUpdates=two)
    create_index(ddb, filled)
    wait_until_active(ddb, filled)
    with invalid("Attempting to create an index which already exists"):
        create_index(ddb, filled)
    with refused("ResourceNotFoundException"):
        delete_index(ddb, filled, "other")


def test_a_deleted_index_is_gone_with_what_only_it_defined(ddb, filled):
    create_index(ddb, filled)
    wait_until_active(ddb, filled)
    reply = delete_index(ddb, filled)
    assert reply["TableStatus"] == "UPDATING"
    assert reply["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING"
    with invalid("The table does not have the specified index: by_g"):
        ddb.scan(TableName=filled, IndexName="by_g")
    wait_until_index_is_gone(ddb, filled)
    described = ddb.describe_table(TableName=filled)["Table"]
    assert described["AttributeDefinitions"] == definitions("p:S")
    assert len(all_keys(ddb, filled)) == 200


def test_an_index_made_anew_under_the_same_name_holds_what_it_should(ddb, filled):
    for keys, types, expected in (("g:HASH", "g:S", fits), ("n:HASH", "n:N", lambda i: True), ("g:HASH n:RANGE", "g:S n:N", fits)):
        create_index(ddb, filled, keys=keys, types=types)
        wait_until_active(ddb, filled)
        assert all_keys(ddb, filled, IndexName="by_g") == [f"{i:03}" for i in range(200) if expected(i)]
        delete_index(ddb, filled)
        wait_until_index_is_gone(ddb, filled)


def test_writes_during_the_building_are_in_the_index(ddb, filled):
    """Puts, deletes and moves race with the building of the index; it must equal the table afterwards."""
    stop = threading.Event()

    def write(worker):
        for turn in range(10_000):
            if stop.is_set():
                return
            number = (worker * 67 + turn * 13) % 200
            if turn % 4 == 3:
                ddb.delete_item(TableName=filled, Key={"p": S(f"{number:03}")})
            else:
                ddb.put_item(TableName=filled, Item={"p": S(f"{number:03}"), "g": S(f"turn {turn % 5}")})

    workers = [threading.Thread(target=write, args=(worker,)) for worker in range(3)]
    for worker in workers:
        worker.start()
    try:
        create_index(ddb, filled)
        wait_until_active(ddb, filled)
    finally:
        stop.set()
        for worker in workers:
            worker.join()

    def expected():
        return sorted(i["p"]["S"] for i in ddb.scan(TableName=filled, ConsistentRead=True)["Items"] if "S" in i.get("g", {}) and 0 < len(i["g"]["S"]) <= 2048)

    eventually(lambda: all_keys(ddb, filled, IndexName="by_g") == expected(), True)


def test_an_empty_table_gets_its_index_at_once(ddb):
    name = unique_name()
    ddb.create_table(**on_demand(name, "p:HASH", "p:S"))
    wait_until_active(ddb, name)
    create_index(ddb, name)
    described = wait_until_active(ddb, name)
    assert described["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE"
    ddb.delete_table(TableName=name)
