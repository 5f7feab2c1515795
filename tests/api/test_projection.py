"""Projection expressions. Source: Developer Guide, "Using projection expressions in DynamoDB"."""

import pytest
from support import invalid
from values import L, M, N, S

ITEM = {
    "a": S("x"),
    "l": L(N(0), N(1), M(k=N(2), j=N(3)), L(N(4), N(5))),
    "m": M(a=N(1), b=M(c=N(2), d=N(3))),
}


@pytest.fixture(scope="module")
def project(ddb, table):
    """project("a, b") reads an item that stays as it is; None stands for a reply without Item."""
    key = {"p": S("projection")}
    ddb.put_item(TableName=table, Item={**key, **ITEM})

    def run(expression, **names):
        extra = {"ExpressionAttributeNames": {"#" + name: target for name, target in names.items()}} if names else {}
        reply = ddb.get_item(TableName=table, Key=key, ProjectionExpression=expression, ConsistentRead=True, **extra)
        return reply.get("Item")

    return run


@pytest.mark.parametrize(
    "expression, item",
    [
        ("a", {"a": S("x")}),
        ("p, a", {"p": S("projection"), "a": S("x")}),
        ("m.a", {"m": M(a=N(1))}),
        ("m.b.c", {"m": M(b=M(c=N(2)))}),
        ("m.b.c, m.a", {"m": M(a=N(1), b=M(c=N(2)))}),
        ("l[1]", {"l": L(N(1))}),
        ("l[3], l[0]", {"l": L(N(0), L(N(4), N(5)))}),
        ("l[2].k", {"l": L(M(k=N(2)))}),
        ("l[2].k, l[2].j", {"l": L(M(k=N(2), j=N(3)))}),
        ("l[3][1], l[1]", {"l": L(N(1), L(N(5)))}),
        ("a, absent", {"a": S("x")}),
        ("l[99], m.absent, a.b, absent", {}),
        ("l.k, m[0]", {}),
    ],
)
def test_structure_is_kept_and_lists_are_compacted(project, expression, item):
    assert project(expression) == item


def test_keys_are_not_added(project):
    assert "p" not in project("a")


def test_names_may_be_placeholders(project):
    assert project("#m.#b.c", m="m", b="b") == {"m": M(b=M(c=N(2)))}


def test_a_missing_item_has_no_projection(ddb, table, p):
    assert "Item" not in ddb.get_item(TableName=table, Key={"p": S(p)}, ProjectionExpression="a")


@pytest.mark.parametrize("expression", ["a, a", "m, m.a", "m.b.c, m.b", "l[0], l[0]", "l, l[2].k"])
def test_paths_do_not_overlap(project, expression):
    with invalid("Invalid ProjectionExpression: Two document paths overlap with each other"):
        project(expression)


def test_paths_do_not_conflict(project):
    with invalid("Invalid ProjectionExpression: Two document paths conflict with each other"):
        project("m.a, m[0]")


def test_overlaps_are_refused_even_if_there_is_no_item(ddb, table, p):
    with invalid("Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]"):
        ddb.get_item(TableName=table, Key={"p": S(p)}, ProjectionExpression="a, a")


def test_an_empty_projection_is_refused(project):
    with invalid("Invalid ProjectionExpression: The expression can not be empty;"):
        project("")


def test_query_and_scan_project_alike(ddb, make_table, p):
    name = make_table("p:HASH c:RANGE", "p:S c:S")
    ddb.put_item(TableName=name, Item={"p": S(p), "c": S("1"), **ITEM})
    ddb.put_item(TableName=name, Item={"p": S(p), "c": S("2")})
    reply = ddb.query(
        TableName=name,
        KeyConditionExpression="p = :p",
        ProjectionExpression="m.a",
        ExpressionAttributeValues={":p": S(p)},
    )
    assert reply["Items"] == [{"m": M(a=N(1))}, {}], "an item without the attribute is an empty one"
    scanned = ddb.scan(
        TableName=name,
        ProjectionExpression="m.a",
    )
    assert sorted(scanned["Items"], key=len) == [{}, {"m": M(a=N(1))}]
