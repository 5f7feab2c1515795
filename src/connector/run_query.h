// Runs one page of a query: binds its variables, checks what the connection allows, sends it, and takes the answer
// apart. Also what is worth saying about how it ran.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connector/bind_query.h"
#include "connector/client.h"
#include "connector/saved_query.h"

namespace armature::connector {

class OpenConnection;

struct QueryRun {
  SavedQuery query;                              // Saved or not.
  std::map<std::string, std::string> variables;  // Name to JSON text.
  std::string user;                              // {{$user}}.
  std::string page;                              // QueryPage::next_page of the page before; empty: the first.
};

struct QueryPage {
  std::string output;              // The reply as it came, DynamoDB JSON.
  bool has_items = false;          // Of an operation that returns items.
  std::vector<std::string> items;  // Each DynamoDB JSON; GetItem's one or none included.
  std::optional<std::int64_t> count;
  std::optional<std::int64_t> scanned_count;
  std::string consumed_capacity;  // JSON, as it came; empty: none was told.
  std::string next_page;          // Opaque; empty: this was the last one.
  std::optional<double> server_ms;
  double round_trip_ms = 0;
  std::string request_id;
  std::vector<std::string> warnings;
  BoundQuery sent;  // The request, before what the connection adds to all.
};

struct QueryFailure {
  CallError error;
  BoundQuery sent;                             // Without an operation when it could not be bound.
  std::vector<std::string> missing_variables;  // Why it was not sent.
};

// Safe on any executor; all must outlive the call. A page that is none of ours, and variables that do not fit, are
// kNotSent.
Task<Expected<QueryPage, QueryFailure>> run_query(OpenConnection* connection, const QueryRun& run);

// items?, output, count?, scannedCount?, consumedCapacity?, nextPage?, serverMs?, roundTripMs, requestId, warnings,
// into an object that has been begun.
void write_page_members(const QueryPage& page, wire::JsonWriter* writer);

}  // namespace armature::connector
