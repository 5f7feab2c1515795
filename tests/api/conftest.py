"""Fixtures of the API suite.

The suite speaks boto3 to one endpoint:

    ARMATURE_ENDPOINT  use this server, whatever it is (with AWS_ACCESS_KEY_ID and so on); otherwise one is started
    ARMATURE_TARGET    armature (default), aws or local (DynamoDB Local): skips what that server is known not to do
    ARMATURE_BINARY    the program to start
    ARMATURE_ENGINE    memory (default), rocksdb or simulated

Tests share tables and keep out of each other's way by partition key values of their own (fixture `p`).
"""

import contextlib
import os
import uuid

import pytest
from connector_cli import CommandLine
from server import Server, Wire, client, engine_options
from support import TARGET, index, temporary_table


def pytest_configure(config):
    config.addinivalue_line("markers", "not_on(*targets): AWS or DynamoDB Local ('aws', 'local') do not satisfy this test")
    config.addinivalue_line("markers", "own_server: needs a server it can start and stop")


def pytest_collection_modifyitems(items):
    for item in items:
        for marker in item.iter_markers("not_on"):
            if TARGET in marker.args:
                item.add_marker(pytest.mark.skip(reason=f"known to differ on {TARGET}"))
        if "ARMATURE_ENDPOINT" in os.environ and item.get_closest_marker("own_server"):
            item.add_marker(pytest.mark.skip(reason="the server is not ours to start"))


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory):
    if "ARMATURE_ENDPOINT" in os.environ:
        yield os.environ["ARMATURE_ENDPOINT"]
        return
    engine = os.environ.get("ARMATURE_ENGINE", "memory")
    server = Server(*engine_options(engine, tmp_path_factory.mktemp("data") / "armature"))
    yield server.endpoint
    assert server.stop() == 0, server.read_log()


@pytest.fixture(scope="session")
def ddb(endpoint):
    return client(endpoint)


@pytest.fixture(scope="session")
def wire(endpoint):
    return Wire(endpoint)


@pytest.fixture
def p():
    """A partition key value nobody else uses."""
    return "p-" + uuid.uuid4().hex


@pytest.fixture
def cli(tmp_path, endpoint):
    """The connector's commands, with a saved connection "local" to the server."""
    line = CommandLine(tmp_path / "config", endpoint)
    line.add("local")
    return line


@pytest.fixture
def make_table(ddb):
    """Creates tables that go when the test ends: make_table(keys="p:HASH", types="p:S", **create_table_members)."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **more: stack.enter_context(temporary_table(ddb, *args, **more))


def shared_table(keys, types, **more):
    @pytest.fixture(scope="session")
    def fixture(ddb):
        with temporary_table(ddb, keys, types, **more) as name:
            yield name

    return fixture


# Named for their keys: `table` has a partition key p alone, the others a sort key c of some type.
table = shared_table("p:HASH", "p:S")
range_table = shared_table("p:HASH c:RANGE", "p:S c:S")
number_range_table = shared_table("p:HASH c:RANGE", "p:S c:N")
binary_range_table = shared_table("p:HASH c:RANGE", "p:S c:B")
# p, c; local index by_l on l:N (ALL), local_keys on l (KEYS_ONLY); global indexes by_g on g:S, h:N (ALL), global_keys on g (KEYS_ONLY),
# global_include on g with attribute x.
indexed_table = shared_table(
    "p:HASH c:RANGE",
    "p:S c:S l:N g:S h:N",
    LocalSecondaryIndexes=[index("by_l", "p:HASH l:RANGE"), index("local_keys", "p:HASH l:RANGE", "KEYS_ONLY")],
    GlobalSecondaryIndexes=[
        index("by_g", "g:HASH h:RANGE"),
        index("global_keys", "g:HASH", "KEYS_ONLY"),
        index("global_include", "g:HASH", ["x"]),
    ],
)
