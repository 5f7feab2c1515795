"""BatchGetItem and BatchWriteItem. Source: API Reference, "BatchGetItem", "BatchWriteItem"."""

import pytest
from support import get, invalid, refused
from values import N, S


def put(item):
    return {"PutRequest": {"Item": item}}


def delete(key):
    return {"DeleteRequest": {"Key": key}}


# --- BatchWriteItem ---


def test_a_batch_puts_and_deletes(ddb, table, range_table, p):
    ddb.put_item(TableName=table, Item={"p": S(p + "old")})
    reply = ddb.batch_write_item(
        RequestItems={
            table: [put({"p": S(p), "a": N(1)}), delete({"p": S(p + "old")}), delete({"p": S(p + "never")})],
            range_table: [put({"p": S(p), "c": S("c")})],
        }
    )
    assert reply["UnprocessedItems"] == {}
    assert get(ddb, table, p=S(p)) == {"p": S(p), "a": N(1)}
    assert get(ddb, table, p=S(p + "old")) is None
    assert get(ddb, range_table, p=S(p), c=S("c")) is not None


def test_a_batch_has_at_most_25_writes(ddb, table, p):
    def writes(count):
        return [put({"p": S(f"{p}{i}")}) for i in range(count)]

    assert ddb.batch_write_item(RequestItems={table: writes(25)})["UnprocessedItems"] == {}
    with invalid(
        "failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, "
        "Member must have length greater than or equal to 1]"
    ):
        ddb.batch_write_item(RequestItems={table: writes(26)})


def test_25_counts_over_all_tables(ddb, table, range_table, p):
    with invalid("Too many items requested for the BatchWriteItem call"):
        ddb.batch_write_item(
            RequestItems={
                table: [put({"p": S(f"{p}{i}")}) for i in range(13)],
                range_table: [put({"p": S(p), "c": S(f"{i}")}) for i in range(13)],
            }
        )


def test_a_batch_is_not_empty(ddb, table):
    with invalid("The requestItems parameter is required for BatchWriteItem"):
        ddb.batch_write_item(RequestItems={})
    with invalid("Member must have length greater than or equal to 1"):
        ddb.batch_write_item(RequestItems={table: []})


@pytest.mark.parametrize(
    "other",
    [lambda p: put({"p": S(p), "a": N(1)}), lambda p: delete({"p": S(p)})],
    ids=["put", "delete"],
)
def test_an_item_is_written_once(ddb, table, p, other):
    with invalid("Provided list of item keys contains duplicates"):
        ddb.batch_write_item(RequestItems={table: [put({"p": S(p)}), other(p)]})


def test_number_keys_are_the_same_by_value(ddb, number_range_table, p):
    with invalid("Provided list of item keys contains duplicates"):
        ddb.batch_write_item(RequestItems={number_range_table: [delete({"p": S(p), "c": N(c)}) for c in ("1000", "1e3")]})


@pytest.mark.parametrize(
    "bad, code",
    [
        (lambda: put({"a": S("no key")}), "ValidationException"),
        (lambda: put({"p": N(1)}), "ValidationException"),
        (lambda: delete({"p": S("x"), "more": S("y")}), "ValidationException"),
        (lambda: put({"p": S("x"), "a": {"N": "abc"}}), "ValidationException"),
        (lambda: put({"p": S("x"), "a": S("y" * 409_600)}), "ValidationException"),
        (lambda: {}, "ValidationException"),
    ],
    ids=["no key", "key type", "key schema", "number", "size", "empty entry"],
)
def test_one_bad_entry_refuses_the_whole_batch(ddb, table, p, bad, code):
    with refused(code):
        ddb.batch_write_item(RequestItems={table: [put({"p": S(p)}), bad()]})
    assert get(ddb, table, p=S(p)) is None


def test_a_key_that_does_not_fit_says_so(ddb, table, p):
    with invalid("The provided key element does not match the schema"):
        ddb.batch_write_item(RequestItems={table: [put({"p": N(1)})]})


@pytest.mark.parametrize("entry", [{}, {**put({"p": S("x")}), **delete({"p": S("y")})}], ids=["neither", "both"])
def test_an_entry_is_exactly_one_write(ddb, table, entry):
    with invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"):
        ddb.batch_write_item(RequestItems={table: [entry]})


