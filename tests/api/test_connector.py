"""`armature connection`, `query`, `sql`, `copy`, `import` and `export`, as their user meets them."""

import contextlib
import gzip
import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time

import pytest
from fault_proxy import FaultProxy
from server import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, binary
from support import TARGET

pytestmark = pytest.mark.skipif(TARGET != "armature", reason="the command line is ours; any server will do, one is enough")


@pytest.fixture
def music(ddb, table, p):
    """A table with three items of this test's own."""
    for number in range(3):
        ddb.put_item(TableName=table, Item={"p": {"S": f"{p}-{number}"}, "n": {"N": str(number)}, "by": {"S": p}})
    return table


def test_a_saved_connection_works_and_keeps_its_secret(cli, tmp_path):
    report, steps = cli.test("local")
    assert report["ok"] and report["summary"].startswith("Connected as ")
    assert steps["service"]["status"] == "passed" and steps["tables"]["status"] in ("passed", "warning")
    shown = cli.run("connection", "show", "local", "--json").stdout + cli.run("connection", "list").stdout
    assert SECRET_ACCESS_KEY not in shown
    stored = b"".join(file.read_bytes() for file in (tmp_path / "config").iterdir() if file.is_file())
    assert SECRET_ACCESS_KEY.encode() not in stored


def test_fields_are_checked_before_they_are_saved(cli):
    refused = cli.run("connection", "add", "x", "--region", "Mars", "--access-key-id", "A", "--option", "maxAttemps=2", "--secret-stdin",
                      stdin="s\n", status=2)  # fmt: skip
    assert "region:" in refused.stderr and "did you mean maxAttempts?" in refused.stderr


def test_profiles_are_imported(cli, tmp_path):
    credentials = tmp_path / "credentials"
    credentials.write_text(f"[mine]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n")
    config = tmp_path / "config.ini"
    config.write_text(f"[profile mine]\nregion = {REGION}\nendpoint_url = {cli.endpoint}\n")
    variables = {"AWS_SHARED_CREDENTIALS_FILE": str(credentials), "AWS_CONFIG_FILE": str(config)}
    cli.run("connection", "import-profile", "mine", **variables)
    assert cli.test("mine")[0]["ok"]
    assert "did you mean mine?" in cli.run("connection", "import-profile", "mien", status=1, **variables).stderr
    cli.run("sql", "profile:mine", "-e", "ListTables {}", **variables)


def test_operations_run_as_json(cli, music, p):
    done = cli.run("sql", "local", "-e", f'GetItem {{"TableName": "{music}", "Key": {{"p": {{"S": "{p}-1"}}}}}}')
    assert json.loads(done.stdout) == {"p": f"{p}-1", "n": 1, "by": p}


def test_a_script_stops_at_its_first_error(cli, music, p):
    script = f"""-- a comment; with a semicolon
GetItem {{"TableName": "{music}", "Key": {{"p": {{"S": "{p}-0"}}}}}};
GetItem {{"TableName": "no-such-table", "Key": {{"p": {{"S": "x"}}}}}};
GetItem {{"TableName": "{music}", "Key": {{"p": {{"S": "{p}-2"}}}}}};
"""
    done = cli.run("sql", "local", stdin=script, status=1)
    assert f"{p}-0" in done.stdout and f"{p}-2" not in done.stdout
    assert "ResourceNotFoundException" in done.stderr


def test_saved_queries_bind_values(cli, music, p):
    body = json.dumps({"TableName": music, "KeyConditionExpression": "{{key}} = {{id}}"})
    cli.run("query", "save", "by-key", "-c", "local", "--operation", "Query", "--body", body, "--var", "key:name=p", "--var", "id:S")
    done = cli.run("query", "run", "by-key", "--var", f"id={p}-2", "--format", "dynamodb")
    assert json.loads(done.stdout) == {"p": {"S": f"{p}-2"}, "n": {"N": "2"}, "by": {"S": p}}
    assert cli.run("query", "run", "by-key", "--var", "id=x' OR 1=1", "--format", "json").stdout == ""
    assert "variables without a value: id" in cli.run("query", "run", "by-key", status=1).stderr
    code = cli.run("query", "run", "by-key", "--var", 'id=it\'s "q"', "--code", "python").stdout
    compile(code, "query", "exec")
    assert SECRET_ACCESS_KEY not in code
    cli.run("query", "remove", "by-key")


def test_a_scan_that_should_be_a_query_is_noted(cli, music, p):
    body = json.dumps({"TableName": music, "FilterExpression": "p = {{id}}"})
    cli.run("query", "save", "scan", "-c", "local", "--operation", "Scan", "--body", body)
    assert "a Query with that as its key condition" in cli.run("query", "run", "scan", "--var", f"id={p}-1").stderr


