"""The parameters from before expressions. Source: Developer Guide, "Legacy DynamoDB conditional parameters"."""

import pytest
from support import get, invalid, refused
from values import L, M, N, NS, S, SS


@pytest.fixture
def put(ddb, table, p):
    return lambda **attributes: ddb.put_item(TableName=table, Item={"p": S(p), **attributes})


# --- AttributesToGet ---


def test_attributes_to_get(ddb, table, p, put):
    put(a=N(1), b=N(2), status=S("x"))
    reply = ddb.get_item(TableName=table, Key={"p": S(p)}, AttributesToGet=["a", "status", "absent"])
    assert reply["Item"] == {"a": N(1), "status": S("x")}


def test_attributes_to_get_names_each_once(ddb, table, p):
    with invalid("One or more parameter values were invalid: Duplicate value in attribute name: a"):
        ddb.get_item(TableName=table, Key={"p": S(p)}, AttributesToGet=["a", "a"])


def test_attributes_to_get_is_not_empty(ddb, table, p):
    with invalid("Member must have length greater than or equal to 1"):
        ddb.get_item(TableName=table, Key={"p": S(p)}, AttributesToGet=[])


def test_old_and_new_do_not_mix(ddb, table, p):
    text = "Can not use both expression and non-expression parameters in the same request: "
    with invalid(text + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"):
        ddb.get_item(TableName=table, Key={"p": S(p)}, AttributesToGet=["a"], ProjectionExpression="b")
    with invalid(text + "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"):
        ddb.put_item(
            TableName=table, Item={"p": S(p)}, Expected={"a": {"Exists": False}}, ConditionExpression="attribute_exists(a)"
        )
    with invalid(text + "Non-expression parameters: {AttributeUpdates} Expression parameters: {ConditionExpression}"):
        ddb.update_item(
            TableName=table, Key={"p": S(p)}, AttributeUpdates={"a": {"Value": N(1)}}, ConditionExpression="attribute_exists(a)"
        )
    with invalid(text + "Non-expression parameters: {Expected} Expression parameters: {UpdateExpression}"):
        ddb.update_item(TableName=table, Key={"p": S(p)}, Expected={"a": {"Exists": False}}, UpdateExpression="REMOVE a")


# --- Expected ---

ITEM = {"s": S("hello"), "n": N(5), "ss": SS("a", "b"), "l": L(N(1))}


@pytest.mark.parametrize(
    "expected, holds",
    [
        ({"s": {"Value": S("hello")}}, True),
        ({"s": {"Value": S("hello"), "Exists": True}}, True),
        ({"s": {"Value": S("no")}}, False),
        ({"absent": {"Exists": False}}, True),
        ({"s": {"Exists": False}}, False),
        ({"n": {"ComparisonOperator": "EQ", "AttributeValueList": [N("5.0")]}}, True),
        ({"n": {"ComparisonOperator": "EQ", "Value": N(5)}}, True),
        ({"n": {"ComparisonOperator": "NE", "AttributeValueList": [N(5)]}}, False),
        ({"absent": {"ComparisonOperator": "NE", "AttributeValueList": [N(5)]}}, True),
        ({"n": {"ComparisonOperator": "LT", "AttributeValueList": [N(6)]}}, True),
        ({"n": {"ComparisonOperator": "LE", "AttributeValueList": [N(5)]}}, True),
        ({"n": {"ComparisonOperator": "GT", "AttributeValueList": [N(5)]}}, False),
        ({"n": {"ComparisonOperator": "GE", "AttributeValueList": [N(5)]}}, True),
        ({"n": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [N(1), N(5)]}}, True),
        ({"n": {"ComparisonOperator": "IN", "AttributeValueList": [N(1), N(5)]}}, True),
        ({"s": {"ComparisonOperator": "BEGINS_WITH", "AttributeValueList": [S("he")]}}, True),
        ({"s": {"ComparisonOperator": "CONTAINS", "AttributeValueList": [S("ell")]}}, True),
        ({"ss": {"ComparisonOperator": "CONTAINS", "AttributeValueList": [S("a")]}}, True),
        ({"l": {"ComparisonOperator": "CONTAINS", "AttributeValueList": [N(1)]}}, True),
        ({"ss": {"ComparisonOperator": "NOT_CONTAINS", "AttributeValueList": [S("z")]}}, True),
        ({"absent": {"ComparisonOperator": "NOT_CONTAINS", "AttributeValueList": [S("z")]}}, False),
        ({"s": {"ComparisonOperator": "NOT_NULL"}}, True),
        ({"absent": {"ComparisonOperator": "NULL"}}, True),
        ({"s": {"ComparisonOperator": "NULL"}}, False),
        ({"s": {"Value": S("hello")}, "n": {"Value": N(6)}}, False),
    ],
    ids=str,
)
def test_expected(ddb, table, p, put, expected, holds):
    put(**ITEM)
    if holds:
        ddb.put_item(TableName=table, Item={"p": S(p)}, Expected=expected)
    else:
        with refused("ConditionalCheckFailedException", "The conditional request failed"):
            ddb.put_item(TableName=table, Item={"p": S(p)}, Expected=expected)


