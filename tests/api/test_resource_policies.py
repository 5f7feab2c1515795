"""Policies of tables and streams. Source: API Reference, "PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy"; Developer
Guide, "Using resource-based policies for DynamoDB"."""

import json

import pytest
from server import Server, Wire, client, engine_options
from support import index, invalid, refused, unique_name
from test_iam_policies import account, iam  # noqa: F401
from test_sts import role, session_of, user  # noqa: F401

pytestmark = pytest.mark.not_on("local")


def statement(effect, principal, action, resource, **more):
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource, **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def arn_of(ddb, table):
    return ddb.describe_table(TableName=table)["Table"]["TableArn"]


@pytest.fixture
def table(make_table):
    return make_table("p:HASH", "p:S g:S", GlobalSecondaryIndexes=[index("by_g", "g:HASH")])


@pytest.fixture
def arn(ddb, table):
    return arn_of(ddb, table)


@pytest.fixture
def put(wire):
    """Attaches a policy of these statements."""
    return lambda arn, *statements, **more: wire.call("PutResourcePolicy", ResourceArn=arn, Policy=document(*statements), **more)


@pytest.fixture
def ann(endpoint, iam, account, user):  # noqa: F811
    """A user without policies: its DynamoDB client, and its ARN as a Principal."""
    user.ddb = user.client("dynamodb")
    user.principal = {"AWS": f"arn:aws:iam::{account}:user/{user.name}"}
    return user


def test_a_policy_is_kept_as_it_was_put(wire, put, arn, account):  # noqa: F811
    policy = statement("Allow", {"AWS": account}, "dynamodb:GetItem", arn)
    with refused("PolicyNotFoundException", f"Resource-based policy not found for the provided ResourceArn: {arn}"):
        wire.call("GetResourcePolicy", ResourceArn=arn)
    revision = put(arn, policy)["RevisionId"]
    assert wire.call("GetResourcePolicy", ResourceArn=arn) == {"Policy": document(policy), "RevisionId": revision}
    assert put(arn, policy)["RevisionId"] == revision
    assert wire.call("DeleteResourcePolicy", ResourceArn=arn) == {"RevisionId": revision}
    assert wire.call("DeleteResourcePolicy", ResourceArn=arn) == {}


def test_revisions_guard_against_each_other(wire, put, arn, account):  # noqa: F811
    first = put(arn, statement("Allow", {"AWS": account}, "dynamodb:GetItem", arn), ExpectedRevisionId="NO_POLICY")["RevisionId"]
    second = put(arn, statement("Allow", {"AWS": account}, "dynamodb:Query", arn), ExpectedRevisionId=first)["RevisionId"]
    assert second != first
    with refused("PolicyNotFoundException", f"Requested update for policy with revision id {first}", f"has revision id {second}."):
        put(arn, statement("Allow", {"AWS": account}, "dynamodb:Scan", arn), ExpectedRevisionId=first)
    with refused("PolicyNotFoundException"):
        wire.call("DeleteResourcePolicy", ResourceArn=arn, ExpectedRevisionId=first)
    wire.call("DeleteResourcePolicy", ResourceArn=arn, ExpectedRevisionId=second)


def test_a_user_may_what_the_table_allows(put, arn, table, ann):
    with refused("AccessDeniedException"):
        ann.ddb.put_item(TableName=table, Item={"p": {"S": "1"}})
    put(arn, statement("Allow", ann.principal, ["dynamodb:PutItem", "dynamodb:GetItem"], arn))
    ann.ddb.put_item(TableName=table, Item={"p": {"S": "1"}})
    assert ann.ddb.get_item(TableName=table, Key={"p": {"S": "1"}})["Item"]
    with refused("AccessDeniedException", "because no identity-based policy allows the dynamodb:Scan action"):
        ann.ddb.scan(TableName=table)
    with refused("AccessDeniedException"):
        ann.ddb.execute_statement(Statement=f"SELECT * FROM \"{table}\" WHERE p = '1'")


def test_a_deny_wins_over_the_users_own_policies(iam, put, arn, table, ann):  # noqa: F811
    everything = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    iam.put_user_policy(UserName=ann.name, PolicyName="all", PolicyDocument=everything)
    put(arn, statement("Deny", ann.principal, "dynamodb:DeleteItem", arn))
    ann.ddb.put_item(TableName=table, Item={"p": {"S": "1"}})
    with refused("AccessDeniedException", "with an explicit deny in a resource-based policy"):
        ann.ddb.delete_item(TableName=table, Key={"p": {"S": "1"}})
    with refused("AccessDeniedException", "dynamodb:DeleteItem"):
        ann.ddb.transact_write_items(TransactItems=[{"Delete": {"TableName": table, "Key": {"p": {"S": "1"}}}}])


