"""ExecuteStatement. Source: API Reference, "ExecuteStatement"; Developer Guide, "PartiQL - a SQL-compatible query language for Amazon
DynamoDB"."""

import pytest
from support import eventually, get, invalid, refused
from values import B, BS, L, M, N, NS, NULL, S, SS


@pytest.fixture
def run(ddb):
    """Executes a statement with its parameters; its items."""

    def run(statement, *parameters, **more):
        if parameters:
            more["Parameters"] = list(parameters)
        return ddb.execute_statement(Statement=statement, **more)["Items"]

    return run


def pages(ddb, statement, limit, **more):
    """The items of every page, page by page."""
    found = []
    while True:
        reply = ddb.execute_statement(Statement=statement, Limit=limit, **more)
        found.append(reply["Items"])
        assert "NextToken" in reply or "LastEvaluatedKey" not in reply
        if "NextToken" not in reply:
            return found
        more["NextToken"] = reply["NextToken"]


@pytest.fixture
def rows(ddb, indexed_table, p):
    """Five items of one partition: c = c0..c4, l = 0..4, g and h for the indexes."""
    for i in range(5):
        ddb.put_item(TableName=indexed_table, Item={"p": S(p), "c": S(f"c{i}"), "l": N(i), "g": S(p), "h": N(-i), "x": N(i % 2)})
    return p


# --- INSERT ---


def test_insert_takes_every_literal(ddb, run, table, p):
    literal = "{'p': ?, 's': 'it''s', 'n': -1.50, 'e': 1e3, 't': true, 'z': null, 'l': [1, ['x']], 'm': {'a': {'b': 2}}, 'ss': <<'a', 'b'>>, 'ns': <<1, 2>>}"
    assert run(f'INSERT INTO "{table}" VALUE {literal}', S(p)) == []
    assert get(ddb, table, p=S(p)) == {
        "p": S(p),
        "s": S("it's"),
        "n": N("-1.5"),
        "e": N("1000"),
        "t": {"BOOL": True},
        "z": NULL,
        "l": L(N(1), L(S("x"))),
        "m": M(a=M(b=N(2))),
        "ss": SS("a", "b"),
        "ns": NS(1, 2),
    }


def test_insert_takes_parameters_anywhere(ddb, run, table, p):
    run(f"INSERT INTO {table} VALUE {{'p': ?, 'l': [?, 2], 'm': {{'b': ?}}, 'bs': <<?, ?>>}}", S(p), N(1), B(b"\x01"), B(b"x"), B(b"y"))
    assert get(ddb, table, p=S(p)) == {"p": S(p), "l": L(N(1), N(2)), "m": M(b=B(b"\x01")), "bs": BS(b"x", b"y")}


def test_insert_never_replaces(ddb, run, table, p):
    run(f"INSERT INTO {table} VALUE {{'p': ?, 'a': 1}}", S(p))
    with refused("DuplicateItemException", "Duplicate primary key exists in table"):
        run(f"INSERT INTO {table} VALUE {{'p': ?, 'a': 2}}", S(p))
    assert get(ddb, table, p=S(p))["a"] == N(1)


def test_insert_needs_its_key(run, range_table, p):
    with invalid("One or more parameter values were invalid: Missing the key c in the item"):
        run(f"INSERT INTO {range_table} VALUE {{'p': ?}}", S(p))
    with invalid("Type mismatch for key p expected: S actual: N"):
        run(f"INSERT INTO {range_table} VALUE {{'p': 1, 'c': 'c'}}")


# --- SELECT ---


def test_select_of_a_whole_key(run, indexed_table, rows):
    assert run(f"SELECT * FROM {indexed_table} WHERE p = '{rows}' AND c = 'c1'")[0]["l"] == N(1)
    assert run(f"SELECT * FROM {indexed_table} WHERE p = ? AND c = ?", S(rows), S("none")) == []
    assert run(f"SELECT c FROM {indexed_table} WHERE c = ? AND p = ? AND l > 3", S("c1"), S(rows)) == []