def test_or_wants_one_to_hold(ddb, table, p, put):
    put(**ITEM)
    expected = {"s": {"Value": S("hello")}, "n": {"Value": N(6)}}
    ddb.put_item(TableName=table, Item={"p": S(p)}, Expected=expected, ConditionalOperator="OR")


@pytest.mark.parametrize(
    "expected, text",
    [
        ({"a": {"Exists": True}}, "One or more parameter values were invalid: Value must be provided when Exists is true for Attribute: a"),
        ({"a": {"Exists": False, "Value": N(1)}}, "Value cannot be used when Exists is false for Attribute: a"),
        ({"a": {"Exists": True, "ComparisonOperator": "NULL"}}, "Exists and ComparisonOperator cannot be used together for Attribute: a"),
        (
            {"a": {"ComparisonOperator": "EQ", "Value": N(1), "AttributeValueList": [N(1)]}},
            "Value and AttributeValueList cannot be used together for Attribute: a",
        ),
        ({"a": {"AttributeValueList": [N(1)]}}, "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"),
        (
            {"a": {"ComparisonOperator": "EQ", "AttributeValueList": [N(1), N(2)]}},
            "One or more parameter values were invalid: Invalid number of argument(s) for the EQ ComparisonOperator",
        ),
        ({"a": {"ComparisonOperator": "NULL", "AttributeValueList": [N(1)]}}, "Invalid number of argument(s) for the NULL ComparisonOperator"),
        (
            {"a": {"ComparisonOperator": "BEGINS_WITH", "AttributeValueList": [N(1)]}},
            "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type",
        ),
        (
            {"a": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [N(1), S("x")]}},
            "AttributeValues inside AttributeValueList must be of same type",
        ),
        (
            {"a": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [N(2), N(1)]}},
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
        ),
        ({"a": {"ComparisonOperator": "LIKE", "AttributeValueList": [N(1)]}}, "Member must satisfy enum value set"),
    ],
    ids=str,
)
def test_malformed_expectations_are_refused(ddb, table, p, expected, text):
    with invalid(text):
        ddb.put_item(TableName=table, Item={"p": S(p)}, Expected=expected)


def test_a_conditional_operator_needs_conditions(ddb, table, p):
    with invalid("ConditionalOperator"):
        ddb.put_item(TableName=table, Item={"p": S(p)}, ConditionalOperator="OR")


# --- AttributeUpdates ---


@pytest.mark.parametrize(
    "before, updates, after",
    [
        ({"a": N(1)}, {"a": {"Value": N(2)}, "b": {"Value": N(3), "Action": "PUT"}}, {"a": N(2), "b": N(3)}),
        ({"a": N(1)}, {"a": {"Action": "DELETE"}, "absent": {"Action": "DELETE"}}, {}),
        ({"a": SS("x", "y")}, {"a": {"Action": "DELETE", "Value": SS("x")}}, {"a": SS("y")}),
        ({"a": N(1)}, {"a": {"Action": "ADD", "Value": N(2)}, "b": {"Action": "ADD", "Value": N(3)}}, {"a": N(3), "b": N(3)}),
        ({"a": NS(1)}, {"a": {"Action": "ADD", "Value": NS(1)}}, {"a": NS(1)}),
        ({"a": L(N(1))}, {"a": {"Action": "ADD", "Value": L(N(2))}}, {"a": L(N(1), N(2))}),
        ({"a": N(1)}, {}, {"a": N(1)}),
    ],
    ids=str,
)
def test_attribute_updates(ddb, table, p, put, before, updates, after):
    put(**before)
    ddb.update_item(TableName=table, Key={"p": S(p)}, AttributeUpdates=updates)
    assert get(ddb, table, p=S(p)) == {"p": S(p), **after}


