"""BatchExecuteStatement and ExecuteTransaction. Source: API Reference, "BatchExecuteStatement", "ExecuteTransaction"."""

import uuid

from support import get, invalid, refused
from values import N, S


def statements(*entries):
    """A text, or a text and its parameters."""
    return [{"Statement": e} if isinstance(e, str) else {"Statement": e[0], "Parameters": list(e[1:])} for e in entries]


def batch(ddb, *entries, **more):
    return ddb.batch_execute_statement(Statements=statements(*entries), **more)


def transact(ddb, *entries, **more):
    return ddb.execute_transaction(TransactStatements=statements(*entries), **more)


# --- BatchExecuteStatement ---


def test_reads(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    reply = batch(
        ddb,
        (f"SELECT a FROM {table} WHERE p = ?", S(p)),
        (f"SELECT a FROM {table} WHERE p = ?", S(p + "none")),
        f"SELECT a FROM {table} WHERE a = 1",
        f"SELECT a FROM no_such_table_here WHERE p = '{p}'",
        "SELEC",
        ReturnConsumedCapacity="TOTAL",
    )
    found, missing, keyless, tableless, malformed = reply["Responses"]
    assert found == {"TableName": table, "Item": {"a": N(1)}}
    assert missing == {"TableName": table}
    assert keyless["Error"] == {
        "Code": "ValidationError",
        "Message": "Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
    }
    assert tableless["Error"]["Code"] == "ResourceNotFound"
    assert malformed["Error"]["Code"] == "ValidationError"
    assert reply["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 1.0}]


def test_a_batch_of_malformed_statements_is_a_batch(ddb):
    reply = batch(ddb, "SELEC", "SELECT * FROM", ReturnConsumedCapacity="TOTAL")
    assert [entry["Error"]["Code"] for entry in reply["Responses"]] == ["ValidationError", "ValidationError"]
    assert reply.get("ConsumedCapacity", []) == []


def test_writes_have_results_of_their_own(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    reply = batch(
        ddb,
        f"INSERT INTO {table} VALUE {{'p': '{p}'}}",
        f"INSERT INTO {table} VALUE {{'p': '{p}2'}}",
        f"UPDATE {table} SET a = 1 WHERE p = '{p}3'",
        f"DELETE FROM {table} WHERE p = '{p}4'",
        ReturnConsumedCapacity="TOTAL",
    )
    duplicate, inserted, missing, deleted = reply["Responses"]
    assert duplicate["Error"] == {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}
    assert inserted == deleted == {"TableName": table}
    assert missing["Error"]["Code"] == "ConditionalCheckFailed"
    assert get(ddb, table, p=S(p + "2")) == {"p": S(p + "2")}
    # Failed writes are charged with the others.
    assert reply["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 4.0}]


def test_what_refuses_a_batch(ddb, table, p):
    select = f"SELECT * FROM {table} WHERE p = '{p}'"
    insert = f"INSERT INTO {table} VALUE {{'p': '{p}'}}"
    with invalid("Read and write requests together in the same batch is not supported."):
        batch(ddb, select, insert)
    with invalid("Provided list of item keys contains duplicates"):
        batch(ddb, insert, f"DELETE FROM {table} WHERE p = '{p}'")
    with invalid("at 'statements' failed to satisfy constraint: Member must have length less than or equal to 25"):
        batch(ddb, *[select] * 26)
    assert get(ddb, table, p=S(p)) is None


# --- ExecuteTransaction ---


def test_all_or_nothing(ddb, table, range_table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    reply = transact(
        ddb,
        f"UPDATE {table} SET a = a + 1 WHERE p = '{p}'",
        (f"INSERT INTO {range_table} VALUE {{'p': ?, 'c': 'c'}}", S(p)),
        f"DELETE FROM {table} WHERE p = '{p}gone'",
        ReturnConsumedCapacity="TOTAL",
    )
    assert {report["TableName"]: report["WriteCapacityUnits"] for report in reply["ConsumedCapacity"]} == {table: 4.0, range_table: 2.0}
    assert get(ddb, table, p=S(p))["a"] == N(2)

    with refused("TransactionCanceledException", "[None, DuplicateItem, ConditionalCheckFailed]") as caught:
        transact(
            ddb,
            f"UPDATE {table} SET a = 9 WHERE p = '{p}'",
            f"INSERT INTO {range_table} VALUE {{'p': '{p}', 'c': 'c'}}",
            f"UPDATE {table} SET a = 9 WHERE p = '{p}none'",
        )
    reasons = caught.value.response["CancellationReasons"]
    assert reasons[1] == {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}
    assert get(ddb, table, p=S(p))["a"] == N(2)


def test_exists(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    transact(ddb, f"EXISTS(SELECT * FROM {table} WHERE p = '{p}' AND a = 1)", f"INSERT INTO {table} VALUE {{'p': '{p}2'}}")
    assert get(ddb, table, p=S(p + "2"))
    for condition in (f"p = '{p}' AND a = 2", f"p = '{p}none'"):
        with refused("TransactionCanceledException", "[ConditionalCheckFailed, None]"):
            transact(ddb, f"EXISTS(SELECT * FROM {table} WHERE {condition})", f"INSERT INTO {table} VALUE {{'p': '{p}3'}}")
    assert get(ddb, table, p=S(p + "3")) is None


def test_reads_of_one_moment(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "m": {"M": {"x": N(1)}}})
    reply = transact(
        ddb,
        f"SELECT m.x FROM {table} WHERE p = '{p}'",
        f"SELECT * FROM {table} WHERE p = '{p}none'",
        ReturnConsumedCapacity="TOTAL",
    )
    assert reply["Responses"] == [{"Item": {"x": N(1)}}, {}]
    assert reply["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0}]


def test_tokens(ddb, table, p):
    token = uuid.uuid4().hex
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(0)})
    add = f"UPDATE {table} SET a = a + ? WHERE p = '{p}'"
    for _ in range(2):
        transact(ddb, (add, N(1)), ClientRequestToken=token)
    assert get(ddb, table, p=S(p))["a"] == N(1)
    with refused("IdempotentParameterMismatchException"):
        transact(ddb, (add, N(2)), ClientRequestToken=token)
    # Tokens of TransactWriteItems are others.
    put = {"Put": {"TableName": table, "Item": {"p": S(p), "a": N(7)}}}
    ddb.transact_write_items(TransactItems=[put], ClientRequestToken=token)
    assert get(ddb, table, p=S(p))["a"] == N(7)


def test_what_refuses_a_transaction(ddb, table, indexed_table, p):
    select = f"SELECT * FROM {table} WHERE p = '{p}'"
    update = f"UPDATE {table} SET a = 1 WHERE p = '{p}'"
    with invalid("ExecuteTransaction API does not support both read and write operations in the same request."):
        transact(ddb, select, update)
    with invalid("Validation failed in TransactStatements[0]: RETURNING clause is not supported in ExecuteTransaction."):
        transact(ddb, update + " RETURNING ALL NEW *")
    with invalid("Transaction request cannot include multiple operations on one item"):
        transact(ddb, update, f"DELETE FROM {table} WHERE p = '{p}'")
    with invalid("index"):
        transact(ddb, f"SELECT * FROM {indexed_table}.by_g WHERE g = 'x'")
    with invalid("Statement wasn't well formed"):
        transact(ddb, update, "UPDATE")
