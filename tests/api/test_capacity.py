"""ConsumedCapacity and ItemCollectionMetrics. Source: Developer Guide, "DynamoDB read and write operations"."""

import pytest
from support import index, temporary_table
from values import S

KB = 1024


def sized(p, size):
    """An item of exactly so many bytes under the key `p`."""
    return {"p": S(p), "a": S("x" * (size - len("p") - len(p) - len("a")))}


@pytest.fixture
def consumed(ddb):
    """consumed("put_item", …) makes the call and returns the capacity units it reports."""
    return lambda operation, **parameters: getattr(ddb, operation)(ReturnConsumedCapacity="TOTAL", **parameters)["ConsumedCapacity"][
        "CapacityUnits"
    ]


@pytest.mark.parametrize(
    "size, consistent, units",
    [(100, True, 1), (100, False, 0.5), (4 * KB, True, 1), (4 * KB + 1, True, 2), (4 * KB + 1, False, 1), (9 * KB, True, 3)],
)
def test_a_read_costs_a_unit_for_4_kb_or_half(ddb, table, p, consumed, size, consistent, units):
    ddb.put_item(TableName=table, Item=sized(p, size))
    assert consumed("get_item", TableName=table, Key={"p": S(p)}, ConsistentRead=consistent) == units


def test_reading_what_is_not_there_costs_as_a_small_item(table, p, consumed):
    assert consumed("get_item", TableName=table, Key={"p": S(p)}, ConsistentRead=True) == 1
    assert consumed("get_item", TableName=table, Key={"p": S(p)}) == 0.5


def test_a_projection_does_not_make_a_read_cheaper(ddb, table, p, consumed):
    ddb.put_item(TableName=table, Item=sized(p, 8 * KB))
    assert consumed("get_item", TableName=table, Key={"p": S(p)}, ConsistentRead=True, ProjectionExpression="p") == 2


@pytest.mark.parametrize("before, after, units", [(0, 100, 1), (0, KB, 1), (0, KB + 1, 2), (3 * KB, 100, 3), (100, 5 * KB, 5)])
def test_a_put_costs_a_unit_for_each_kb_of_the_larger_image(ddb, table, p, consumed, before, after, units):
    if before:
        ddb.put_item(TableName=table, Item=sized(p, before))
    assert consumed("put_item", TableName=table, Item=sized(p, after)) == units


def test_an_update_costs_the_larger_image(ddb, table, p, consumed):
    ddb.put_item(TableName=table, Item=sized(p, 3 * KB))
    assert consumed("update_item", TableName=table, Key={"p": S(p)}, UpdateExpression="REMOVE a") == 3
    value = {":v": S("x" * 2 * KB)}
    assert consumed("update_item", TableName=table, Key={"p": S(p)}, UpdateExpression="SET a = :v", ExpressionAttributeValues=value) == 3


def test_a_delete_costs_what_it_deletes(ddb, table, p, consumed):
    ddb.put_item(TableName=table, Item=sized(p, 3 * KB))
    assert consumed("delete_item", TableName=table, Key={"p": S(p)}) == 3
    assert consumed("delete_item", TableName=table, Key={"p": S(p)}) == 1


def test_a_query_adds_up_sizes_and_rounds_once(ddb, range_table, p, consumed):
    for c in range(10):
        ddb.put_item(TableName=range_table, Item={"p": S(p), "c": S(f"{c}"), "a": S("x" * 800)})
    query = {"TableName": range_table, "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": S(p)}}
    size = 10 * (len("p") + len(p) + len("c") + 1 + len("a") + 800)
    units = -(-size // (4 * KB))
    assert consumed("query", **query, ConsistentRead=True) == units
    assert consumed("query", **query) == units / 2
    filtered = {**query, "ExpressionAttributeValues": {":p": S(p), ":x": S("x")}, "FilterExpression": "a = :x"}
    assert consumed("query", **filtered) == units / 2, "what the filter drops was read all the same"


@pytest.mark.not_on("local")
def test_an_empty_query_costs_a_little(range_table, p, consumed):
    query = {"TableName": range_table, "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": S(p)}}
    assert consumed("query", **query) == 0.5
    assert consumed("query", **query, ConsistentRead=True) == 1


def test_nothing_is_reported_unless_asked(ddb, table, p):
    assert "ConsumedCapacity" not in ddb.put_item(TableName=table, Item={"p": S(p)})
    assert "ConsumedCapacity" not in ddb.put_item(TableName=table, Item={"p": S(p)}, ReturnConsumedCapacity="NONE")


def test_total_has_no_details(ddb, table, p):
    reply = ddb.put_item(TableName=table, Item={"p": S(p)}, ReturnConsumedCapacity="TOTAL")
    assert reply["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": 1.0}


