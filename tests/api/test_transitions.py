"""Tables that take time to become what was asked for. Source: API Reference, "TableDescription", "TableStatus"."""

import pytest
from server import Server, client
from support import on_demand, refused, unique_name, wait_until_active, wait_until_gone
from values import S

pytestmark = pytest.mark.own_server

SLOW = ["--table-transition-ms", "400"]
IN_USE = "Attempt to change a resource which is still in use: Table is being "


@pytest.fixture(scope="module")
def slow():
    """A client of a server that takes its time."""
    server = Server("--memory", *SLOW)
    yield client(server.endpoint)
    assert server.stop() == 0, server.read_log()


def status(ddb, name):
    return ddb.describe_table(TableName=name)["Table"]["TableStatus"]


def test_a_new_table_is_creating_and_then_active(slow):
    name = unique_name()
    assert slow.create_table(**on_demand(name, "p:HASH", "p:S"))["TableDescription"]["TableStatus"] == "CREATING"
    assert status(slow, name) == "CREATING"
    with refused("ResourceNotFoundException", "Requested resource not found"):
        slow.put_item(TableName=name, Item={"p": S("x")})
    for change in (lambda: slow.delete_table(TableName=name), lambda: slow.update_table(TableName=name, BillingMode="PAY_PER_REQUEST")):
        with refused("ResourceInUseException", IN_USE + f"created: {name}"):
            change()
    with refused("ResourceInUseException", f"Table already exists: {name}"):
        slow.create_table(**on_demand(name, "p:HASH", "p:S"))
    assert "LastUpdateToPayPerRequestDateTime" in wait_until_active(slow, name)["BillingModeSummary"]
    slow.put_item(TableName=name, Item={"p": S("x")})


def test_an_updating_table_goes_on_working(slow):
    name = unique_name()
    slow.create_table(**on_demand(name, "p:HASH", "p:S"))
    wait_until_active(slow, name)
    reply = slow.update_table(TableName=name, BillingMode="PAY_PER_REQUEST")
    assert reply["TableDescription"]["TableStatus"] == "UPDATING"
    slow.put_item(TableName=name, Item={"p": S("x")})
    with refused("ResourceInUseException", IN_USE + f"updated: {name}"):
        slow.delete_table(TableName=name)
    wait_until_active(slow, name)


def test_a_deleted_table_is_deleting_and_then_gone(slow):
    name = unique_name()
    slow.create_table(**on_demand(name, "p:HASH", "p:S"))
    wait_until_active(slow, name)
    assert slow.delete_table(TableName=name)["TableDescription"]["TableStatus"] == "DELETING"
    assert status(slow, name) == "DELETING"
    with refused("ResourceNotFoundException", "Requested resource not found"):
        slow.get_item(TableName=name, Key={"p": S("x")})
    with refused("ResourceInUseException", IN_USE + f"deleted: {name}"):
        slow.delete_table(TableName=name)
    wait_until_gone(slow, name)


def test_waiters_wait(slow):
    name = unique_name()
    slow.create_table(**on_demand(name, "p:HASH", "p:S"))
    slow.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    slow.delete_table(TableName=name)
    slow.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})


def test_a_transition_goes_on_after_a_restart(tmp_path):
    options = ["--data", str(tmp_path / "data"), "--table-transition-ms", "1500"]
    server = Server(*options)
    ddb = client(server.endpoint)
    kept, dropped = unique_name("kept"), unique_name("dropped")
    ddb.create_table(**on_demand(dropped, "p:HASH", "p:S"))
    wait_until_active(ddb, dropped)
    ddb.delete_table(TableName=dropped)
    ddb.create_table(**on_demand(kept, "p:HASH", "p:S"))
    server.kill()

    server = Server("--data", str(tmp_path / "data"), *SLOW)
    ddb = client(server.endpoint)
    wait_until_active(ddb, kept, timeout_s=10)
    wait_until_gone(ddb, dropped, timeout_s=10)
    ddb.put_item(TableName=kept, Item={"p": S("x")})
    assert server.stop() == 0, server.read_log()
