"""UpdateItem and update expressions. Source: Developer Guide, "Using update expressions in DynamoDB"."""

import pytest
from support import get, invalid, refused
from values import B, BOOL, BS, L, M, N, NS, NULL, S, SS


@pytest.fixture
def update(ddb, table, p):
    """update("SET a = :v", v=N(1), names={"#n": "x"}) updates this test's item; returns the reply."""

    def run(expression, names=None, condition=None, more=None, **values):
        parameters = {"TableName": table, "Key": {"p": S(p)}, "UpdateExpression": expression}
        if names:
            parameters["ExpressionAttributeNames"] = names
        if values:
            parameters["ExpressionAttributeValues"] = {":" + name: value for name, value in values.items()}
        if condition:
            parameters["ConditionExpression"] = condition
        return ddb.update_item(**parameters, **(more or {}))

    return run


@pytest.fixture
def put(ddb, table, p):
    return lambda **attributes: ddb.put_item(TableName=table, Item={"p": S(p), **attributes})


@pytest.fixture
def item(ddb, table, p):
    """The item's attributes without its key; None when there is no item."""

    def read():
        found = get(ddb, table, p=S(p))
        return None if found is None else {name: value for name, value in found.items() if name != "p"}

    return read


# --- Creating items ---


def test_an_update_creates_a_missing_item(update, item):
    update("SET a = :v", v=S("x"))
    assert item() == {"a": S("x")}


def test_an_update_without_anything_creates_the_key(ddb, table, p, item):
    ddb.update_item(TableName=table, Key={"p": S(p)})
    assert item() == {}


@pytest.mark.not_on("local")
def test_a_removal_alone_creates_nothing(update, item):
    update("REMOVE a")
    assert item() is None
    update("DELETE a :v", v=SS("x"))
    assert item() is None


def test_add_creates_a_missing_item(update, item):
    update("ADD n :one, s :set", one=N(1), set=SS("a"))
    assert item() == {"n": N(1), "s": SS("a")}


# --- SET ---


def test_set_replaces_and_adds(put, update, item):
    put(a=S("old"), b=S("kept"))
    update("SET a = :a, c = :c", a=N(1), c=L())
    assert item() == {"a": N(1), "b": S("kept"), "c": L()}


def test_right_hand_sides_see_the_old_item(put, update, item):
    put(a=N(1), b=N(2))
    update("SET a = b, b = a")
    assert item() == {"a": N(2), "b": N(1)}


def test_set_and_remove_move_an_attribute(put, update, item):
    put(a=S("x"))
    update("SET b = a REMOVE a")
    assert item() == {"b": S("x")}


@pytest.mark.parametrize(
    "expression, result", [("n + :v", "13"), ("n - :v", "7"), (":v - n", "-7"), (":v + :v", "6"), ("n + n", "20")]
)
def test_set_does_arithmetic(put, update, item, expression, result):
    put(n=N(10))
    if ":v" in expression:
        update("SET r = " + expression, v=N(3))
    else:
        update("SET r = " + expression)
    assert item()["r"] == N(result)


def test_a_sum_may_stand_in_parentheses(put, update, item):
    put(n=N(10))
    update("SET a = (n + :v), b = (n) - (:v)", v=N(3))
    assert item() == {"n": N(10), "a": N(13), "b": N(7)}


def test_if_not_exists_keeps_what_is_there(put, update, item):
    put(a=S("there"))
    update("SET a = if_not_exists(a, :v), b = if_not_exists(b, :v), c = if_not_exists(a, :v)", v=S("new"))
    assert item() == {"a": S("there"), "b": S("new"), "c": S("there")}


def test_if_not_exists_counts(update, item):
    for _ in range(3):
        update("SET n = if_not_exists(n, :zero) + :one", zero=N(0), one=N(1))
    assert item() == {"n": N(3)}


def test_list_append_goes_both_ways(put, update, item):
    put(l=L(N(2)))
    update("SET l = list_append(l, :v)", v=L(N(3)))
    update("SET l = list_append(:v, l)", v=L(N(1)))
    assert item() == {"l": L(N(1), N(2), N(3))}


def test_list_append_to_what_may_be_missing(update, item):
    for i in range(2):
        update("SET l = list_append(if_not_exists(l, :none), :v)", none=L(), v=L(N(i)))
    assert item() == {"l": L(N(0), N(1))}


def test_nested_paths_are_set(put, update, item):
    put(m=M(a=M(b=L(N(1), M(c=S("x"))))))
    update("SET m.a.b[1].c = :v, m.#new = :v", names={"#new": "d.e"}, v=S("y"))
    assert item() == {"m": {"M": {"a": M(b=L(N(1), M(c=S("y")))), "d.e": S("y")}}}


def test_a_list_grows_at_its_end(put, update, item):
    put(l=L(N(0)))
    update("SET l[10] = :x, l[8] = :y", x=S("x"), y=S("y"))
    assert item() == {"l": L(N(0), S("y"), S("x"))}


