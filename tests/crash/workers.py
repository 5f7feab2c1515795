"""What the crash tests share: clients that work until their server is gone, and the killing of it.

    ARMATURE_CRASH_ROUNDS   how often to kill (default 4)
    ARMATURE_CRASH_SECONDS  how long to work before each kill, at most (default 2)
    ARMATURE_CRASH_SEED     makes the workers' choices again (default: a new one, printed)
"""

import os
import random
import subprocess
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError
from server import binary, client

ROUNDS = int(os.environ.get("ARMATURE_CRASH_ROUNDS", "4"))
SECONDS = float(os.environ.get("ARMATURE_CRASH_SECONDS", "2"))
SEED = int(os.environ.get("ARMATURE_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))


class Worker:
    """Calls work() again and again until it is told to stop or the server is gone. What goes wrong otherwise is its failure."""

    service = "dynamodb"

    def __init__(self):
        self.failure = None

    def work(self, connection):
        raise NotImplementedError

    def run(self, endpoint, stop):
        connection = client(endpoint, service=self.service, connect_timeout=2, read_timeout=10)
        try:
            while not stop.is_set():
                self.work(connection)
        except BotoCoreError:
            pass  # The server is gone.
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
                self.failure = error
        except Exception as error:
            self.failure = error


def work_until(workers, endpoint, end):
    """Lets all work until `end()` is done; raises the first failure."""
    stop = threading.Event()
    threads = [threading.Thread(target=worker.run, args=(endpoint, stop)) for worker in workers]
    for thread in threads:
        thread.start()
    end()
    stop.set()
    for thread in threads:
        thread.join()
    for worker in workers:
        if worker.failure:
            raise worker.failure


def work_until_killed(workers, server, chance, shortest_s=0.2, longest_s=SECONDS):
    """kill -9 at a random moment."""

    def kill_soon():
        time.sleep(chance.uniform(shortest_s, longest_s))
        server.kill()

    work_until(workers, server.endpoint, kill_soon)


def check_directory(data):
    """`armature check` on the directory of a server that has stopped."""
    checked = subprocess.run([binary(), "check", str(data)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
