// Copies a table between two connections: parallel segments of a Scan, their pages put into the target. What is done is
// told after every page, so that a copy that was interrupted goes on where it was. Pages are put whole before they
// count, and puts repeat harmlessly, so an interruption loses and doubles nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/task.h"
#include "connector/open_connection.h"

namespace armature::connector {

struct SegmentState {
  bool done = false;
  std::string last_key;     // DynamoDB JSON; empty: it begins at the start.
  std::uint64_t items = 0;  // Put so far.
};

struct CopyState {
  std::vector<SegmentState> segments;
  std::uint64_t items() const;
  bool done() const;
};
// {"segments": [{"done", "items", "lastKey"}]}. read fails on anything else.
std::string copy_state_json(const CopyState& state);
Result<CopyState> read_copy_state(BytesView json);

// Reads `table` to its end by parallel segments and hands every page's items (DynamoDB JSON) to `take`, one page of a
// segment at a time. `state` has at least one segment and tells where to begin; it is kept current, and `changed` runs
// after every page. `*cancelled` set: ends after the pages in flight, without error. All must outlive the call.
struct TableScan {
  OpenConnection* connection;
  std::string table;
  CopyState* state;
  std::function<Task<CallResult<void>>(std::vector<std::string> items)> take;
  std::function<void()> changed;
  const std::atomic<bool>* cancelled;
};
Task<CallResult<void>> scan_table(const TableScan& scan);

// Items of a table, by counting them in `segments` parallel scans.
Task<CallResult<std::uint64_t>> count_items(OpenConnection* connection, std::string table, int segments);

// A CreateTable request for a table like the one DescribeTable described, under the name `table`: keys, indexes,
// attribute types, billing or throughput. Streams, tags and expiry are not copied. Fails when the reply cannot be read.
Result<std::string> create_request_like(BytesView describe_table_reply, std::string_view table);

}  // namespace armature::connector
