"""DeleteItem. Source: API Reference, "DeleteItem"."""

import pytest
from support import get, invalid, refused
from values import N, S


def test_a_deleted_item_is_gone(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    assert "Attributes" not in ddb.delete_item(TableName=table, Key={"p": S(p)})
    assert get(ddb, table, p=S(p)) is None


def test_deleting_what_is_not_there_is_no_error(ddb, table, p):
    reply = ddb.delete_item(TableName=table, Key={"p": S(p)}, ReturnValues="ALL_OLD")
    assert "Attributes" not in reply


def test_all_old_returns_the_item(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    reply = ddb.delete_item(TableName=table, Key={"p": S(p)}, ReturnValues="ALL_OLD")
    assert reply["Attributes"] == {"p": S(p), "a": N(1)}


def test_a_failed_condition_keeps_the_item(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    with refused("ConditionalCheckFailedException", "The conditional request failed"):
        ddb.delete_item(TableName=table, Key={"p": S(p)}, ConditionExpression="a = :v", ExpressionAttributeValues={":v": N(2)})
    assert get(ddb, table, p=S(p)) is not None


def test_a_condition_on_a_missing_item_fails(ddb, table, p):
    with refused("ConditionalCheckFailedException"):
        ddb.delete_item(TableName=table, Key={"p": S(p)}, ConditionExpression="attribute_exists(p)")


def test_the_key_must_fit_the_schema(ddb, table, p):
    with invalid("The provided key element does not match the schema"):
        ddb.delete_item(TableName=table, Key={"p": S(p), "c": S("c")})


@pytest.mark.parametrize("word", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_return_values_that_do_not_apply_are_refused(ddb, table, p, word):
    with invalid("ReturnValues can only be ALL_OLD or NONE"):
        ddb.delete_item(TableName=table, Key={"p": S(p)}, ReturnValues=word)
