#include "api/operations.h"

#include "api/armature/allow_list.h"
#include "api/dynamodb/batch_execute_statement.h"
#include "api/dynamodb/batch_get_item.h"
#include "api/dynamodb/batch_write_item.h"
#include "api/dynamodb/delete_item.h"
#include "api/dynamodb/execute_statement.h"
#include "api/dynamodb/execute_transaction.h"
#include "api/dynamodb/get_item.h"
#include "api/dynamodb/put_item.h"
#include "api/dynamodb/query.h"
#include "api/dynamodb/scan.h"
#include "api/dynamodb/tables/tables.h"
#include "api/dynamodb/transact_get_items.h"
#include "api/dynamodb/transact_write_items.h"
#include "api/dynamodb/update_item.h"
#include "api/streams/describe_stream.h"
#include "api/streams/get_records.h"
#include "api/streams/get_shard_iterator.h"
#include "api/streams/list_streams.h"

namespace armature::api {
namespace {

constexpr Operation kOperations[] = {
    {"DynamoDB_20120810.BatchExecuteStatement", "dynamodb:BatchExecuteStatement", Access::kWrite,
     json<batch_execute_statement>},
    {"Armature_20261101.GetAllowList", "armature:GetAllowList", Access::kDescribe, json<get_allow_list>},
    {"Armature_20261101.PutAllowList", "armature:PutAllowList", Access::kManage, json<put_allow_list>},
    {"DynamoDB_20120810.BatchGetItem", "dynamodb:BatchGetItem", Access::kRead, json<batch_get_item>},
    {"DynamoDB_20120810.BatchWriteItem", "dynamodb:BatchWriteItem", Access::kWrite, json<batch_write_item>},
    {"DynamoDB_20120810.CreateTable", "dynamodb:CreateTable", Access::kManage, json<create_table>},
    {"DynamoDB_20120810.DeleteItem", "dynamodb:DeleteItem", Access::kWrite, json<delete_item>},
    {"DynamoDB_20120810.DeleteResourcePolicy", "dynamodb:DeleteResourcePolicy", Access::kManage,
     json<delete_resource_policy>},
    {"DynamoDB_20120810.DeleteTable", "dynamodb:DeleteTable", Access::kManage, json<delete_table>},
    {"DynamoDB_20120810.DescribeContinuousBackups", "dynamodb:DescribeContinuousBackups", Access::kDescribe,
     json<describe_continuous_backups>},
    {"DynamoDB_20120810.DescribeEndpoints", "dynamodb:DescribeEndpoints", Access::kDescribe, json<describe_endpoints>},
    {"DynamoDB_20120810.DescribeLimits", "dynamodb:DescribeLimits", Access::kDescribe, json<describe_limits>},
    {"DynamoDB_20120810.DescribeTable", "dynamodb:DescribeTable", Access::kDescribe, json<describe_table>},
    {"DynamoDB_20120810.DescribeTimeToLive", "dynamodb:DescribeTimeToLive", Access::kDescribe,
     json<describe_time_to_live>},
    {"DynamoDB_20120810.ExecuteStatement", "dynamodb:ExecuteStatement", Access::kWrite, json<execute_statement>},
    {"DynamoDB_20120810.ExecuteTransaction", "dynamodb:ExecuteTransaction", Access::kWrite, json<execute_transaction>},
    {"DynamoDB_20120810.GetItem", "dynamodb:GetItem", Access::kRead, json<get_item>},
    {"DynamoDB_20120810.GetResourcePolicy", "dynamodb:GetResourcePolicy", Access::kDescribe, json<get_resource_policy>},
    {"DynamoDB_20120810.ListTables", "dynamodb:ListTables", Access::kDescribe, json<list_tables>},
    {"DynamoDB_20120810.ListTagsOfResource", "dynamodb:ListTagsOfResource", Access::kDescribe,
     json<list_tags_of_resource>},
    {"DynamoDB_20120810.PutItem", "dynamodb:PutItem", Access::kWrite, json<put_item>, Wording::kEnveloped},
    {"DynamoDB_20120810.PutResourcePolicy", "dynamodb:PutResourcePolicy", Access::kManage, json<put_resource_policy>},
    {"DynamoDB_20120810.Query", "dynamodb:Query", Access::kRead, json<query>},
    {"DynamoDB_20120810.Scan", "dynamodb:Scan", Access::kRead, json<scan>},
    {"DynamoDB_20120810.TagResource", "dynamodb:TagResource", Access::kManage, json<tag_resource>},
    {"DynamoDB_20120810.TransactGetItems", "dynamodb:TransactGetItems", Access::kRead, json<transact_get_items>},
    {"DynamoDB_20120810.TransactWriteItems", "dynamodb:TransactWriteItems", Access::kWrite, json<transact_write_items>},
    {"DynamoDB_20120810.UntagResource", "dynamodb:UntagResource", Access::kManage, json<untag_resource>},
    {"DynamoDB_20120810.UpdateItem", "dynamodb:UpdateItem", Access::kWrite, json<update_item>, Wording::kEnveloped},
    {"DynamoDB_20120810.UpdateTable", "dynamodb:UpdateTable", Access::kManage, json<update_table>},
    {"DynamoDB_20120810.UpdateTimeToLive", "dynamodb:UpdateTimeToLive", Access::kManage, json<update_time_to_live>},
    {"DynamoDBStreams_20120810.DescribeStream", "dynamodb:DescribeStream", Access::kDescribe, json<describe_stream>},
    {"DynamoDBStreams_20120810.GetRecords", "dynamodb:GetRecords", Access::kRead, json<get_records>},
    {"DynamoDBStreams_20120810.GetShardIterator", "dynamodb:GetShardIterator", Access::kRead, json<get_shard_iterator>},
    {"DynamoDBStreams_20120810.ListStreams", "dynamodb:ListStreams", Access::kDescribe, json<list_streams>},
};

}  // namespace

std::span<const Operation> operations() { return kOperations; }

const Operation* find_operation(std::string_view target) {
  for (const Operation& operation : kOperations) {
    if (operation.target == target) return &operation;
  }
  return nullptr;
}

}  // namespace armature::api
