"""GetItem. Source: API Reference, "GetItem"."""

import pytest
from support import invalid, refused
from values import M, N, S


def test_a_missing_item_is_no_error_and_no_item(ddb, table, p):
    for consistent in (True, False):
        assert "Item" not in ddb.get_item(TableName=table, Key={"p": S(p)}, ConsistentRead=consistent)


def test_a_read_follows_a_write(ddb, table, p):
    for i in range(20):
        ddb.put_item(TableName=table, Item={"p": S(p), "i": N(i)})
        assert ddb.get_item(TableName=table, Key={"p": S(p)}, ConsistentRead=True)["Item"]["i"] == N(i)


def test_the_key_must_fit_the_schema(ddb, table, range_table, p):
    for name, key in [
        (table, {"p": N(1)}),
        (table, {"q": S(p)}),
        (table, {"p": S(p), "c": S("c")}),
        (range_table, {"p": S(p)}),
        (range_table, {"p": S(p), "c": N(1)}),
        (range_table, {"p": S(p), "d": S("c")}),
    ]:
        with invalid("The provided key element does not match the schema"):
            ddb.get_item(TableName=name, Key=key)


def test_a_missing_table_is_not_found(ddb):
    with refused("ResourceNotFoundException", "Requested resource not found"):
        ddb.get_item(TableName="armature_no_such_table", Key={"p": S("x")})


def test_the_key_is_required(ddb, table):
    with invalid("1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null"):
        ddb.get_item(TableName=table)


def test_a_projection_selects_attributes(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": S("x"), "m": M(b=N(1), c=N(2))})
    reply = ddb.get_item(
        TableName=table, Key={"p": S(p)}, ProjectionExpression="#a, m.b", ExpressionAttributeNames={"#a": "a"}
    )
    assert reply["Item"] == {"a": S("x"), "m": M(b=N(1))}


@pytest.mark.not_on("local")
def test_malformed_expressions_come_before_missing_tables(ddb):
    with invalid("Invalid ProjectionExpression"):
        ddb.get_item(TableName="armature_no_such_table", Key={"p": S("x")}, ProjectionExpression="a..b")
