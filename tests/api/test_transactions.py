"""TransactWriteItems and TransactGetItems. Source: API Reference, "TransactWriteItems", "TransactGetItems"; Developer Guide, "Managing
complex workflows with DynamoDB transactions"."""

import concurrent.futures
import uuid

import pytest
from botocore.exceptions import ClientError
from server import Server, client
from support import eventually, get, index, invalid, refused
from values import N, S


def put(table, item, **more):
    return {"Put": {"TableName": table, "Item": item, **more}}


def update(table, key, expression, **more):
    return {"Update": {"TableName": table, "Key": key, "UpdateExpression": expression, **more}}


def delete(table, key, **more):
    return {"Delete": {"TableName": table, "Key": key, **more}}


def check(table, key, condition, **more):
    return {"ConditionCheck": {"TableName": table, "Key": key, "ConditionExpression": condition, **more}}


def read(table, key, **more):
    return {"Get": {"TableName": table, "Key": key, **more}}


def cancelled(call, *codes):
    """The transaction must be cancelled with these reasons, in order; returns them."""
    with refused("TransactionCanceledException", f"[{', '.join(codes)}]") as caught:
        call()
    reasons = caught.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == list(codes)
    assert all("Message" not in reason for reason in reasons if reason["Code"] == "None")
    return reasons


# --- TransactWriteItems ---


def test_all_four_actions_over_two_tables(ddb, table, range_table, p):
    ddb.put_item(TableName=table, Item={"p": S(p + "old")})
    reply = ddb.transact_write_items(
        TransactItems=[
            put(table, {"p": S(p), "a": N(1)}),
            update(range_table, {"p": S(p), "c": S("c")}, "SET a = :a", ExpressionAttributeValues={":a": N(2)}),
            delete(table, {"p": S(p + "old")}),
            check(table, {"p": S(p + "never")}, "attribute_not_exists(p)"),
        ]
    )
    assert set(reply) == {"ResponseMetadata"}
    assert get(ddb, table, p=S(p)) == {"p": S(p), "a": N(1)}
    assert get(ddb, range_table, p=S(p), c=S("c")) == {"p": S(p), "c": S("c"), "a": N(2)}
    assert get(ddb, table, p=S(p + "old")) is None
    assert get(ddb, table, p=S(p + "never")) is None


def test_a_failed_condition_cancels_everything(ddb, table, p):
    reasons = cancelled(
        lambda: ddb.transact_write_items(
            TransactItems=[
                put(table, {"p": S(p)}),
                delete(table, {"p": S(p + "2")}, ConditionExpression="attribute_exists(p)"),
                check(table, {"p": S(p + "3")}, "attribute_exists(p)"),
            ]
        ),
        "None",
        "ConditionalCheckFailed",
        "ConditionalCheckFailed",
    )
    assert reasons[1]["Message"] == "The conditional request failed"
    assert get(ddb, table, p=S(p)) is None


def test_a_failed_condition_returns_the_item_if_asked(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1)})
    condition = {"ConditionExpression": "attribute_not_exists(p)"}
    for returned, expected in [("ALL_OLD", {"p": S(p), "a": N(1)}), ("NONE", None)]:
        reasons = cancelled(
            lambda: ddb.transact_write_items(
                TransactItems=[put(table, {"p": S(p)}, ReturnValuesOnConditionCheckFailure=returned, **condition)]
            ),
            "ConditionalCheckFailed",
        )
        assert reasons[0].get("Item") == expected


def test_an_item_error_is_reported_alone(ddb, range_table, p):
    reasons = cancelled(
        lambda: ddb.transact_write_items(
            TransactItems=[
                put(range_table, {"p": S(p), "c": S("c")}, ConditionExpression="attribute_exists(p)"),
                delete(range_table, {"p": S(p)}),
                put(range_table, {"p": N(1), "c": S("c")}),
            ]
        ),
        "None",
        "ValidationError",
        "None",
    )
    assert "The provided key element does not match the schema" in reasons[1]["Message"]


