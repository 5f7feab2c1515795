"""What an operator sees of `armature serve`: configuration, and errors that say what to do."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import typing
import urllib.error
import urllib.request

import pytest
from server import Wire, binary

IN_MEMORY = ["--memory", "--listen", "127.0.0.1:0"]

pytestmark = pytest.mark.skipif("ARMATURE_ENDPOINT" in os.environ, reason="the server under test is not ours to start")


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARMATURE_")}
    return {**kept, "ARMATURE_ROOT_ACCESS_KEY_ID": "AKIDTEST", "ARMATURE_ROOT_SECRET_ACCESS_KEY": "secret", **more}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Started(typing.NamedTuple):
    url: str
    process: subprocess.Popen


@contextlib.contextmanager
def started(*options, log=None, open_files=None, **variables):
    """A server, and the URL it prints; `log` takes what it says on stderr, `open_files` is its limit of these."""
    command = [binary(), "serve", *options]
    if open_files is not None:
        command = ["prlimit", f"--nofile={open_files}:{open_files}", *command]
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, env=environment(**variables), stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            for line in process.stdout:
                if match := re.search(r"https?://127\.0\.0\.1:\d+", line):
                    yield Started(match.group(), process)
                    break
            else:
                errors.seek(0)
                raise AssertionError(errors.read())
        finally:
            process.terminate()
            process.communicate(timeout=30)
            errors.seek(0)
            if log is not None:
                log.append(errors.read())
            assert process.returncode == 0


def port_of_started(*options, **variables):
    with started(*options, **variables) as server:
        return int(server.url.rsplit(":", 1)[1])


def refusal(*options, **variables):
    done = subprocess.run([binary(), "serve", *options], env=environment(**variables), capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    return done.stderr


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(tmp_path):
    ports = [free_port() for _ in range(3)]
    config = tmp_path / "armature.toml"
    config.write_text(f'listen = "127.0.0.1:{ports[0]}"\nmemory = true\n')
    assert port_of_started("--config", str(config)) == ports[0]
    variables = {"ARMATURE_LISTEN": f"127.0.0.1:{ports[1]}"}
    assert port_of_started("--config", str(config), **variables) == ports[1]
    assert port_of_started(f"--config={config}", "--listen", f"127.0.0.1:{ports[2]}", **variables) == ports[2]


def test_browsers_of_other_origins_can_be_turned_away():
    def headers_of(url):
        return urllib.request.urlopen(urllib.request.Request(url, headers={"Origin": "https://example.com"})).headers

    with started(*IN_MEMORY) as server:
        assert headers_of(server.url).get_all("Access-Control-Allow-Origin") == ["*"]
    with started(*IN_MEMORY, "--no-cors") as server:
        assert [name for name in headers_of(server.url) if name.startswith("Access-Control")] == []


def test_an_unknown_option_in_the_file_is_named(tmp_path):
    config = tmp_path / "armature.toml"
    config.write_text("lissten = 1\n")
    assert "there is no option 'lissten'" in refusal("--config", str(config))


def test_negated_options_are_understood_wherever_they_are_written(tmp_path):
    def console_is_there(url):
        try:
            return urllib.request.urlopen(url + "/console/").status == 200
        except urllib.error.HTTPError as error:
            return error.code != 404

    config = tmp_path / "armature.toml"
    for line, there in [("no-console = true", False), ("no-console = false", True), ("console = false", False), ("console = true", True)]:
        config.write_text(line + "\n")
        with started(*IN_MEMORY, "--config", str(config)) as server:
            assert console_is_there(server.url) == there, line
    for name, value, there in [("NO_CONSOLE", "1", False), ("NO_CONSOLE", "false", True), ("CONSOLE", "false", False)]:
        with started(*IN_MEMORY, **{"ARMATURE_" + name: value}) as server:
            assert console_is_there(server.url) == there, (name, value)
    config.write_text("console = true\n")
    with started(*IN_MEMORY, "--config", str(config), ARMATURE_NO_CONSOLE="true") as server:
        assert not console_is_there(server.url)
    assert "both set" in refusal(*IN_MEMORY, ARMATURE_CONSOLE="true", ARMATURE_NO_CONSOLE="true")


@pytest.mark.parametrize(
    "text, why",
    [
        ('[serve]\nregion = "eu-west-1"\n', "no section, so [serve]"),
        ("threads = 2\nmemory = true\nthreads = 3\n", "'threads' is given twice"),
        ("cors = true\nno-cors = true\n", "'no-cors' is given twice"),
        ('data = ["one", "two"]\n', "'data' has more than one value"),
        ('audit-log = ""\n', "'audit-log' has no value"),
        ("allow-ip = []\n", "'allow-ip' has no value"),
        ("threads =\n", "'threads' has no value"),
    ],
)
def test_what_a_configuration_file_cannot_mean_is_refused(tmp_path, text, why):
    config = tmp_path / "armature.toml"
    config.write_text(text)
    assert why in refusal(*IN_MEMORY, "--config", str(config))


def test_a_directory_is_no_configuration_file(tmp_path):
    assert "cannot read the configuration file" in refusal(*IN_MEMORY, "--config", str(tmp_path))


@pytest.mark.parametrize(
    "options, why",
    [
        (["--tls-cert", "", "--tls-key", ""], "--tls-cert: the name is empty"),
        (["--audit-log", ""], "--audit-log: the name is empty"),
        (["--cache", "-1"], "the cache is 1MB"),
        (["--cache", "0"], "the cache is 1MB"),
        (["--max-connections", "0"], "--max-connections: Value 0 not in range 1 to 1000000"),
        (["--idle-timeout", "-5"], "Value -5 not in range 1 to 3153600000"),
        (["--stream-retention", "9223372036854775807"], "not in range 1 to 3153600000"),
        (["--ttl-change-interval", "9223372036854775807"], "not in range 0 to 3153600000"),
        (["--slow-request-ms", "9223372036854775807"], "not in range 0 to 3153600000000"),
        (["--data", "here"], "--memory excludes --data"),
        (["--simulate", "1"], "--memory excludes --simulate"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_values_that_cannot_be_meant_are_refused(options, why):
    done = subprocess.run([binary(), "serve", *IN_MEMORY, *options], env=environment(), capture_output=True, text=True, timeout=30)
    assert why in done.stderr
    assert done.returncode == 2


def test_memory_may_be_said_to_be_false(tmp_path):
    with started("--listen", "127.0.0.1:0", "--data", str(tmp_path / "data"), ARMATURE_MEMORY="false"):
        assert (tmp_path / "data" / "FORMAT").exists()


def test_what_has_no_effect_is_told():
    log = []
    variables = {"ARMATURE_ALOW_IP": "10.0.0.0/8", "ARMATURE_CONNECTION": "prod"}
    with started(*IN_MEMORY, "--cache", "64MB", "--no-console", "--console-allow-ip", "10.0.0.1", log=log, **variables):
        pass
    assert "ARMATURE_ALOW_IP has no effect" in log[0]
    assert "--cache has no effect" in log[0]
    assert "--console-allow-ip has no effect" in log[0]
    assert log[0].count("has no effect") == 3


def test_an_unknown_command_is_named():
    done = subprocess.run([binary(), "server"], env=environment(), capture_output=True, text=True, timeout=30)
    assert (done.returncode, "no command 'server'" in done.stderr) == (2, True)


def test_connections_leave_open_files_to_the_data(tmp_path):
    log = []
    limit = 96
    options = ["--listen", "127.0.0.1:0", "--data", str(tmp_path / "data")]
    with started(*options, log=log, open_files=limit) as server, contextlib.ExitStack() as stack:
        wire = Wire(server.url, access_key_id="AKIDTEST", secret="secret")
        kept = wire.connection()
        assert wire.send("{}", "ListTables", connection=kept).status == 200
        port = int(server.url.rsplit(":", 1)[1])
        strangers = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(2 * limit)]
        refused = strangers[-1].recv(65536)
        assert refused.startswith(b"HTTP/1.1 503 "), refused
        assert len(os.listdir(f"/proc/{server.process.pid}/fd")) <= limit - 16
        assert wire.send("{}", "ListTables", connection=kept).status == 200
    assert "raise the limit of open files" in log[0]


def test_closed_streams_do_not_become_files_of_the_data(tmp_path):
    port = free_port()
    command = f'exec "{binary()}" serve --listen 127.0.0.1:{port} --data "{tmp_path}/data" <&- >&- 2>&-'
    process = subprocess.Popen(["sh", "-c", command], env=environment())
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                assert urllib.request.urlopen(f"http://127.0.0.1:{port}/health").status == 200
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.05)
        assert {os.readlink(f"/proc/{process.pid}/fd/{stream}") for stream in range(3)} == {"/dev/null"}
    finally:
        process.terminate()
        assert process.wait(30) == 0


def test_a_hangup_without_tls_is_no_error(tmp_path):
    log = []
    audit = tmp_path / "audit"
    with started(*IN_MEMORY, "--audit-log", str(audit), log=log) as server:
        audit.rename(tmp_path / "rotated")
        server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 10
        while not audit.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert audit.exists()
    assert "error" not in log[0]


def test_a_port_in_use_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port}" in refusal("--memory", "--listen", f"127.0.0.1:{port}")


def test_a_directory_of_something_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert "is not an Armature data directory" in refusal("--data", str(tmp_path), "--listen", "127.0.0.1:0")
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes.txt"]


def test_a_second_server_on_one_directory_is_refused(tmp_path):
    options = ["--data", str(tmp_path / "data"), "--listen", "127.0.0.1:0"]
    first = subprocess.Popen([binary(), "serve", *options], env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert "is ready" in first.stdout.readline()
        assert "another process is using" in refusal(*options)
        check = subprocess.run([binary(), "check", str(tmp_path / "data")], capture_output=True, text=True, timeout=30)
        assert check.returncode == 1 and "another process is using" in check.stderr
    finally:
        first.terminate()
        first.communicate(timeout=30)
