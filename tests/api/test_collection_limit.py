"""The size of item collections of tables with local indexes, and its limit. Source: Developer Guide, "Local secondary indexes", "Item
collection size limit"."""

import os

import pytest
from server import Server, client, engine_options
from support import index, refused, temporary_table
from values import N, S

MESSAGE = "Collection size exceeded."


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """A client of a server whose collections hold 10,000 bytes."""
    engine = os.environ.get("ARMATURE_ENGINE", "memory")
    server = Server(*engine_options(engine, tmp_path_factory.mktemp("limited") / "data"), "--max-collection-bytes", "10000")
    yield client(server.endpoint)
    assert server.stop() == 0, server.read_log()


@pytest.fixture
def limited_table(limited):
    with temporary_table(limited, "p:HASH c:RANGE", "p:S c:S l:N", LocalSecondaryIndexes=[index("by_l", "p:HASH l:RANGE")]) as name:
        yield name


def item(p, c, size, **more):
    return {"p": S(p), "c": S(c), "body": S("x" * size), **more}


def put(table, *args, **more):
    return {"TableName": table, "Item": item(*args, **more)}


pytestmark = pytest.mark.own_server


def test_a_collection_takes_no_more_than_its_limit(limited, limited_table, p):
    limited.put_item(**put(limited_table, p, "a", 4000))
    limited.put_item(**put(limited_table, p, "b", 4000))
    with refused("ItemCollectionSizeLimitExceededException", MESSAGE):
        limited.put_item(**put(limited_table, p, "c", 4000))
    assert "Item" not in limited.get_item(TableName=limited_table, Key={"p": S(p), "c": S("c")}, ConsistentRead=True)
    limited.put_item(**put(limited_table, p + "-other", "c", 4000))


def test_entries_of_local_indexes_count(limited, limited_table, p):
    with refused("ItemCollectionSizeLimitExceededException", MESSAGE):
        limited.put_item(**put(limited_table, p, "a", 6000, l=N(1)))
    limited.put_item(**put(limited_table, p, "a", 6000))


def test_a_full_collection_is_read_and_shrinks(limited, limited_table, p):
    limited.put_item(**put(limited_table, p, "a", 4900))
    limited.put_item(**put(limited_table, p, "b", 4900))
    key = {"p": S(p), "c": S("a")}
    with refused("ItemCollectionSizeLimitExceededException", MESSAGE):
        limited.update_item(TableName=limited_table, Key=key, UpdateExpression="SET more = body")
    limited.update_item(TableName=limited_table, Key=key, UpdateExpression="SET body = :b", ExpressionAttributeValues={":b": S("y" * 4900)})
    assert limited.query(TableName=limited_table, KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": S(p)})["Count"] == 2
    limited.delete_item(TableName=limited_table, Key=key)
    limited.put_item(**put(limited_table, p, "c", 4900))


def test_a_transaction_names_the_action_that_is_too_much(limited, limited_table, p):
    limited.put_item(**put(limited_table, p, "a", 8000))
    with refused("TransactionCanceledException", "[None, ItemCollectionSizeLimitExceeded]") as caught:
        limited.transact_write_items(
            TransactItems=[{"Put": put(limited_table, p + "-other", "a", 10)}, {"Put": put(limited_table, p, "b", 4000)}]
        )
    assert caught.value.response["CancellationReasons"][1]["Message"] == MESSAGE
    assert "Item" not in limited.get_item(TableName=limited_table, Key={"p": S(p + "-other"), "c": S("a")}, ConsistentRead=True)


def test_a_batch_and_a_statement_are_refused_too(limited, limited_table, p):
    with refused("ItemCollectionSizeLimitExceededException", MESSAGE):
        limited.batch_write_item(RequestItems={limited_table: [{"PutRequest": {"Item": item(p, f"{i}", 4000)}} for i in range(3)]})
    with refused("ItemCollectionSizeLimitExceededException", MESSAGE):
        limited.execute_statement(
            Statement=f"INSERT INTO \"{limited_table}\" VALUE {{'p': ?, 'c': ?, 'body': ?}}", Parameters=[S(p), S("z"), S("x" * 9999)]
        )


def test_tables_without_local_indexes_have_no_limit(limited, p):
    with temporary_table(limited, "p:HASH c:RANGE", "p:S c:S") as name:
        for c in "abc":
            limited.put_item(**put(name, p, c, 6000))


def test_metrics_name_each_collection_once(limited, limited_table, p):
    writes = [{"PutRequest": {"Item": item(f"{p}-{i % 2}", f"{i}", 10)}} for i in range(6)]
    metrics = limited.batch_write_item(RequestItems={limited_table: writes}, ReturnItemCollectionMetrics="SIZE")["ItemCollectionMetrics"]
    keys = sorted(one["ItemCollectionKey"]["p"]["S"] for one in metrics[limited_table])
    assert keys == [f"{p}-0", f"{p}-1"]
    assert all(one["SizeEstimateRangeGB"] == [0.0, 1.0] for one in metrics[limited_table])