def test_an_update_of_a_path_that_leads_nowhere_is_an_item_error(ddb, table, p):
    reasons = cancelled(
        lambda: ddb.transact_write_items(
            TransactItems=[
                update(table, {"p": S(p)}, "SET a.b = :v", ExpressionAttributeValues={":v": N(1)}),
                put(table, {"p": S(p + "2")}),
            ]
        ),
        "ValidationError",
        "None",
    )
    assert "document path" in reasons[0]["Message"]


def test_an_update_of_a_key_is_an_item_error(ddb, table, p):
    change = update(table, {"p": S(p)}, "SET p = :v", ExpressionAttributeValues={":v": S("x")})
    reasons = cancelled(lambda: ddb.transact_write_items(TransactItems=[change]), "ValidationError")
    assert "This attribute is part of the key" in reasons[0]["Message"]


def test_an_index_key_of_the_wrong_type_is_an_item_error(ddb, indexed_table, p):
    reasons = cancelled(
        lambda: ddb.transact_write_items(TransactItems=[put(indexed_table, {"p": S(p), "c": S("c"), "l": S("no")})]),
        "ValidationError",
    )
    assert "Type mismatch for Index Key l Expected: N Actual: S" in reasons[0]["Message"]


def test_an_oversized_update_is_an_item_error_and_an_oversized_put_refused(ddb, table, p):
    bulk = S("x" * 410_000)
    change = update(table, {"p": S(p)}, "SET a = :a", ExpressionAttributeValues={":a": bulk})
    reasons = cancelled(lambda: ddb.transact_write_items(TransactItems=[change]), "ValidationError")
    assert reasons[0]["Message"] == "Item size to update has exceeded the maximum allowed size"
    with invalid("Item size has exceeded the maximum allowed size"):
        ddb.transact_write_items(TransactItems=[put(table, {"p": S(p), "a": bulk})])


def test_one_item_takes_part_once(ddb, table, range_table, p):
    text = "Transaction request cannot include multiple operations on one item"
    with invalid(text):
        ddb.transact_write_items(TransactItems=[put(table, {"p": S(p)}), delete(table, {"p": S(p)})])
    with invalid(text):
        ddb.transact_write_items(
            TransactItems=[put(table, {"p": S(p)}), check(table, {"p": S(p)}, "attribute_exists(p)")]
        )
    with invalid(text):
        arn = ddb.describe_table(TableName=table)["Table"]["TableArn"]
        ddb.transact_write_items(TransactItems=[put(table, {"p": S(p)}), put(arn, {"p": S(p)})])
    with invalid(text):
        ddb.transact_get_items(TransactItems=[read(table, {"p": S(p)}), read(table, {"p": S(p)})])
    ddb.transact_write_items(
        TransactItems=[put(range_table, {"p": S(p), "c": S("1")}), put(range_table, {"p": S(p), "c": S("2")})]
    )


def test_a_transaction_has_1_to_100_actions(ddb, wire, table, p):
    ddb.transact_write_items(TransactItems=[put(table, {"p": S(f"{p}{i}")}) for i in range(100)])
    with invalid("Member must have length less than or equal to 100"):
        ddb.transact_write_items(TransactItems=[put(table, {"p": S(f"{p}{i}")}) for i in range(101)])
    with invalid("Member must have length less than or equal to 100"):
        ddb.transact_get_items(TransactItems=[read(table, {"p": S(f"{p}{i}")}) for i in range(101)])
    with invalid("Member must have length greater than or equal to 1"):
        wire.call("TransactWriteItems", TransactItems=[])
    with invalid("Member must not be null"):
        wire.call("TransactGetItems")


def test_an_entry_is_exactly_one_action(ddb, table, p):
    with invalid("TransactItems can only contain one of Check, Put, Update or Delete"):
        ddb.transact_write_items(TransactItems=[{**put(table, {"p": S(p)}), **delete(table, {"p": S(p + "2")})}])
    with invalid("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"):
        ddb.transact_write_items(TransactItems=[{}])


