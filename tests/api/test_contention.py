"""Many clients at one item. Plain writes wait for each other, however many there are; none is refused and none is lost."""

import concurrent.futures

from botocore.exceptions import ClientError
from server import client
from support import TARGET
from values import N, S

CLIENTS = 24
WRITES_EACH = 15


def at_once(endpoint, work, clients=CLIENTS):
    """Runs work(client, number) on many threads, by a client that never tries again."""
    shared = client(endpoint)
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        running = [pool.submit(work, shared, number) for number in range(clients)]
        return [future.result() for future in running]


def add_one(table, p, attribute="n"):
    return {
        "TableName": table,
        "Key": {"p": S(p)},
        "UpdateExpression": "ADD #n :one",
        "ExpressionAttributeNames": {"#n": attribute},
        "ExpressionAttributeValues": {":one": N(1)},
    }


def test_every_increment_of_a_hot_item_counts(ddb, endpoint, table, p):
    def work(mine, _):
        return [int(mine.update_item(**add_one(table, p), ReturnValues="UPDATED_NEW")["Attributes"]["n"]["N"]) for _ in range(WRITES_EACH)]

    seen = [n for one in at_once(endpoint, work) for n in one]
    assert sorted(seen) == list(range(1, CLIENTS * WRITES_EACH + 1)), "each write saw a state of its own"
    assert ddb.get_item(TableName=table, Key={"p": S(p)}, ConsistentRead=True)["Item"]["n"] == N(CLIENTS * WRITES_EACH)


def test_every_item_of_a_hot_collection_counts(ddb, endpoint, indexed_table, p):
    """Its size is kept, so writes of different items meet there too."""

    def work(mine, number):
        for i in range(WRITES_EACH):
            mine.put_item(TableName=indexed_table, Item={"p": S(p), "c": S(f"{number}-{i}"), "l": N(i)})

    at_once(endpoint, work)
    query = {"TableName": indexed_table, "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": S(p)}, "Select": "COUNT"}
    assert ddb.query(**query)["Count"] == CLIENTS * WRITES_EACH
    assert ddb.query(**query, IndexName="by_l")["Count"] == CLIENTS * WRITES_EACH


def test_plain_writes_and_transactions_of_one_item_do_not_lose_each_other(ddb, endpoint, table, p):
    """DynamoDB refuses some of either kind; whatever it takes counts."""

    def work(mine, number):
        taken = 0
        for _ in range(WRITES_EACH):
            update = add_one(table, p)
            try:
                if number % 3 == 0:
                    mine.transact_write_items(TransactItems=[{"Update": update}, {"Update": add_one(table, p + "-other")}])
                else:
                    mine.update_item(**update)
                taken += 1
            except ClientError as error:
                assert error.response["Error"]["Code"] in ("TransactionConflictException", "TransactionCanceledException")
        return number % 3 == 0, taken

    results = at_once(endpoint, work)
    total = sum(taken for _, taken in results)
    assert ddb.get_item(TableName=table, Key={"p": S(p)}, ConsistentRead=True)["Item"]["n"] == N(total)
    in_transactions = sum(taken for transactional, taken in results if transactional)
    if in_transactions:
        assert ddb.get_item(TableName=table, Key={"p": S(p + "-other")}, ConsistentRead=True)["Item"]["n"] == N(in_transactions)
    if TARGET == "armature":
        assert total == CLIENTS * WRITES_EACH, "all of them wait for their turn here"
