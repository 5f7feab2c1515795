"""Query and key conditions. Source: Developer Guide, "Querying tables in DynamoDB", "Key condition expressions"."""

import pytest
from support import invalid
from values import B, M, N, S

LETTERS = ["", "a", "ab", "abc", "b", "ba", "c", "z", "é", "🎉"]  # In the order of their UTF-8 bytes.


@pytest.fixture(scope="module")
def letters(ddb, range_table):
    """A partition with sort keys a..🎉; query_letters() returns the sort keys a condition finds."""
    for i, c in enumerate(LETTERS[1:]):
        ddb.put_item(TableName=range_table, Item={"p": S("letters"), "c": S(c), "i": N(i)})

    def query(condition="", **parameters):
        values = {":" + name: S(value) for name, value in parameters.pop("values", {}).items()}
        expression = "p = :p" + (" AND " + condition if condition else "")
        reply = ddb.query(
            TableName=range_table,
            KeyConditionExpression=expression,
            ExpressionAttributeValues={":p": S("letters"), **values},
            **parameters,
        )
        return [item["c"]["S"] for item in reply["Items"]]

    return query


def test_a_partition_comes_in_order(letters):
    assert letters() == LETTERS[1:]


def test_and_backwards(letters):
    assert letters(ScanIndexForward=False) == LETTERS[:0:-1]


@pytest.mark.parametrize(
    "condition, values, found",
    [
        ("c = :v", {"v": "ab"}, ["ab"]),
        ("c = :v", {"v": "nope"}, []),
        ("c < :v", {"v": "b"}, ["a", "ab", "abc"]),
        ("c <= :v", {"v": "b"}, ["a", "ab", "abc", "b"]),
        ("c > :v", {"v": "c"}, ["z", "é", "🎉"]),
        ("c >= :v", {"v": "é"}, ["é", "🎉"]),
        ("c BETWEEN :v AND :w", {"v": "ab", "w": "ba"}, ["ab", "abc", "b", "ba"]),
        ("c BETWEEN :v AND :w", {"v": "aa", "w": "aa"}, []),
        ("begins_with(c, :v)", {"v": "ab"}, ["ab", "abc"]),
        ("begins_with(c, :v)", {"v": "é"}, ["é"]),
        ("(c = :v)", {"v": "z"}, ["z"]),
        (":v < c", {"v": "z"}, ["é", "🎉"]),
        (":v >= c", {"v": "a"}, ["a"]),
    ],
)
def test_sort_key_conditions(letters, condition, values, found):
    assert letters(condition, values=values) == sorted(found, key=str.encode)


def test_the_order_of_the_two_conditions_does_not_matter(ddb, range_table, letters):
    reply = ddb.query(
        TableName=range_table,
        KeyConditionExpression="(c > :c) AND :p = p",
        ExpressionAttributeValues={":p": S("letters"), ":c": S("é")},
    )
    assert [item["c"]["S"] for item in reply["Items"]] == ["🎉"]


def test_names_may_be_placeholders(ddb, range_table, letters):
    reply = ddb.query(
        TableName=range_table,
        KeyConditionExpression="#p = :p AND begins_with(#c, :c)",
        ExpressionAttributeNames={"#p": "p", "#c": "c"},
        ExpressionAttributeValues={":p": S("letters"), ":c": S("b")},
    )
    assert [item["c"]["S"] for item in reply["Items"]] == ["b", "ba"]


