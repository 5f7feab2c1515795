// Every operation of IAM and STS this server speaks, one row each, as api/operations.h is for DynamoDB.
//
// Adding one: a function in the file of its resource (api/iam/, api/sts/), and a row in query_operations.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "api/context.h"
#include "api/operations.h"
#include "api/services.h"
#include "base/task.h"
#include "wire/query_protocol.h"

namespace armature::api {

// A service of the query protocol.
struct QueryService {
  std::string_view name;  // As credential scopes have it.
  std::string_view version;
  std::string_view xml_namespace;
};
extern const QueryService kIamService;
extern const QueryService kStsService;

// One request while it is handled. `reply` is inside of the result element, <CreateUserResult>.
struct QueryCall {
  Services& services;
  RequestContext& context;
  const wire::QueryParameters& parameters;
  wire::XmlWriter& reply;
};

using QueryHandler = Task<Result<void>> (*)(QueryCall& call);

// Whether the reply has a result element.
enum class QueryResult : std::uint8_t { kSome, kNone };

struct QueryOperation : Operation {
  const QueryService* service;
  QueryHandler query_handler;
  QueryResult result;

  constexpr QueryOperation(const QueryService* service_in, std::string_view target_in, std::string_view action_in,
                           Access access_in, QueryHandler handler_in, QueryResult result_in = QueryResult::kSome)
      : Operation{.target = target_in, .action = action_in, .access = access_in, .handler = nullptr},
        service(service_in),
        query_handler(handler_in),
        result(result_in) {}
};

std::span<const QueryOperation> query_operations();
// nullptr: unknown.
const QueryOperation* find_query_operation(const QueryService& service, std::string_view action);

}  // namespace armature::api
