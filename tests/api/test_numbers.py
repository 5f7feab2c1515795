"""Numbers: 38 digits, plain decimals. Source: Developer Guide, "Data types", "Number"."""

import pytest
from support import get, invalid
from values import L, M, N, NS, S

NINES = "9" * 38


STORED = [
    ("0", "0"),
    ("-0", "0"),
    ("0.0", "0"),
    ("0e5", "0"),
    ("1.0", "1"),
    ("1.10", "1.1"),
    ("+3", "3"),
    ("007", "7"),
    (".5", "0.5"),
    ("5.", "5"),
    ("1e3", "1000"),
    ("1E+3", "1000"),
    ("1e-3", "0.001"),
    ("-1.5e1", "-15"),
    ("123456789012345678901234567890.12345678", "123456789012345678901234567890.12345678"),
    (NINES, NINES),
    ("-" + NINES, "-" + NINES),
    ("0." + NINES, "0." + NINES),
    (NINES + "0000", NINES + "0000"),
    ("1e125", "1" + "0" * 125),
    ("-1e125", "-1" + "0" * 125),
    ("9.9999999999999999999999999999999999999E+125", NINES + "0" * 88),
    ("1e-130", "0." + "0" * 129 + "1"),
]


@pytest.mark.parametrize("written, stored", STORED)
def test_numbers_are_stored_as_plain_decimals(ddb, table, p, written, stored):
    ddb.put_item(TableName=table, Item={"p": S(p), "n": N(written)})
    assert get(ddb, table, p=S(p))["n"] == N(stored)


@pytest.mark.not_on("local")
@pytest.mark.parametrize("written, stored", STORED)
def test_numbers_in_documents_and_sets_are_too(ddb, table, p, written, stored):
    ddb.put_item(TableName=table, Item={"p": S(p), "deep": L(M(n=N(written))), "set": NS(written)})
    item = get(ddb, table, p=S(p))
    assert item["deep"] == L(M(n=N(stored)))
    assert item["set"] == NS(stored)


@pytest.mark.parametrize("text", ["abc", "NaN", "Infinity", "-Infinity", "1_000", "1+2", "1e", "+e2", " 1", "1 ", "--1", "0x10", "1,5", "."])
def test_what_is_no_number_is_refused(ddb, table, p, text):
    with invalid(f"The parameter cannot be converted to a numeric value: {text}"):
        ddb.put_item(TableName=table, Item={"p": S(p), "n": N(text)})


def test_an_empty_number_is_refused(ddb, table, p):
    with invalid("The parameter cannot be converted to a numeric value"):
        ddb.put_item(TableName=table, Item={"p": S(p), "n": N("")})


@pytest.mark.parametrize("text", ["1" + NINES, "0.1" + NINES, "1." + NINES, "1" + "0" * 37 + "1"])
def test_more_than_38_digits_are_refused(ddb, table, p, text):
    with invalid("Attempting to store more than 38 significant digits in a Number"):
        ddb.put_item(TableName=table, Item={"p": S(p), "n": N(text)})


@pytest.mark.parametrize("text", ["1e126", "-1e126", "9.99e126", "1e999999999999"])
def test_too_large_a_number_is_refused(ddb, table, p, text):
    with invalid("Number overflow. Attempting to store a number with magnitude larger than supported range"):
        ddb.put_item(TableName=table, Item={"p": S(p), "n": N(text)})


@pytest.mark.parametrize("text", ["1e-131", "-1e-131", "9.9e-131"])
def test_too_small_a_number_is_refused(ddb, table, p, text):
    with invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range"):
        ddb.put_item(TableName=table, Item={"p": S(p), "n": N(text)})


@pytest.mark.parametrize(
    "start, operator, operand, result",
    [
        ("0.1", "+", "0.2", "0.3"),
        ("1", "-", "0.9", "0.1"),
        (NINES, "+", "-1", NINES[:-1] + "8"),
        ("1e125", "-", "1e125", "0"),
        ("-5", "+", "5", "0"),
        ("1e37", "+", "1", "1" + "0" * 36 + "1"),
        ("1e-130", "+", "1e-130", "0." + "0" * 129 + "2"),
    ],
)
def test_arithmetic_is_exact(ddb, table, p, start, operator, operand, result):
    ddb.put_item(TableName=table, Item={"p": S(p), "n": N(start)})
    ddb.update_item(
        TableName=table,
        Key={"p": S(p)},
        UpdateExpression=f"SET n = n {operator} :v",
        ExpressionAttributeValues={":v": N(operand)},
    )
    assert get(ddb, table, p=S(p))["n"] == N(result)


@pytest.mark.parametrize("start, operand", [("9e125", "9e125"), ("1e125", "1"), (NINES, "0.1")])
def test_a_result_out_of_range_is_refused(ddb, table, p, start, operand):
    ddb.put_item(TableName=table, Item={"p": S(p), "n": N(start)})
    with invalid("Number overflow"):
        ddb.update_item(
            TableName=table, Key={"p": S(p)}, UpdateExpression="ADD n :v", ExpressionAttributeValues={":v": N(operand)}
        )
    assert float(get(ddb, table, p=S(p))["n"]["N"]) == float(start)