@pytest.mark.parametrize(
    "condition, expected",
    [
        ("c > 'c2'", "34"),
        ("c >= 'c1' AND c < 'c3'", "12"),
        ("'c3' <= c", "34"),
        ("c BETWEEN 'c1' AND 'c2'", "12"),
        ("c NOT BETWEEN 'c1' AND 'c2'", "034"),
        ("begins_with(c, 'c')", "01234"),
        ("c IN ['c0', 'c4', 'zz']", "04"),
        ("c IN ('c0', 'c4')", "04"),
        ("l = 1 OR l = 2", "12"),
        ("NOT l = 1", "0234"),
        ("l <> 1 AND l != 2", "034"),
        ("missing_one IS MISSING", "01234"),
        ("x IS NOT MISSING AND NOT (x = 1)", "024"),
        ("x IS NULL", ""),
        ("attribute_type(l, 'N') AND contains(c, '3')", "3"),
        ("SIZE(c) = 2 and l < x", ""),
        ("l = x", "01"),
    ],
)
def test_conditions(run, indexed_table, rows, condition, expected):
    found = run(f"SELECT c FROM {indexed_table} WHERE p = ? AND ({condition})", S(rows))
    assert "".join(item["c"]["S"][1:] for item in found) == expected


def test_columns_are_named_for_their_last_step(ddb, run, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "m": M(x=M(y=S("deep"))), "l": L(N(0), M(z=N(1))), "a b": N(2)})
    found = run(f"SELECT m.x.y, l[1], l[1].z, \"a b\", nothing, m['x'] FROM \"{table}\" WHERE p = ?", S(p))
    assert found == [{"y": S("deep"), "l[1]": M(z=N(1)), "z": N(1), "a b": N(2), "x": M(y=S("deep"))}]
    assert run(f"SELECT nothing FROM {table} WHERE p = ?", S(p)) == [{}]


def test_several_partition_keys(ddb, run, table, p):
    for suffix in "abc":
        ddb.put_item(TableName=table, Item={"p": S(p + suffix)})
    keys = f"['{p}c', '{p}none', '{p}a', '{p}c']"
    assert run(f"SELECT p FROM {table} WHERE p IN {keys}") == [{"p": S(p + "c")}, {"p": S(p + "a")}]
    assert run(f"SELECT p FROM {table} WHERE p IN {keys} ORDER BY p DESC") == [{"p": S(p + "c")}, {"p": S(p + "a")}]
    assert run(f"SELECT p FROM {table} WHERE p = '{p}b' OR p = '{p}a' ORDER BY p") == [{"p": S(p + "a")}, {"p": S(p + "b")}]
    with invalid("50"):
        run(f"SELECT p FROM {table} WHERE p IN [{', '.join(str(i).join(chr(39) * 2) for i in range(51))}]")


def test_key_reads_read_no_more(ddb, table, p):
    for suffix in "abc":
        ddb.put_item(TableName=table, Item={"p": S(p + suffix)})
    reply = ddb.execute_statement(
        Statement=f"SELECT * FROM {table} WHERE p IN ['{p}a', '{p}b']", ReturnConsumedCapacity="TOTAL", ConsistentRead=True
    )
    assert reply["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": 2.0}


def test_a_scan_finds_what_no_key_tells(ddb, make_table, run):
    name = make_table()
    for i in range(4):
        ddb.put_item(TableName=name, Item={"p": S(str(i)), "n": N(i)})
    assert sorted(item["p"]["S"] for item in run(f"SELECT p FROM {name} WHERE n > 1")) == ["2", "3"]
    assert len(run(f"SELECT * FROM {name}")) == 4
    assert len(run(f"SELECT * FROM {name} -- all of them\n;")) == 4


def test_order(run, indexed_table, rows):
    backwards = run(f"SELECT c FROM {indexed_table} WHERE p = ? ORDER BY c DESC", S(rows))
    assert [item["c"]["S"] for item in backwards] == ["c4", "c3", "c2", "c1", "c0"]
    with invalid("Must have WHERE clause in the statement when using ORDER BY clause."):
        run(f"SELECT c FROM {indexed_table} ORDER BY c")
    with invalid("Variable reference x in ORDER BY clause must be part of the primary key"):
        run(f"SELECT c FROM {indexed_table} WHERE p = ? ORDER BY x", S(rows))
    with invalid("Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."):
        run(f"SELECT c FROM {indexed_table} WHERE x = 1 ORDER BY c")


