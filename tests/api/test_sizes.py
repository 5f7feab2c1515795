"""Sizes of items, values and requests. Source: Developer Guide, "DynamoDB item sizes and formats", "Quotas in Amazon DynamoDB"."""

import pytest
from support import get, invalid
from values import B, L, M, N, S, nested

LIMIT = 409_600


def filler(p, more=0):
    """A string attribute "a" that makes the item of key `p` exactly as large as allowed."""
    return S("x" * (LIMIT - len("p") - len(p) - len("a") + more))


def test_an_item_has_at_most_400_kb(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": filler(p)})
    assert get(ddb, table, p=S(p))["a"] == filler(p)
    with invalid("Item size has exceeded the maximum allowed size"):
        ddb.put_item(TableName=table, Item={"p": S(p), "a": filler(p, more=1)})


@pytest.mark.parametrize(
    "value, size",
    [
        (S("é🎉"), 6),
        (B(b"\x00\xff"), 2),
        (N(0), 1),
        (N(1), 2),
        (N(12), 2),
        (N(123), 3),
        (N(12345), 4),
        (N(-1), 3),
        (N(100), 2),
        (N(1010), 3),
        (N("0.0000001"), 2),
        (N("9" * 38), 20),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["a", "bc"]}, 3),
        ({"NS": ["1", "123"]}, 5),
        (L(), 3),
        (L(S("a")), 3 + 1 + 1),
        (M(), 3),
        (M(k=S("a")), 3 + 1 + 1 + 1),
        (L(M(k=N(1))), 3 + 1 + 3 + 1 + 1 + 2),
    ],
    ids=str,
)
def test_every_byte_of_a_value_counts(ddb, table, p, value, size):
    with_value = {"p": S(p), "v": value}
    ddb.put_item(TableName=table, Item={**with_value, "a": filler(p, more=-size - 1)})
    with invalid("Item size has exceeded the maximum allowed size"):
        ddb.put_item(TableName=table, Item={**with_value, "a": filler(p, more=-size)})


def test_values_nest_at_most_32_levels(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": nested(31)})
    assert get(ddb, table, p=S(p))["a"] == nested(31)
    with invalid("Nesting Levels have exceeded supported limits"):
        ddb.put_item(TableName=table, Item={"p": S(p), "a": nested(32)})


def test_nesting_is_checked_in_expression_values_too(ddb, table, p):
    with invalid("Nesting Levels have exceeded supported limits"):
        ddb.update_item(
            TableName=table, Key={"p": S(p)}, UpdateExpression="SET a = :v", ExpressionAttributeValues={":v": nested(33)}
        )


def test_long_attribute_names_are_allowed(ddb, table, p):
    name = "n" * 65_535
    ddb.put_item(TableName=table, Item={"p": S(p), name: N(1)})
    assert get(ddb, table, p=S(p))[name] == N(1)


def test_an_attribute_name_has_1_to_65535_bytes(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "x" * 65535: N(1)})
    with invalid("ttribute name"):
        ddb.put_item(TableName=table, Item={"p": S(p), "x" * 65536: N(1)})
    with invalid("ttribute name"):
        ddb.put_item(TableName=table, Item={"p": S(p), "": N(1)})
