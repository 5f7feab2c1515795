"""Regions are apart, and a table may be named by its ARN. Source: Developer Guide, "Using resource-based policies for DynamoDB",
"Table ARN as TableName"."""

import pytest
from server import client
from support import invalid, on_demand, refused, unique_name, wait_until_active
from values import S

OTHER_REGION = "eu-west-1"


@pytest.mark.not_on("aws", "local")
def test_each_region_has_tables_of_its_own(endpoint, ddb, make_table):
    name = make_table()
    elsewhere = client(endpoint, region=OTHER_REGION)
    with refused("ResourceNotFoundException"):
        elsewhere.describe_table(TableName=name)
    elsewhere.create_table(**on_demand(name, "p:HASH", "p:S"))
    try:
        wait_until_active(elsewhere, name)
        ddb.put_item(TableName=name, Item={"p": S("here")})
        assert "Item" not in elsewhere.get_item(TableName=name, Key={"p": S("here")}, ConsistentRead=True)
        arn = elsewhere.describe_table(TableName=name)["Table"]["TableArn"]
        assert arn.startswith(f"arn:aws:dynamodb:{OTHER_REGION}:")
        assert name in elsewhere.list_tables()["TableNames"]
    finally:
        elsewhere.delete_table(TableName=name)
    assert ddb.get_item(TableName=name, Key={"p": S("here")}, ConsistentRead=True)["Item"] == {"p": S("here")}


@pytest.fixture
def arn(ddb, range_table):
    return ddb.describe_table(TableName=range_table)["Table"]["TableArn"]


@pytest.mark.not_on("local")
def test_an_arn_names_a_table(ddb, range_table, arn, p):
    key = {"p": S(p), "c": S("c")}
    ddb.put_item(TableName=arn, Item=key)
    assert ddb.get_item(TableName=arn, Key=key, ConsistentRead=True)["Item"] == key
    ddb.update_item(TableName=arn, Key=key, UpdateExpression="SET a = :a", ExpressionAttributeValues={":a": S("x")})
    assert ddb.query(TableName=arn, KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": S(p)})["Count"] == 1
    ddb.scan(TableName=arn, Limit=1)
    ddb.delete_item(TableName=arn, Key=key)
    assert ddb.describe_table(TableName=arn)["Table"]["TableName"] == range_table


@pytest.mark.not_on("local")
def test_batches_take_arns(ddb, arn, p):
    key = {"p": S(p), "c": S("c")}
    ddb.batch_write_item(RequestItems={arn: [{"PutRequest": {"Item": key}}]})
    reply = ddb.batch_get_item(RequestItems={arn: {"Keys": [key], "ConsistentRead": True}})
    assert list(reply["Responses"].values()) == [[key]]


@pytest.mark.not_on("local")
@pytest.mark.parametrize("account, region", [("999999999999", None), (None, OTHER_REGION)])
def test_an_arn_of_elsewhere_finds_nothing(ddb, arn, account, region):
    parts = arn.split(":")
    parts[4] = account or parts[4]
    parts[3] = region or parts[3]
    with pytest.raises(Exception) as caught:
        ddb.get_item(TableName=":".join(parts), Key={"p": S("x"), "c": S("c")})
    assert caught.value.response["Error"]["Code"] in ("ResourceNotFoundException", "AccessDeniedException", "ValidationException")


@pytest.mark.not_on("local")
@pytest.mark.parametrize("name", ["arn:aws:dynamodb", "arn:aws:s3:us-east-1:000000000000:table/x", "arn:aws:dynamodb:us-east-1:000000000000:t/x"])
def test_a_malformed_arn_is_refused(ddb, name):
    with invalid():
        ddb.describe_table(TableName=name)


def test_a_table_is_not_created_by_arn(ddb):
    with invalid():
        ddb.create_table(**on_demand("arn:aws:dynamodb:us-east-1:000000000000:table/" + unique_name(), "p:HASH", "p:S"))
