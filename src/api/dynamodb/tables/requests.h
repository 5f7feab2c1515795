// Requests of the table operations and their shapes: what was sent, with types, lengths, ranges and enum values
// checked. What it means is decided in plan.h. Source: API Reference, "CreateTable", "UpdateTable", "DescribeTable",
// "DeleteTable", "ListTables", "TagResource", "UntagResource", "ListTagsOfResource", "DescribeTimeToLive",
// "UpdateTimeToLive", "DescribeContinuousBackups".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "api/dynamodb/tables/wire_words.h"
#include "api/shape.h"

namespace armature::api {

// --- Parts ---

// A member of the API that this server does not implement: anything is taken, so that the operation can refuse it by
// name.
struct Unsupported {};
template <>
struct Codec<Unsupported> {
  static bool decode(const wire::Json&, const Constraint&, Unsupported*, Decoder*) { return true; }
  static void gather(const wire::Json&, const Constraint&, const MemberPath&, Violations*) {}
  static constexpr auto echo = shape_detail::echo_scalar;
  static void append_java_name(std::string* out) { out->append("java.lang.Object"); }
};

inline constexpr Constraint kKeyAttributeName{.required = true, .minimum = 1, .maximum = 255};
inline constexpr Constraint kRequiredIndexName{
    .required = true, .minimum = 3, .maximum = 255, .pattern = &kNamePattern};
inline constexpr Constraint kRequiredKeySchema{.required = true, .minimum = 1};
inline constexpr Constraint kNonKeyAttributeName{.minimum = 1, .maximum = 255};
inline constexpr Constraint kNonKeyAttributes{.minimum = 1, .maximum = 20, .element = &kNonKeyAttributeName};
inline constexpr Constraint kCapacityUnits{.required = true, .minimum = 1};

struct AttributeDefinition {
  std::string_view attribute_name;
  ScalarAttributeType attribute_type = ScalarAttributeType::kString;
};
template <>
struct Shape<AttributeDefinition> : ShapeOf<AttributeDefinition> {
  static constexpr std::string_view name = "AttributeDefinition";
  static constexpr Member members[] = {
      member<&AttributeDefinition::attribute_name>("AttributeName", kKeyAttributeName),
      member<&AttributeDefinition::attribute_type>("AttributeType", kRequired),
  };
};

struct KeySchemaElement {
  std::string_view attribute_name;
  KeyType key_type = KeyType::kHash;
};
template <>
struct Shape<KeySchemaElement> : ShapeOf<KeySchemaElement> {
  static constexpr std::string_view name = "KeySchemaElement";
  static constexpr Member members[] = {
      member<&KeySchemaElement::attribute_name>("AttributeName", kKeyAttributeName),
      member<&KeySchemaElement::key_type>("KeyType", kRequired),
  };
};

struct ProjectionInput {
  std::optional<ProjectionType> projection_type;
  std::optional<std::span<const std::string_view>> non_key_attributes;
};
template <>
struct Shape<ProjectionInput> : ShapeOf<ProjectionInput> {
  static constexpr std::string_view name = "Projection";
  static constexpr Member members[] = {
      member<&ProjectionInput::projection_type>("ProjectionType"),
      member<&ProjectionInput::non_key_attributes>("NonKeyAttributes", kNonKeyAttributes),
  };
};

struct ProvisionedThroughputInput {
  std::int64_t read_capacity_units = 0;
  std::int64_t write_capacity_units = 0;
};
template <>
struct Shape<ProvisionedThroughputInput> : ShapeOf<ProvisionedThroughputInput> {
  static constexpr std::string_view name = "ProvisionedThroughput";
  static constexpr Member members[] = {
      member<&ProvisionedThroughputInput::read_capacity_units>("ReadCapacityUnits", kCapacityUnits),
      member<&ProvisionedThroughputInput::write_capacity_units>("WriteCapacityUnits", kCapacityUnits),
  };
};

struct OnDemandThroughputInput {
  std::optional<std::int64_t> max_read_request_units;
  std::optional<std::int64_t> max_write_request_units;
};
template <>
struct Shape<OnDemandThroughputInput> : ShapeOf<OnDemandThroughputInput> {
  static constexpr std::string_view name = "OnDemandThroughput";
  static constexpr Member members[] = {
      member<&OnDemandThroughputInput::max_read_request_units>("MaxReadRequestUnits"),
      member<&OnDemandThroughputInput::max_write_request_units>("MaxWriteRequestUnits"),
  };
};

struct WarmThroughputInput {
  std::optional<std::int64_t> read_units_per_second;
  std::optional<std::int64_t> write_units_per_second;
};
template <>
struct Shape<WarmThroughputInput> : ShapeOf<WarmThroughputInput> {
  static constexpr std::string_view name = "WarmThroughput";
  static constexpr Constraint kUnits{.minimum = 1};
  static constexpr Member members[] = {
      member<&WarmThroughputInput::read_units_per_second>("ReadUnitsPerSecond", kUnits),
      member<&WarmThroughputInput::write_units_per_second>("WriteUnitsPerSecond", kUnits),
  };
};

struct LocalSecondaryIndexInput {
  std::string_view index_name;
  std::span<const KeySchemaElement> key_schema;
  ProjectionInput projection;
};
template <>
struct Shape<LocalSecondaryIndexInput> : ShapeOf<LocalSecondaryIndexInput> {
  static constexpr std::string_view name = "LocalSecondaryIndex";
  static constexpr Member members[] = {
      member<&LocalSecondaryIndexInput::index_name>("IndexName", kRequiredIndexName),
      member<&LocalSecondaryIndexInput::key_schema>("KeySchema", kRequiredKeySchema),
      member<&LocalSecondaryIndexInput::projection>("Projection", kRequired),
  };
};

// Also a CreateGlobalSecondaryIndexAction: they have the same members.
struct GlobalSecondaryIndexInput {
  std::string_view index_name;
  std::span<const KeySchemaElement> key_schema;
  ProjectionInput projection;
  std::optional<ProvisionedThroughputInput> provisioned_throughput;
  std::optional<OnDemandThroughputInput> on_demand_throughput;
  std::optional<WarmThroughputInput> warm_throughput;
};
template <>
struct Shape<GlobalSecondaryIndexInput> : ShapeOf<GlobalSecondaryIndexInput> {
  static constexpr std::string_view name = "GlobalSecondaryIndex";
  static constexpr Member members[] = {
      member<&GlobalSecondaryIndexInput::index_name>("IndexName", kRequiredIndexName),
      member<&GlobalSecondaryIndexInput::key_schema>("KeySchema", kRequiredKeySchema),
      member<&GlobalSecondaryIndexInput::projection>("Projection", kRequired),
      member<&GlobalSecondaryIndexInput::provisioned_throughput>("ProvisionedThroughput"),
      member<&GlobalSecondaryIndexInput::on_demand_throughput>("OnDemandThroughput"),
      member<&GlobalSecondaryIndexInput::warm_throughput>("WarmThroughput"),
  };
};

struct UpdateGlobalSecondaryIndexAction {
  std::string_view index_name;
  std::optional<ProvisionedThroughputInput> provisioned_throughput;
  std::optional<OnDemandThroughputInput> on_demand_throughput;
  std::optional<WarmThroughputInput> warm_throughput;
};
template <>
struct Shape<UpdateGlobalSecondaryIndexAction> : ShapeOf<UpdateGlobalSecondaryIndexAction> {
  static constexpr std::string_view name = "UpdateGlobalSecondaryIndexAction";
  static constexpr Member members[] = {
      member<&UpdateGlobalSecondaryIndexAction::index_name>("IndexName", kRequiredIndexName),
      member<&UpdateGlobalSecondaryIndexAction::provisioned_throughput>("ProvisionedThroughput"),
      member<&UpdateGlobalSecondaryIndexAction::on_demand_throughput>("OnDemandThroughput"),
      member<&UpdateGlobalSecondaryIndexAction::warm_throughput>("WarmThroughput"),
  };
};

struct DeleteGlobalSecondaryIndexAction {
  std::string_view index_name;
};
template <>
struct Shape<DeleteGlobalSecondaryIndexAction> : ShapeOf<DeleteGlobalSecondaryIndexAction> {
  static constexpr std::string_view name = "DeleteGlobalSecondaryIndexAction";
  static constexpr Member members[] = {
      member<&DeleteGlobalSecondaryIndexAction::index_name>("IndexName", kRequiredIndexName),
  };
};

// Exactly one of the three is meant to be there.
struct GlobalSecondaryIndexUpdate {
  std::optional<UpdateGlobalSecondaryIndexAction> update;
  std::optional<GlobalSecondaryIndexInput> create;
  std::optional<DeleteGlobalSecondaryIndexAction> remove;
};
template <>
struct Shape<GlobalSecondaryIndexUpdate> : ShapeOf<GlobalSecondaryIndexUpdate> {
  static constexpr std::string_view name = "GlobalSecondaryIndexUpdate";
  static constexpr Member members[] = {
      member<&GlobalSecondaryIndexUpdate::update>("Update"),
      member<&GlobalSecondaryIndexUpdate::create>("Create"),
      member<&GlobalSecondaryIndexUpdate::remove>("Delete"),
  };
};

struct StreamSpecification {
  bool stream_enabled = false;
  std::optional<StreamViewType> stream_view_type;
};
template <>
struct Shape<StreamSpecification> : ShapeOf<StreamSpecification> {
  static constexpr std::string_view name = "StreamSpecification";
  static constexpr Member members[] = {
      member<&StreamSpecification::stream_enabled>("StreamEnabled", kRequired),
      member<&StreamSpecification::stream_view_type>("StreamViewType"),
  };
};

struct SseSpecification {
  std::optional<bool> enabled;
  std::optional<SseType> sse_type;
  std::optional<std::string_view> kms_master_key_id;
};
template <>
struct Shape<SseSpecification> : ShapeOf<SseSpecification> {
  static constexpr std::string_view name = "SSESpecification";
  static constexpr Member members[] = {
      member<&SseSpecification::enabled>("Enabled"),
      member<&SseSpecification::sse_type>("SSEType"),
      member<&SseSpecification::kms_master_key_id>("KMSMasterKeyId"),
  };
};

struct Tag {
  std::string_view key;
  std::string_view value;
};
template <>
struct Shape<Tag> : ShapeOf<Tag> {
  static constexpr std::string_view name = "Tag";
  static constexpr Constraint kKey{.required = true, .minimum = 1, .maximum = 128};
  static constexpr Constraint kValue{.required = true, .minimum = 0, .maximum = 256};
  static constexpr Member members[] = {
      member<&Tag::key>("Key", kKey),
      member<&Tag::value>("Value", kValue),
  };
};

// --- Requests ---

// On these operations a missing table name has its own sentence, and the name of a new table no ARN.
inline constexpr std::string_view kMissingTableName =
    "The parameter 'TableName' is required but was not present in the request";
inline constexpr Constraint kNewTableName{
    .required = true, .minimum = 3, .maximum = 255, .pattern = &kNamePattern, .missing_text = kMissingTableName};
inline constexpr Constraint kDescribedTableName{
    .required = true, .minimum = 1, .maximum = 1024, .pattern = &kNameOrArnPattern, .missing_text = kMissingTableName};

struct CreateTableRequest {
  std::string_view table_name;
  std::span<const AttributeDefinition> attribute_definitions;
  std::span<const KeySchemaElement> key_schema;
  std::optional<std::span<const LocalSecondaryIndexInput>> local_secondary_indexes;
  std::optional<std::span<const GlobalSecondaryIndexInput>> global_secondary_indexes;
  std::optional<BillingMode> billing_mode;
  std::optional<ProvisionedThroughputInput> provisioned_throughput;
  std::optional<StreamSpecification> stream_specification;
  std::optional<SseSpecification> sse_specification;
  std::optional<std::span<const Tag>> tags;
  std::optional<TableClass> table_class;
  std::optional<bool> deletion_protection_enabled;
  std::optional<WarmThroughputInput> warm_throughput;
  std::optional<OnDemandThroughputInput> on_demand_throughput;
  std::optional<std::string_view> resource_policy;
  std::optional<Unsupported> global_table_source_arn;
  std::optional<Unsupported> global_table_settings_replication_mode;
  std::optional<Unsupported> vector_indexes;
};
template <>
struct Shape<CreateTableRequest> : ShapeOf<CreateTableRequest> {
  using R = CreateTableRequest;
  static constexpr std::string_view name = "CreateTableInput";
  static constexpr Member members[] = {
      member<&R::attribute_definitions>("AttributeDefinitions", kRequired),
      member<&R::table_name>("TableName", kNewTableName),
      member<&R::key_schema>("KeySchema", kRequiredKeySchema),
      member<&R::local_secondary_indexes>("LocalSecondaryIndexes"),
      member<&R::global_secondary_indexes>("GlobalSecondaryIndexes"),
      member<&R::billing_mode>("BillingMode"),
      member<&R::provisioned_throughput>("ProvisionedThroughput"),
      member<&R::stream_specification>("StreamSpecification"),
      member<&R::sse_specification>("SSESpecification"),
      member<&R::tags>("Tags"),
      member<&R::table_class>("TableClass"),
      member<&R::deletion_protection_enabled>("DeletionProtectionEnabled"),
      member<&R::warm_throughput>("WarmThroughput"),
      member<&R::resource_policy>("ResourcePolicy"),
      member<&R::on_demand_throughput>("OnDemandThroughput"),
      member<&R::global_table_source_arn>("GlobalTableSourceArn"),
      member<&R::global_table_settings_replication_mode>("GlobalTableSettingsReplicationMode"),
      member<&R::vector_indexes>("VectorIndexes"),
  };
};

struct UpdateTableRequest {
  std::string_view table_name;  // Or an ARN.
  std::span<const AttributeDefinition> attribute_definitions;
  std::optional<BillingMode> billing_mode;
  std::optional<ProvisionedThroughputInput> provisioned_throughput;
  std::optional<std::span<const GlobalSecondaryIndexUpdate>> global_secondary_index_updates;
  std::optional<StreamSpecification> stream_specification;
  std::optional<SseSpecification> sse_specification;
  std::optional<TableClass> table_class;
  std::optional<bool> deletion_protection_enabled;
  std::optional<OnDemandThroughputInput> on_demand_throughput;
  std::optional<WarmThroughputInput> warm_throughput;
  std::optional<Unsupported> replica_updates;
  std::optional<Unsupported> multi_region_consistency;
  std::optional<Unsupported> global_table_witness_updates;
  std::optional<Unsupported> global_table_settings_replication_mode;
  std::optional<Unsupported> vector_index_updates;
  std::optional<Unsupported> disassociation_protection_enabled;
};
template <>
struct Shape<UpdateTableRequest> : ShapeOf<UpdateTableRequest> {
  using R = UpdateTableRequest;
  static constexpr std::string_view name = "UpdateTableInput";
  static constexpr Member members[] = {
      member<&R::attribute_definitions>("AttributeDefinitions"),
      member<&R::table_name>("TableName", kDescribedTableName),
      member<&R::billing_mode>("BillingMode"),
      member<&R::provisioned_throughput>("ProvisionedThroughput"),
      member<&R::global_secondary_index_updates>("GlobalSecondaryIndexUpdates"),
      member<&R::stream_specification>("StreamSpecification"),
      member<&R::sse_specification>("SSESpecification"),
      member<&R::replica_updates>("ReplicaUpdates"),
      member<&R::table_class>("TableClass"),
      member<&R::deletion_protection_enabled>("DeletionProtectionEnabled"),
      member<&R::multi_region_consistency>("MultiRegionConsistency"),
      member<&R::global_table_witness_updates>("GlobalTableWitnessUpdates"),
      member<&R::on_demand_throughput>("OnDemandThroughput"),
      member<&R::warm_throughput>("WarmThroughput"),
      member<&R::global_table_settings_replication_mode>("GlobalTableSettingsReplicationMode"),
      member<&R::vector_index_updates>("VectorIndexUpdates"),
      member<&R::disassociation_protection_enabled>("DisassociationProtectionEnabled"),
  };
};

struct DescribeTableRequest {
  std::string_view table_name;  // Or an ARN.
};
template <>
struct Shape<DescribeTableRequest> : ShapeOf<DescribeTableRequest> {
  static constexpr std::string_view name = "DescribeTableInput";
  static constexpr Member members[] = {member<&DescribeTableRequest::table_name>("TableName", kDescribedTableName)};
};

struct DeleteTableRequest {
  std::string_view table_name;  // Or an ARN.
};
template <>
struct Shape<DeleteTableRequest> : ShapeOf<DeleteTableRequest> {
  static constexpr std::string_view name = "DeleteTableInput";
  static constexpr Member members[] = {member<&DeleteTableRequest::table_name>("TableName", kDescribedTableName)};
};

struct ListTablesRequest {
  std::optional<std::string_view> exclusive_start_table_name;
  std::optional<std::int32_t> limit;
};
template <>
struct Shape<ListTablesRequest> : ShapeOf<ListTablesRequest> {
  static constexpr std::string_view name = "ListTablesInput";
  static constexpr Constraint kStart{.minimum = 3, .maximum = 255, .pattern = &kNamePattern};
  static constexpr Constraint kLimit{.minimum = 1, .maximum = 100};
  static constexpr Member members[] = {
      member<&ListTablesRequest::exclusive_start_table_name>("ExclusiveStartTableName", kStart),
      member<&ListTablesRequest::limit>("Limit", kLimit),
  };
};

inline constexpr Constraint kResourceArn{.required = true, .minimum = 1, .maximum = 1283};

struct TagResourceRequest {
  std::string_view resource_arn;
  std::span<const Tag> tags;
};
template <>
struct Shape<TagResourceRequest> : ShapeOf<TagResourceRequest> {
  static constexpr std::string_view name = "TagResourceInput";
  static constexpr Member members[] = {
      member<&TagResourceRequest::resource_arn>("ResourceArn", kResourceArn),
      member<&TagResourceRequest::tags>("Tags", kRequired),
  };
};

struct UntagResourceRequest {
  std::string_view resource_arn;
  std::span<const std::string_view> tag_keys;
};
template <>
struct Shape<UntagResourceRequest> : ShapeOf<UntagResourceRequest> {
  static constexpr std::string_view name = "UntagResourceInput";
  static constexpr Constraint kKey{.minimum = 1, .maximum = 128};
  static constexpr Constraint kKeys{.required = true, .element = &kKey};
  static constexpr Member members[] = {
      member<&UntagResourceRequest::resource_arn>("ResourceArn", kResourceArn),
      member<&UntagResourceRequest::tag_keys>("TagKeys", kKeys),
  };
};

struct ListTagsOfResourceRequest {
  std::string_view resource_arn;
  std::optional<std::string_view> next_token;
};
template <>
struct Shape<ListTagsOfResourceRequest> : ShapeOf<ListTagsOfResourceRequest> {
  static constexpr std::string_view name = "ListTagsOfResourceInput";
  static constexpr Member members[] = {
      member<&ListTagsOfResourceRequest::resource_arn>("ResourceArn", kResourceArn),
      member<&ListTagsOfResourceRequest::next_token>("NextToken"),
  };
};

inline constexpr Constraint kPolicyRevisionId{.minimum = 1, .maximum = 255};

struct PutResourcePolicyRequest {
  std::string_view resource_arn;
  std::string_view policy;
  std::optional<std::string_view> expected_revision_id;  // "NO_POLICY": there must be none.
  std::optional<bool> confirm_remove_self_resource_access;
};
template <>
struct Shape<PutResourcePolicyRequest> : ShapeOf<PutResourcePolicyRequest> {
  using R = PutResourcePolicyRequest;
  static constexpr std::string_view name = "PutResourcePolicyInput";
  static constexpr Member members[] = {
      member<&R::resource_arn>("ResourceArn", kResourceArn),
      member<&R::policy>("Policy", kRequired),
      member<&R::expected_revision_id>("ExpectedRevisionId", kPolicyRevisionId),
      member<&R::confirm_remove_self_resource_access>("ConfirmRemoveSelfResourceAccess"),
  };
};

struct GetResourcePolicyRequest {
  std::string_view resource_arn;
};
template <>
struct Shape<GetResourcePolicyRequest> : ShapeOf<GetResourcePolicyRequest> {
  static constexpr std::string_view name = "GetResourcePolicyInput";
  static constexpr Member members[] = {member<&GetResourcePolicyRequest::resource_arn>("ResourceArn", kResourceArn)};
};

struct DeleteResourcePolicyRequest {
  std::string_view resource_arn;
  std::optional<std::string_view> expected_revision_id;
};
template <>
struct Shape<DeleteResourcePolicyRequest> : ShapeOf<DeleteResourcePolicyRequest> {
  using R = DeleteResourcePolicyRequest;
  static constexpr std::string_view name = "DeleteResourcePolicyInput";
  static constexpr Member members[] = {
      member<&R::resource_arn>("ResourceArn", kResourceArn),
      member<&R::expected_revision_id>("ExpectedRevisionId", kPolicyRevisionId),
  };
};

struct DescribeTimeToLiveRequest {
  std::string_view table_name;  // Or an ARN.
};
template <>
struct Shape<DescribeTimeToLiveRequest> : ShapeOf<DescribeTimeToLiveRequest> {
  static constexpr std::string_view name = "DescribeTimeToLiveInput";
  static constexpr Member members[] = {member<&DescribeTimeToLiveRequest::table_name>("TableName", kTableNameOrArn)};
};

inline constexpr Constraint kTimeToLiveAttributeName{.required = true, .minimum = 1, .maximum = 255};

struct TimeToLiveSpecification {
  bool enabled = false;
  std::string_view attribute_name;
};
template <>
struct Shape<TimeToLiveSpecification> : ShapeOf<TimeToLiveSpecification> {
  static constexpr std::string_view name = "TimeToLiveSpecification";
  static constexpr Member members[] = {
      member<&TimeToLiveSpecification::enabled>("Enabled", kRequired),
      member<&TimeToLiveSpecification::attribute_name>("AttributeName", kTimeToLiveAttributeName),
  };
};

struct UpdateTimeToLiveRequest {
  std::string_view table_name;  // Or an ARN.
  TimeToLiveSpecification time_to_live;
};
template <>
struct Shape<UpdateTimeToLiveRequest> : ShapeOf<UpdateTimeToLiveRequest> {
  static constexpr std::string_view name = "UpdateTimeToLiveInput";
  static constexpr Member members[] = {
      member<&UpdateTimeToLiveRequest::table_name>("TableName", kTableNameOrArn),
      member<&UpdateTimeToLiveRequest::time_to_live>("TimeToLiveSpecification", kRequired),
  };
};

struct DescribeContinuousBackupsRequest {
  std::string_view table_name;  // Or an ARN.
};
template <>
struct Shape<DescribeContinuousBackupsRequest> : ShapeOf<DescribeContinuousBackupsRequest> {
  static constexpr std::string_view name = "DescribeContinuousBackupsInput";
  static constexpr Member members[] = {
      member<&DescribeContinuousBackupsRequest::table_name>("TableName", kTableNameOrArn)};
};

struct DescribeLimitsRequest {};
template <>
struct Shape<DescribeLimitsRequest> : ShapeOf<DescribeLimitsRequest> {
  static constexpr std::string_view name = "DescribeLimitsInput";
  static constexpr std::span<const Member> members{};
};

struct DescribeEndpointsRequest {};
template <>
struct Shape<DescribeEndpointsRequest> : ShapeOf<DescribeEndpointsRequest> {
  static constexpr std::string_view name = "DescribeEndpointsRequest";
  static constexpr std::span<const Member> members{};
};

}  // namespace armature::api