@pytest.mark.parametrize(
    "before, updates, text",
    [
        ({"a": S("x")}, {"a": {"Action": "ADD", "Value": N(1)}}, "Type mismatch for attribute to update"),
        ({}, {"a": {"Action": "ADD", "Value": S("x")}}, "ADD action is not supported for the type S"),
        ({}, {"a": {"Action": "DELETE", "Value": N(1)}}, "DELETE action with value is not supported for the type N"),
        ({}, {"a": {"Action": "PUT"}}, "Only DELETE action is allowed when no attribute value is specified"),
        ({}, {"p": {"Value": S("x")}}, "Cannot update attribute p. This attribute is part of the key"),
        ({}, {"a": {"Action": "SET", "Value": N(1)}}, "Member must satisfy enum value set"),
    ],
    ids=str,
)
def test_malformed_updates_are_refused(ddb, table, p, put, before, updates, text):
    put(**before)
    with invalid(text):
        ddb.update_item(TableName=table, Key={"p": S(p)}, AttributeUpdates=updates)


# --- KeyConditions, QueryFilter, ScanFilter ---


@pytest.fixture(scope="module")
def numbered(ddb, range_table):
    for i in range(6):
        ddb.put_item(TableName=range_table, Item={"p": S("legacy"), "c": S(f"{i}"), "i": N(i), "even": S("yes" if i % 2 == 0 else "no")})
    return range_table


def equals(value):
    return {"ComparisonOperator": "EQ", "AttributeValueList": [value]}


@pytest.mark.parametrize(
    "operator, values, found",
    [
        ("EQ", ["3"], "3"),
        ("LT", ["2"], "01"),
        ("LE", ["2"], "012"),
        ("GT", ["3"], "45"),
        ("GE", ["3"], "345"),
        ("BETWEEN", ["1", "3"], "123"),
        ("BEGINS_WITH", ["4"], "4"),
    ],
)
def test_key_conditions(ddb, numbered, operator, values, found):
    reply = ddb.query(
        TableName=numbered,
        KeyConditions={
            "p": equals(S("legacy")),
            "c": {"ComparisonOperator": operator, "AttributeValueList": [S(value) for value in values]},
        },
    )
    assert "".join(item["c"]["S"] for item in reply["Items"]) == found


@pytest.mark.not_on("local")
@pytest.mark.parametrize(
    "conditions, text",
    [
        ({"p": {"ComparisonOperator": "GT", "AttributeValueList": [S("x")]}}, "Query key condition not supported"),
        ({"c": equals(S("x"))}, "Query condition missed key schema element: p"),
        ({"p": equals(S("x")), "c": {"ComparisonOperator": "NE", "AttributeValueList": [S("x")]}}, "Attempted conditional constraint is not an indexable operation"),
        ({"p": equals(S("x")), "c": equals(S("x")), "i": equals(N(1))}, "Conditions can be of length 1 or 2 only"),
        ({"p": equals(N(1))}, "One or more parameter values were invalid: Condition parameter type does not match schema type"),
    ],
    ids=str,
)
def test_malformed_key_conditions_are_refused(ddb, numbered, conditions, text):
    with invalid(text):
        ddb.query(TableName=numbered, KeyConditions=conditions)


def test_a_query_filter_drops_after_reading(ddb, numbered):
    reply = ddb.query(
        TableName=numbered,
        KeyConditions={"p": equals(S("legacy"))},
        QueryFilter={"even": equals(S("yes")), "i": {"ComparisonOperator": "GT", "AttributeValueList": [N(1)]}},
    )
    assert ([item["i"]["N"] for item in reply["Items"]], reply["ScannedCount"]) == (["2", "4"], 6)
    reply = ddb.query(
        TableName=numbered,
        KeyConditions={"p": equals(S("legacy"))},
        QueryFilter={"even": equals(S("yes")), "i": equals(N(1))},
        ConditionalOperator="OR",
    )
    assert [item["i"]["N"] for item in reply["Items"]] == ["0", "1", "2", "4"]


def test_a_query_filter_may_not_look_at_keys(ddb, numbered):
    with invalid("QueryFilter can only contain non-primary key attributes: Primary key attribute: c"):
        ddb.query(TableName=numbered, KeyConditions={"p": equals(S("legacy"))}, QueryFilter={"c": equals(S("1"))})


def test_a_scan_filter(ddb, numbered):
    reply = ddb.scan(TableName=numbered, ScanFilter={"p": equals(S("legacy")), "even": equals(S("no"))})
    assert sorted(item["i"]["N"] for item in reply["Items"]) == ["1", "3", "5"]


def test_old_and_new_conditions_do_not_mix_in_queries(ddb, numbered):
    with invalid("Can not use both expression and non-expression parameters in the same request"):
        ddb.query(
            TableName=numbered,
            KeyConditions={"p": equals(S("legacy"))},
            KeyConditionExpression="p = :p",
            ExpressionAttributeValues={":p": S("legacy")},
        )


def test_documents_compare_as_wholes(ddb, table, p, put):
    put(m=M(a=L(N(1))))
    ddb.put_item(TableName=table, Item={"p": S(p)}, Expected={"m": {"Value": M(a=L(N("1.0")))}})