def test_numbers_sort_by_value(ddb, number_range_table, p):
    numbers = ["-1E125", "-100", "-9.5", "-1", "-0.001", "0", "1E-130", "0.5", "1", "9", "10", "100.1", "1E125"]
    for number in reversed(numbers):
        ddb.put_item(TableName=number_range_table, Item={"p": S(p), "c": N(number)})
    reply = ddb.query(TableName=number_range_table, KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": S(p)})
    assert [float(item["c"]["N"]) for item in reply["Items"]] == [float(number) for number in numbers]
    reply = ddb.query(
        TableName=number_range_table,
        KeyConditionExpression="p = :p AND c BETWEEN :a AND :b",
        ExpressionAttributeValues={":p": S(p), ":a": N("-1.0"), ":b": N("0.50")},
    )
    assert [item["c"]["N"] for item in reply["Items"]][0::4] == ["-1", "0.5"]


def test_bytes_sort_unsigned(ddb, binary_range_table, p):
    keys = [b"\x00", b"\x00\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\xff\x00"]
    for key in reversed(keys):
        ddb.put_item(TableName=binary_range_table, Item={"p": S(p), "c": B(key)})
    reply = ddb.query(TableName=binary_range_table, KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": S(p)})
    assert [item["c"]["B"] for item in reply["Items"]] == keys
    reply = ddb.query(
        TableName=binary_range_table,
        KeyConditionExpression="p = :p AND begins_with(c, :c)",
        ExpressionAttributeValues={":p": S(p), ":c": B(b"\xff")},
    )
    assert [item["c"]["B"] for item in reply["Items"]] == [b"\xff", b"\xff\x00"]


def test_a_table_without_sort_key_can_be_queried(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p)})
    reply = ddb.query(TableName=table, KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": S(p)})
    assert reply["Items"] == [{"p": S(p)}]
    assert (reply["Count"], reply["ScannedCount"]) == (1, 1)
    assert "LastEvaluatedKey" not in reply


def test_an_empty_partition_is_an_empty_page(ddb, range_table, p):
    reply = ddb.query(TableName=range_table, KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": S(p)})
    assert (reply["Items"], reply["Count"], reply["ScannedCount"]) == ([], 0, 0)
    assert "LastEvaluatedKey" not in reply


# --- What a key condition cannot be ---


@pytest.mark.parametrize(
    "expression, text",
    [
        ("c = :v", "Query condition missed key schema element: p"),
        ("a = :v", "Query condition missed key schema element: p"),
        ("p > :v", "Query key condition not supported"),
        ("p = :v OR c = :v", "Invalid operator used in KeyConditionExpression: OR"),
        ("NOT p = :v", "Invalid operator used in KeyConditionExpression: NOT"),
        ("p = :v AND c IN (:v)", "Invalid operator used in KeyConditionExpression: IN"),
        ("p = :v AND c <> :v", "Invalid operator used in KeyConditionExpression: <>"),
        ("p = :v AND contains(c, :v)", "Invalid operator used in KeyConditionExpression: contains"),
        ("p = :v AND attribute_exists(c)", "Invalid operator used in KeyConditionExpression: attribute_exists"),
        ("p = :v AND p = :v", "KeyConditionExpressions must only contain one condition per key"),
        ("p = :v AND c = :v AND a = :v", "Conditions can be of length 1 or 2 only"),
        ("p = :v AND c.x = :v", "KeyConditionExpressions cannot have conditions on nested attributes"),
        ("p = :v AND size(c) = :v", "KeyConditionExpressions cannot contain nested operations"),
        ("p = :v AND c = a", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
        ("p = :v AND :v = :v", "Invalid condition in KeyConditionExpression: No key attribute specified"),
        ("p = :v AND begins_with(:v, c)", "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand"),
    ],
)
def test_what_is_no_key_condition_is_refused(ddb, range_table, expression, text):
    with invalid(text):
        ddb.query(TableName=range_table, KeyConditionExpression=expression, ExpressionAttributeValues={":v": S("x")})


def test_a_condition_is_required(ddb, range_table):
    with invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."):
        ddb.query(TableName=range_table)


def test_values_have_the_type_of_the_key(ddb, range_table, number_range_table, p):
    with invalid("One or more parameter values were invalid: Condition parameter type does not match schema type"):
        ddb.query(TableName=range_table, KeyConditionExpression="p = :v", ExpressionAttributeValues={":v": N(1)})
    with invalid("One or more parameter values were invalid: Condition parameter type does not match schema type"):
        ddb.query(
            TableName=range_table,
            KeyConditionExpression="p = :p AND c < :v",
            ExpressionAttributeValues={":p": S(p), ":v": N(1)},
        )
    with invalid():
        ddb.query(
            TableName=number_range_table,
            KeyConditionExpression="p = :p AND begins_with(c, :v)",
            ExpressionAttributeValues={":p": S(p), ":v": N(1)},
        )


def test_key_values_are_not_empty(ddb, range_table):
    with invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p"):
        ddb.query(TableName=range_table, KeyConditionExpression="p = :v", ExpressionAttributeValues={":v": S("")})


# --- Filters, Select ---


@pytest.fixture(scope="module")
def numbered(ddb, range_table):
    for i in range(10):
        ddb.put_item(TableName=range_table, Item={"p": S("numbered"), "c": S(f"{i}"), "i": N(i), "m": M(a=N(i))})
    return {"TableName": range_table, "KeyConditionExpression": "p = :p"}


def test_a_filter_drops_after_reading(ddb, numbered):
    reply = ddb.query(**numbered, FilterExpression="i >= :i", ExpressionAttributeValues={":p": S("numbered"), ":i": N(7)})
    assert [item["i"]["N"] for item in reply["Items"]] == ["7", "8", "9"]
    assert (reply["Count"], reply["ScannedCount"]) == (3, 10)


def test_a_filter_may_not_look_at_keys(ddb, numbered):
    for expression, name in (("c > :i", "c"), (":i < c", "c"), ("attribute_exists(p)", "p"), ("i > :i AND c = i", "c")):
        values = {":p": S("numbered"), **({":i": N(7)} if ":i" in expression else {})}
        with invalid(f"Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}"):
            ddb.query(**numbered, FilterExpression=expression, ExpressionAttributeValues=values)


def test_count_returns_no_items(ddb, numbered):
    reply = ddb.query(
        **numbered, Select="COUNT", FilterExpression="i < :i", ExpressionAttributeValues={":p": S("numbered"), ":i": N(4)}
    )
    assert "Items" not in reply
    assert (reply["Count"], reply["ScannedCount"]) == (4, 10)


@pytest.mark.parametrize(
    "parameters, text",
    [
        (
            {"Select": "SPECIFIC_ATTRIBUTES"},
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
        ),
        (
            {"Select": "COUNT", "ProjectionExpression": "i"},
            "Cannot specify the ProjectionExpression when choosing to get only the Count",
        ),
        (
            {"Select": "ALL_ATTRIBUTES", "ProjectionExpression": "i"},
            "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES",
        ),
        (
            {"Select": "ALL_PROJECTED_ATTRIBUTES"},
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
        ),
        ({"Select": "EVERYTHING"}, "at 'select' failed to satisfy constraint: Member must satisfy enum value set"),
        ({"Limit": 0}, "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ({"IndexName": "nope"}, "The table does not have the specified index: nope"),
        ({"FilterExpression": ""}, "Invalid FilterExpression: The expression can not be empty;"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(ddb, numbered, parameters, text):
    with invalid(text):
        ddb.query(**numbered, ExpressionAttributeValues={":p": S("numbered")}, **parameters)


def test_specific_attributes_are_what_a_projection_means(ddb, numbered):
    reply = ddb.query(
        **numbered,
        Select="SPECIFIC_ATTRIBUTES",
        ProjectionExpression="m.a",
        Limit=1,
        ExpressionAttributeValues={":p": S("numbered")},
    )
    assert reply["Items"] == [{"m": M(a=N(0))}]
