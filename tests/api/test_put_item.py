"""PutItem. Source: API Reference, "PutItem"."""

import pytest
from support import get, invalid, refused
from values import BOOL, BS, L, M, N, NS, NULL, S, SS, B

EVERY_TYPE = {
    "string": S("ünï\u0000cödé 🎉"),
    "number": N("-12.5"),
    "binary": B(b"\x00\xff\x80"),
    "yes": BOOL(True),
    "no": BOOL(False),
    "nothing": NULL,
    "list": L(S("a"), N(1), L(), M()),
    "map": M(deep=M(er=L(NULL)), b=B(b"")),
    "strings": SS("a", "b", ""),
    "numbers": NS(1, 2.5),
    "binaries": BS(b"a", b"\xff"),
    "empty": S(""),
    "empty binary": B(b""),
    "empty list": L(),
    "empty map": M(),
}


def in_order(value):
    """Sets have no order."""
    return {name: {kind: sorted(v) if kind in ("SS", "NS", "BS") else v for kind, v in typed.items()} for name, typed in value.items()}


def test_an_item_comes_back_as_it_was_put(ddb, table, p):
    item = {"p": S(p), **EVERY_TYPE}
    if_there = ddb.put_item(TableName=table, Item=item)
    assert "Attributes" not in if_there
    assert in_order(get(ddb, table, p=S(p))) == in_order(item)


def test_putting_again_replaces_the_whole_item(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": S("1"), "b": S("2")})
    ddb.put_item(TableName=table, Item={"p": S(p), "a": S("3")})
    assert get(ddb, table, p=S(p)) == {"p": S(p), "a": S("3")}


def test_an_item_may_be_a_key_alone(ddb, range_table, p):
    ddb.put_item(TableName=range_table, Item={"p": S(p), "c": S("c")})
    assert get(ddb, range_table, p=S(p), c=S("c")) == {"p": S(p), "c": S("c")}


def test_sort_keys_keep_items_apart(ddb, range_table, p):
    for c in ("1", "2"):
        ddb.put_item(TableName=range_table, Item={"p": S(p), "c": S(c), "a": S(c)})
    assert get(ddb, range_table, p=S(p), c=S("1"))["a"] == S("1")
    assert get(ddb, range_table, p=S(p), c=S("2"))["a"] == S("2")


def test_a_failed_condition_changes_nothing(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    with refused("ConditionalCheckFailedException", "The conditional request failed"):
        ddb.put_item(TableName=table, Item={"p": S(p), "a": N(2)}, ConditionExpression="attribute_not_exists(p)")
    assert get(ddb, table, p=S(p))["a"] == N(1)


def test_a_condition_sees_the_old_item(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    ddb.put_item(
        TableName=table,
        Item={"p": S(p), "a": N(2)},
        ConditionExpression="a = :old",
        ExpressionAttributeValues={":old": N(1)},
    )
    assert get(ddb, table, p=S(p))["a"] == N(2)


def test_a_missing_table_is_not_found(ddb):
    with refused("ResourceNotFoundException", "Requested resource not found"):
        ddb.put_item(TableName="armature_no_such_table", Item={"p": S("x")})


def test_the_table_name_is_required(ddb):
    with invalid("1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"):
        ddb.put_item(Item={"p": S("x")})


def test_the_item_is_required(ddb, table):
    with invalid("Value null at 'item' failed to satisfy constraint: Member must not be null"):
        ddb.put_item(TableName=table)


def test_an_item_without_its_key_is_refused(ddb, table, range_table, p):
    with invalid("One or more parameter values were invalid: Missing the key p in the item"):
        ddb.put_item(TableName=table, Item={"a": S("x")})
    with invalid("One or more parameter values were invalid: Missing the key c in the item"):
        ddb.put_item(TableName=range_table, Item={"p": S(p)})


def test_a_key_of_another_type_is_refused(ddb, table):
    with invalid("One or more parameter values were invalid: Type mismatch for key p expected: S actual: N"):
        ddb.put_item(TableName=table, Item={"p": N(1)})


@pytest.mark.parametrize(
    "value, text",
    [
        ({"SS": []}, "One or more parameter values were invalid: An string set  may not be empty"),
        ({"NS": []}, "One or more parameter values were invalid: An number set  may not be empty"),
        ({"BS": []}, "One or more parameter values were invalid: Binary sets should not be empty"),
        (L(M(a={"SS": []})), "One or more parameter values were invalid: An string set  may not be empty"),
        (SS("a", "a"), "One or more parameter values were invalid: Input collection [a, a] contains duplicates."),
        (NS(1, "1.0"), "Input collection contains duplicates"),
        (BS(b"a", b"a"), "contains duplicates."),
        ({"NULL": False}, "One or more parameter values were invalid: Null attribute value types must have the value of true"),
        ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        ({"S": "a", "N": "1"}, "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"),
    ],
    ids=["empty SS", "empty NS", "empty BS", "nested empty SS", "twice in SS", "twice in NS", "twice in BS", "NULL false", "no type", "two types"],
)
def test_what_is_no_value_is_refused(wire, table, p, value, text):
    with invalid(text):
        wire.call("PutItem", TableName=table, Item={"p": S(p), "a": value})


def test_an_unknown_type_counts_as_none(wire, table, p):
    with invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"):
        wire.call("PutItem", TableName=table, Item={"p": S(p), "a": {"X": "?"}})


def test_an_attribute_name_is_not_empty(ddb, table, p):
    with invalid("Empty attribute name"):
        ddb.put_item(TableName=table, Item={"p": S(p), "": S("a")})


def test_neither_is_a_name_inside_a_map(ddb, table, p):
    nested = L({"M": {"": S("a")}})
    with invalid("Empty attribute name"):
        ddb.put_item(TableName=table, Item={"p": S(p), "l": nested})
    with invalid("ExpressionAttributeValues contains invalid value: Empty attribute name for key :l"):
        ddb.update_item(TableName=table, Key={"p": S(p)}, UpdateExpression="SET l = :l", ExpressionAttributeValues={":l": nested})
    with invalid("Attribute name is too large, must be less than 65536 bytes"):
        ddb.put_item(TableName=table, Item={"p": S(p), "m": {"M": {"a" * 65536: S("a")}}})


@pytest.mark.parametrize("word", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_return_values_that_do_not_apply_are_refused(ddb, table, p, word):
    with invalid("ReturnValues can only be ALL_OLD or NONE"):
        ddb.put_item(TableName=table, Item={"p": S(p)}, ReturnValues=word)


def test_words_that_do_not_exist_are_gathered(ddb, table, p):
    with invalid(
        "2 validation errors detected: ",
        "at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [",
        "at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [",
    ):
        ddb.put_item(TableName=table, Item={"p": S(p)}, ReturnValues="all_old", ReturnConsumedCapacity="some")