def test_order_over_several_partitions(ddb, number_range_table, p):
    for i in range(7):
        ddb.put_item(TableName=number_range_table, Item={"p": S(p + "ab"[i % 2]), "c": N(i), "odd": N(i % 2)})
    statement = f"SELECT c FROM {number_range_table} WHERE p IN ['{p}a', '{p}b'] AND c > 0 ORDER BY c DESC"
    for limit in (1, 2, 3, 10):
        found = pages(ddb, statement, limit)
        assert [int(item["c"]["N"]) for page in found for item in page] == [6, 5, 4, 3, 2, 1]
        assert all(len(page) <= limit for page in found)


# --- Indexes ---


def test_indexes(run, indexed_table, rows):
    g = S(rows)
    by_g = f'SELECT h FROM "{indexed_table}"."by_g" WHERE g = ? ORDER BY h'
    eventually(lambda: [i["h"]["N"] for i in run(by_g, g)], ["-4", "-3", "-2", "-1", "0"])
    global_keys = f"SELECT * FROM {indexed_table}.global_keys WHERE g = ?"
    eventually(lambda: [set(item) for item in run(global_keys, g)], [{"p", "c", "g"}] * 5)
    eventually(lambda: len(run(f"SELECT * FROM {indexed_table}.global_include WHERE g = ? AND x = 1", g)), 2)
    with invalid("Global secondary index global_keys does not project [x]"):
        run(f"SELECT x FROM {indexed_table}.global_keys WHERE g = ?", g)
    # A local index fetches from the table what it does not have.
    assert run(f"SELECT x FROM {indexed_table}.local_keys WHERE p = ? AND l = 3", g) == [{"x": N(1)}]
    assert set(run(f"SELECT * FROM {indexed_table}.local_keys WHERE p = ? AND l = 3", g)[0]) == {"p", "c", "l"}
    assert set(run(f"SELECT * FROM {indexed_table}.local_keys WHERE p = ? AND l = 3 AND x = 1", g)[0]) == {"p", "c", "l"}


def test_index_errors(run, indexed_table, rows):
    with invalid("The table does not have the specified index: nope"):
        run(f"SELECT * FROM {indexed_table}.nope WHERE g = 'x'")
    with invalid("Strongly consistent read is not supported on Global Secondary Indexes"):
        run(f"SELECT g FROM {indexed_table}.by_g WHERE g = 'x'", ConsistentRead=True)
    for statement in (
        f"INSERT INTO {indexed_table}.by_g VALUE {{'p': 'a'}}",
        f"UPDATE {indexed_table}.by_g SET a = 1 WHERE p = 'a' AND c = 'c'",
        f"DELETE FROM {indexed_table}.by_g WHERE p = 'a' AND c = 'c'",
    ):
        with invalid("This operation is not supported on an index"):
            run(statement)


# --- Pages ---


def test_limit_counts_what_is_evaluated(ddb, indexed_table, rows):
    found = pages(ddb, f"SELECT c FROM {indexed_table} WHERE p = '{rows}' AND x = 1", 2)
    assert [item["c"]["S"] for page in found for item in page] == ["c1", "c3"]
    assert [len(page) for page in found] == [1, 1, 0]


def test_pages_of_keys_and_of_several_collections(ddb, indexed_table, table, rows, p):
    for suffix in "abc":
        ddb.put_item(TableName=table, Item={"p": S(p + suffix)})
    found = pages(ddb, f"SELECT p FROM {table} WHERE p IN ['{p}a', '{p}b', '{p}c']", 2)
    assert [[item["p"]["S"][-1] for item in page] for page in found] == [["a", "b"], ["c"]]
    ddb.put_item(TableName=indexed_table, Item={"p": S(p + "2"), "c": S("c9")})
    found = pages(ddb, f"SELECT c FROM {indexed_table} WHERE p IN ['{rows}', '{p}2']", 3)
    assert [item["c"]["S"] for page in found for item in page] == ["c0", "c1", "c2", "c3", "c4", "c9"]


