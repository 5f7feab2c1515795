"""Pages of Query and Scan. Source: Developer Guide, "Paginating table query results in DynamoDB"."""

import pytest
from support import eventually, index, invalid
from values import N, S


@pytest.fixture(scope="module")
def numbered(ddb, range_table):
    """Ten items 0..9 in one partition."""
    for i in range(10):
        ddb.put_item(TableName=range_table, Item={"p": S("pages"), "c": S(f"{i}"), "i": N(i)})
    return {"TableName": range_table, "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": S("pages")}}


def pages(call, **parameters):
    start = {}
    while True:
        reply = call(**parameters, **start)
        yield reply
        if "LastEvaluatedKey" not in reply:
            return
        start = {"ExclusiveStartKey": reply["LastEvaluatedKey"]}


@pytest.mark.parametrize("limit", [1, 3, 4, 9, 11])
@pytest.mark.parametrize("forward", [True, False])
def test_pages_add_up(ddb, numbered, limit, forward):
    found = [
        item["c"]["S"]
        for page in pages(ddb.query, **numbered, Limit=limit, ScanIndexForward=forward)
        for item in page["Items"]
    ]
    expected = [f"{i}" for i in range(10)]
    assert found == (expected if forward else expected[::-1])


def test_a_page_that_ends_with_the_last_item_still_has_a_key(ddb, numbered):
    first, second = pages(ddb.query, **numbered, Limit=10)
    assert first["Count"] == 10
    assert first["LastEvaluatedKey"] == {"p": S("pages"), "c": S("9")}
    assert (second["Items"], second["Count"]) == ([], 0)


def test_a_limit_counts_items_before_the_filter(ddb, numbered):
    parameters = {**numbered, "ExpressionAttributeValues": {":p": S("pages"), ":i": N(8)}}
    all_pages = list(pages(ddb.query, **parameters, FilterExpression="i >= :i", Limit=4))
    assert [page["Count"] for page in all_pages] == [0, 0, 2]
    assert [page["ScannedCount"] for page in all_pages] == [4, 4, 2]
    assert all_pages[0]["LastEvaluatedKey"] == {"p": S("pages"), "c": S("3")}


def test_a_start_key_need_not_exist(ddb, numbered):
    reply = ddb.query(**numbered, ExclusiveStartKey={"p": S("pages"), "c": S("44")})
    assert [item["c"]["S"] for item in reply["Items"]] == ["5", "6", "7", "8", "9"]
    reply = ddb.query(**numbered, ExclusiveStartKey={"p": S("pages"), "c": S("44")}, ScanIndexForward=False)
    assert [item["c"]["S"] for item in reply["Items"]] == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    "key, text",
    [
        ({"p": S("pages")}, "The provided starting key is invalid"),
        ({"p": S("pages"), "c": S("1"), "i": N(1)}, "The provided starting key is invalid"),
        ({"p": S("pages"), "c": N(1)}, "The provided starting key is invalid"),
        ({"p": S("other"), "c": S("1")}, "The provided starting key is outside query boundaries based on provided conditions"),
    ],
    ids=str,
)
def test_a_start_key_must_fit(ddb, numbered, key, text):
    with invalid(text):
        ddb.query(**numbered, ExclusiveStartKey=key)


def test_a_start_key_must_fit_the_sort_key_condition(ddb, range_table):
    with invalid("The provided starting key does not match the range key predicate"):
        ddb.query(
            TableName=range_table,
            KeyConditionExpression="p = :p AND c < :c",
            ExpressionAttributeValues={":p": S("pages"), ":c": S("5")},
            ExclusiveStartKey={"p": S("pages"), "c": S("7")},
        )


def test_a_page_ends_after_a_megabyte(ddb, range_table, p):
    for i in range(5):
        ddb.put_item(TableName=range_table, Item={"p": S(p), "c": S(f"{i}"), "a": S("x" * 300_000)})
    query = {"TableName": range_table, "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": S(p)}}
    assert [page["Count"] for page in pages(ddb.query, **query)] == [4, 1]
    projected = list(pages(ddb.query, **query, ProjectionExpression="c"))
    assert [page["Count"] for page in projected] == [4, 1], "the page counts what was read, not what is returned"
    assert [page["Count"] for page in pages(ddb.query, **query, Select="COUNT")] == [4, 1]


def test_pages_of_a_scan_add_up(ddb, make_table):
    name = make_table("p:HASH c:RANGE", "p:S c:N")
    for p in range(10):
        for c in range(3):
            ddb.put_item(TableName=name, Item={"p": S(f"{p}"), "c": N(c)})
    for limit in (1, 7, 30):
        found = [(i["p"]["S"], i["c"]["N"]) for page in pages(ddb.scan, TableName=name, Limit=limit) for i in page["Items"]]
        assert len(found) == 30
        assert len(set(found)) == 30
    for segment in range(2):
        list(pages(ddb.scan, TableName=name, Limit=4, Segment=segment, TotalSegments=2))


def test_a_start_key_of_a_scan_must_fit_the_schema(ddb, range_table):
    with invalid("The provided starting key is invalid: The provided key element does not match the schema"):
        ddb.scan(TableName=range_table, ExclusiveStartKey={"p": S("x")})


def test_a_start_key_must_lie_in_its_segment(ddb, make_table):
    name = make_table()
    for i in range(20):
        ddb.put_item(TableName=name, Item={"p": S(f"{i}")})
    segments = [ddb.scan(TableName=name, Segment=s, TotalSegments=2)["Items"] for s in range(2)]
    with invalid():
        ddb.scan(TableName=name, Segment=0, TotalSegments=2, ExclusiveStartKey=segments[1][0])


def test_index_pages_carry_index_and_table_keys(ddb, indexed_table, p):
    for c in "abc":
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S(c), "l": N(7), "g": S(p), "h": N(7)})
    local = {
        "TableName": indexed_table,
        "IndexName": "by_l",
        "KeyConditionExpression": "p = :p",
        "ExpressionAttributeValues": {":p": S(p)},
        "Limit": 1,
    }
    found = list(pages(ddb.query, **local))
    first = found[0]["Items"][0]
    assert found[0]["LastEvaluatedKey"] == {name: first[name] for name in "pcl"}
    assert sorted(item["c"]["S"] for page in found for item in page["Items"]) == ["a", "b", "c"]
    by_g = {**local, "IndexName": "by_g", "KeyConditionExpression": "g = :p"}
    eventually(lambda: sum(page["Count"] for page in pages(ddb.query, **by_g)), 3)
    for forward in (True, False):
        found = list(pages(ddb.query, **by_g, ScanIndexForward=forward))
        assert set(found[0]["LastEvaluatedKey"]) == {"p", "c", "g", "h"}
        assert sorted(item["c"]["S"] for page in found for item in page["Items"]) == ["a", "b", "c"], "none lost, none twice"


def test_a_scan_of_an_index_pages(ddb, make_table):
    name = make_table("p:HASH", "p:S g:S", GlobalSecondaryIndexes=[index("by_g", "g:HASH")])
    for i in range(12):
        ddb.put_item(TableName=name, Item={"p": S(f"{i}"), "g": S(f"{i % 3}")})

    def found():
        return [item["p"]["S"] for page in pages(ddb.scan, TableName=name, IndexName="by_g", Limit=5) for item in page["Items"]]

    eventually(lambda: sorted(found(), key=int), [f"{i}" for i in range(12)])
