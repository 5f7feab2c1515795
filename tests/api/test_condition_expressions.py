"""Conditions: what is true of an item. Source: Developer Guide, "Condition and filter expressions, operators, and functions".

Every case is tried twice, as the condition of a write and as a filter, which must agree.
"""

import pytest
from support import invalid, refused
from values import B, BOOL, BS, L, M, N, NS, NULL, S, SS

ITEM = {
    "s": S("hello"),
    "n": N(5),
    "b": B(b"\x01\x80"),
    "yes": BOOL(True),
    "nothing": NULL,
    "ss": SS("a", "b"),
    "ns": NS(1, 2),
    "bs": BS(b"x"),
    "l": L(N(1), S("x"), M(k=N(1))),
    "m": M(a=N(1), deep=M(b=S("x"))),
    "text": S("é🎉"),
}
VALUES = {
    "hello": S("hello"),
    "hel": S("hel"),
    "z": S("z"),
    "a": S("a"),
    "x": S("x"),
    "k": S("k"),
    "empty": S(""),
    "one": N(1),
    "two": N(2),
    "three": N(3),
    "five": N(5),
    "fiveish": N("5.00"),
    "six": N(6),
    "ten": N(10),
    "b1": B(b"\x01\x80"),
    "b1prefix": B(b"\x01"),
    "b17f": B(b"\x01\x7f"),
    "bx": B(b"x"),
    "yes": BOOL(True),
    "no": BOOL(False),
    "nothing": NULL,
    "ab": SS("b", "a"),
    "justa": SS("a"),
    "list": L(N("1.0"), S("x"), M(k=N("1.0"))),
    "shorter": L(N(1)),
    "map": M(deep=M(b=S("x")), a=N("1.0")),
    "mk": M(k=N(1)),
    "S": S("S"),
    "N": S("N"),
    "BOOL": S("BOOL"),
    "NULL": S("NULL"),
    "L": S("L"),
    "M": S("M"),
    "SS": S("SS"),
}
NAMES = {"#yes": "yes", "#nothing": "nothing", "#text": "text", "#absent": "not there", "#s": "s", "#n": "n"}

TRUE = """
s = :hello
n = :five
n = :fiveish
b = :b1
#yes = :yes
#nothing = :nothing
ss = :ab
l = :list
m = :map
m.deep.b = :x
l[2].k = :one
:hello = s
s <> :z
s <> :five
n <> :hello
#absent <> :hello
#absent <> #absent2
NOT #absent = :hello
NOT #absent < :five
n < :six
n <= :five
n > :one
n >= :five
s < :z
b > :b17f
n BETWEEN :one AND :five
n BETWEEN :five AND :five
s BETWEEN :hel AND :z
:five BETWEEN :one AND n
n IN (:one, :five)
s IN (:z, s2, :hello)
n IN (n2, :fiveish)
attribute_exists(s)
attribute_exists(m.deep.b)
attribute_exists(l[2].k)
attribute_exists(#nothing)
attribute_not_exists(#absent)
attribute_not_exists(m.nope)
attribute_not_exists(l[3])
attribute_not_exists(s.below)
attribute_type(s, :S)
attribute_type(n, :N)
attribute_type(#yes, :BOOL)
attribute_type(#nothing, :NULL)
attribute_type(l, :L)
attribute_type(m, :M)
attribute_type(ss, :SS)
begins_with(s, :hel)
begins_with(s, :empty)
begins_with(b, :b1prefix)
contains(s, :hel)
contains(s, :empty)
contains(b, :b1prefix)
contains(ss, :a)
contains(ns, :two)
contains(bs, :bx)
contains(l, :one)
contains(l, :x)
contains(l, :mk)
size(s) = :five
size(b) = :two
size(ss) = :two
size(l) = :three
size(m) = :two
size(#text) = :three
:five = size(s)
size(l) > size(ss)
size(:hello) = :five
s = :z OR n = :five
s = :hello AND n = :five
s = :z AND n = :one OR n = :five
NOT (s = :z)
not s = :z and NOT n = :one
NOT NOT s = :hello
(s = :z OR n = :five) AND #yes = :yes
s = :hello OR s = :hello AND s = :z
"""

FALSE = """
s = :z
s = :five
n = :hello
#absent = :hello
#absent < :five
#absent BETWEEN :one AND :five
#absent IN (:one)
begins_with(#absent, :hel)
contains(#absent, :hel)
size(#absent) = :five
l = :shorter
ss = :justa
s <> :hello
#yes <> :yes
#yes = :no
n < :five
n > :five
s > :z
s < :five
n BETWEEN :six AND :ten
s BETWEEN :one AND :five
n IN (:one, :two)
attribute_exists(#absent)
attribute_exists(s.below)
attribute_exists(l[3])
attribute_not_exists(s)
attribute_type(s, :N)
attribute_type(#absent, :S)
begins_with(s, :z)
begins_with(n, :hel)
contains(s, :z)
contains(m, :a)
contains(ss, :z)
contains(ss, :one)
contains(ss, :ab)
contains(l, :two)
contains(n, :five)
contains(:one, s)
contains(:map, s)
contains(size(s), n)
size(n) = :one
size(#yes) = :one
size(s) = :six
l < n
#yes < n
NOT s = :hello
NOT #absent <> :hello
s = :hello AND n = :one
"""


