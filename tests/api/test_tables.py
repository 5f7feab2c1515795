"""CreateTable, DescribeTable, UpdateTable, DeleteTable, ListTables. Source: API Reference, "CreateTable" and so on."""

import re
import time

import pytest
from support import (
    TARGET,
    definitions,
    eventually,
    index,
    invalid,
    key_schema,
    on_demand,
    refused,
    unique_name,
    wait_until_active,
    wait_until_gone,
)
from values import S

UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
PREFIX = "One or more parameter values were invalid: "


def describe(ddb, name):
    return ddb.describe_table(TableName=name)["Table"]


# --- Descriptions ---


def test_an_on_demand_table_describes_itself(ddb, wire, make_table):
    before = time.time()
    name = make_table("p:HASH c:RANGE", "p:S c:N")
    table = wire.call("DescribeTable", TableName=name)["Table"]
    assert table["TableName"] == name
    assert table["TableStatus"] == "ACTIVE"
    assert table["KeySchema"] == key_schema("p:HASH c:RANGE")
    assert sorted(map(str, table["AttributeDefinitions"])) == sorted(map(str, definitions("p:S c:N")))
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0} or TARGET == "local"
    assert before - 60 < table["CreationDateTime"] < time.time() + 60
    assert re.fullmatch(r"arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table/" + name, table["TableArn"]) or TARGET == "local"
    assert (table["ItemCount"], table["TableSizeBytes"]) == (0, 0)
    assert table["DeletionProtectionEnabled"] is False


@pytest.mark.not_on("local")
def test_warm_throughput_and_a_table_id_are_always_there(wire, make_table):
    table = wire.call("DescribeTable", TableName=make_table())["Table"]
    assert table["WarmThroughput"] == {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"}
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", table["TableId"])


def test_a_provisioned_table_has_no_billing_summary(ddb, make_table):
    table = describe(ddb, make_table(ProvisionedThroughput=UNITS))
    assert "BillingModeSummary" not in table
    throughput = table["ProvisionedThroughput"]
    assert (throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]) == (5, 5)


@pytest.mark.not_on("aws")
def test_figures_are_live(ddb, make_table):
    name = make_table("p:HASH", "p:S g:S", GlobalSecondaryIndexes=[index("by_g", "g:HASH", "KEYS_ONLY")])
    for i in range(3):
        ddb.put_item(TableName=name, Item={"p": S(f"{i}"), **({"g": S("x")} if i else {})})
    table = describe(ddb, name)
    assert table["ItemCount"] == 3
    assert table["TableSizeBytes"] > 0
    eventually(lambda: describe(ddb, name)["GlobalSecondaryIndexes"][0]["ItemCount"], 2)
    ddb.delete_item(TableName=name, Key={"p": S("2")})
    assert describe(ddb, name)["ItemCount"] == 2


@pytest.mark.not_on("aws")
def test_figures_of_local_indexes_are_live(ddb, make_table):
    name = make_table("p:HASH c:RANGE", "p:S c:S l:S", LocalSecondaryIndexes=[index("by_l", "p:HASH l:RANGE")])
    for i in range(3):
        ddb.put_item(TableName=name, Item={"p": S("x"), "c": S(f"{i}"), **({"l": S("y")} if i else {})})
    described = describe(ddb, name)["LocalSecondaryIndexes"][0]
    assert described["ItemCount"] == 2
    assert described["IndexSizeBytes"] > 0
    ddb.delete_item(TableName=name, Key={"p": S("x"), "c": S("2")})
    assert describe(ddb, name)["LocalSecondaryIndexes"][0]["ItemCount"] == 1