def test_a_token_belongs_to_its_statement(ddb, indexed_table, rows):
    statement = f"SELECT c FROM {indexed_table} WHERE p = ?"
    token = ddb.execute_statement(Statement=statement, Parameters=[S(rows)], Limit=1)["NextToken"]
    with invalid("NextToken does not match request"):
        ddb.execute_statement(Statement=statement, Parameters=[S("other")], NextToken=token)
    with invalid("NextToken does not match request"):
        ddb.execute_statement(Statement=statement + " ", Parameters=[S(rows)], NextToken=token)
    for broken in ("garbage", token[:-4], token[:20] + ("A" if token[20] != "A" else "B") + token[21:]):
        with invalid("Invalid NextToken"):
            ddb.execute_statement(Statement=statement, Parameters=[S(rows)], NextToken=broken)


def test_pages_end_at_a_megabyte(ddb, make_table):
    name = make_table("p:HASH c:RANGE", "p:S c:N")
    for c in range(4):
        ddb.put_item(TableName=name, Item={"p": S("a"), "c": N(c), "x": S("x" * 390_000)})
    reply = ddb.execute_statement(Statement=f"SELECT c FROM {name} WHERE p = 'a'")
    assert [item["c"]["N"] for item in reply["Items"]] == ["0", "1", "2"]
    reply = ddb.execute_statement(Statement=f"SELECT c FROM {name} WHERE p = 'a'", NextToken=reply["NextToken"])
    assert [item["c"]["N"] for item in reply["Items"]] == ["3"]


# --- UPDATE and DELETE ---


def test_update(ddb, run, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "n": N(1), "l": L(N(1)), "s": SS("a", "b"), "m": M(x=N(1), y=N(2)), "gone": N(1)})
    run(
        f"UPDATE {table} SET n = n + 10, copy = n SET l = list_append(l, [2, ?]) SET s = set_add(s, <<'c'>>) SET m.x = 5 - n "
        f"SET d = if_not_exists(d, 0) + 1 REMOVE gone REMOVE m.y WHERE p = ?",
        N(3),
        S(p),
    )
    assert get(ddb, table, p=S(p)) == {
        "p": S(p),
        "n": N(11),
        "copy": N(1),
        "l": L(N(1), N(2), N(3)),
        "s": {"SS": ["a", "b", "c"]},
        "m": M(x=N(4)),
        "d": N(1),
    }
    run(f"UPDATE {table} SET s = set_delete(s, <<'a', 'z'>>) WHERE p = ?", S(p))
    assert get(ddb, table, p=S(p))["s"] == SS("b", "c")


def test_update_returns(ddb, run, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1), "m": M(x=N(1), y=N(2))})
    update = f"UPDATE {table} SET a = a + 1 SET m.x = m.x + 1 WHERE p = '{p}'"
    assert run(update + " RETURNING ALL OLD *") == [{"p": S(p), "a": N(1), "m": M(x=N(1), y=N(2))}]
    assert run(update + " RETURNING MODIFIED OLD *") == [{"a": N(2), "m": M(x=N(2))}]
    assert run(update + " RETURNING ALL NEW *") == [{"p": S(p), "a": N(4), "m": M(x=N(4), y=N(2))}]
    assert run(update + " RETURNING MODIFIED NEW *") == [{"a": N(5), "m": M(x=N(5))}]
    assert run(f"UPDATE {table} REMOVE a WHERE p = '{p}' RETURNING MODIFIED NEW *") == []


def test_update_creates_nothing(ddb, run, table, p):
    with refused("ConditionalCheckFailedException", "The conditional request failed"):
        run(f"UPDATE {table} SET a = 1 WHERE p = ?", S(p))
    assert get(ddb, table, p=S(p)) is None


