"""Tags, and what Terraform reads beside a table's description. Source: Developer Guide, "Tagging restrictions in DynamoDB"; API
Reference, "TagResource", "UntagResource", "ListTagsOfResource", "DescribeTimeToLive", "DescribeContinuousBackups"."""

import pytest
from support import eventually, invalid, refused, unique_name

pytestmark = pytest.mark.not_on("local")


@pytest.fixture
def arn(ddb, make_table):
    return ddb.describe_table(TableName=make_table())["Table"]["TableArn"]


def pairs(**tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def listed(ddb, arn):
    """All tags as a dict, however many pages they take."""
    tags, page = {}, ddb.list_tags_of_resource(ResourceArn=arn)
    while True:
        tags.update((tag["Key"], tag["Value"]) for tag in page["Tags"])
        if "NextToken" not in page:
            return tags
        page = ddb.list_tags_of_resource(ResourceArn=arn, NextToken=page["NextToken"])


def test_tags_come_change_and_go(ddb, arn):
    assert listed(ddb, arn) == {}
    ddb.tag_resource(ResourceArn=arn, Tags=pairs(team="blue", stage=""))
    eventually(lambda: listed(ddb, arn), {"team": "blue", "stage": ""})
    ddb.tag_resource(ResourceArn=arn, Tags=pairs(team="red"))
    eventually(lambda: listed(ddb, arn), {"team": "red", "stage": ""})
    ddb.untag_resource(ResourceArn=arn, TagKeys=["stage", "nothing"])
    eventually(lambda: listed(ddb, arn), {"team": "red"})


def test_a_table_can_be_created_with_tags(ddb, make_table):
    arn = ddb.describe_table(TableName=make_table(Tags=pairs(team="blue")))["Table"]["TableArn"]
    eventually(lambda: listed(ddb, arn), {"team": "blue"})


def test_replies_have_no_body(wire, arn):
    added = wire.send('{"ResourceArn": "%s", "Tags": [{"Key": "k", "Value": "v"}]}' % arn, "TagResource")
    assert (added.status, added.body) == (200, b"")
    removed = wire.send('{"ResourceArn": "%s", "TagKeys": ["k"]}' % arn, "UntagResource")
    assert (removed.status, removed.body) == (200, b"")


def test_fifty_tags_fit_and_no_more(ddb, arn):
    fifty = {f"key{i}": "Größe +-=._:/@ 1" for i in range(50)}
    ddb.tag_resource(ResourceArn=arn, Tags=pairs(**fifty))
    eventually(lambda: listed(ddb, arn), fifty)
    with pytest.raises(ddb.exceptions.ClientError):
        ddb.tag_resource(ResourceArn=arn, Tags=pairs(more=""))


@pytest.mark.parametrize(
    "key, value", [("", "v"), ("k" * 129, "v"), ("k", "v" * 257), ("aws:team", "v"), ("a&b", "v"), ("k", "<v>")]
)
def test_what_no_tag_may_be(ddb, arn, key, value):
    with invalid():
        ddb.tag_resource(ResourceArn=arn, Tags=[{"Key": key, "Value": value}])
    assert listed(ddb, arn) == {}


def test_empty_lists_are_refused(ddb, arn):
    with invalid("Atleast one Tag needs to be provided as Input."):
        ddb.tag_resource(ResourceArn=arn, Tags=[])
    with invalid("Atleast one Tag Key needs to be provided as Input."):
        ddb.untag_resource(ResourceArn=arn, TagKeys=[])


def test_a_malformed_arn_is_refused(ddb):
    text = "Invalid TableArn: Invalid ResourceArn provided as input nonsense"
    with invalid(text):
        ddb.tag_resource(ResourceArn="nonsense", Tags=pairs(k="v"))
    with invalid(text):
        ddb.untag_resource(ResourceArn="nonsense", TagKeys=["k"])
    with invalid(text):
        ddb.list_tags_of_resource(ResourceArn="nonsense")


def test_a_table_that_is_not_there(ddb, arn):
    missing = arn.rpartition("/")[0] + "/" + unique_name()
    text = f"Requested resource not found: ResourcArn: {missing} not found"
    with refused("ResourceNotFoundException", text):
        ddb.tag_resource(ResourceArn=missing, Tags=pairs(k="v"))
    with refused("ResourceNotFoundException", text):
        ddb.untag_resource(ResourceArn=missing, TagKeys=["k"])
    with refused("AccessDeniedException", "is not authorized to perform: dynamodb:ListTagsOfResource on resource: " + missing):
        ddb.list_tags_of_resource(ResourceArn=missing)


def test_time_to_live_is_described_as_disabled(ddb, make_table):
    assert ddb.describe_time_to_live(TableName=make_table())["TimeToLiveDescription"] == {"TimeToLiveStatus": "DISABLED"}


def test_time_to_live_of_a_table_that_is_not_there(ddb):
    with refused("ResourceNotFoundException"):
        ddb.describe_time_to_live(TableName=unique_name())


def test_continuous_backups_are_described_without_point_in_time_recovery(ddb, make_table):
    described = ddb.describe_continuous_backups(TableName=make_table())["ContinuousBackupsDescription"]
    assert described["ContinuousBackupsStatus"] == "ENABLED"
    assert described["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"


def test_continuous_backups_of_a_table_that_is_not_there(ddb):
    with refused("TableNotFoundException"):
        ddb.describe_continuous_backups(TableName=unique_name())
