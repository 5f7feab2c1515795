#include "api/query_error.h"

#include "wire/query_protocol.h"

namespace armature::api {

// No default: with -Werror=switch a code without a wire form does not build.
QueryError query_error(ErrorCode code) {
  switch (code) {
    case ErrorCode::kValidation: return {400, "ValidationError"};
    case ErrorCode::kSerialization: return {400, "MalformedInput"};
    case ErrorCode::kUnknownOperation:
    case ErrorCode::kInvalidAction: return {400, "InvalidAction"};
    case ErrorCode::kMissingAction: return {400, "MissingAction"};
    case ErrorCode::kAccessDenied: return {403, "AccessDenied"};
    case ErrorCode::kUnrecognizedClient: return {403, "InvalidClientTokenId"};
    case ErrorCode::kInvalidSignature: return {403, "SignatureDoesNotMatch"};
    case ErrorCode::kIncompleteSignature: return {400, "IncompleteSignature"};
    case ErrorCode::kMissingAuthenticationToken: return {403, "MissingAuthenticationToken"};
    case ErrorCode::kExpiredToken: return {403, "ExpiredToken"};
    case ErrorCode::kNoSuchEntity: return {404, "NoSuchEntity"};
    case ErrorCode::kEntityAlreadyExists: return {409, "EntityAlreadyExists"};
    case ErrorCode::kDeleteConflict: return {409, "DeleteConflict"};
    case ErrorCode::kLimitExceeded: return {409, "LimitExceeded"};
    case ErrorCode::kMalformedPolicyDocument: return {400, "MalformedPolicyDocument"};
    case ErrorCode::kInvalidInput: return {400, "InvalidInput"};
    case ErrorCode::kInvalidParameterValue: return {400, "InvalidParameterValue"};
    case ErrorCode::kUnmodifiableEntity: return {400, "UnmodifiableEntity"};
    case ErrorCode::kConcurrentModification: return {409, "ConcurrentModification"};
    case ErrorCode::kPolicyNotAttachable: return {400, "PolicyNotAttachable"};
    case ErrorCode::kPackedPolicyTooLarge: return {400, "PackedPolicyTooLarge"};
    case ErrorCode::kPasswordPolicyViolation: return {400, "PasswordPolicyViolation"};
    case ErrorCode::kRequestLimitExceeded:
    case ErrorCode::kThrottling: return {400, "Throttling"};
    case ErrorCode::kServiceUnavailable: return {503, "ServiceUnavailable"};
    case ErrorCode::kInternal: return {500, "ServiceFailure"};
    // Of DynamoDB's operations alone.
    case ErrorCode::kConditionalCheckFailed:
    case ErrorCode::kResourceNotFound:
    case ErrorCode::kResourceInUse:
    case ErrorCode::kTableNotFound:
    case ErrorCode::kProvisionedThroughputExceeded:
    case ErrorCode::kItemCollectionSizeLimitExceeded:
    case ErrorCode::kTransactionCanceled:
    case ErrorCode::kTransactionConflict:
    case ErrorCode::kTransactionInProgress:
    case ErrorCode::kIdempotentParameterMismatch:
    case ErrorCode::kDuplicateItem:
    case ErrorCode::kExpiredIterator:
    case ErrorCode::kTrimmedDataAccess:
    case ErrorCode::kPolicyNotFound: break;
  }
  return {500, "ServiceFailure"};
}

void encode_query_error(const Error& error, std::string_view xml_namespace, std::string_view request_id, Bytes* out) {
  const QueryError form = query_error(error.code);
  wire::XmlWriter writer(out);
  writer.open("ErrorResponse", xml_namespace);
  writer.open("Error");
  writer.element("Type", form.status >= 500 ? "Receiver" : "Sender");
  writer.element("Code", form.code);
  writer.element("Message", error.message);
  writer.close();
  writer.element("RequestId", request_id);
  writer.close();
}

}  // namespace armature::api