@pytest.mark.parametrize("path", ["absent.a", "s.a", "l.a", "m[0]", "s[0]", "m.absent.a"])
def test_a_path_needs_its_parents(put, update, path):
    put(s=S("x"), l=L(N(1)), m=M())
    with invalid("The document path provided in the update expression is invalid for update"):
        update("SET " + path + " = :v", v=N(1))


@pytest.mark.parametrize("right", ["absent", "absent + :v", "list_append(absent, :l)", "m.absent"])
def test_operands_must_exist(put, update, right):
    put(m=M())
    values = {"v": N(1)} if ":v" in right else {"l": L()} if ":l" in right else {}
    with invalid("The provided expression refers to an attribute that does not exist in the item"):
        update("SET a = " + right, **values)


def test_arithmetic_wants_numbers(put, update):
    put(s=S("x"), n=N(1))
    with invalid("Incorrect operand type for operator or function; operator or function: +, operand type: S"):
        update("SET a = n + :v", v=S("1"))
    with invalid("An operand in the update expression has an incorrect data type"):
        update("SET a = s + :v", v=N(1))
    with invalid("Incorrect operand type for operator or function; operator or function: -, operand type: L"):
        update("SET a = n - :v", v=L())


def test_list_append_wants_lists(put, update):
    put(s=S("x"), l=L())
    with invalid("Incorrect operand type for operator or function; operator or function: list_append, operand type: S"):
        update("SET a = list_append(l, :v)", v=S("1"))
    with invalid("An operand in the update expression has an incorrect data type"):
        update("SET a = list_append(s, :v)", v=L())


# --- REMOVE ---


def test_remove_takes_attributes_and_nested_paths(put, update, item):
    put(a=S("x"), m=M(b=N(1), c=N(2)))
    update("REMOVE a, m.b, absent, m.absent")
    assert item() == {"m": M(c=N(2))}


def test_removed_elements_close_the_gap(put, update, item):
    put(l=L(*[N(i) for i in range(6)]))
    update("REMOVE l[1], l[3], l[99]")
    assert item() == {"l": L(N(0), N(2), N(4), N(5))}


def test_the_last_member_leaves_an_empty_map_or_list(put, update, item):
    put(m=M(a=N(1)), l=L(N(1)))
    update("REMOVE m.a, l[0]")
    assert item() == {"m": M(), "l": L()}


def test_removing_below_a_missing_parent_is_refused(put, update):
    put(a=S("x"))
    with invalid("The document path provided in the update expression is invalid for update"):
        update("REMOVE absent.b")


@pytest.mark.not_on("local")
def test_removing_below_a_missing_item_is_ignored(update, item):
    update("REMOVE absent.b")
    assert item() is None


# --- ADD ---


def test_add_adds_numbers(put, update, item):
    put(n=N("1.5"))
    update("ADD n :v, fresh :v", v=N("-2"))
    assert item() == {"n": N("-0.5"), "fresh": N("-2")}


def test_add_unites_sets(put, update, item):
    put(s=SS("a"), n=NS(1), b=BS(b"a"))
    update("ADD s :s, n :n, b :b", s=SS("a", "b"), n=NS("1.0", 2), b=BS(b"b"))
    found = item()
    assert sorted(found["s"]["SS"]) == ["a", "b"]
    assert sorted(found["n"]["NS"]) == ["1", "2"]
    assert sorted(found["b"]["BS"]) == [b"a", b"b"]


def test_add_reaches_into_documents(put, update, item):
    put(m=M(n=N(1)), l=L(N(5)))
    update("ADD m.n :v, m.fresh :v, l[0] :v", v=N(1))
    assert item() == {"m": M(n=N(2), fresh=N(1)), "l": L(N(6))}


@pytest.mark.parametrize(
    "value, word",
    [(S("x"), "STRING"), (B(b"x"), "BINARY"), (L(), "LIST"), (M(), "MAP"), (BOOL(True), "BOOLEAN"), (NULL, "NULL")],
    ids=["S", "B", "L", "M", "BOOL", "NULL"],
)
def test_add_wants_a_number_or_a_set(update, value, word):
    with invalid(
        "Incorrect operand type for operator or function; operator: ADD, operand type: "
        + word
        + ", typeSet: ALLOWED_FOR_ADD_OPERAND"
    ):
        update("ADD a :v", v=value)


def test_add_wants_what_is_there_to_be_of_the_same_type(put, update):
    put(s=S("x"), n=N(1), set=SS("a"))
    for expression, value in [("ADD s :v", N(1)), ("ADD n :v", SS("a")), ("ADD set :v", NS(1))]:
        with invalid("An operand in the update expression has an incorrect data type"):
            update(expression.replace("set", "#s"), names={"#s": "set"} if "set" in expression else None, v=value)


# --- DELETE ---


def test_delete_takes_members(put, update, item):
    put(s=SS("a", "b", "c"), n=NS(1, 2))
    update("DELETE s :s, n :n, absent :s", s=SS("a", "c", "z"), n=NS("2.0"))
    assert item() == {"s": SS("b"), "n": NS(1)}