def test_a_condition_check_needs_its_condition(wire, table, p):
    entry = {"ConditionCheck": {"TableName": table, "Key": {"p": S(p)}}}
    with invalid("conditionExpression", "Member must not be null"):
        wire.call("TransactWriteItems", TransactItems=[entry])


def test_the_payload_has_at_most_4_megabytes(ddb, table, p):
    with invalid("size cannot exceed"):
        ddb.transact_write_items(
            TransactItems=[put(table, {"p": S(f"{p}{i}"), "a": S("x" * 390_000)}) for i in range(11)]
        )


def test_what_is_deleted_does_not_count_as_payload(ddb, table, p):
    for i in range(11):
        ddb.put_item(TableName=table, Item={"p": S(f"{p}{i}"), "a": S("x" * 390_000)})
    with invalid("size cannot exceed"):
        ddb.transact_get_items(TransactItems=[read(table, {"p": S(f"{p}{i}")}) for i in range(11)])
    ddb.transact_write_items(TransactItems=[delete(table, {"p": S(f"{p}{i}")}) for i in range(11)])
    assert get(ddb, table, p=S(p + "0")) is None


def test_request_errors_are_no_cancellation(ddb, table, p):
    with invalid("Syntax error"):
        ddb.transact_write_items(TransactItems=[put(table, {"p": S(p)}, ConditionExpression="!!")])
    with invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"):
        ddb.transact_write_items(
            TransactItems=[
                put(table, {"p": S(p)}, ConditionExpression="attribute_exists(p)", ExpressionAttributeValues={":v": N(1)})
            ]
        )
    with invalid("ExpressionAttributeNames can only be specified when using expressions"):
        ddb.transact_write_items(TransactItems=[delete(table, {"p": S(p)}, ExpressionAttributeNames={"#a": "a"})])
    with invalid("The AttributeValue for a key attribute cannot contain an empty string value. Key: p"):
        ddb.transact_write_items(TransactItems=[put(table, {"p": S("")})])
    with invalid("Member must satisfy enum value set"):
        ddb.transact_write_items(
            TransactItems=[put(table, {"p": S(p)}, ReturnValuesOnConditionCheckFailure="ALL_NEW")]
        )
    with refused("ResourceNotFoundException", "Requested resource not found"):
        ddb.transact_write_items(TransactItems=[put(table, {"p": S(p)}), put("armature_no_such_table", {"p": S(p)})])
    assert get(ddb, table, p=S(p)) is None


# --- Capacity and metrics ---