def test_viewers_and_read_only_connections_write_nothing(cli, music):
    put = f'PutItem {{"TableName": "{music}", "Item": {{"p": {{"S": "never"}}}}}}'
    cli.add("viewer", options=["--user-role", "viewer"])
    assert "was not sent" in cli.run("sql", "viewer", "-e", put, status=1).stderr
    cli.add("careful", options=["--read-only"])
    assert "is read-only" in cli.run("sql", "careful", "-e", put, status=1).stderr
    assert "is read-only" in cli.run("sql", "careful", "-e", "DELETE FROM t WHERE p = 'x'", status=1).stderr


def test_the_table_filter_hides_the_rest(cli, music):
    cli.add("narrow", options=["--table", "nothing-*"])
    assert json.loads(cli.run("sql", "narrow", "-e", "ListTables {}").stdout)["TableNames"] == []
    assert "outside the table filter" in cli.run("sql", "narrow", "-e", f'Scan {{"TableName": "{music}"}}', status=1).stderr


EVERY_TYPE = {
    "p": {"S": 'a,"b"\n😀'},
    "n": {"N": "12345678901234567890123456789012345678"},
    "b": {"B": b"\x00\xff"},
    "ss": {"SS": ["x", "y"]},
    "ns": {"NS": ["1", "2.5"]},
    "bs": {"BS": [b"\x00"]},
    "l": {"L": [{"S": "x"}, {"NULL": True}]},
    "m": {"M": {"$set": {"BOOL": False}}},
    "e": {"S": ""},
}


@pytest.mark.parametrize("name", ["t.json", "t.json.gz", "t.json.zst", "t.csv", "t.plain"])
def test_a_table_survives_the_way_through_a_file(cli, ddb, make_table, tmp_path, name):
    source, target = make_table(), make_table()
    ddb.put_item(TableName=source, Item=EVERY_TYPE)
    for number in range(60):
        ddb.put_item(TableName=source, Item={"p": {"S": f"i{number}"}, "n": {"N": str(number)}})
    options = ["--format", "json"] if name == "t.plain" else []
    file = tmp_path / name
    cli.run("export", source, str(file), "-c", "local", *options)
    cli.run("import", target, str(file), "-c", "local", *options)
    everything = [ddb.scan(TableName=table)["Items"] for table in (source, target)]
    for items in everything:
        for item in items:
            for value in item.values():
                for kind in ("SS", "NS", "BS"):
                    value.get(kind, []).sort()
    assert sorted(everything[0], key=lambda item: item["p"]["S"]) == sorted(everything[1], key=lambda item: item["p"]["S"])


def test_exports_of_aws_are_read(cli, ddb, make_table, tmp_path):
    target = make_table()
    file = tmp_path / "export.json.gz"
    file.write_bytes(gzip.compress(b'{"Item":{"p":{"S":"a"}}}\n{"Item":{"p":{"S":"b"}}}\n'))
    assert json.loads(cli.run("import", target, str(file), "-c", "local", "--json").stdout) == {"imported": 2}
    bad = tmp_path / "bad.json"
    bad.write_text('{"p":{"S":"c"}}\n{"p":"d"}\n')
    assert "bad.json, line 2: attribute 'p' is not DynamoDB JSON" in cli.run("import", target, str(bad), "-c", "local", status=1).stderr


def fill(ddb, table, count):
    for start in range(0, count, 25):
        puts = [{"PutRequest": {"Item": {"p": {"S": f"k{i}"}, "v": {"S": "x" * 200}}}} for i in range(start, min(start + 25, count))]
        ddb.batch_write_item(RequestItems={table: puts})


def test_a_copy_goes_on_where_it_was_interrupted(cli, ddb, make_table):
    source, target = make_table(), make_table()
    fill(ddb, source, 1000)
    with FaultProxy(cli.endpoint) as proxy:
        cli.add("there", endpoint=proxy.endpoint, options=["--option", "maxAttempts=1"])
        proxy.faults = [""] * 12 + ["503"] * 200
        stopped = cli.run("copy", f"local/{source}", f"there/{target}", "--segments", "4", status=1)
        assert "The same command goes on from here." in stopped.stderr
        proxy.faults = []
        done = cli.run("copy", f"local/{source}", f"there/{target}", "--segments", "4")
    assert "Both tables have 1000 items." in done.stdout
    assert ddb.scan(TableName=target, Select="COUNT")["Count"] == 1000


