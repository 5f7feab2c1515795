"""Which addresses may connect, as the console shows and changes it."""

import pytest
from console import Console, root_console, statement, user_console
from server import Server
from support import TARGET

pytestmark = [pytest.mark.skipif(TARGET != "armature", reason="only Armature has this console"), pytest.mark.own_server]

HERE = {"X-Forwarded-For": "10.1.2.3"}


@pytest.fixture(scope="module")
def server():
    server = Server("--memory", "--trusted-proxy", "127.0.0.1", "--allow-ip", "10.1.0.0/16", "--allow-ip", "192.0.2.0/24")
    yield server
    assert server.stop() == 0


@pytest.fixture
def root(server):
    console = root_console(server.endpoint, **HERE)
    yield console
    console.ask("PUT", "allow-list", {"cidrs": ["10.1.0.0/16", "192.0.2.0/24"]})


def reaches(server, address):
    return Console(server.endpoint, **{"X-Forwarded-For": address}).send("GET", "info").status == 200


def test_the_list_of_the_command_line_is_shown(server):
    listed = root_console(server.endpoint, **HERE).get("allow-list")
    assert listed["cidrs"] == ["10.1.0.0/16", "192.0.2.0/24"] and listed["source"] == "command-line"
    assert listed["peerAddress"] == "10.1.2.3" and listed["loopbackAlways"] is True


def test_a_new_list_holds_at_once(server, root):
    assert reaches(server, "192.0.2.7") and not reaches(server, "10.2.0.1")
    changed = root.ask("PUT", "allow-list", {"cidrs": ["10.0.0.0/8"]})
    assert changed["cidrs"] == ["10.0.0.0/8"] and changed["source"] == "stored" and root.get("allow-list") == changed
    assert reaches(server, "10.2.0.1") and not reaches(server, "192.0.2.7")
    assert reaches(server, "127.0.0.1")
    root.ask("PUT", "allow-list", {"cidrs": []})
    assert reaches(server, "203.0.113.1")


def test_nobody_locks_himself_out_by_mistake(server, root):
    answer = root.send("PUT", "allow-list", {"cidrs": ["192.0.2.0/24"]})
    assert answer.status == 409 and answer.error["code"] == "WouldLockOut"
    assert "10.1.2.3" in answer.error["message"] and answer.error["remedy"]
    assert root.get("allow-list")["cidrs"] == ["10.1.0.0/16", "192.0.2.0/24"]
    assert root.ask("PUT", "allow-list", {"cidrs": ["192.0.2.0/24"], "force": True})["cidrs"] == ["192.0.2.0/24"]
    assert root.send("GET", "session").status == 403
    root.headers = {}  # From the machine itself it can be taken back.
    root.ask("PUT", "allow-list", {"cidrs": ["10.1.0.0/16", "192.0.2.0/24"]})
    root.headers = HERE


@pytest.mark.parametrize("cidrs", [None, "10.0.0.0/8", [7], ["10.0.0.0/33"], ["example.com"], [""], ["1.2.3.4"] * 1001], ids=lambda c: str(c)[:20])
def test_wrong_lists_are_told(root, cidrs):
    answer = root.send("PUT", "allow-list", {"cidrs": cidrs, "force": True})
    assert answer.status == 400 and answer.error["code"] == "BadRequest" and answer.error["message"]


def test_policies_decide_who_sees_and_changes_it(server, root):
    with user_console(server.endpoint, statement("dynamodb:*"), **HERE) as console:
        for method, body in (("GET", None), ("PUT", {"cidrs": []})):
            answer = console.send(method, "allow-list", body)
            assert answer.status == 403 and answer.error["code"] == "NotAllowed"
            assert f"armature:{method.capitalize()}AllowList" in answer.error["message"] and console.user in answer.error["message"]
    with user_console(server.endpoint, statement("armature:*"), **HERE) as console:
        assert console.ask("PUT", "allow-list", {"cidrs": ["10.1.0.0/16"]})["cidrs"] == ["10.1.0.0/16"]
    for role in ("viewer", "editor"):
        with user_console(server.endpoint, statement("*"), role=role, **HERE) as console:
            assert console.get("allow-list")["cidrs"] == ["10.1.0.0/16"]
            assert console.send("PUT", "allow-list", {"cidrs": []}).error["code"] == "NotAllowed"
    with user_console(server.endpoint, statement("*"), role="admin", **HERE) as console:
        assert console.send("PUT", "allow-list", {"cidrs": ["10.0.0.0/8"]}).status == 200
