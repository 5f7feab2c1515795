// The operations on tables. Each asks for permission, plans purely (plan.h), and changes the catalog once.
// Source: API Reference, "CreateTable", "DescribeTable", "UpdateTable", "DeleteTable", "ListTables", "TagResource",
// "UntagResource", "ListTagsOfResource", "PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy",
// "DescribeTimeToLive", "UpdateTimeToLive", "DescribeContinuousBackups",
// "DescribeLimits", "DescribeEndpoints".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/context.h"
#include "api/dynamodb/tables/requests.h"
#include "api/dynamodb/tables/table_description.h"
#include "api/services.h"
#include "base/task.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "wire/json.h"

namespace armature::api {

struct CreateTableResponse {
  TableDescription description;
};
struct DescribeTableResponse {
  TableDescription description;
};
struct UpdateTableResponse {
  TableDescription description;
};
struct DeleteTableResponse {
  TableDescription description;
};
struct ListTablesResponse {
  std::vector<std::string> table_names;
  bool more = false;  // Then the last name is where the next page begins.
};
// Of TagResource and UntagResource: the body is empty, not even "{}".
struct EmptyResponse {};
struct ListTagsOfResourceResponse {
  TableRef table;
};
struct PutResourcePolicyResponse {
  std::string revision_id;
};
struct GetResourcePolicyResponse {
  ResourcePolicyRef policy;
};
struct DeleteResourcePolicyResponse {
  std::optional<std::string> revision_id;  // Of the policy that was there.
};
struct DescribeTimeToLiveResponse {
  TableRef table;
};
struct UpdateTimeToLiveResponse {
  bool enabled = false;
  std::string attribute_name;
};
struct DescribeContinuousBackupsResponse {};
struct DescribeLimitsResponse {
  std::int64_t max_account_read_units = 0;
  std::int64_t max_account_write_units = 0;
  std::int64_t max_table_read_units = 0;
  std::int64_t max_table_write_units = 0;
};
struct DescribeEndpointsResponse {
  std::string address;  // host:port, no scheme.
};

Task<Result<CreateTableResponse>> create_table(Services& services, RequestContext& context,
                                               const CreateTableRequest& request);
Task<Result<DescribeTableResponse>> describe_table(Services& services, RequestContext& context,
                                                   const DescribeTableRequest& request);
Task<Result<UpdateTableResponse>> update_table(Services& services, RequestContext& context,
                                               const UpdateTableRequest& request);
Task<Result<DeleteTableResponse>> delete_table(Services& services, RequestContext& context,
                                               const DeleteTableRequest& request);
Task<Result<ListTablesResponse>> list_tables(Services& services, RequestContext& context,
                                             const ListTablesRequest& request);
Task<Result<EmptyResponse>> tag_resource(Services& services, RequestContext& context,
                                         const TagResourceRequest& request);
Task<Result<EmptyResponse>> untag_resource(Services& services, RequestContext& context,
                                           const UntagResourceRequest& request);
Task<Result<ListTagsOfResourceResponse>> list_tags_of_resource(Services& services, RequestContext& context,
                                                               const ListTagsOfResourceRequest& request);
Task<Result<PutResourcePolicyResponse>> put_resource_policy(Services& services, RequestContext& context,
                                                            const PutResourcePolicyRequest& request);
Task<Result<GetResourcePolicyResponse>> get_resource_policy(Services& services, RequestContext& context,
                                                            const GetResourcePolicyRequest& request);
Task<Result<DeleteResourcePolicyResponse>> delete_resource_policy(Services& services, RequestContext& context,
                                                                  const DeleteResourcePolicyRequest& request);
Task<Result<DescribeTimeToLiveResponse>> describe_time_to_live(Services& services, RequestContext& context,
                                                               const DescribeTimeToLiveRequest& request);
Task<Result<UpdateTimeToLiveResponse>> update_time_to_live(Services& services, RequestContext& context,
                                                           const UpdateTimeToLiveRequest& request);
Task<Result<DescribeContinuousBackupsResponse>> describe_continuous_backups(
    Services& services, RequestContext& context, const DescribeContinuousBackupsRequest& request);
Task<Result<DescribeLimitsResponse>> describe_limits(Services& services, RequestContext& context,
                                                     const DescribeLimitsRequest& request);
Task<Result<DescribeEndpointsResponse>> describe_endpoints(Services& services, RequestContext& context,
                                                           const DescribeEndpointsRequest& request);

void encode(const CreateTableResponse& response, wire::JsonWriter* writer);
void encode(const DescribeTableResponse& response, wire::JsonWriter* writer);
void encode(const UpdateTableResponse& response, wire::JsonWriter* writer);
void encode(const DeleteTableResponse& response, wire::JsonWriter* writer);
void encode(const ListTablesResponse& response, wire::JsonWriter* writer);
inline void encode(const EmptyResponse&, wire::JsonWriter*) {}
void encode(const ListTagsOfResourceResponse& response, wire::JsonWriter* writer);
void encode(const PutResourcePolicyResponse& response, wire::JsonWriter* writer);
void encode(const GetResourcePolicyResponse& response, wire::JsonWriter* writer);
void encode(const DeleteResourcePolicyResponse& response, wire::JsonWriter* writer);
void encode(const DescribeTimeToLiveResponse& response, wire::JsonWriter* writer);
void encode(const UpdateTimeToLiveResponse& response, wire::JsonWriter* writer);
void encode(const DescribeContinuousBackupsResponse& response, wire::JsonWriter* writer);
void encode(const DescribeLimitsResponse& response, wire::JsonWriter* writer);
void encode(const DescribeEndpointsResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