def test_capacity_of_a_write_is_double_for_the_table_and_single_for_indexes(ddb, table, indexed_table, p):
    reply = ddb.transact_write_items(
        TransactItems=[
            put(table, {"p": S(p), "a": S("x" * 1_500)}),
            put(indexed_table, {"p": S(p), "c": S("c"), "l": N(1)}),
            check(table, {"p": S(p + "2")}, "attribute_not_exists(p)"),
        ],
        ReturnConsumedCapacity="INDEXES",
    )
    first, second = reply["ConsumedCapacity"]
    assert first == {
        "TableName": table,
        "CapacityUnits": 6.0,
        "WriteCapacityUnits": 6.0,
        "Table": {"CapacityUnits": 6.0, "WriteCapacityUnits": 6.0},
    }
    assert second["TableName"] == indexed_table
    assert second["Table"] == {"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}
    assert second["LocalSecondaryIndexes"]["by_l"] == {"CapacityUnits": 1.0, "WriteCapacityUnits": 1.0}
    assert second["CapacityUnits"] == 4.0


def test_capacity_of_a_read_is_double(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": S("x" * 5_000)})
    reply = ddb.transact_get_items(
        TransactItems=[read(table, {"p": S(p)}), read(table, {"p": S(p + "2")})], ReturnConsumedCapacity="TOTAL"
    )
    assert reply["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 6.0, "ReadCapacityUnits": 6.0}]


def test_collection_metrics_come_by_table(ddb, table, indexed_table, p):
    reply = ddb.transact_write_items(
        TransactItems=[put(table, {"p": S(p)}), put(indexed_table, {"p": S(p), "c": S("c")})],
        ReturnItemCollectionMetrics="SIZE",
    )
    metrics = reply["ItemCollectionMetrics"]
    assert metrics == {indexed_table: [{"ItemCollectionKey": {"p": S(p)}, "SizeEstimateRangeGB": [0.0, 1.0]}]}


@pytest.mark.not_on("local", "aws")  # Local does not throttle, AWS takes a while to.
def test_a_throttled_table_cancels(ddb, make_table):
    name = make_table(ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1})
    ddb.put_item(TableName=name, Item={"p": S("x"), "a": S("y" * 390_000)})
    reasons = cancelled(
        lambda: ddb.transact_write_items(TransactItems=[put(name, {"p": S("z")})]), "ProvisionedThroughputExceeded"
    )
    assert "provisioned throughput" in reasons[0]["Message"]


# --- ClientRequestToken ---


@pytest.fixture
def token():
    return uuid.uuid4().hex


def test_a_token_makes_a_retry_harmless(ddb, table, p, token):
    def increment(**more):
        actions = [update(table, {"p": S(p)}, "ADD n :one", ExpressionAttributeValues={":one": N("1")})]
        return ddb.transact_write_items(TransactItems=actions, ClientRequestToken=token, **more)

    first = increment(ReturnConsumedCapacity="TOTAL")
    assert first["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}]
    again = increment(ReturnConsumedCapacity="TOTAL")
    assert again["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}]
    assert get(ddb, table, p=S(p))["n"] == N(1)


def test_a_token_belongs_to_one_request(ddb, table, p, token):
    ddb.transact_write_items(TransactItems=[put(table, {"p": S(p), "a": N(1)})], ClientRequestToken=token)
    ddb.transact_write_items(TransactItems=[put(table, {"a": N("1.0"), "p": S(p)})], ClientRequestToken=token)
    others = [
        [put(table, {"p": S(p), "a": N(2)})],
        [put(table, {"p": S(p), "a": N(1)}, ConditionExpression="attribute_exists(p)")],
        [delete(table, {"p": S(p)})],
        [put(table, {"p": S(p), "a": N(1)}), put(table, {"p": S(p + "2")})],
    ]
    for other in others:
        with refused("IdempotentParameterMismatchException"):
            ddb.transact_write_items(TransactItems=other, ClientRequestToken=token)
    assert get(ddb, table, p=S(p))["a"] == N(1)


def test_a_token_of_a_cancelled_transaction_can_be_used_again(ddb, table, p, token):
    with refused("TransactionCanceledException"):
        ddb.transact_write_items(
            TransactItems=[put(table, {"p": S(p)}, ConditionExpression="attribute_exists(p)")], ClientRequestToken=token
        )
    ddb.transact_write_items(TransactItems=[put(table, {"p": S(p)})], ClientRequestToken=token)


def test_a_token_has_1_to_36_characters(ddb, wire, table, p):
    ddb.transact_write_items(TransactItems=[put(table, {"p": S(p)})], ClientRequestToken=p[:36])
    for length, rule in [(37, "less than or equal to 36"), (0, "greater than or equal to 1")]:
        with invalid(f"Member must have length {rule}"):
            wire.call("TransactWriteItems", TransactItems=[put(table, {"p": S(p)})], ClientRequestToken="t" * length)


@pytest.mark.own_server
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_token_survives_a_restart(tmp_path, end, token):
    def increment(ddb):
        actions = [update("t_restart", {"p": S("p")}, "ADD n :one", ExpressionAttributeValues={":one": N(1)})]
        ddb.transact_write_items(TransactItems=actions, ClientRequestToken=token)

    data = ["--data", str(tmp_path / "armature")]
    server = Server(*data)
    ddb = client(server.endpoint)
    ddb.create_table(
        TableName="t_restart",
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    ddb.get_waiter("table_exists").wait(TableName="t_restart", WaiterConfig={"Delay": 1})
    increment(ddb)
    getattr(server, end)()

    server = Server(*data)
    try:
        ddb = client(server.endpoint)
        increment(ddb)
        assert get(ddb, "t_restart", p=S("p"))["n"] == N(1)
    finally:
        server.stop()


# --- TransactGetItems ---


def test_items_come_in_order_and_missing_ones_empty(ddb, table, range_table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": N(1), "b": N(2)})
    ddb.put_item(TableName=range_table, Item={"p": S(p), "c": S("c")})
    reply = ddb.transact_get_items(
        TransactItems=[
            read(range_table, {"p": S(p), "c": S("c")}),
            read(table, {"p": S(p + "missing")}),
            read(table, {"p": S(p)}, ProjectionExpression="#b", ExpressionAttributeNames={"#b": "b"}),
        ]
    )
    assert reply["Responses"] == [{"Item": {"p": S(p), "c": S("c")}}, {}, {"Item": {"b": N(2)}}]


def test_a_projection_that_leaves_nothing_leaves_the_item_out(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p)})
    assert ddb.transact_get_items(TransactItems=[read(table, {"p": S(p)}, ProjectionExpression="x")])["Responses"] == [{}]


def test_a_key_that_does_not_fit_cancels_the_read(ddb, table, p):
    reasons = cancelled(
        lambda: ddb.transact_get_items(TransactItems=[read(table, {"p": S(p)}), read(table, {"q": S(p)})]),
        "None",
        "ValidationError",
    )
    assert "The provided key element does not match the schema" in reasons[1]["Message"]


def test_request_errors_of_a_read_are_no_cancellation(ddb, table, p):
    with invalid("Invalid ProjectionExpression: "):
        ddb.transact_get_items(TransactItems=[read(table, {"p": S(p)}, ProjectionExpression="a,,b")])
    with refused("ResourceNotFoundException", "Requested resource not found"):
        ddb.transact_get_items(TransactItems=[read("armature_no_such_table", {"p": S(p)})])


# --- Isolation ---


def test_money_is_neither_made_nor_lost(ddb, table, p):
    accounts = [{"p": S(f"{p}{i}")} for i in range(4)]
    for key in accounts:
        ddb.put_item(TableName=table, Item={**key, "balance": N(100)})

    def transfer(number):
        source, target = accounts[number % 4], accounts[(number * 7 + 1) % 4]
        if source == target:
            return
        amount = {":n": N(10 + number % 30)}
        try:
            ddb.transact_write_items(
                TransactItems=[
                    update(
                        table,
                        source,
                        "SET balance = balance - :n",
                        ConditionExpression="balance >= :n",
                        ExpressionAttributeValues=amount,
                    ),
                    update(table, target, "SET balance = balance + :n", ExpressionAttributeValues=amount),
                ]
            )
        except ClientError as error:
            assert error.response["Error"]["Code"] == "TransactionCanceledException"

    def total(_):
        try:
            reply = ddb.transact_get_items(TransactItems=[read(table, key) for key in accounts])
        except ClientError as error:
            assert error.response["Error"]["Code"] == "TransactionCanceledException"
            return 400
        return sum(int(entry["Item"]["balance"]["N"]) for entry in reply["Responses"])

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        transfers = [pool.submit(transfer, number) for number in range(60)]
        totals = list(pool.map(total, range(30)))
        for done in transfers:
            done.result()
    assert set(totals) == {400}
    assert total(None) == 400


def test_a_transaction_keeps_indexes_in_step(ddb, make_table):
    name = make_table("p:HASH", "p:S g:S", GlobalSecondaryIndexes=[index("by_g", "g:HASH")])
    ddb.transact_write_items(TransactItems=[put(name, {"p": S(f"{i}"), "g": S("x")}) for i in range(5)])
    ddb.transact_write_items(
        TransactItems=[
            delete(name, {"p": S("0")}),
            update(name, {"p": S("1")}, "SET g = :y", ExpressionAttributeValues={":y": S("y")}),
        ]
    )

    def under_x():
        found = ddb.query(
            TableName=name, IndexName="by_g", KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": S("x")}
        )
        return sorted(item["p"]["S"] for item in found["Items"])

    eventually(under_x, ["2", "3", "4"])