def test_an_emptied_set_is_gone(put, update, item):
    put(s=SS("a"))
    update("DELETE s :s", s=SS("a"))
    assert item() == {}


def test_delete_wants_a_set(update):
    with invalid("operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"):
        update("DELETE a :v", v=N(1))


def test_delete_wants_a_set_of_the_same_type(put, update):
    put(s=SS("a"))
    with invalid("An operand in the update expression has an incorrect data type"):
        update("DELETE s :v", v=NS(1))


# --- Structure ---


def test_clauses_come_in_any_order_and_case(put, update, item):
    put(r=S("x"), d=SS("a", "b"), n=N(1))
    update("Remove r add n :n SET s = :s dElEtE d :d", n=N(1), s=S("y"), d=SS("a"))
    assert item() == {"n": N(2), "s": S("y"), "d": SS("b")}


def test_a_clause_comes_once(update):
    with invalid('Invalid UpdateExpression: The "SET" section can only be used once in an update expression;'):
        update("SET a = :v SET b = :v", v=N(1))


@pytest.mark.parametrize(
    "expression, one, two",
    [
        ("SET a = :v, a = :v", "[a]", "[a]"),
        ("SET a = :v REMOVE a", "[a]", "[a]"),
        ("SET a = :v, a.b = :v", "[a]", "[a, b]"),
        ("SET a.b[1] = :v, a.b[1].c = :v", "[a, b, [1]]", "[a, b, [1], c]"),
    ],
)
def test_paths_do_not_overlap(update, expression, one, two):
    with invalid(
        "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; "
        f"path one: {one}, path two: {two}"
    ):
        update(expression, v=N(1))


def test_paths_do_not_conflict(update):
    with invalid("Two document paths conflict with each other;", "path one: [a, b], path two: [a, [0]]"):
        update("SET a.b = :v, a[0] = :v", v=N(1))


def test_an_empty_expression_is_refused(update):
    with invalid("Invalid UpdateExpression: The expression can not be empty;"):
        update("")


@pytest.mark.parametrize(
    "expression, text",
    [
        ("SET a = attribute_exists(a)", "The function is not allowed in an update expression; function: attribute_exists"),
        ("SET a = foo(a)", "Invalid function name; function: foo"),
        ("SET a = list_append(a)", "Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1"),
        ("SET a = if_not_exists(:v, :v)", "Operator or function requires a document path; operator or function: if_not_exists"),
        ("SET a = if_not_exists(b, b)", "The first operand must be distinct from the remaining operands for this operator or function; operator: if_not_exists, first operand: [b]"),
        ("SET a = if_not_exists(a, list_append(b, b))", "The function is not allowed to be used this way in an expression; function: list_append"),
        ("SET a = list_append(b, b) + :v", "The function is not allowed to be used this way in an expression; function: list_append"),
        ("SET a = ((b + :v))", "The expression has redundant parentheses;"),
        ("SET remove = :v", 'Syntax error; token: "remove", near: "SET remove ="'),
        ("SET a :v", "Syntax error"),
        ("SET a = ", "Syntax error"),
        ("UPSERT a = :v", "Syntax error"),
        ("ADD a b", "Syntax error"),
        ("SET a = :v + :v + :v", "Syntax error"),
    ],
)
def test_malformed_updates_are_refused(update, expression, text):
    with invalid(text):
        update(expression, **({"v": N(1)} if ":v" in expression else {}))


# --- Keys, conditions, sizes ---


@pytest.mark.parametrize("expression", ["SET p = :v", "REMOVE p", "ADD p :n"])
def test_keys_are_not_updated(update, expression):
    value = {"v": S("x")} if ":v" in expression else {"n": N(1)} if ":n" in expression else {}
    with invalid("One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key"):
        update(expression, **value)


def test_the_key_must_fit_the_schema(ddb, table):
    with invalid("The provided key element does not match the schema"):
        ddb.update_item(TableName=table, Key={"p": N(1)}, UpdateExpression="REMOVE a")


def test_a_failed_condition_changes_nothing(put, update, item):
    put(a=N(1))
    with refused("ConditionalCheckFailedException", "The conditional request failed"):
        update("SET a = :v", condition="a = :v", v=N(2))
    assert item() == {"a": N(1)}


def test_a_condition_may_make_it_an_insert(update, item):
    update("SET a = :v", condition="attribute_not_exists(p)", v=N(1))
    with refused("ConditionalCheckFailedException"):
        update("SET a = :v", condition="attribute_not_exists(p)", v=N(2))
    assert item() == {"a": N(1)}


def test_unused_values_are_named(update):
    with invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}"):
        update("SET a = :v", v=N(1), w=N(2))


def test_conditions_are_decided_before_the_update_is_evaluated(put, update):
    put(a=S("x"))
    with refused("ConditionalCheckFailedException"):
        update("SET b = a + :v", condition="attribute_not_exists(a)", v=N(1))


def test_an_update_past_the_largest_item_is_refused(put, update):
    put(a=S("x" * 300_000))
    with invalid("Item size to update has exceeded the maximum allowed size"):
        update("SET b = :v", v=S("y" * 120_000))
