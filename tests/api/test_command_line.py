"""What an operator sees of `armature serve`: configuration, and errors that say what to do."""

import contextlib
import os
import re
import socket
import subprocess
import tempfile
import urllib.request

import pytest
from server import binary

IN_MEMORY = ["--memory", "--listen", "127.0.0.1:0"]

pytestmark = pytest.mark.skipif("ARMATURE_ENDPOINT" in os.environ, reason="the server under test is not ours to start")


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARMATURE_")}
    return {**kept, "ARMATURE_ROOT_ACCESS_KEY_ID": "AKIDTEST", "ARMATURE_ROOT_SECRET_ACCESS_KEY": "secret", **more}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def started(*options, log=None, **variables):
    """A server, by the URL it prints; `log` takes what it says on stderr."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [binary(), "serve", *options], env=environment(**variables), stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            for line in process.stdout:
                if match := re.search(r"https?://127\.0\.0\.1:\d+", line):
                    yield match.group()
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
    with started(*options, **variables) as url:
        return int(url.rsplit(":", 1)[1])


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

    with started(*IN_MEMORY) as url:
        assert headers_of(url).get_all("Access-Control-Allow-Origin") == ["*"]
    with started(*IN_MEMORY, "--no-cors") as url:
        assert [name for name in headers_of(url) if name.startswith("Access-Control")] == []


def test_an_unknown_option_in_the_file_is_named(tmp_path):
    config = tmp_path / "armature.toml"
    config.write_text("lissten = 1\n")
    assert "there is no option 'lissten'" in refusal("--config", str(config))


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
