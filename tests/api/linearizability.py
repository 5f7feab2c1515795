"""Is a history of calls on one register linearizable?

A register holds a value; operations read it, write it, or write it if it holds an expected value. Each has the time it was sent and the
time its answer came. The history is linearizable if every operation can be given one moment between the two so that, in the order of
those moments, each answer is right. An operation without an answer (the connection broke) may have happened at any later time, or never.

The search is Wing and Gong's, with Lowe's memory of states already tried: take any operation that nobody finished before, see whether
the register can explain its answer, go on; when stuck, go back.
"""

import dataclasses
import math
from typing import Any, Optional


@dataclasses.dataclass(frozen=True)
class Operation:
    kind: str  # "read", "write" or "compare_and_set".
    sent: float
    answered: float = math.inf  # inf: no answer came.
    value: Any = None  # Read: what was seen; None: nothing there. Otherwise: what was to be written.
    expected: Any = None  # Of compare_and_set.
    succeeded: Optional[bool] = True  # Of compare_and_set; None without an answer.


def apply(operation, state):
    """The register's next states that explain the operation's answer: none, one, or two when the answer is unknown."""
    if operation.kind == "read":
        return [state] if operation.value == state else []
    if operation.kind == "write":
        return [operation.value]
    if operation.succeeded is None:
        return [operation.value] if operation.expected == state else [state]
    if operation.succeeded:
        return [operation.value] if operation.expected == state else []
    return [state] if operation.expected != state else []


def is_linearizable(history, initial=None):
    operations = sorted(history, key=lambda operation: operation.sent)
    needed = sum(1 << i for i, operation in enumerate(operations) if operation.answered != math.inf)
    tried = set()
    stack = [(0, initial)]
    while stack:
        done, state = stack.pop()
        if done & needed == needed:
            return True
        if (done, state) in tried:
            continue
        tried.add((done, state))
        # Whoever was sent after someone unfinished had answered cannot come first.
        open_ = [i for i in range(len(operations)) if not done >> i & 1]
        first_answer = min(operations[i].answered for i in open_)
        for i in open_:
            if operations[i].sent > first_answer:
                break
            for following in apply(operations[i], state):
                stack.append((done | 1 << i, following))
    return False
