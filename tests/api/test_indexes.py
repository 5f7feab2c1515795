"""Local and global secondary indexes. Source: Developer Guide, "Improving data access with secondary indexes in DynamoDB"."""

import pytest
from support import eventually, get, index, invalid, on_demand, unique_name, wait_until_active
from values import BOOL, L, N, NULL, S


def query(ddb, table, index_name, condition, values, **more):
    return ddb.query(
        TableName=table,
        IndexName=index_name,
        KeyConditionExpression=condition,
        ExpressionAttributeValues={":" + name: value for name, value in values.items()},
        **more,
    )


# --- Global ---


def test_a_global_index_finds_items_by_its_keys(ddb, indexed_table, p):
    g = "g-" + p
    for h in (3, 1, 2):
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S(f"{h}"), "g": S(g), "h": N(h), "x": S("x")})
    eventually(
        lambda: [item["h"]["N"] for item in query(ddb, indexed_table, "by_g", "g = :g", {"g": S(g)})["Items"]], ["1", "2", "3"]
    )
    reply = query(ddb, indexed_table, "by_g", "g = :g AND h >= :h", {"g": S(g), "h": N(2)}, ScanIndexForward=False)
    assert [item["h"]["N"] for item in reply["Items"]] == ["3", "2"]
    assert reply["Items"][0] == {"p": S(p), "c": S("3"), "g": S(g), "h": N(3), "x": S("x")}


def test_index_keys_need_not_be_unique(ddb, indexed_table, p):
    g = "g-" + p
    for c in ("1", "2", "3"):
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S(c), "g": S(g), "h": N(7)})
    eventually(lambda: query(ddb, indexed_table, "by_g", "g = :g AND h = :h", {"g": S(g), "h": N(7)})["Count"], 3)


def test_an_item_without_all_index_keys_is_not_in_the_index(ddb, indexed_table, p):
    g = "g-" + p
    ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S("1"), "g": S(g)})
    ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S("2"), "g": S(g), "h": N(1)})
    eventually(lambda: [i["c"]["S"] for i in query(ddb, indexed_table, "by_g", "g = :g", {"g": S(g)})["Items"]], ["2"])
    eventually(lambda: query(ddb, indexed_table, "global_keys", "g = :g", {"g": S(g)})["Count"], 2)


def test_an_item_moves_and_leaves_with_its_keys(ddb, indexed_table, p):
    key = {"p": S(p), "c": S("1")}

    def found(g):
        return query(ddb, indexed_table, "by_g", "g = :g", {"g": S(g + p)})["Count"]

    def set_key(g):
        ddb.update_item(
            TableName=indexed_table,
            Key=key,
            UpdateExpression="SET g = :g, h = if_not_exists(h, :h)",
            ExpressionAttributeValues={":g": S(g + p), ":h": N(1)},
        )

    set_key("one")
    eventually(lambda: (found("one"), found("two")), (1, 0))
    set_key("two")
    eventually(lambda: (found("one"), found("two")), (0, 1))
    ddb.update_item(TableName=indexed_table, Key=key, UpdateExpression="REMOVE h")
    eventually(lambda: found("two"), 0)
    ddb.update_item(TableName=indexed_table, Key=key, UpdateExpression="SET h = :h", ExpressionAttributeValues={":h": N(2)})
    eventually(lambda: found("two"), 1)
    ddb.delete_item(TableName=indexed_table, Key=key)
    eventually(lambda: found("two"), 0)


def test_a_projection_says_what_an_index_holds(ddb, indexed_table, p):
    g = "g-" + p
    item = {"p": S(p), "c": S("1"), "g": S(g), "h": N(1), "x": S("x"), "y": S("y")}
    ddb.put_item(TableName=indexed_table, Item=item)

    def only(index_name):
        return query(ddb, indexed_table, index_name, "g = :g", {"g": S(g)})["Items"]

    eventually(lambda: only("by_g"), [item])
    eventually(lambda: only("global_keys"), [{name: item[name] for name in "pcg"}])
    eventually(lambda: only("global_include"), [{name: item[name] for name in "pcgx"}])


def test_what_a_global_index_does_not_project_cannot_be_read(ddb, indexed_table, p):
    with invalid("One or more parameter values were invalid: Global secondary index global_keys does not project [x]"):
        query(ddb, indexed_table, "global_keys", "g = :g", {"g": S(p)}, ProjectionExpression="p, x")
    with invalid(
        "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index "
        "global_keys because its projection type is not ALL"
    ):
        query(ddb, indexed_table, "global_keys", "g = :g", {"g": S(p)}, Select="ALL_ATTRIBUTES")
    with invalid(
        "One or more parameter values were invalid: Secondary index global_keys does not project one or more filter attributes: [x]"
    ):
        query(ddb, indexed_table, "global_keys", "g = :g", {"g": S(p)}, FilterExpression="attribute_exists(x)")


