// How errors look in the query protocol of IAM and STS. Source: IAM API Reference, "Common Error Types"; STS API
// Reference, "Common Error Types".
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "model/error.h"

namespace armature::api {

struct QueryError {
  int status;
  std::string_view code;
};

// The same fault has another name and status here than in DynamoDB's protocol (api/wire_error.h).
QueryError query_error(ErrorCode code);

// Appends the XML body of an error reply.
void encode_query_error(const Error& error, std::string_view xml_namespace, std::string_view request_id, Bytes* out);

}  // namespace armature::api
