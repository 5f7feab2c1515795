"""Reads streams as consumers do."""

import time


def stream_of(ddb, table):
    return ddb.describe_table(TableName=table)["Table"]["LatestStreamArn"]


def all_shards(streams, arn, **more):
    shards, start = [], {}
    while True:
        described = streams.describe_stream(StreamArn=arn, **start, **more)["StreamDescription"]
        shards += described["Shards"]
        if "LastEvaluatedShardId" not in described:
            return shards
        start = {"ExclusiveStartShardId": described["LastEvaluatedShardId"]}


def iterator(streams, arn, shard, kind="TRIM_HORIZON", **more):
    return streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType=kind, **more)["ShardIterator"]


def drain(streams, at, limit=None):
    """All records from an iterator to where nothing more is there; the next iterator, None behind a closed shard."""
    records = []
    while True:
        page = streams.get_records(ShardIterator=at, **({"Limit": limit} if limit else {}))
        records += page["Records"]
        at = page.get("NextShardIterator")
        if at is None or not page["Records"]:
            return records, at


class Consumer:
    """Reads a stream as consumers do: a shard once its parent is read to the end, each record once."""

    def __init__(self, streams, arn):
        self.streams, self.arn = streams, arn
        self.iterators, self.done, self.records = {}, set(), []

    def poll(self):
        shards = all_shards(self.streams, self.arn)
        known = {shard["ShardId"] for shard in shards}
        for shard in shards:
            name, parent = shard["ShardId"], shard.get("ParentShardId")
            if name in self.done or (parent in known and parent not in self.done):
                continue
            at = self.iterators.get(name) or iterator(self.streams, self.arn, shard)
            found, at = drain(self.streams, at)
            self.records += found
            self.iterators[name] = at
            if at is None:
                self.done.add(name)
        return self.records

    def poll_until(self, count, timeout_s=20):
        deadline = time.monotonic() + timeout_s
        while len(self.poll()) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.records) == count
        return self.records


def read_all(ddb, streams, table):
    consumer = Consumer(streams, stream_of(ddb, table))
    for _ in range(20):  # Shards may be splitting.
        consumer.poll()
    return consumer.records
