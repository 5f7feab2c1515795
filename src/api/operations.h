// Every operation this server speaks, one row each: dispatch, IAM actions and metric names come from this table.
//
// Adding one: its request struct, Shape, handler and encode() in a file of its own (see api/shape.h), and a row here.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "api/context.h"
#include "api/services.h"
#include "api/shape.h"
#include "base/task.h"
#include "wire/json.h"

namespace armature::api {

enum class Access : std::uint8_t {
  kRead,      // Data.
  kWrite,     // Data.
  kDescribe,  // Definitions and settings.
  kManage,    // Changes of definitions and settings.
};

// How an operation words some of its validation errors (api/dynamodb/envelope.h).
enum class Wording : std::uint8_t { kPlain, kEnveloped };

// Decodes the request, does the work, and appends the reply to `*reply`. On an error the dispatcher discards what was
// appended.
using OperationHandler = Task<Result<void>> (*)(Services& services, RequestContext& context, const wire::Json& request,
                                                Bytes* reply);

struct Operation {
  std::string_view target;  // X-Amz-Target.
  std::string_view action;  // As IAM policies name it.
  Access access;
  OperationHandler handler;
  Wording wording = Wording::kPlain;

  // "PutItem".
  constexpr std::string_view name() const { return target.substr(target.find('.') + 1); }
};

std::span<const Operation> operations();
// nullptr: unknown.
const Operation* find_operation(std::string_view target);

namespace operations_detail {

template <class Function>
struct HandlerTraits;
template <class Request, class Response>
struct HandlerTraits<Task<Result<Response>> (*)(Services&, RequestContext&, const Request&)> {
  using RequestType = Request;
};

}  // namespace operations_detail

// Makes an OperationHandler of a typed function. Where the operation has a `check_before_values(request)`, it runs
// after the model's constraints and before errors in attribute values are answered.
template <auto Function>
Task<Result<void>> json(Services& services, RequestContext& context, const wire::Json& body, Bytes* reply) {
  using Request = typename operations_detail::HandlerTraits<decltype(Function)>::RequestType;
  std::optional<Error> value_error;
  CO_TRY_ASSIGN(const Request request, decode_request<Request>(body, context.arena, &value_error));
  if constexpr (requires { check_before_values(request); }) CO_TRY(check_before_values(request));
  if (value_error) co_return Unexpected(std::move(*value_error));

  CO_TRY_ASSIGN(const auto response, co_await Function(services, context, request));
  wire::JsonWriter writer(reply);
  encode(response, &writer);
  co_return Result<void>();
}

}  // namespace armature::api