def test_a_missing_table_writes_nothing(ddb, table, p):
    with refused("ResourceNotFoundException", "Requested resource not found"):
        ddb.batch_write_item(RequestItems={table: [put({"p": S(p)})], "armature_no_such_table": [put({"p": S(p)})]})
    assert get(ddb, table, p=S(p)) is None


# --- BatchGetItem ---


def test_a_batch_gets_from_many_tables(ddb, table, range_table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    ddb.put_item(TableName=range_table, Item={"p": S(p), "c": S("1"), "a": N(2), "b": N(3)})
    reply = ddb.batch_get_item(
        RequestItems={
            table: {"Keys": [{"p": S(p)}, {"p": S(p + "none")}], "ConsistentRead": True},
            range_table: {"Keys": [{"p": S(p), "c": S("1")}], "ProjectionExpression": "#b", "ExpressionAttributeNames": {"#b": "b"}},
        }
    )
    assert reply["Responses"] == {table: [{"p": S(p), "a": N(1)}], range_table: [{"b": N(3)}]}
    assert reply["UnprocessedKeys"] == {}


def test_a_table_with_nothing_found_is_there_and_empty(ddb, table, p):
    reply = ddb.batch_get_item(RequestItems={table: {"Keys": [{"p": S(p)}]}})
    assert reply["Responses"] == {table: []}


def test_a_batch_has_at_most_100_keys(ddb, table, p):
    def request(count):
        return {table: {"Keys": [{"p": S(f"{p}{i}")} for i in range(count)]}}

    ddb.batch_get_item(RequestItems=request(100))
    with invalid("1 validation error detected: ", ".member.", "failed to satisfy constraint: Member must have length less than or equal to 100"):
        ddb.batch_get_item(RequestItems=request(101))


def test_100_counts_over_all_tables(ddb, table, range_table, p):
    with invalid("Too many items requested for the BatchGetItem call"):
        ddb.batch_get_item(
            RequestItems={
                table: {"Keys": [{"p": S(f"{p}{i}")} for i in range(60)]},
                range_table: {"Keys": [{"p": S(p), "c": S(f"{i}")} for i in range(60)]},
            }
        )


def test_a_get_batch_is_not_empty(ddb):
    with invalid("The requestItems parameter is required for BatchGetItem"):
        ddb.batch_get_item(RequestItems={})


def test_a_key_is_asked_for_once(ddb, table, p):
    with invalid("Provided list of item keys contains duplicates"):
        ddb.batch_get_item(RequestItems={table: {"Keys": [{"p": S(p)}, {"p": S(p)}]}})


def test_keys_must_fit_the_schema(ddb, table, p):
    with invalid("The provided key element does not match the schema"):
        ddb.batch_get_item(RequestItems={table: {"Keys": [{"p": S(p), "c": S("c")}]}})


def test_a_missing_table_is_not_found(ddb, p):
    with refused("ResourceNotFoundException", "Requested resource not found"):
        ddb.batch_get_item(RequestItems={"armature_no_such_table": {"Keys": [{"p": S(p)}]}})


def test_more_than_16_mb_come_in_parts(ddb, range_table, p):
    keys = [{"p": S(p), "c": S(f"{i:02}")} for i in range(45)]
    for key in keys:
        ddb.put_item(TableName=range_table, Item={**key, "a": S("x" * 400_000)})
    found, asked = [], {range_table: {"Keys": keys, "ConsistentRead": True}}
    first = ddb.batch_get_item(RequestItems=asked)
    assert 0 < len(first["Responses"][range_table]) < 45
    left = first["UnprocessedKeys"][range_table]
    assert left["ConsistentRead"] is True, "what is left has the shape of the request"
    found += first["Responses"][range_table]
    found += ddb.batch_get_item(RequestItems=first["UnprocessedKeys"])["Responses"][range_table]
    assert sorted(item["c"]["S"] for item in found) == [f"{i:02}" for i in range(45)]
    for key in keys:
        ddb.delete_item(TableName=range_table, Key=key)