def test_global_indexes_have_no_consistent_reads(ddb, indexed_table, p):
    with invalid("Consistent reads are not supported on global secondary indexes"):
        query(ddb, indexed_table, "by_g", "g = :g", {"g": S(p)}, ConsistentRead=True)
    with invalid("Consistent reads are not supported on global secondary indexes"):
        ddb.scan(TableName=indexed_table, IndexName="by_g", ConsistentRead=True)


def test_an_index_can_be_scanned(ddb, make_table):
    name = make_table("p:HASH", "p:S g:S", GlobalSecondaryIndexes=[index("by_g", "g:HASH")])
    for i in range(10):
        ddb.put_item(TableName=name, Item={"p": S(f"{i}"), **({"g": S(f"{i % 2}")} if i < 6 else {})})
    eventually(lambda: sorted(i["p"]["S"] for i in ddb.scan(TableName=name, IndexName="by_g")["Items"]), list("012345"))


def test_a_filter_on_a_global_index_may_not_look_at_its_keys(ddb, indexed_table, p):
    with invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: h"):
        query(ddb, indexed_table, "by_g", "g = :g", {"g": S(p), "h": N(1)}, FilterExpression="h = :h")
    query(ddb, indexed_table, "by_g", "g = :g", {"g": S(p), "c": S("c")}, FilterExpression="c = :c")


# --- Local ---


def test_a_local_index_sorts_a_partition_another_way(ddb, indexed_table, p):
    for c, l in (("a", 3), ("b", 1), ("d", 2)):
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S(c), "l": N(l), "x": S(c)})
    ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S("without")})
    reply = query(ddb, indexed_table, "by_l", "p = :p", {"p": S(p)}, ConsistentRead=True)
    assert [item["c"]["S"] for item in reply["Items"]] == ["b", "d", "a"]
    reply = query(ddb, indexed_table, "by_l", "p = :p AND l BETWEEN :a AND :b", {"p": S(p), "a": N(2), "b": N(3)})
    assert [item["c"]["S"] for item in reply["Items"]] == ["d", "a"]


def test_a_local_index_is_consistent_at_once(ddb, indexed_table, p):
    for l in range(20):
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S("c"), "l": N(l)})
        reply = query(ddb, indexed_table, "by_l", "p = :p", {"p": S(p)}, ConsistentRead=True)
        assert [item["l"]["N"] for item in reply["Items"]] == [f"{l}"]


def test_a_local_index_fetches_what_it_does_not_project(ddb, indexed_table, p):
    ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S("c"), "l": N(1), "x": S("x")})
    assert query(ddb, indexed_table, "local_keys", "p = :p", {"p": S(p)})["Items"] == [{"p": S(p), "c": S("c"), "l": N(1)}]
    reply = query(ddb, indexed_table, "local_keys", "p = :p", {"p": S(p)}, ProjectionExpression="x")
    assert reply["Items"] == [{"x": S("x")}]
    reply = query(ddb, indexed_table, "local_keys", "p = :p", {"p": S(p)}, Select="ALL_ATTRIBUTES")
    assert reply["Items"][0]["x"] == S("x")


@pytest.mark.not_on("local")
def test_a_filter_brings_nothing_that_a_local_index_does_not_project(ddb, indexed_table, p):
    for l, x in ((1, "yes"), (2, "no")):
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S(x), "l": N(l), "x": S(x)})
    values = {"p": S(p), "x": S("yes")}
    item = {"p": S(p), "c": S("yes"), "l": N(1)}
    reply = query(ddb, indexed_table, "local_keys", "p = :p", values, FilterExpression="x = :x")
    assert (reply["Items"], reply["ScannedCount"]) == ([item], 2)
    reply = query(ddb, indexed_table, "local_keys", "p = :p", values, FilterExpression="x = :x", Select="ALL_ATTRIBUTES")
    assert reply["Items"] == [item | {"x": S("yes")}]
    reply = query(ddb, indexed_table, "local_keys", "p = :p", values, FilterExpression="x = :x", ProjectionExpression="l")
    assert reply["Items"] == [{"l": N(1)}]


# --- Keys of indexes in writes ---


