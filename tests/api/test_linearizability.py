"""Concurrent writes and consistent reads of one item happen one after another. Source: Developer Guide, "DynamoDB read consistency"."""

import collections
import math
import random
import threading
import time

import pytest
from linearizability import Operation, is_linearizable
from server import client
from values import N, S

THREADS = 6
CALLS = 60
KEYS = 3


# --- The checker itself ---


def read(sent, answered, value):
    return Operation("read", sent, answered, value)


def write(sent, answered, value):
    return Operation("write", sent, answered, value)


def cas(sent, answered, expected, value, succeeded):
    return Operation("compare_and_set", sent, answered, value, expected, succeeded)


@pytest.mark.parametrize(
    "history, answer",
    [
        ([write(0, 1, "a"), read(2, 3, "a")], True),
        ([write(0, 1, "a"), read(2, 3, None)], False),
        ([write(0, 3, "a"), read(1, 2, None)], True),
        ([write(0, 3, "a"), read(1, 2, "a")], True),
        ([write(0, 9, "a"), read(1, 2, "a"), read(3, 4, None)], False),
        ([write(0, math.inf, "a"), read(5, 6, None), read(7, 8, "a")], True),
        ([write(0, 1, "a"), cas(2, 5, "a", "b", True), cas(2, 5, "a", "c", True)], False),
        ([write(0, 1, "a"), cas(2, 5, "a", "b", True), cas(2, 5, "a", "c", False), read(6, 7, "b")], True),
        ([write(0, 1, "a"), cas(2, math.inf, "a", "b", None), read(3, 4, "a"), read(5, 6, "b")], True),
        ([write(0, 1, "a"), cas(2, math.inf, "x", "b", None), read(5, 6, "b")], False),
    ],
)
def test_the_checker_knows_a_register(history, answer):
    assert is_linearizable(history) is answer


# --- The server ---


def run_threads(work):
    failures = []

    def guarded(number):
        try:
            work(number)
        except Exception as failure:  # pylint: disable=broad-except
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def test_histories_of_conditional_writes_are_linearizable(endpoint, table, p):
    ddb = client(endpoint)
    histories = collections.defaultdict(list)
    lock = threading.Lock()

    def one_call(chance, key, value, last_seen):
        sent = time.monotonic()
        if chance.random() < 0.4:
            item = ddb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
            return Operation("read", sent, time.monotonic(), item["v"]["S"] if item else None)
        if chance.random() < 0.3:
            ddb.put_item(TableName=table, Item={**key, "v": S(value)})
            return Operation("write", sent, time.monotonic(), value)
        condition = (
            {"ConditionExpression": "attribute_not_exists(p)"}
            if last_seen is None
            else {"ConditionExpression": "v = :old"}
        )
        values = {":new": S(value), **({":old": S(last_seen)} if last_seen is not None else {})}
        try:
            ddb.update_item(
                TableName=table, Key=key, UpdateExpression="SET v = :new", ExpressionAttributeValues=values, **condition
            )
            succeeded = True
        except ddb.exceptions.ConditionalCheckFailedException:
            succeeded = False
        return Operation("compare_and_set", sent, time.monotonic(), value, last_seen, succeeded)

    def work(number):
        chance = random.Random(number)
        seen = {}
        for i in range(CALLS):
            key = {"p": S(f"{p}-{chance.randrange(KEYS)}")}
            name = key["p"]["S"]
            operation = one_call(chance, key, f"{number}.{i}", seen.get(name))
            if operation.kind == "read" or operation.succeeded:
                seen[name] = operation.value
            with lock:
                histories[name].append(operation)

    run_threads(work)
    for name, history in histories.items():
        assert is_linearizable(history), f"no order explains {name}: {sorted(history, key=lambda o: o.sent)}"


def test_no_increment_is_lost(endpoint, table, p):
    ddb = client(endpoint)
    returned = []

    def work(_):
        for _ in range(CALLS):
            reply = ddb.update_item(
                TableName=table,
                Key={"p": S(p)},
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": N(1)},
                ReturnValues="UPDATED_NEW",
            )
            returned.append(int(reply["Attributes"]["n"]["N"]))

    run_threads(work)
    assert sorted(returned) == list(range(1, THREADS * CALLS + 1))


def test_one_of_many_inserts_wins(endpoint, table, p):
    ddb = client(endpoint)
    winners = collections.Counter()

    def work(number):
        for i in range(20):
            try:
                ddb.put_item(
                    TableName=table, Item={"p": S(f"{p}-{i}"), "by": N(number)}, ConditionExpression="attribute_not_exists(p)"
                )
                winners[i] += 1
            except ddb.exceptions.ConditionalCheckFailedException:
                pass

    run_threads(work)
    assert winners == {i: 1 for i in range(20)}


def test_an_item_is_never_seen_half_written(endpoint, table, p):
    ddb = client(endpoint)
    attributes = [f"a{i}" for i in range(10)]
    stop = threading.Event()

    def work(number):
        if number == 0:
            for i in range(150):
                ddb.put_item(TableName=table, Item={"p": S(p), **{name: N(i) for name in attributes}})
            stop.set()
            return
        while not stop.is_set():
            for consistent in (True, False):
                item = ddb.get_item(TableName=table, Key={"p": S(p)}, ConsistentRead=consistent).get("Item")
                assert item is None or len({item[name]["N"] for name in attributes}) == 1, item

    run_threads(work)