def cases(text):
    return [line for line in text.strip().splitlines()]


def placeholders(expression):
    names = {name: target for name, target in {**NAMES, "#absent2": "not there either"}.items() if mentions(expression, name)}
    values = {":" + name: value for name, value in VALUES.items() if mentions(expression, ":" + name)}
    return {
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
    }


def mentions(expression, placeholder):
    """Whether the whole placeholder occurs, not just the beginning of a longer one."""
    at = expression.find(placeholder)
    while at >= 0:
        after = expression[at + len(placeholder) : at + len(placeholder) + 1]
        if not (after.isalnum() or after == "_"):
            return True
        at = expression.find(placeholder, at + 1)
    return False


@pytest.fixture(scope="module")
def held(ddb, table):
    """The key of an item that stays as it is."""
    key = {"p": S("conditions")}
    ddb.put_item(TableName=table, Item={**key, **ITEM})
    return key


def holds_for_write(ddb, table, key, expression):
    try:
        ddb.update_item(TableName=table, Key=key, ConditionExpression=expression, **placeholders(expression))
        return True
    except ddb.exceptions.ConditionalCheckFailedException:
        return False


def holds_for_filter(ddb, table, key, expression):
    extra = placeholders(expression)
    values = {**extra.pop("ExpressionAttributeValues", {}), ":key": key["p"]}
    reply = ddb.query(
        TableName=table,
        KeyConditionExpression="p = :key",
        FilterExpression=expression,
        ConsistentRead=True,
        ExpressionAttributeValues=values,
        **extra,
    )
    assert reply["ScannedCount"] == 1
    return reply["Count"] == 1


@pytest.mark.parametrize("expression", cases(TRUE))
def test_is_true(ddb, table, held, expression):
    assert holds_for_write(ddb, table, held, expression)
    assert holds_for_filter(ddb, table, held, expression)


@pytest.mark.parametrize("expression", cases(FALSE))
def test_is_false(ddb, table, held, expression):
    assert not holds_for_write(ddb, table, held, expression)
    assert not holds_for_filter(ddb, table, held, expression)


@pytest.mark.parametrize(
    "expression, holds",
    [
        ("attribute_not_exists(p)", True),
        ("attribute_exists(p)", False),
        ("s = :hello", False),
        ("s <> :hello", True),
        ("NOT s = :hello", True),
        ("size(s) = :five", False),
    ],
)
def test_a_missing_item_has_no_attributes(ddb, table, p, expression, holds):
    extra = placeholders(expression)
    if holds:
        ddb.put_item(TableName=table, Item={"p": S(p)}, ConditionExpression=expression, **extra)
    else:
        with refused("ConditionalCheckFailedException"):
            ddb.put_item(TableName=table, Item={"p": S(p)}, ConditionExpression=expression, **extra)


@pytest.mark.parametrize(
    "expression, text",
    [
        ("s < :list", "Incorrect operand type for operator or function; operator or function: <, operand type: L"),
        ("s >= :yes", "Incorrect operand type for operator or function; operator or function: >=, operand type: BOOL"),
        ("n BETWEEN :one AND :z", "The BETWEEN operator requires same data type for lower and upper bounds"),
        ("n BETWEEN :five AND :one", "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"),
        ("begins_with(s, :one)", "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"),
        ("size(:one) = :one", "Incorrect operand type for operator or function; operator or function: size, operand type: N"),
        ("s = s", "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [s]"),
        ("contains(s, s)", "The first operand must be distinct from the remaining operands"),
        ("size(s)", "The function is not allowed to be used this way in an expression; function: size"),
        ("attribute_exists(s) = :yes", "The function is not allowed to be used this way in an expression"),
        ("attribute_exists(:yes)", "Operator or function requires a document path; operator or function: attribute_exists"),
        ("attribute_type(s, :hello)", "Invalid attribute type name found; type: hello, valid types: {"),
        ("attribute_type(s, :one)", "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N"),
        ("if_not_exists(s, :one) = :one", "The function is not allowed in a condition expression; function: if_not_exists"),
        ("foo(s)", "Invalid function name; function: foo"),
        ("Size(s) = :one", "Invalid function name; function: Size"),
        ("contains(s)", "Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1"),
        ("attribute_exists(s, n)", "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2"),
    ],
)
def test_what_can_never_be_right_is_refused(ddb, table, held, expression, text):
    with invalid("Invalid ConditionExpression: ", text):
        holds_for_write(ddb, table, held, expression)
    with invalid("Invalid FilterExpression: ", text):
        holds_for_filter(ddb, table, held, expression)


def test_filters_are_checked_even_if_no_item_is_looked_at(ddb, table, p):
    with invalid("Invalid function name; function: foo"):
        holds_for_filter(ddb, table, {"p": S(p)}, "foo(s)")


def test_a_condition_may_look_at_keys(ddb, range_table, p):
    key = {"p": S(p), "c": S("b")}
    ddb.put_item(TableName=range_table, Item=key)
    ddb.delete_item(
        TableName=range_table, Key=key, ConditionExpression="c > :a AND p = :p", ExpressionAttributeValues={":a": S("a"), ":p": S(p)}
    )