def test_conditions_of_writes(ddb, run, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    for statement in (f"UPDATE {table} SET a = 2 WHERE p = '{p}' AND a = 7", f"DELETE FROM {table} WHERE p = '{p}' AND a > 7"):
        with refused("ConditionalCheckFailedException"):
            run(statement)
    run(f"DELETE FROM {table} WHERE p = ? AND a = 1", S(p))
    assert get(ddb, table, p=S(p)) is None


def test_delete(ddb, run, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    delete = f"DELETE FROM {table} WHERE p = '{p}' RETURNING ALL OLD *"
    assert run(delete) == [{"p": S(p), "a": N(1)}]
    assert run(delete) == []
    with invalid("Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements."):
        run(f"DELETE FROM {table} WHERE p = '{p}' RETURNING ALL NEW *")


def test_writes_name_one_item(run, range_table, p):
    for statement in (
        f"UPDATE {range_table} SET a = 1 WHERE p = '{p}'",
        f"UPDATE {range_table} SET a = 1 WHERE p = '{p}' AND c > 'c'",
        f"DELETE FROM {range_table} WHERE p = '{p}'",
        f"DELETE FROM {range_table}",
    ):
        with invalid("Where clause does not contain a mandatory equality on all key attributes"):
            run(statement)
    with invalid("Cannot update attribute c. This attribute is part of the key"):
        run(f"UPDATE {range_table} SET c = 'x' WHERE p = '{p}' AND c = 'c'")


# --- What is refused ---


@pytest.mark.parametrize(
    "statement, text",
    [
        ("SELECT COUNT(*) FROM tbl", "Unexpected path component at 1:8:5"),
        ("SELECT a AS b FROM tbl", "Aliasing is not supported"),
        ("SELECT * FROM tbl AS t", "Aliasing is not supported"),
        ("SELECT * FROM tbl, other", "Only select from a single table or index is supported."),
        ("SELECT * FROM tbl JOIN other ON a = b", "Only select from a single table or index is supported."),
        ("SELECT * FROM PartiQLTbl123 LIMIT 1", "Unsupported clause: LIMIT at 1:35:1"),
        ("CREATE TABLE tbl", "Unsupported operation: CreateTable"),
        ("UPDATE tbl WHERE p = 'a'", "Statement wasn't well formed, can't be processed: Expected data manipulation"),
        ("INSERT INTO tbl VALUES {'p': 'a'}", "Statement wasn't well formed, can't be processed: "),
        ("SELECT * FROM tbl WHERE a = 'x", "Statement wasn't well formed, can't be processed: "),
        ("SELECT * FROM tbl WHERE order = 1", "Statement wasn't well formed, can't be processed: Unexpected keyword"),
        ("SELECT * FROM tbl WHERE a = ?", "Number of parameters in request and statement don't match."),
        ("EXISTS(SELECT * FROM tbl WHERE p = 'a')", "EXISTS can only be used in ExecuteTransaction write requests."),
        ("SELECT * FROM tbl WHERE foo(a)", "Invalid function name; function: foo"),
        ("SELECT * FROM tbl WHERE begins_with(a, 1)", "Incorrect operand type for operator or function; operator or function: begins_with"),
        ("INSERT INTO tbl VALUE {'p': <<>>}", "may not be empty"),
        ("INSERT INTO tbl VALUE {'p': <<1, 1.0>>}", "Input collection contains duplicates"),
    ],
)
def test_refused(run, statement, text):
    with invalid(text):
        run(statement)


def test_constraints(ddb):
    with invalid("Value '[]' at 'parameters' failed to satisfy constraint: Member must have length greater than or equal to 1"):
        ddb.execute_statement(Statement="SELECT * FROM tbl", Parameters=[])
    with invalid("at 'statement' failed to satisfy constraint: Member must have length less than or equal to 8192"):
        ddb.execute_statement(Statement="SELECT * FROM tbl" + " " * 8192)
    with refused("ResourceNotFoundException", "Requested resource not found"):
        ddb.execute_statement(Statement="SELECT * FROM no_such_table_here")