def test_indexes_go_with_the_table(put, arn, table, ann):
    query = {
        "TableName": table,
        "IndexName": "by_g",
        "KeyConditionExpression": "g = :g",
        "ExpressionAttributeValues": {":g": {"S": "x"}},
    }
    put(arn, statement("Allow", ann.principal, "dynamodb:Query", arn))
    with refused("AccessDeniedException", "/index/by_g"):
        ann.ddb.query(**query)
    put(arn, statement("Allow", ann.principal, "dynamodb:Query", [arn, f"{arn}/index/by_g"]))
    ann.ddb.query(**query)


def test_a_role_session_is_named_by_its_role(put, arn, table, ann, role, endpoint):  # noqa: F811
    reply = ann.client("sts").assume_role(RoleArn=role, RoleSessionName="work")
    session = session_of(endpoint, reply).client("dynamodb")
    with refused("AccessDeniedException"):
        session.scan(TableName=table)
    put(arn, statement("Allow", {"AWS": role}, "dynamodb:Scan", arn))
    session.scan(TableName=table)


def test_conditions_see_the_request(put, arn, table, ann):
    own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}
    put(arn, statement("Allow", "*", ["dynamodb:PutItem", "dynamodb:PartiQLInsert"], arn, Condition=own))
    ann.ddb.put_item(TableName=table, Item={"p": {"S": ann.name}})
    with refused("AccessDeniedException"):
        ann.ddb.put_item(TableName=table, Item={"p": {"S": "bob"}})
    with refused("AccessDeniedException", "dynamodb:PartiQLInsert"):
        ann.ddb.execute_statement(Statement=f"INSERT INTO \"{table}\" VALUE {{'p': 'bob'}}")


def test_what_is_no_policy_of_the_table_is_refused(wire, put, arn, account):  # noqa: F811
    with invalid():
        put(arn, {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": arn})
    with invalid():
        put(arn, statement("Allow", {"AWS": account}, "dynamodb:GetItem", arn + "x"))
    with invalid():
        put(arn, statement("Allow", {"AWS": account}, "dynamodb:GetItem", arn, Condition={"StringSortOf": {"aws:username": "a"}}))
    with invalid():
        wire.call("PutResourcePolicy", ResourceArn=arn, Policy=document(statement("Allow", {"AWS": account}, "dynamodb:GetItem", arn)) + " " * 20480)
    with refused("ResourceNotFoundException"):
        put(arn + "x", statement("Allow", {"AWS": account}, "dynamodb:GetItem", arn + "x"))


def test_root_can_always_take_a_policy_away(wire, put, arn, ddb, table):
    locked = statement("Deny", "*", "dynamodb:*", arn)
    with invalid("will not allow you to update the resource policy in the future"):
        put(arn, locked)
    put(arn, locked, ConfirmRemoveSelfResourceAccess=True)
    with refused("AccessDeniedException"):
        ddb.scan(TableName=table)
    wire.call("DeleteResourcePolicy", ResourceArn=arn)
    ddb.scan(TableName=table)


def test_a_table_can_have_one_from_the_start(wire, ddb, account, ann):  # noqa: F811
    name = unique_name()
    arn = f"arn:aws:dynamodb:{ddb.meta.region_name}:{account}:table/{name}"
    wire.call(
        "CreateTable",
        TableName=name,
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        ResourcePolicy=document(statement("Allow", ann.principal, "dynamodb:Scan", arn)),
    )
    ann.ddb.scan(TableName=name)
    ddb.delete_table(TableName=name)


def test_streams_have_their_own(wire, put, ddb, make_table, ann):
    table = make_table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    stream = ddb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    streams = ann.client("dynamodbstreams")
    put(arn_of(ddb, table), statement("Allow", ann.principal, "dynamodb:*", arn_of(ddb, table)))
    with refused("AccessDeniedException"):
        streams.describe_stream(StreamArn=stream)
    put(stream, statement("Allow", ann.principal, ["dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"], stream))
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert streams.get_records(ShardIterator=iterator)["Records"] == []
    wire.call("DeleteResourcePolicy", ResourceArn=stream)
    with refused("AccessDeniedException"):
        streams.get_records(ShardIterator=iterator)


@pytest.mark.own_server
def test_policies_survive_a_crash(tmp_path):
    options = engine_options("rocksdb", tmp_path / "data")
    server = Server(*options)
    name = unique_name()
    ddb = client(server.endpoint)
    ddb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    arn = arn_of(ddb, name)
    policy = document(statement("Deny", "*", "dynamodb:Scan", arn))
    revision = Wire(server.endpoint).call("PutResourcePolicy", ResourceArn=arn, Policy=policy)["RevisionId"]
    server.kill()
    server = Server(*options)
    try:
        assert Wire(server.endpoint).call("GetResourcePolicy", ResourceArn=arn) == {"Policy": policy, "RevisionId": revision}
        with refused("AccessDeniedException", "with an explicit deny in a resource-based policy"):
            client(server.endpoint).scan(TableName=name)
    finally:
        assert server.stop() == 0