@pytest.mark.not_on("local")
@pytest.mark.parametrize("value", [N(1), NULL, L(), BOOL(True)], ids=["N", "NULL", "L", "BOOL"])
def test_an_index_key_of_another_type_is_refused(ddb, indexed_table, p, value):
    kind = next(iter(value))
    text = f"One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: {kind} IndexName: by_g"
    with invalid(text):
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S("c"), "g": value})
    with invalid("Type mismatch for Index Key g"):
        ddb.update_item(
            TableName=indexed_table,
            Key={"p": S(p), "c": S("c")},
            UpdateExpression="SET g = :g",
            ExpressionAttributeValues={":g": value},
        )
    assert get(ddb, indexed_table, p=S(p), c=S("c")) is None


def test_an_empty_index_key_is_refused(ddb, indexed_table, p):
    with invalid(
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
        "AttributeValue for a key attribute cannot contain an empty string value. IndexName: by_g, IndexKey: g"
    ):
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S("c"), "g": S("")})
    with invalid(
        "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a "
        "value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value."
    ):
        ddb.update_item(
            TableName=indexed_table,
            Key={"p": S(p), "c": S("c")},
            UpdateExpression="SET g = :g",
            ExpressionAttributeValues={":g": S("")},
        )


# --- Keys of several attributes ---


@pytest.fixture(scope="module")
def several(ddb, wire):
    """A table whose index `several` has partition keys a, b and sort keys x, y."""
    name = unique_name("several")
    wire.call(
        "CreateTable",
        **on_demand(
            name,
            "p:HASH",
            "p:S a:S b:N x:S y:N",
            GlobalSecondaryIndexes=[index("several", "a:HASH b:HASH x:RANGE y:RANGE")],
        ),
    )
    wait_until_active(ddb, name)
    for i, (a, b, x, y) in enumerate(
        [("a", 1, "x", 2), ("a", 1, "x", 1), ("a", 1, "w", 3), ("a", 2, "x", 1), ("b", 1, "x", 1), ("a", 1, "xx", 1)]
    ):
        ddb.put_item(TableName=name, Item={"p": S(f"{i}"), "a": S(a), "b": N(b), "x": S(x), "y": N(y)})
    ddb.put_item(TableName=name, Item={"p": S("incomplete"), "a": S("a"), "b": N(1), "x": S("x")})
    yield name
    ddb.delete_table(TableName=name)


@pytest.mark.not_on("local")
@pytest.mark.parametrize(
    "condition, values, found",
    [
        ("a = :a AND b = :b", {"a": S("a"), "b": N(1)}, ["2", "1", "0", "5"]),
        ("b = :b AND a = :a", {"a": S("a"), "b": N(2)}, ["3"]),
        ("a = :a AND b = :b AND x = :x", {"a": S("a"), "b": N(1), "x": S("x")}, ["1", "0"]),
        ("a = :a AND b = :b AND begins_with(x, :x)", {"a": S("a"), "b": N(1), "x": S("x")}, ["1", "0", "5"]),
        ("a = :a AND b = :b AND x = :x AND y > :y", {"a": S("a"), "b": N(1), "x": S("x"), "y": N(1)}, ["0"]),
    ],
)
def test_a_key_of_several_attributes_is_queried_from_the_left(ddb, several, condition, values, found):
    eventually(lambda: [item["p"]["S"] for item in query(ddb, several, "several", condition, values)["Items"]], found)


@pytest.mark.not_on("local")
@pytest.mark.parametrize(
    "condition, values",
    [
        ("a = :a", {"a": S("a")}),
        ("a = :a AND b > :b", {"a": S("a"), "b": N(1)}),
        ("a = :a AND b = :b AND y = :y", {"a": S("a"), "b": N(1), "y": N(1)}),
        ("a = :a AND b = :b AND x > :x AND y = :y", {"a": S("a"), "b": N(1), "x": S("x"), "y": N(1)}),
    ],
)
def test_a_key_of_several_attributes_leaves_no_gap(ddb, several, condition, values):
    with invalid():
        query(ddb, several, "several", condition, values)


@pytest.mark.not_on("local")
def test_a_page_of_such_an_index_goes_on_where_it_stopped(ddb, several):
    found, start = [], {}
    while True:
        reply = query(ddb, several, "several", "a = :a AND b = :b", {"a": S("a"), "b": N(1)}, Limit=1, **start)
        found += [item["p"]["S"] for item in reply["Items"]]
        if "LastEvaluatedKey" not in reply:
            break
        assert set(reply["LastEvaluatedKey"]) == {"p", "a", "b", "x", "y"}
        start = {"ExclusiveStartKey": reply["LastEvaluatedKey"]}
    assert found == ["2", "1", "0", "5"]