@pytest.mark.not_on("local")
def test_batches_report_each_table(ddb, table, range_table, p):
    writes = {
        table: [{"PutRequest": {"Item": {"p": S(f"{p}{i}")}}} for i in range(3)],
        range_table: [{"PutRequest": {"Item": {"p": S(p), "c": S("c"), "a": S("x" * 1500)}}}],
    }
    reply = ddb.batch_write_item(RequestItems=writes, ReturnConsumedCapacity="TOTAL")
    assert {c["TableName"]: c["CapacityUnits"] for c in reply["ConsumedCapacity"]} == {table: 3, range_table: 2}
    reply = ddb.batch_get_item(
        RequestItems={table: {"Keys": [{"p": S(f"{p}{i}")} for i in range(4)], "ConsistentRead": True}}, ReturnConsumedCapacity="TOTAL"
    )
    assert [(c["TableName"], c["CapacityUnits"]) for c in reply["ConsumedCapacity"]] == [(table, 4)]


# --- Indexes ---


@pytest.fixture(scope="module")
def split(ddb):
    """A table with one index of each kind; arms(reply) are the units of table, local and global index."""
    with temporary_table(
        ddb,
        "p:HASH c:RANGE",
        "p:S c:S l:S g:S",
        LocalSecondaryIndexes=[index("local", "p:HASH l:RANGE", "KEYS_ONLY")],
        GlobalSecondaryIndexes=[index("global", "g:HASH")],
    ) as name:
        yield name


def arms(reply):
    capacity = reply["ConsumedCapacity"]
    return (
        capacity["Table"]["CapacityUnits"],
        capacity.get("LocalSecondaryIndexes", {}).get("local", {}).get("CapacityUnits"),
        capacity.get("GlobalSecondaryIndexes", {}).get("global", {}).get("CapacityUnits"),
    )


def test_a_write_costs_in_every_index_it_touches(ddb, split, p):
    def put(**attributes):
        item = {"p": S(p), "c": S("c"), **attributes}
        return arms(ddb.put_item(TableName=split, Item=item, ReturnConsumedCapacity="INDEXES"))

    big = S("x" * 3000)
    assert put() == (1, None, None)
    assert put(l=S("1")) == (1, 1, None)
    assert put(l=S("1"), g=S("1")) == (1, None, 1), "the entry of the local index did not change"
    assert put(l=S("2"), g=S("1"), a=big) == (3, 2, 3), "a local key that moves is a delete and an insert"
    assert put(l=S("2"), g=S("2"), a=big) == (3, None, 6), "so is a global one, each rounded apart"
    assert put(l=S("2"), g=S("2"), a=big) == (3, None, None), "nothing changed"


def test_total_sums_every_arm(ddb, split, p):
    item = {"p": S(p), "c": S("c"), "l": S("1"), "g": S("1")}
    reply = ddb.put_item(TableName=split, Item=item, ReturnConsumedCapacity="TOTAL")
    assert reply["ConsumedCapacity"] == {"TableName": split, "CapacityUnits": 3.0}


def test_an_index_read_costs_in_the_index(ddb, split, p):
    ddb.put_item(TableName=split, Item={"p": S(p), "c": S("c"), "l": S("1"), "g": S(p), "a": S("x")})

    def query(index_name, key, **more):
        return arms(
            ddb.query(
                TableName=split,
                IndexName=index_name,
                KeyConditionExpression=key + " = :p",
                ExpressionAttributeValues={":p": S(p)},
                ReturnConsumedCapacity="INDEXES",
                **more,
            )
        )

    assert query("global", "g") == (0, None, 0.5)
    assert query("local", "p") == (0, 0.5, None)
    assert query("local", "p", ConsistentRead=True) == (0, 1, None)
    assert query("local", "p", ProjectionExpression="a") == (0.5, 0.5, None), "what is not projected is fetched from the table"


# --- Item collections ---


@pytest.mark.not_on("local")
def test_collections_are_measured_where_there_is_a_local_index(ddb, split, table, p):
    reply = ddb.put_item(TableName=split, Item={"p": S(p), "c": S("c"), "l": S("1")}, ReturnItemCollectionMetrics="SIZE")
    metrics = reply["ItemCollectionMetrics"]
    assert metrics["ItemCollectionKey"] == {"p": S(p)}
    low, high = metrics["SizeEstimateRangeGB"]
    assert 0 <= low <= high
    assert "ItemCollectionMetrics" not in ddb.put_item(TableName=table, Item={"p": S(p)}, ReturnItemCollectionMetrics="SIZE")
    batch = ddb.batch_write_item(
        RequestItems={split: [{"PutRequest": {"Item": {"p": S(p), "c": S("c")}}}]}, ReturnItemCollectionMetrics="SIZE"
    )
    assert batch["ItemCollectionMetrics"][split][0]["ItemCollectionKey"] == {"p": S(p)}
