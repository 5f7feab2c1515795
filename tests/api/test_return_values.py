"""ReturnValues and ReturnValuesOnConditionCheckFailure. Source: API Reference, "UpdateItem", "PutItem"."""

import pytest
from botocore.exceptions import ClientError
from support import invalid
from values import L, M, N, S


@pytest.fixture
def put(ddb, table, p):
    return lambda **attributes: ddb.put_item(TableName=table, Item={"p": S(p), **attributes})


@pytest.fixture
def update(ddb, table, p):
    def run(expression, returned, **values):
        extra = {"ExpressionAttributeValues": {":" + name: value for name, value in values.items()}} if values else {}
        reply = ddb.update_item(
            TableName=table, Key={"p": S(p)}, UpdateExpression=expression, ReturnValues=returned, **extra
        )
        return reply.get("Attributes")

    return run


def test_put_returns_the_old_item(ddb, table, p, put):
    put(a=N(1))
    reply = ddb.put_item(TableName=table, Item={"p": S(p)}, ReturnValues="ALL_OLD")
    assert reply["Attributes"] == {"p": S(p), "a": N(1)}


def test_put_returns_nothing_for_a_new_item(ddb, table, p):
    assert "Attributes" not in ddb.put_item(TableName=table, Item={"p": S(p)}, ReturnValues="ALL_OLD")


@pytest.mark.parametrize(
    "returned, attributes",
    [
        ("NONE", None),
        ("ALL_OLD", {"a": N(1), "b": N(2), "gone": S("x")}),
        ("ALL_NEW", {"a": N(5), "b": N(2), "more": N(5)}),
        ("UPDATED_OLD", {"a": N(1), "gone": S("x")}),
        ("UPDATED_NEW", {"a": N(5), "more": N(5)}),
    ],
)
def test_update_returns_what_is_asked_for(update, put, p, returned, attributes):
    put(a=N(1), b=N(2), gone=S("x"))
    if attributes is not None and returned.startswith("ALL"):
        attributes = {"p": S(p), **attributes}
    assert update("SET a = :v, more = :v REMOVE gone", returned, v=N(5)) == attributes


def test_an_update_that_creates_has_no_old_attributes(update):
    assert update("SET a = :v", "ALL_OLD", v=N(1)) is None


def test_an_update_that_creates_returns_the_new_item(update, p):
    assert update("SET a = :v", "ALL_NEW", v=N(1)) == {"p": S(p), "a": N(1)}


def test_updated_old_shows_attributes_that_did_not_change(update, put):
    put(a=N(1))
    assert update("SET a = :v", "UPDATED_OLD", v=N(1)) == {"a": N(1)}


def test_updated_new_of_a_removal_is_nothing(update, put):
    put(a=N(1))
    assert update("REMOVE a", "UPDATED_NEW") is None


@pytest.mark.not_on("local")
def test_updated_attributes_are_nested_leaves(update, put):
    put(m=M(a=N(1), b=N(2)), l=L(N(0), N(1), N(2)))
    assert update("SET m.a = :v, l[1] = :v", "UPDATED_NEW", v=N(9)) == {"m": M(a=N(9)), "l": L(N(9))}
    assert update("SET m.b = :v, l[2] = :v", "UPDATED_OLD", v=N(8)) == {"m": M(b=N(2)), "l": L(N(2))}


@pytest.mark.not_on("local")
def test_updated_new_of_lists_follows_the_service(update, put):
    put(l=L(N(0), N(1), N(2)))
    assert update("SET l[100] = :v", "UPDATED_NEW", v=N(9)) is None, "what was appended is not shown"
    assert update("REMOVE l[1]", "UPDATED_NEW") == {"l": L(N(2))}, "what slid into the place is"


def test_garbage_is_refused(update):
    with invalid("at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: ["):
        update("REMOVE a", "all_new")


# --- On failure ---


@pytest.mark.parametrize(
    "operation, parameters",
    [
        ("PutItem", lambda p: {"Item": {"p": S(p)}}),
        ("DeleteItem", lambda p: {"Key": {"p": S(p)}}),
        ("UpdateItem", lambda p: {"Key": {"p": S(p)}, "UpdateExpression": "REMOVE a"}),
    ],
)
def test_a_failed_condition_returns_the_item_if_asked(wire, table, p, put, operation, parameters):
    put(a=N(1))

    def fail(**more):
        with pytest.raises(ClientError) as caught:
            wire.call(operation, TableName=table, ConditionExpression="attribute_exists(b)", **parameters(p), **more)
        assert caught.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
        assert caught.value.response["Error"]["Message"] == "The conditional request failed"
        return caught.value.response.get("Item")

    assert fail() is None
    assert fail(ReturnValuesOnConditionCheckFailure="NONE") is None
    assert fail(ReturnValuesOnConditionCheckFailure="ALL_OLD") == {"p": S(p), "a": N(1)}


def test_a_failed_condition_on_a_missing_item_returns_none(wire, table, p):
    with pytest.raises(ClientError) as caught:
        wire.call(
            "PutItem",
            TableName=table,
            Item={"p": S(p)},
            ConditionExpression="attribute_exists(p)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert "Item" not in caught.value.response


def test_an_empty_reply_is_an_empty_object(wire, table, p):
    assert wire.call("PutItem", TableName=table, Item={"p": S(p)}) == {}