def test_a_copy_makes_its_target_and_ends_well_on_ctrl_c(cli, ddb, make_table):
    source = make_table()
    fill(ddb, source, 500)
    target = source + "-copy"
    try:
        with FaultProxy(cli.endpoint) as proxy:
            cli.add("there", endpoint=proxy.endpoint)
            proxy.faults = ["", "", ""] + ["slow"] * 8
            command = [binary(), "copy", f"local/{source}", f"there/{target}", "--create", "--segments", "2", "--json"]
            process = subprocess.Popen(command, env=cli.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while proxy.requests < 5 and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
            assert process.returncode in (0, 130)
            proxy.faults = []
        done = cli.run("copy", f"local/{source}", f"local/{target}", "--json", "--restart")
        assert json.loads(done.stdout) == {"copied": 500, "sourceItems": 500, "targetItems": 500}
    finally:
        ddb.delete_table(TableName=target)


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, arguments, environment):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execve(arguments[0], arguments, {**environment, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"})
        self.seen = ""

    def expect(self, pattern, timeout_s=20):
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.seen)
            if found := re.search(pattern, plain):
                self.seen = plain[found.end() :]
                return found
            if select.select([self.file], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self.file, 65536).decode(errors="replace")
                except OSError:
                    break
        raise AssertionError(f"no {pattern!r} in {self.seen!r}")

    def expect_prompt(self, name="local", mark="=>"):
        """The prompt, and that it takes keys: it is shown a moment before, and until then the terminal would keep Ctrl+D for itself."""
        self.expect(f"{name}{mark} ")
        deadline = time.monotonic() + 20
        while termios.tcgetattr(self.file)[3] & termios.ICANON:
            assert time.monotonic() < deadline, "the prompt takes lines, not keys"
            time.sleep(0.005)

    def type(self, text):
        os.write(self.file, text.encode())

    def end(self):
        """Reads to the end of what it says; its exit status."""
        with contextlib.suppress(OSError):
            while select.select([self.file], [], [], 20)[0] and os.read(self.file, 65536):
                pass
        os.close(self.file)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_the_shell_at_a_terminal(cli, music, p):
    shell = Terminal([binary(), "sql", "local"], cli.environment)
    shell.expect_prompt()
    shell.type(f'GetItem {{"TableName": "{music}",\r')
    shell.expect_prompt(mark="->")
    shell.type(f'"Key": {{"p": {{"S": "{p}-1"}}}}}}\r')
    shell.expect(rf"{p}-1")
    shell.expect(r"1 item, .* ms")
    shell.expect_prompt()
    shell.type(f"\\d {music[:-3]}\t\r")  # Completed.
    shell.expect(rf"Table {music}  ACTIVE")
    shell.expect_prompt()
    shell.type("Scan {half a line\x03")  # Ctrl+C gives it up.
    shell.expect_prompt()
    shell.type("\\nonsense\r")
    shell.expect("there is no command")
    shell.expect_prompt()
    shell.type("\\q\r")
    assert shell.end() == 0
    history = (cli.environment["ARMATURE_CONFIG_DIR"], "history")
    assert os.stat("/".join(history)).st_mode & 0o777 == 0o600
    with open("/".join(history)) as file:
        assert "GetItem" in file.read()


def test_pages_are_asked_for_at_a_terminal(cli, ddb, make_table):
    table = make_table()
    fill(ddb, table, 30)
    cli.add("paged", options=["--option", "pageSize=10"])
    shell = Terminal([binary(), "sql", "paged"], cli.environment)
    shell.expect_prompt("paged")
    shell.type(f'Scan {{"TableName": "{table}"}};\r')
    shell.expect("More?")
    shell.type("\r")
    shell.expect("20 items")
    shell.expect("More?")
    shell.type("q\r")
    shell.expect_prompt("paged")
    shell.type("\x04")
    assert shell.end() == 0


def test_completion_knows_what_was_named_before(cli, ddb, make_table):
    table = make_table("customer:HASH", "customer:S")
    ddb.put_item(TableName=table, Item={"customer": {"S": "ann"}})
    shell = Terminal([binary(), "sql", "local"], cli.environment)
    shell.expect_prompt()
    shell.type("SELECT * FROM\r")
    shell.expect_prompt(mark="->")
    shell.type(f'"{table}"\rWHERE cust\t= \'ann\';\r')  # An attribute of a table two lines above.
    shell.expect("1 item, ")
    shell.expect_prompt()
    shell.type(f'GetItem {{"TableName": "{table[:-3]}\t, "Key": {{"cus\t: {{"S": "ann"}}}}}}\r')  # Inside JSON.
    shell.expect("1 item, ")
    shell.expect_prompt()
    shell.type("exit\r")
    assert shell.end() == 0


def test_ctrl_c_between_pages_ends_the_result_and_not_the_shell(cli, ddb, make_table):
    table = make_table()
    fill(ddb, table, 30)
    cli.add("paged", options=["--option", "pageSize=10"])
    shell = Terminal([binary(), "sql", "paged"], cli.environment)
    shell.expect_prompt("paged")
    shell.type(f'Scan {{"TableName": "{table}"}};\r')
    shell.expect("More?")
    shell.type("\x03")
    shell.expect_prompt("paged")
    shell.type("ListTables {};\r")  # And the shell goes on.
    shell.expect(table)
    shell.expect_prompt("paged")
    shell.type("\x04")
    assert shell.end() == 0


def test_a_failing_script_names_its_line(cli, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text('ListTables {};\n-- what follows fails\nScan\n  {"TableName": "no-such-table"};\n')
    assert f"{script}, line 3: " in cli.run("sql", "local", "-f", str(script), status=1).stderr
