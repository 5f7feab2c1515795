// The rules a saved connection puts on calls: read-only, user role, table filter, table prefix. Pure: a call goes in,
// and comes out as it may be sent, or refused with the rule that forbids it.
#pragma once

#include <string>
#include <string_view>

#include "connector/client.h"
#include "connector/connection_options.h"
#include "connector/saved_connection.h"

namespace armature::connector {

// What `operation` with `body` does, its PartiQL statements included.
Effect call_effect(std::string_view operation, std::string_view body);

// The body to send: table names checked against the filter, and prefixed. ARNs and names given by ARN are not prefixed.
// A body that is no JSON object is refused.
Expected<std::string, CallError> permit_call(const SavedConnection& connection, const ConnectionSettings& settings,
                                             Service service, std::string_view operation, std::string body);

// A reply as its caller shall see it: the prefix taken off table names, and of ListTables those the filter hides left
// out. What is no JSON comes back as it is.
std::string reveal_reply(const SavedConnection& connection, const ConnectionSettings& settings,
                         std::string_view operation, std::string body);

// PartiQL: the statement with `prefix` put before each table it names. Tables are the identifiers behind FROM, INTO and
// UPDATE.
std::string prefix_statement_tables(std::string_view statement, std::string_view prefix);
// The tables a statement names, without quotes.
std::vector<std::string> statement_tables(std::string_view statement);

}  // namespace armature::connector
