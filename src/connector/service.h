// The services a client speaks to and what of them it has to know: names in signatures, targets, versions, hosts.
// Source: Developer Guide, "DynamoDB low-level API", "Service endpoints"; IAM and STS API References, "Common
// Parameters".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connector/endpoint.h"

namespace armature::connector {

// kArmature is what only our own servers have (docs/operations.md, "Who may connect").
enum class Service : std::uint8_t { kDynamoDb, kStreams, kIam, kSts, kArmature };

// "dynamodb", "streams", "iam", "sts", "armature".
std::string_view service_name(Service service);
std::optional<Service> find_service(std::string_view name);

// The service an operation belongs to: Streams for its own four, DynamoDB for all others.
Service service_of(std::string_view operation);

// As signatures name it: Streams and our own operations sign as "dynamodb".
std::string_view signing_name(Service service);

// JSON services: what precedes the operation in X-Amz-Target. Query services (IAM, STS): empty.
std::string_view target_prefix(Service service);
// Query services: the Version parameter.
std::string_view query_version(Service service);

// Amazon's endpoint of the service in `region`, in the partition the region's name belongs to.
Endpoint regional_endpoint(Service service, std::string_view region);
// The region of `endpoint` when it is Amazon's of DynamoDB ("https://dynamodb.eu-west-1.amazonaws.com"), whose other
// services are elsewhere; nullopt: it is not.
std::optional<std::string> amazon_region(const Endpoint& endpoint);
// The region to sign for at that endpoint: IAM has one for its whole partition.
std::string_view regional_signing_region(Service service, std::string_view region);

// What an operation does, for read-only connections and user roles.
enum class Effect : std::uint8_t { kRead, kWrite, kAdminister };

// "PutItem" is a write, "Query" a read, "CreateTable" and all unknown ones administer. PartiQL operations depend on
// their statement: statement_effect().
Effect operation_effect(std::string_view operation);
// A statement that begins with SELECT (or EXISTS) reads, any other writes.
Effect statement_effect(std::string_view statement);

}  // namespace armature::connector
