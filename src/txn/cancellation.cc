#include "txn/cancellation.h"

#include <utility>

namespace armature {
namespace {

// Empty: not an error of one action.
const char* reason_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::kConditionalCheckFailed: return "ConditionalCheckFailed";
    case ErrorCode::kValidation: return kReasonValidation;
    case ErrorCode::kItemCollectionSizeLimitExceeded: return "ItemCollectionSizeLimitExceeded";
    case ErrorCode::kTransactionConflict: return kReasonConflict;
    case ErrorCode::kProvisionedThroughputExceeded: return "ProvisionedThroughputExceeded";
    case ErrorCode::kThrottling:
    case ErrorCode::kRequestLimitExceeded: return "ThrottlingError";
    case ErrorCode::kDuplicateItem: return "DuplicateItem";
    case ErrorCode::kAccessDenied: return "AccessDenied";
    default: return nullptr;
  }
}

}  // namespace

std::optional<CancellationReason> cancellation_reason(const Error& error) {
  const char* const code = reason_code(error.code);
  if (code == nullptr) return std::nullopt;
  CancellationReason reason{.code = code, .message = error.message, .encoded_item = {}};
  if (const auto* item = std::get_if<EncodedItemDetail>(&error.detail)) reason.encoded_item = item->encoded_item;
  return reason;
}

CancellationReason conflict_reason() {
  return {.code = kReasonConflict, .message = "Transaction is ongoing for the item", .encoded_item = {}};
}

Error transaction_cancelled(CancellationReasons reasons) {
  Error error{ErrorCode::kTransactionCanceled,
              "Transaction cancelled, please refer cancellation reasons for specific reasons [",
              {}};
  const char* separator = "";
  for (const CancellationReason& reason : reasons) {
    error.message.append(separator).append(reason.code);
    separator = ", ";
  }
  error.message.push_back(']');
  error.detail = std::move(reasons);
  return error;
}

Error transaction_cancelled_by(std::size_t index, std::size_t action_count, Error error) {
  std::optional<CancellationReason> reason = cancellation_reason(error);
  if (!reason) return error;
  CancellationReasons reasons(action_count);
  reasons[index] = std::move(*reason);
  return transaction_cancelled(std::move(reasons));
}

}  // namespace armature
