"""Money is neither made nor lost, whatever happens: transfers between accounts are transactions, others read meanwhile, and the server is
killed with `kill -9` in the middle.

Every transfer has a ClientRequestToken. A teller whose server died asks the next server for the same transfer again, with the same token:
then it has happened exactly once, wherever the kill was. So the tellers' books and the accounts have to agree to the cent.

The settings are those of workers.py.
"""

import random
import uuid

from server import Server, client
from support import index, on_demand, wait_until_active
from values import N, S
from workers import ROUNDS, SEED, Worker, check_directory, work_until_killed

TELLERS = 4
ACCOUNTS = 10
OPENING = 1000
TABLE = "bank"


def number(item, attribute):
    return int(item[attribute]["N"])


def account_key(account):
    return {"branch": S(f"branch-{account % 3}"), "account": N(account)}


def check_whole(item):
    """Each update changes two attributes; an item that shows one of them alone is torn."""
    assert number(item, "balance") == OPENING + number(item, "received") - number(item, "spent"), f"torn: {item}"
    assert number(item, "balance") >= 0


class Teller(Worker):
    """Makes one transfer after the other, each as often as it takes to know what became of it."""

    def __init__(self, name):
        super().__init__()
        self.chance = random.Random(f"{SEED}-{name}")
        self.booked = dict.fromkeys(range(ACCOUNTS), 0)  # By account: what its transfers together changed.
        self.open_request = None  # Asked for, and no answer came.
        self.transfers = 0

    def work(self, ddb):
        if self.open_request is None:
            payer, payee = self.chance.sample(range(ACCOUNTS), 2)
            self.open_request = (payer, payee, self.chance.randrange(1, 400), str(uuid.UUID(int=self.chance.getrandbits(128))))
        payer, payee, amount, token = self.open_request

        def update(account, expression, **more):
            values = {"ExpressionAttributeValues": {":n": N(amount)}}
            return {"Update": {"TableName": TABLE, "Key": account_key(account), "UpdateExpression": expression, **values, **more}}

        try:
            ddb.transact_write_items(
                TransactItems=[
                    update(payer, "SET balance = balance - :n, spent = spent + :n", ConditionExpression="balance >= :n"),
                    update(payee, "SET balance = balance + :n, received = received + :n"),
                ],
                ClientRequestToken=token,
            )
        except ddb.exceptions.TransactionCanceledException as error:
            codes = [reason["Code"] for reason in error.response["CancellationReasons"]]
            assert codes == ["ConditionalCheckFailed", "None"], codes
        else:
            self.booked[payer] -= amount
            self.booked[payee] += amount
            self.transfers += 1
        self.open_request = None


class Auditor(Worker):
    """Reads all accounts as of one moment, and by Query each as it is."""

    def __init__(self):
        super().__init__()
        self.sums = 0

    def work(self, ddb):
        gets = [{"Get": {"TableName": TABLE, "Key": account_key(account)}} for account in range(ACCOUNTS)]
        items = [reply["Item"] for reply in ddb.transact_get_items(TransactItems=gets)["Responses"]]
        for item in items:
            check_whole(item)
        total = sum(number(item, "balance") for item in items)
        assert total == ACCOUNTS * OPENING, f"{total} at one moment; seed {SEED}"
        self.sums += 1
        for branch in range(3):
            for options in ({"ConsistentRead": True}, {"IndexName": "by_balance"}, {"IndexName": "everywhere"}):
                found = ddb.query(
                    TableName=TABLE,
                    KeyConditionExpression="branch = :b",
                    ExpressionAttributeValues={":b": S(f"branch-{branch}")},
                    **options,
                )["Items"]
                for item in found:
                    check_whole(item)


def open_accounts(ddb):
    ddb.create_table(
        **on_demand(
            TABLE,
            "branch:HASH account:RANGE",
            "branch:S account:N balance:N",
            LocalSecondaryIndexes=[index("by_balance", "branch:HASH balance:RANGE")],
            GlobalSecondaryIndexes=[index("everywhere", "branch:HASH balance:RANGE")],
        )
    )
    wait_until_active(ddb, TABLE)
    for account in range(ACCOUNTS):
        ddb.put_item(TableName=TABLE, Item={**account_key(account), "balance": N(OPENING), "spent": N(0), "received": N(0)})


def test_money_is_neither_made_nor_lost_by_kill_9(tmp_path):
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    tellers, auditors = [Teller(f"teller {i}") for i in range(TELLERS)], [Auditor(), Auditor()]
    server = Server("--data", str(tmp_path / "data"))
    open_accounts(client(server.endpoint))
    for _ in range(ROUNDS):
        work_until_killed([*tellers, *auditors], server, chance)
        server = Server("--data", str(tmp_path / "data"))
        ddb = client(server.endpoint)
        for teller in tellers:
            if teller.open_request is not None:
                teller.work(ddb)
        Auditor().work(ddb)
        for account in range(ACCOUNTS):
            found = ddb.get_item(TableName=TABLE, Key=account_key(account), ConsistentRead=True)["Item"]
            assert number(found, "balance") == OPENING + sum(teller.booked[account] for teller in tellers), f"seed {SEED}"
    assert all(teller.transfers > 0 for teller in tellers)
    assert all(auditor.sums > 0 for auditor in auditors)
    assert server.stop() == 0, server.read_log()
    # The check compares the sizes of item collections, and the figures of indexes, with what is there.
    check_directory(tmp_path / "data")
