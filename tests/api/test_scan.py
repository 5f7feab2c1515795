"""Scan. Source: Developer Guide, "Scanning tables in DynamoDB"."""

import pytest
from support import invalid, temporary_table
from values import N, S


@pytest.fixture(scope="module")
def hundred(ddb):
    """A table with 25 partitions of 4 items each."""
    with temporary_table(ddb, "p:HASH c:RANGE", "p:S c:N") as name:
        for p in range(25):
            writes = [{"PutRequest": {"Item": {"p": S(f"{p}"), "c": N(c), "i": N(4 * p + c)}}} for c in range(4)]
            ddb.batch_write_item(RequestItems={name: writes})
        yield name


def keys(items):
    return {(item["p"]["S"], item["c"]["N"]) for item in items}


ALL = {(f"{p}", f"{c}") for p in range(25) for c in range(4)}


def test_a_scan_finds_every_item(ddb, hundred):
    reply = ddb.scan(TableName=hundred)
    assert keys(reply["Items"]) == ALL
    assert (reply["Count"], reply["ScannedCount"]) == (100, 100)
    assert "LastEvaluatedKey" not in reply


def test_items_of_a_partition_are_together_and_in_order(ddb, hundred):
    items = ddb.scan(TableName=hundred)["Items"]
    assert [item["c"]["N"] for item in items] == ["0", "1", "2", "3"] * 25
    assert len({items[i]["p"]["S"] for i in range(0, 100, 4)}) == 25


@pytest.mark.parametrize("segments", [1, 2, 3, 7, 100])
def test_segments_are_disjoint_and_cover_the_table(ddb, hundred, segments):
    found = []
    for segment in range(segments):
        reply = ddb.scan(TableName=hundred, Segment=segment, TotalSegments=segments)
        found.extend((item["p"]["S"], item["c"]["N"]) for item in reply["Items"])
    assert len(found) == 100
    assert set(found) == ALL


@pytest.mark.parametrize(
    "parameters, text",
    [
        ({"Segment": 0}, "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"),
        ({"TotalSegments": 1}, "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"),
        (
            {"Segment": 5, "TotalSegments": 5},
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5",
        ),
        ({"Segment": 0, "TotalSegments": 1000001}, "Member must have value less than or equal to 1000000"),
        ({"Segment": -1, "TotalSegments": 1}, "Member must have value greater than or equal to 0"),
        ({"Limit": 0}, "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ({"Select": "ALL_PROJECTED_ATTRIBUTES"}, "ALL_PROJECTED_ATTRIBUTES can be used only when"),
        ({"Select": "SPECIFIC_ATTRIBUTES"}, "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"),
        ({"IndexName": "nope"}, "The table does not have the specified index: nope"),
        ({"FilterExpression": "foo(a)"}, "Invalid FilterExpression: Invalid function name; function: foo"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(ddb, hundred, parameters, text):
    with invalid(text):
        ddb.scan(TableName=hundred, **parameters)


def test_a_filter_may_look_at_keys(ddb, hundred):
    reply = ddb.scan(
        TableName=hundred,
        FilterExpression="p = :p AND c > :c",
        ExpressionAttributeValues={":p": S("7"), ":c": N(1)},
    )
    assert keys(reply["Items"]) == {("7", "2"), ("7", "3")}
    assert (reply["Count"], reply["ScannedCount"]) == (2, 100)


def test_count_returns_no_items(ddb, hundred):
    reply = ddb.scan(TableName=hundred, Select="COUNT")
    assert "Items" not in reply
    assert reply["Count"] == 100


def test_a_consistent_scan_sees_the_last_write(ddb, make_table):
    name = make_table()
    for i in range(10):
        ddb.put_item(TableName=name, Item={"p": S(f"{i}")})
        assert ddb.scan(TableName=name, ConsistentRead=True)["Count"] == i + 1


def test_an_empty_table_is_an_empty_page(ddb, make_table):
    reply = ddb.scan(TableName=make_table())
    assert (reply["Items"], reply["Count"], reply["ScannedCount"]) == ([], 0, 0)
    assert "LastEvaluatedKey" not in reply
