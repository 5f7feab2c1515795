"""Primary keys: types, sizes, emptiness. Source: Developer Guide, "Core components of Amazon DynamoDB", "Primary key"."""

import pytest
from support import get, invalid
from values import B, N, S


def test_keys_of_every_type(ddb, range_table, number_range_table, binary_range_table, p):
    for table, values in (
        (range_table, [S("a"), S("\u0000"), S("🎉")]),
        (number_range_table, [N("-1.5"), N(0), N("1E125")]),
        (binary_range_table, [B(b"\x00"), B(b"\xff"), B(b"\x00\x00")]),
    ):
        for i, c in enumerate(values):
            ddb.put_item(TableName=table, Item={"p": S(p), "c": c, "i": N(i)})
        for i, c in enumerate(values):
            assert get(ddb, table, p=S(p), c=c)["i"] == N(i)


@pytest.mark.parametrize("written, read", [("1000", "1e3"), ("1.50", "1.5"), ("-0", "0"), ("007", "7"), ("1e-3", "0.001")])
def test_number_keys_are_equal_by_value(ddb, number_range_table, p, written, read):
    ddb.put_item(TableName=number_range_table, Item={"p": S(p), "c": N(written)})
    assert get(ddb, number_range_table, p=S(p), c=N(read)) is not None


def test_a_partition_key_has_1_to_2048_bytes(ddb, table, p):
    longest = p + "x" * (2048 - len(p))
    ddb.put_item(TableName=table, Item={"p": S(longest)})
    assert get(ddb, table, p=S(longest)) == {"p": S(longest)}
    text = "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
    with invalid(text):
        ddb.put_item(TableName=table, Item={"p": S(longest + "x")})
    with invalid(text):
        ddb.get_item(TableName=table, Key={"p": S(longest + "x")})
    with invalid(text):
        ddb.put_item(TableName=table, Item={"p": S("é" * 1025)})


def test_a_sort_key_has_1_to_1024_bytes(ddb, range_table, binary_range_table, p):
    longest = "x" * 1024
    ddb.put_item(TableName=range_table, Item={"p": S(p), "c": S(longest)})
    ddb.put_item(TableName=binary_range_table, Item={"p": S(p), "c": B(longest.encode())})
    text = "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
    with invalid(text):
        ddb.put_item(TableName=range_table, Item={"p": S(p), "c": S(longest + "x")})
    with invalid(text):
        ddb.delete_item(TableName=binary_range_table, Key={"p": S(p), "c": B(longest.encode() + b"x")})


def test_index_keys_have_the_same_limits(ddb, indexed_table, p):
    with invalid("Size of hashkey has exceeded the maximum size limit of2048 bytes"):
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S("c"), "g": S("x" * 2049), "h": N(1)})


def test_keys_are_not_empty(ddb, range_table, binary_range_table, p):
    with invalid(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p"
    ):
        ddb.put_item(TableName=range_table, Item={"p": S(""), "c": S("c")})
    with invalid("cannot contain an empty string value. Key: c"):
        ddb.put_item(TableName=range_table, Item={"p": S(p), "c": S("")})
    with invalid("cannot contain an empty binary value. Key: c"):
        ddb.put_item(TableName=binary_range_table, Item={"p": S(p), "c": B(b"")})
    with invalid("cannot contain an empty string value. Key: p"):
        ddb.get_item(TableName=range_table, Key={"p": S(""), "c": S("c")})


def test_a_path_into_a_key_is_refused(ddb, table, p):
    with invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p"):
        ddb.put_item(TableName=table, Item={"p": S(p)}, ConditionExpression="attribute_not_exists(p.a)")
    with invalid("Key attributes must be scalars", "Key: p"):
        ddb.get_item(TableName=table, Key={"p": S(p)}, ProjectionExpression="p[0]")
    with invalid("Key attributes must be scalars", "Key: p"):
        ddb.scan(TableName=table, FilterExpression="attribute_exists(p.a)")


def test_a_path_into_an_index_key_is_refused(ddb, indexed_table, p):
    with invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g"):
        ddb.update_item(TableName=indexed_table, Key={"p": S(p), "c": S("c")}, UpdateExpression="REMOVE g.a")


def test_keys_that_are_prefixes_of_each_other_stay_apart(ddb, range_table, p):
    pairs = [(p, "a"), (p + "a", "a"), (p, "aa"), (p + "\u0000", "a"), (p, "\u0000a"), (p, "a\u0000")]
    for i, (partition, sort) in enumerate(pairs):
        ddb.put_item(TableName=range_table, Item={"p": S(partition), "c": S(sort), "i": N(i)})
    for i, (partition, sort) in enumerate(pairs):
        assert get(ddb, range_table, p=S(partition), c=S(sort))["i"] == N(i)
