"""The connector's commands run as their user does, with a configuration directory of their own."""

import json
import os
import subprocess

from server import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, binary


class CommandLine:
    def __init__(self, directory, endpoint):
        self.endpoint = endpoint
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ARMATURE_"))}
        self.environment = {**kept, "ARMATURE_CONFIG_DIR": str(directory), "HOME": str(directory), "TERM": "dumb", "NO_COLOR": "1"}

    def run(self, *arguments, status=0, stdin="", **variables):
        done = subprocess.run(
            [binary(), *arguments], env={**self.environment, **variables}, input=stdin, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def add(self, name, endpoint=None, key=ACCESS_KEY_ID, secret=SECRET_ACCESS_KEY, region=REGION, options=()):
        return self.run(
            "connection", "add", name, "--endpoint", endpoint or self.endpoint, "--region", region, "--access-key-id", key,
            "--secret-stdin", "--replace", *options, stdin=secret + "\n",
        )  # fmt: skip

    def test(self, name, status=0):
        report = json.loads(self.run("connection", "test", name, "--json", status=status).stdout)
        return report, {step["id"]: step for step in report["steps"]}

    def failure(self, name):
        """The step that failed."""
        report, _ = self.test(name, status=1)
        step = report["steps"][-1]
        assert step["status"] == "failed" and step["remedy"], step
        return step
