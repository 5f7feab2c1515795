"""The life of a table as Terraform's AWS provider leads it (resource aws_dynamodb_table): the calls it makes to create, read again, change
and destroy, in its order, and what it needs to find so that the next plan is empty. Source: API Reference, "CreateTable", "UpdateTable",
"UpdateTimeToLive", "TagResource" and the Describe operations."""

import os
import time

import pytest
from server import Server, Wire, client, engine_options
from support import definitions, index, key_schema, refused, unique_name, wait_until_active, wait_until_gone

pytestmark = [pytest.mark.not_on("local"), pytest.mark.own_server]

INDEXES = {
    "by_game": index("by_game", "game:HASH score:RANGE", ["player"]),
    "by_score": index("by_score", "user:HASH score:RANGE", "KEYS_ONLY"),
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """A client and a wire (for what this boto3 does not know yet) of a server on which tables and time to live take their time, and may change at any hour."""
    engine = os.environ.get("ARMATURE_ENGINE", "memory")
    options = engine_options(engine, tmp_path_factory.mktemp("terraform") / "data")
    server = Server(*options, "--table-transition-ms", "50", "--ttl-change-interval", "0")
    yield client(server.endpoint), Wire(server.endpoint)
    assert server.stop() == 0, server.read_log()


class Resource:
    """One aws_dynamodb_table."""

    def __init__(self, cloud, wire):
        self.cloud, self.wire = cloud, wire
        self.name = unique_name()

    # --- Create ---

    def create(self, indexes, tags, **members):
        described = self.cloud.create_table(
            TableName=self.name,
            KeySchema=key_schema("user:HASH day:RANGE"),
            AttributeDefinitions=definitions("user:S day:S game:S score:N"),
            GlobalSecondaryIndexes=[INDEXES[name] for name in indexes],
            LocalSecondaryIndexes=[index("local_score", "user:HASH score:RANGE")],
            Tags=tags,
            **members,
        )["TableDescription"]
        assert described["TableStatus"] == "CREATING"
        wait_until_active(self.cloud, self.name)

    def enable_time_to_live(self, attribute, enabled=True):
        self.cloud.update_time_to_live(TableName=self.name, TimeToLiveSpecification={"AttributeName": attribute, "Enabled": enabled})
        wanted = "ENABLED" if enabled else "DISABLED"
        deadline = time.monotonic() + 30
        while self.cloud.describe_time_to_live(TableName=self.name)["TimeToLiveDescription"]["TimeToLiveStatus"] != wanted:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    # --- Read: refresh, plan, import, data source ---

    def read(self):
        """What the provider stores in its state; two reads without a change between them must not differ."""
        table = self.wire.call("DescribeTable", TableName=self.name)["Table"]
        backups = self.cloud.describe_continuous_backups(TableName=self.name)["ContinuousBackupsDescription"]
        time_to_live = self.cloud.describe_time_to_live(TableName=self.name)["TimeToLiveDescription"]
        tags = self.cloud.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
        return {
            "arn": table["TableArn"],
            "attribute": sorted((one["AttributeName"], one["AttributeType"]) for one in table["AttributeDefinitions"]),
            "billing_mode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "capacity": (table["ProvisionedThroughput"]["ReadCapacityUnits"], table["ProvisionedThroughput"]["WriteCapacityUnits"]),
            "deletion_protection_enabled": table["DeletionProtectionEnabled"],
            "global_secondary_index": {
                one["IndexName"]: (
                    one["KeySchema"],
                    one["Projection"]["ProjectionType"],
                    sorted(one["Projection"].get("NonKeyAttributes", [])),
                    one["ProvisionedThroughput"]["ReadCapacityUnits"],
                    one["ProvisionedThroughput"]["WriteCapacityUnits"],
                )
                for one in table.get("GlobalSecondaryIndexes", [])
            },
            "hash_and_range_key": table["KeySchema"],
            "local_secondary_index": [one["IndexName"] for one in table["LocalSecondaryIndexes"]],
            "point_in_time_recovery": backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
            "replica": table.get("Replicas", []),
            "restore": table.get("RestoreSummary"),
            "server_side_encryption": table.get("SSEDescription"),
            "stream": (table.get("StreamSpecification"), table.get("LatestStreamArn"), table.get("LatestStreamLabel")),
            "table_class": table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
            "tags": {tag["Key"]: tag["Value"] for tag in tags},
            "ttl": (time_to_live["TimeToLiveStatus"], time_to_live.get("AttributeName")),
        }

    # --- Change: one kind of thing a call, and one index a call ---

    def update(self, **members):
        described = self.wire.call("UpdateTable", TableName=self.name, **members)["TableDescription"]
        assert described["TableStatus"] == "UPDATING"
        wait_until_active(self.cloud, self.name)

    def create_index(self, name):
        self.update(
            AttributeDefinitions=definitions("user:S day:S game:S score:N"), GlobalSecondaryIndexUpdates=[{"Create": INDEXES[name]}]
        )

    def delete_index(self, name):
        self.update(GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": name}}])

    # --- Destroy ---

    def destroy(self):
        assert self.cloud.delete_table(TableName=self.name)["TableDescription"]["TableStatus"] == "DELETING"
        wait_until_gone(self.cloud, self.name)


@pytest.fixture
def resource(cloud):
    made = Resource(*cloud)
    made.create(["by_game"], [{"Key": "stage", "Value": "test"}], BillingMode="PAY_PER_REQUEST")
    yield made
    if made.read()["deletion_protection_enabled"]:
        made.update(DeletionProtectionEnabled=False)
    made.destroy()
    with refused("ResourceNotFoundException", f"Requested resource not found: Table: {made.name} not found"):
        made.read()


def test_what_was_created_is_what_is_read(resource):
    resource.enable_time_to_live("expires")
    state = resource.read()
    assert state["attribute"] == [("day", "S"), ("game", "S"), ("score", "N"), ("user", "S")]
    assert state["billing_mode"] == "PAY_PER_REQUEST"
    assert state["capacity"] == (0, 0)
    assert state["deletion_protection_enabled"] is False
    assert state["global_secondary_index"] == {"by_game": (key_schema("game:HASH score:RANGE"), "INCLUDE", ["player"], 0, 0)}
    assert state["hash_and_range_key"] == key_schema("user:HASH day:RANGE")
    assert state["local_secondary_index"] == ["local_score"]
    assert state["point_in_time_recovery"] == "DISABLED"
    assert state["replica"] == [] and state["restore"] is None and state["server_side_encryption"] is None
    assert state["stream"] == (None, None, None)
    assert state["table_class"] == "STANDARD"
    assert state["tags"] == {"stage": "test"}
    assert state["ttl"] == ("ENABLED", "expires")
    assert resource.read() == state, "a plan right after is empty"


def test_a_stream_comes_and_goes(resource):
    resource.update(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    specification, arn, label = resource.read()["stream"]
    assert specification == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert arn.endswith(f"/stream/{label}")
    resource.update(StreamSpecification={"StreamEnabled": False})
    assert resource.read()["stream"][0] is None


def test_indexes_change_one_by_one(resource):
    resource.create_index("by_score")
    assert sorted(resource.read()["global_secondary_index"]) == ["by_game", "by_score"]
    # A changed projection is a deletion, then a creation under the same name.
    resource.delete_index("by_game")
    assert sorted(resource.read()["global_secondary_index"]) == ["by_score"]
    assert ("game", "S") not in resource.read()["attribute"]
    resource.create_index("by_game")
    assert sorted(resource.read()["global_secondary_index"]) == ["by_game", "by_score"]


def test_billing_changes_for_the_table_and_its_indexes_together(resource):
    units = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 2}
    resource.update(
        BillingMode="PROVISIONED",
        ProvisionedThroughput=units,
        GlobalSecondaryIndexUpdates=[{"Update": {"IndexName": "by_game", "ProvisionedThroughput": units}}],
    )
    state = resource.read()
    assert (state["billing_mode"], state["capacity"]) == ("PROVISIONED", (3, 2))
    assert state["global_secondary_index"]["by_game"][-2:] == (3, 2)
    resource.update(ProvisionedThroughput={"ReadCapacityUnits": 4, "WriteCapacityUnits": 2})
    assert resource.read()["capacity"] == (4, 2)
    resource.update(BillingMode="PAY_PER_REQUEST")
    assert resource.read()["capacity"] == (0, 0)


def test_class_and_protection_change(resource):
    resource.update(TableClass="STANDARD_INFREQUENT_ACCESS")
    resource.update(DeletionProtectionEnabled=True)
    state = resource.read()
    assert (state["table_class"], state["deletion_protection_enabled"]) == ("STANDARD_INFREQUENT_ACCESS", True)
    with refused("ValidationException", "deletion protection"):
        resource.cloud.delete_table(TableName=resource.name)


def test_expiry_goes_off_and_on_for_another_attribute(resource):
    resource.enable_time_to_live("expires")
    resource.enable_time_to_live("expires", enabled=False)
    assert resource.read()["ttl"] == ("DISABLED", None)
    resource.enable_time_to_live("gone")
    assert resource.read()["ttl"] == ("ENABLED", "gone")


def test_tags_are_replaced(resource):
    arn = resource.read()["arn"]
    resource.cloud.untag_resource(ResourceArn=arn, TagKeys=["stage"])
    resource.cloud.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "blue"}])
    assert resource.read()["tags"] == {"team": "blue"}


def test_a_second_table_of_the_name_is_refused(resource):
    with refused("ResourceInUseException", f"Table already exists: {resource.name}"):
        resource.create(["by_game"], [], BillingMode="PAY_PER_REQUEST")
