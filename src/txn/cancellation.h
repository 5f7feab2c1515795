// TransactionCanceledException: why a transaction did not go through, action by action. Pure functions.
// Source: API Reference, "TransactWriteItems", "TransactGetItems" (CancellationReasons).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/error.h"

namespace armature {

using CancellationReasons = std::vector<CancellationReason>;

// Codes of CancellationReason.
inline constexpr const char* kReasonNone = "None";
inline constexpr const char* kReasonValidation = "ValidationError";
inline constexpr const char* kReasonConflict = "TransactionConflict";

// The reason an action gives for an error of its own: a failed condition with its item, throttling, an invalid value.
// nullopt: the error is none of one action and fails the request as it is (a broken engine).
std::optional<CancellationReason> cancellation_reason(const Error& error);

CancellationReason conflict_reason();

// "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]".
// One reason for each action, in their order.
Error transaction_cancelled(CancellationReasons reasons);

// The same where only action `index` of `action_count` has something to say. An error that is no reason comes back as
// it is.
Error transaction_cancelled_by(std::size_t index, std::size_t action_count, Error error);

}  // namespace armature
