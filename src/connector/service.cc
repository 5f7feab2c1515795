#include "connector/service.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace armature::connector {
namespace {

struct Partition {
  std::string_view region_prefix;
  std::string_view suffix;
  std::string_view iam_region;
};

// The longest prefixes first. Source: IAM User Guide, "AWS partitions"; "IAM endpoints and quotas".
constexpr Partition kPartitions[] = {
    {"us-isob-", "sc2s.sgov.gov", "us-isob-east-1"},
    {"us-iso-", "c2s.ic.gov", "us-iso-east-1"},
    {"us-gov-", "amazonaws.com", "us-gov-west-1"},
    {"cn-", "amazonaws.com.cn", "cn-north-1"},
    {"", "amazonaws.com", "us-east-1"},
};

const Partition& partition_of(std::string_view region) {
  return *std::find_if(std::begin(kPartitions), std::end(kPartitions),
                       [&](const Partition& partition) { return region.starts_with(partition.region_prefix); });
}

constexpr std::string_view kReads[] = {
    "BatchGetItem",
    "DescribeBackup",
    "DescribeContinuousBackups",
    "DescribeContributorInsights",
    "DescribeEndpoints",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeKinesisStreamingDestination",
    "DescribeLimits",
    "DescribeStream",
    "DescribeTable",
    "DescribeTableReplicaAutoScaling",
    "DescribeTimeToLive",
    "GetItem",
    "GetRecords",
    "GetResourcePolicy",
    "GetShardIterator",
    "ListBackups",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "ListStreams",
    "ListTables",
    "ListTagsOfResource",
    "Query",
    "Scan",
    "TransactGetItems",
};
constexpr std::string_view kWrites[] = {"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"};

bool starts_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (std::toupper(static_cast<unsigned char>(text[i])) != word[i]) return false;
  }
  if (text.size() == word.size()) return true;
  const char next = text[word.size()];
  return std::isalnum(static_cast<unsigned char>(next)) == 0 && next != '_';
}

}  // namespace

std::string_view service_name(Service service) {
  switch (service) {
    case Service::kDynamoDb: return "dynamodb";
    case Service::kStreams: return "streams";
    case Service::kIam: return "iam";
    case Service::kSts: return "sts";
    case Service::kArmature: return "armature";
  }
  return "";
}

std::optional<Service> find_service(std::string_view name) {
  for (const Service service :
       {Service::kDynamoDb, Service::kStreams, Service::kIam, Service::kSts, Service::kArmature}) {
    if (service_name(service) == name) return service;
  }
  return std::nullopt;
}

Service service_of(std::string_view operation) {
  constexpr std::string_view kStreams[] = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"};
  const bool streams = std::find(std::begin(kStreams), std::end(kStreams), operation) != std::end(kStreams);
  return streams ? Service::kStreams : Service::kDynamoDb;
}

std::string_view signing_name(Service service) {
  const bool as_dynamodb = service == Service::kStreams || service == Service::kArmature;
  return service_name(as_dynamodb ? Service::kDynamoDb : service);
}

std::string_view target_prefix(Service service) {
  switch (service) {
    case Service::kDynamoDb: return "DynamoDB_20120810.";
    case Service::kStreams: return "DynamoDBStreams_20120810.";
    case Service::kArmature: return "Armature_20261101.";
    case Service::kIam:
    case Service::kSts: return "";
  }
  return "";
}

std::string_view query_version(Service service) { return service == Service::kIam ? "2010-05-08" : "2011-06-15"; }

Endpoint regional_endpoint(Service service, std::string_view region) {
  const Partition& partition = partition_of(region);
  const std::string suffix = "." + std::string(partition.suffix);
  Endpoint endpoint{.secure = true, .host = {}, .port = 443, .path = "/"};
  switch (service) {
    case Service::kDynamoDb:
    case Service::kArmature: endpoint.host = "dynamodb." + std::string(region) + suffix; break;  // Amazon has none.
    case Service::kStreams: endpoint.host = "streams.dynamodb." + std::string(region) + suffix; break;
    case Service::kSts: endpoint.host = "sts." + std::string(region) + suffix; break;
    case Service::kIam:
      endpoint.host =
          partition.region_prefix.empty() ? "iam" + suffix : "iam." + std::string(partition.iam_region) + suffix;
      break;
  }
  return endpoint;
}

std::optional<std::string> amazon_region(const Endpoint& endpoint) {
  constexpr std::string_view kFirst = "dynamodb.";
  std::string_view host = endpoint.host;
  if (!host.starts_with(kFirst)) return std::nullopt;
  host.remove_prefix(kFirst.size());
  std::string region(host.substr(0, host.find('.')));
  const bool amazons = endpoint.host == regional_endpoint(Service::kDynamoDb, region).host;
  return amazons ? std::optional(std::move(region)) : std::nullopt;
}

std::string_view regional_signing_region(Service service, std::string_view region) {
  return service == Service::kIam ? partition_of(region).iam_region : region;
}

Effect operation_effect(std::string_view operation) {
  if (std::find(std::begin(kReads), std::end(kReads), operation) != std::end(kReads)) return Effect::kRead;
  if (std::find(std::begin(kWrites), std::end(kWrites), operation) != std::end(kWrites)) return Effect::kWrite;
  return Effect::kAdminister;
}

Effect statement_effect(std::string_view statement) {
  const std::size_t begin = statement.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return Effect::kWrite;
  statement.remove_prefix(begin);
  return starts_with_word(statement, "SELECT") || starts_with_word(statement, "EXISTS") ? Effect::kRead
                                                                                        : Effect::kWrite;
}

}  // namespace armature::connector
