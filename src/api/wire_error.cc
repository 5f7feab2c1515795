#include "api/wire_error.h"

#include "model/item.h"
#include "wire/attribute_json.h"
#include "wire/json.h"

namespace armature::api {

// No default: with -Werror=switch a code without a wire form does not build.
WireError wire_error(ErrorCode code) {
  switch (code) {
    case ErrorCode::kValidation: return {400, "com.amazon.coral.validate#ValidationException"};
    case ErrorCode::kSerialization: return {400, "com.amazon.coral.service#SerializationException"};
    case ErrorCode::kUnknownOperation: return {400, "com.amazon.coral.service#UnknownOperationException"};
    case ErrorCode::kAccessDenied: return {400, "com.amazon.coral.service#AccessDeniedException"};
    case ErrorCode::kUnrecognizedClient: return {400, "com.amazon.coral.service#UnrecognizedClientException"};
    case ErrorCode::kInvalidSignature: return {400, "com.amazon.coral.service#InvalidSignatureException"};
    case ErrorCode::kIncompleteSignature: return {400, "com.amazon.coral.service#IncompleteSignatureException"};
    case ErrorCode::kMissingAuthenticationToken:
      return {400, "com.amazon.coral.service#MissingAuthenticationTokenException"};
    case ErrorCode::kExpiredToken: return {400, "com.amazon.coral.service#ExpiredTokenException"};
    // DynamoDB has no name for these, and nothing in its operations makes them.
    case ErrorCode::kNoSuchEntity:
    case ErrorCode::kEntityAlreadyExists:
    case ErrorCode::kDeleteConflict:
    case ErrorCode::kMalformedPolicyDocument:
    case ErrorCode::kInvalidInput:
    case ErrorCode::kInvalidParameterValue:
    case ErrorCode::kUnmodifiableEntity:
    case ErrorCode::kConcurrentModification:
    case ErrorCode::kPolicyNotAttachable:
    case ErrorCode::kPackedPolicyTooLarge:
    case ErrorCode::kPasswordPolicyViolation:
    case ErrorCode::kInvalidAction:
    case ErrorCode::kMissingAction: return {400, "com.amazon.coral.validate#ValidationException"};
    case ErrorCode::kConditionalCheckFailed:
      return {400, "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"};
    case ErrorCode::kResourceNotFound: return {400, "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"};
    case ErrorCode::kResourceInUse: return {400, "com.amazonaws.dynamodb.v20120810#ResourceInUseException"};
    case ErrorCode::kTableNotFound: return {400, "com.amazonaws.dynamodb.v20120810#TableNotFoundException"};
    case ErrorCode::kLimitExceeded: return {400, "com.amazonaws.dynamodb.v20120810#LimitExceededException"};
    case ErrorCode::kProvisionedThroughputExceeded:
      return {400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"};
    case ErrorCode::kRequestLimitExceeded: return {400, "com.amazonaws.dynamodb.v20120810#RequestLimitExceeded"};
    case ErrorCode::kThrottling: return {400, "com.amazonaws.dynamodb.v20120810#ThrottlingException"};
    case ErrorCode::kItemCollectionSizeLimitExceeded:
      return {400, "com.amazonaws.dynamodb.v20120810#ItemCollectionSizeLimitExceededException"};
    case ErrorCode::kTransactionCanceled: return {400, "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"};
    case ErrorCode::kTransactionConflict: return {400, "com.amazonaws.dynamodb.v20120810#TransactionConflictException"};
    case ErrorCode::kTransactionInProgress:
      return {400, "com.amazonaws.dynamodb.v20120810#TransactionInProgressException"};
    case ErrorCode::kIdempotentParameterMismatch:
      return {400, "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException"};
    case ErrorCode::kDuplicateItem: return {400, "com.amazonaws.dynamodb.v20120810#DuplicateItemException"};
    case ErrorCode::kExpiredIterator: return {400, "com.amazonaws.dynamodb.v20120810#ExpiredIteratorException"};
    case ErrorCode::kTrimmedDataAccess: return {400, "com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException"};
    case ErrorCode::kPolicyNotFound: return {400, "com.amazonaws.dynamodb.v20120810#PolicyNotFoundException"};
    case ErrorCode::kInternal: return {500, "com.amazonaws.dynamodb.v20120810#InternalServerError"};
    case ErrorCode::kServiceUnavailable: return {503, "com.amazonaws.dynamodb.v20120810#ServiceUnavailable"};
  }
  __builtin_unreachable();
}

namespace {

struct DetailWriter {
  wire::JsonWriter* writer;

  void operator()(std::monostate) const {}

  void operator()(const EncodedItemDetail& detail) const {
    writer->key("Item");
    wire::write_item(ItemView(detail.encoded_item), writer);
  }

  void operator()(const std::vector<CancellationReason>& reasons) const {
    writer->key("CancellationReasons");
    writer->begin_array();
    for (const CancellationReason& reason : reasons) {
      writer->begin_object();
      writer->member("Code", reason.code);
      if (!reason.message.empty()) writer->member("Message", reason.message);
      if (!reason.encoded_item.empty()) (*this)(EncodedItemDetail{reason.encoded_item});
      writer->end_object();
    }
    writer->end_array();
  }

  void operator()(const std::vector<ThrottlingReason>& reasons) const {
    writer->key("ThrottlingReasons");
    writer->begin_array();
    for (const ThrottlingReason& reason : reasons) {
      writer->begin_object();
      writer->member("reason", reason.reason);
      writer->member("resource", reason.resource_arn);
      writer->end_object();
    }
    writer->end_array();
  }
};

}  // namespace

void encode_error(const Error& error, Bytes* out) {
  wire::JsonWriter writer(out);
  writer.begin_object();
  writer.member("__type", wire_error(error.code).type);
  // Only this one capitalizes the member.
  const std::string_view message_member = error.code == ErrorCode::kSerialization ? "Message" : "message";
  if (!error.message.empty()) writer.member(message_member, error.message);
  std::visit(DetailWriter{&writer}, error.detail);
  writer.end_object();
}

}  // namespace armature::api
