// Error: what a client can see go wrong. Result<T> is Expected<T, Error>.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/expected.h"

namespace armature {

// One per thing a caller or client can react to, not one per cause. api/ maps each to its wire form.
// Source: Developer Guide, "Error handling with DynamoDB"; API Reference, per operation and "Common Errors".
enum class ErrorCode : std::uint8_t {
  kValidation,
  kSerialization,
  kUnknownOperation,
  kAccessDenied,
  kUnrecognizedClient,
  kInvalidSignature,
  kIncompleteSignature,
  kMissingAuthenticationToken,
  kExpiredToken,
  // Of IAM and STS alone.
  kNoSuchEntity,
  kEntityAlreadyExists,
  kDeleteConflict,
  kMalformedPolicyDocument,
  kInvalidInput,
  kInvalidParameterValue,
  kUnmodifiableEntity,
  kConcurrentModification,
  kPolicyNotAttachable,
  kPackedPolicyTooLarge,
  kPasswordPolicyViolation,
  kInvalidAction,
  kMissingAction,
  kConditionalCheckFailed,
  kResourceNotFound,
  kResourceInUse,
  kTableNotFound,
  kLimitExceeded,
  kProvisionedThroughputExceeded,
  kRequestLimitExceeded,
  kThrottling,
  kItemCollectionSizeLimitExceeded,
  kTransactionCanceled,
  kTransactionConflict,
  kTransactionInProgress,
  kIdempotentParameterMismatch,
  kDuplicateItem,
  kExpiredIterator,
  kTrimmedDataAccess,
  kPolicyNotFound,
  kInternal,            // 500 InternalServerError: the outcome of a write may be unknown.
  kServiceUnavailable,  // 503: shed before anything was done; safe to retry.
};

// Why one action of a transaction did not go through, in the order of its actions.
struct CancellationReason {
  std::string code = "None";  // "None", "ConditionalCheckFailed", "ValidationError", ...
  std::string message;        // Empty with "None".
  Bytes encoded_item;         // model/item.h encoding; empty: no Item member.
};

// A reason of a throttled request. Source: API Reference, "ThrottlingReason".
struct ThrottlingReason {
  std::string reason;
  std::string resource_arn;
};

struct EncodedItemDetail {
  Bytes encoded_item;  // model/item.h encoding.
};

struct [[nodiscard]] Error {
  ErrorCode code;
  std::string message;  // Sent to the client word for word when the code is a client error.
  std::variant<std::monostate, EncodedItemDetail, std::vector<CancellationReason>, std::vector<ThrottlingReason>>
      detail = {};
};

template <class T>
using Result = Expected<T, Error>;

[[gnu::cold, gnu::noinline]] inline Unexpected<Error> fail(ErrorCode code, std::string message) {
  return Unexpected(Error{code, std::move(message), {}});
}
[[gnu::cold, gnu::noinline]] inline Unexpected<Error> invalid(std::string message) {
  return fail(ErrorCode::kValidation, std::move(message));
}

}  // namespace armature