def test_indexes_describe_themselves(ddb, indexed_table):
    table = describe(ddb, indexed_table)
    locals_ = {described["IndexName"]: described for described in table["LocalSecondaryIndexes"]}
    assert set(locals_) == {"by_l", "local_keys"}
    assert locals_["local_keys"]["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert "IndexStatus" not in locals_["by_l"]
    globals_ = {described["IndexName"]: described for described in table["GlobalSecondaryIndexes"]}
    assert set(globals_) == {"by_g", "global_keys", "global_include"}
    assert globals_["by_g"]["IndexStatus"] == "ACTIVE"
    assert globals_["by_g"]["KeySchema"] == key_schema("g:HASH h:RANGE")
    assert globals_["global_include"]["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]}
    assert globals_["by_g"]["IndexArn"] == table["TableArn"] + "/index/by_g"


# --- Lifecycle ---


def test_a_table_comes_and_goes(ddb):
    name = unique_name()
    created = ddb.create_table(**on_demand(name, "p:HASH", "p:S"))["TableDescription"]
    assert created["TableName"] == name
    assert created["TableStatus"] in ("CREATING", "ACTIVE")
    wait_until_active(ddb, name)
    with refused("ResourceInUseException", f"Table already exists: {name}"):
        ddb.create_table(**on_demand(name, "p:HASH", "p:S"))
    ddb.put_item(TableName=name, Item={"p": S("x")})
    deleted = ddb.delete_table(TableName=name)["TableDescription"]
    assert deleted["TableName"] == name
    if TARGET != "local":
        assert deleted["TableStatus"] == "DELETING"
        assert not {"KeySchema", "AttributeDefinitions"} & set(deleted)
    wait_until_gone(ddb, name)
    with refused("ResourceNotFoundException", "Requested resource not found"):
        ddb.put_item(TableName=name, Item={"p": S("x")})


@pytest.mark.not_on("local")
def test_a_table_made_again_is_another_one(ddb):
    name = unique_name()
    ids = []
    for _ in range(2):
        ddb.create_table(**on_demand(name, "p:HASH", "p:S"))
        ids.append(wait_until_active(ddb, name)["TableId"])
        assert ddb.scan(TableName=name)["Count"] == 0
        ddb.put_item(TableName=name, Item={"p": S("x")})
        ddb.delete_table(TableName=name)
        wait_until_gone(ddb, name)
    assert ids[0] != ids[1]


@pytest.mark.parametrize("operation", ["describe_table", "delete_table"])
def test_a_missing_table_is_named(ddb, operation):
    with refused("ResourceNotFoundException", "Requested resource not found: Table: armature_no_such_table not found"):
        getattr(ddb, operation)(TableName="armature_no_such_table")


def test_updating_a_missing_table_names_it(ddb):
    with refused("ResourceNotFoundException", "Requested resource not found: Table: armature_no_such_table not found"):
        ddb.update_table(TableName="armature_no_such_table", BillingMode="PAY_PER_REQUEST")


@pytest.mark.not_on("local")
def test_names_differ_by_case(ddb, make_table):
    name = unique_name("case")
    make_table(name=name)
    make_table(name=name.upper())
    ddb.put_item(TableName=name, Item={"p": S("x")})
    assert "Item" not in ddb.get_item(TableName=name.upper(), Key={"p": S("x")}, ConsistentRead=True)


def test_deletion_protection_keeps_a_table(ddb, wire, make_table):
    name = make_table()
    wire.call("UpdateTable", TableName=name, DeletionProtectionEnabled=True)
    wait_until_active(ddb, name)
    with invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."):
        ddb.delete_table(TableName=name)
    updated = wire.call("UpdateTable", TableName=name, DeletionProtectionEnabled=False)["TableDescription"]
    assert updated["DeletionProtectionEnabled"] is False or TARGET == "aws"
    wait_until_active(ddb, name)
    ddb.delete_table(TableName=name)


# --- CreateTable, refused ---


@pytest.mark.not_on("local")
@pytest.mark.parametrize(
    "change, text",
    [
        ({"TableName": None}, "The parameter 'TableName' is required but was not present in the request"),
        ({"TableName": "ab"}, "Member must have length greater than or equal to 3"),
        ({"TableName": "x" * 256}, "Member must have length less than or equal to 255"),
        ({"TableName": "white space"}, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
        ({"KeySchema": key_schema("p:KEY")}, "Value 'KEY' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]"),
        ({"AttributeDefinitions": definitions("p:X")}, "Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]"),
        ({"KeySchema": key_schema("p:RANGE")}, "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
        ({"KeySchema": key_schema("p:HASH q:HASH"), "AttributeDefinitions": definitions("p:S q:S")}, "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"),
        ({"KeySchema": key_schema("p:HASH p:RANGE")}, "Both the Hash Key and the Range Key element in the KeySchema have the same name"),
        ({"KeySchema": key_schema("p:HASH c:RANGE x:RANGE"), "AttributeDefinitions": definitions("p:S c:S x:S")}, "at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2"),
        ({"KeySchema": key_schema("p:HASH c:RANGE")}, "Invalid KeySchema: Some index key attribute have no definition"),
        ({"KeySchema": key_schema("a:HASH"), "AttributeDefinitions": definitions("b:S")}, PREFIX + "Some index key attributes are not defined in AttributeDefinitions. Keys: [a], AttributeDefinitions: [b]"),
        ({"AttributeDefinitions": definitions("p:S x:S")}, PREFIX + "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"),
        ({"BillingMode": "PROVISIONED"}, PREFIX + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"),
        ({"BillingMode": "FREE"}, "at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set"),
        ({"ProvisionedThroughput": UNITS}, PREFIX + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"),
        ({"GlobalSecondaryIndexes": []}, PREFIX + "List of GlobalSecondaryIndexes is empty"),
        ({"LocalSecondaryIndexes": []}, PREFIX + "List of LocalSecondaryIndexes is empty"),
        ({"AttributeDefinitions": definitions("p:S l:S"), "LocalSecondaryIndexes": [index("local", "p:HASH l:RANGE")]}, PREFIX + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"),
        ({"AttributeDefinitions": definitions("p:S g:S"), "GlobalSecondaryIndexes": [index("xy", "g:HASH")]}, "Member must have length greater than or equal to 3"),
        ({"AttributeDefinitions": definitions("p:S g:S"), "GlobalSecondaryIndexes": [index("by_g", "g:HASH"), index("by_g", "g:HASH")]}, PREFIX + "Duplicate index name: by_g"),
        ({"AttributeDefinitions": definitions("p:S g:S"), "GlobalSecondaryIndexes": [index("by_g", "g:HASH", ProvisionedThroughput=UNITS)]}, PREFIX + "ProvisionedThroughput should not be specified for index: by_g when BillingMode is PAY_PER_REQUEST"),
        ({"AttributeDefinitions": definitions("p:S g:S"), "GlobalSecondaryIndexes": [{**index("by_g", "g:HASH"), "Projection": {}}]}, PREFIX + "Unknown ProjectionType: null"),
        ({"AttributeDefinitions": definitions("p:S g:S"), "GlobalSecondaryIndexes": [{**index("by_g", "g:HASH"), "Projection": {"ProjectionType": "INCLUDE"}}]}, PREFIX + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"),
        ({"AttributeDefinitions": definitions("p:S g:S"), "GlobalSecondaryIndexes": [{**index("by_g", "g:HASH"), "Projection": {"ProjectionType": "ALL", "NonKeyAttributes": ["x"]}}]}, PREFIX + "ProjectionType is ALL, but NonKeyAttributes is specified"),
        ({"AttributeDefinitions": definitions("p:S g:S"), "GlobalSecondaryIndexes": [index(f"by_g{i}", "g:HASH") for i in range(21)]}, PREFIX + "GlobalSecondaryIndex count exceeds the per-table limit of 20"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_what_makes_no_table_is_refused(ddb, change, text):
    parameters = {name: value for name, value in {**on_demand(unique_name(), "p:HASH", "p:S"), **change}.items() if value is not None}
    with invalid(text):
        ddb.create_table(**parameters)


# --- UpdateTable ---


@pytest.mark.not_on("local")
def test_throughput_changes(ddb, make_table):
    name = make_table(ProvisionedThroughput=UNITS)
    ddb.update_table(TableName=name, ProvisionedThroughput={"ReadCapacityUnits": 7, "WriteCapacityUnits": 4})
    throughput = wait_until_active(ddb, name)["ProvisionedThroughput"]
    assert (throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]) == (7, 4)
    assert throughput["NumberOfDecreasesToday"] == 1
    assert "LastDecreaseDateTime" in throughput


def test_throughput_that_does_not_change_is_refused(ddb, make_table):
    name = make_table(ProvisionedThroughput=UNITS)
    with invalid(
        "The provisioned throughput for the table will not change. The requested value equals the current value. Current "
        "ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5."
    ):
        ddb.update_table(TableName=name, ProvisionedThroughput=UNITS)


def test_billing_switches_both_ways(ddb, make_table):
    name = make_table(ProvisionedThroughput=UNITS)
    ddb.update_table(TableName=name, BillingMode="PAY_PER_REQUEST")
    assert wait_until_active(ddb, name)["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    if TARGET == "aws":
        return  # Once a day.
    ddb.update_table(TableName=name, BillingMode="PROVISIONED", ProvisionedThroughput=UNITS)
    assert wait_until_active(ddb, name)["ProvisionedThroughput"]["ReadCapacityUnits"] == 5


@pytest.mark.not_on("local")
@pytest.mark.parametrize(
    "change, text",
    [
        ({}, "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"),
        ({"BillingMode": "PROVISIONED"}, PREFIX + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"),
        ({"ProvisionedThroughput": UNITS}, PREFIX + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"),
        ({"GlobalSecondaryIndexUpdates": [{}]}, PREFIX + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null"),
        ({"ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 1}}, "Member must have value greater than or equal to 1"),
    ],
    ids=lambda value: "-".join(value) or "nothing" if isinstance(value, dict) else None,
)
def test_updates_that_make_no_sense_are_refused(ddb, table, change, text):
    with invalid(text):
        ddb.update_table(TableName=table, **change)


@pytest.mark.not_on("local")
def test_on_demand_ceilings_are_merged_and_removed(ddb, wire, make_table):
    name = make_table()

    def set_ceilings(**members):
        wire.call("UpdateTable", TableName=name, OnDemandThroughput=members)
        wait_until_active(ddb, name)
        return wire.call("DescribeTable", TableName=name)["Table"].get("OnDemandThroughput", {})

    set_ceilings(MaxReadRequestUnits=10)
    both = set_ceilings(MaxWriteRequestUnits=20)
    assert (both["MaxReadRequestUnits"], both["MaxWriteRequestUnits"]) == (10, 20)
    assert set_ceilings(MaxReadRequestUnits=-1).get("MaxReadRequestUnits", -1) == -1


@pytest.mark.parametrize("member", ["ReplicaUpdates", "MultiRegionConsistency", "VectorIndexUpdates"])
@pytest.mark.not_on("aws", "local")
def test_what_is_not_supported_says_so(wire, table, member):
    with invalid(f"{member} is not supported"):
        wire.call("UpdateTable", TableName=table, **{member: [{}]})


# --- ListTables, limits, endpoints ---


@pytest.mark.not_on("local")
def test_tables_are_listed_in_byte_order_and_pages(ddb, make_table):
    prefix = unique_name("list")
    names = sorted(make_table(name=f"{prefix}{suffix}") for suffix in ("b", "A", "a", "-", "_"))
    listed, start = [], prefix
    while True:
        page = ddb.list_tables(ExclusiveStartTableName=start, Limit=2)
        assert len(page["TableNames"]) <= 2
        listed += page["TableNames"]
        if "LastEvaluatedTableName" not in page or len(listed) >= 5:
            break
        start = page["LastEvaluatedTableName"]
        assert start == page["TableNames"][-1]
    assert listed[:5] == names


@pytest.mark.parametrize("limit", [0, 101])
def test_a_list_has_1_to_100_names(ddb, limit):
    with invalid(f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value"):
        ddb.list_tables(Limit=limit)


def test_limits_are_described(ddb):
    limits = ddb.describe_limits()
    for member in ("AccountMaxReadCapacityUnits", "AccountMaxWriteCapacityUnits", "TableMaxReadCapacityUnits", "TableMaxWriteCapacityUnits"):
        assert limits[member] >= 40_000


@pytest.mark.not_on("local")
def test_endpoints_are_described(ddb, wire):
    (described,) = ddb.describe_endpoints()["Endpoints"]
    assert described["CachePeriodInMinutes"] == 1440
    assert "://" not in described["Address"]
    assert described["Address"] == wire.url.netloc or TARGET == "aws"


def test_too_many_definitions_are_refused_soon(ddb):
    definitions = [{"AttributeName": f"a{i}", "AttributeType": "S"} for i in range(100_000)]
    started = time.monotonic()
    with refused("ValidationException"):
        ddb.create_table(
            TableName="armature_many_definitions",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "a0", "KeyType": "HASH"}],
            AttributeDefinitions=definitions,
        )
    assert time.monotonic() - started < 10
