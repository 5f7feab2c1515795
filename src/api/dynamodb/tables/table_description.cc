#include "api/dynamodb/tables/table_description.h"

#include <fmt/format.h>

#include <utility>

#include "api/dynamodb/tables/throughput_plan.h"
#include "api/dynamodb/tables/wire_words.h"

namespace armature::api {

using wire::JsonWriter;

void write_time(std::string_view name, Clock::Millis time_ms, JsonWriter* writer) {
  writer->key(name);
  writer->real(static_cast<double>(time_ms) / 1000);
}

namespace {

constexpr Clock::Millis kDayMs = 86'400'000;

void write_key_element(const KeyAttribute& attribute, KeyType type, JsonWriter* writer) {
  writer->begin_object();
  writer->member("AttributeName", attribute.name);
  writer->member("KeyType", enum_name(type));
  writer->end_object();
}

}  // namespace

void write_key_schema(const KeySchema& key, JsonWriter* writer) {
  writer->key("KeySchema");
  writer->begin_array();
  for (const KeyAttribute& attribute : key.partition) write_key_element(attribute, KeyType::kHash, writer);
  for (const KeyAttribute& attribute : key.sort) write_key_element(attribute, KeyType::kRange, writer);
  writer->end_array();
}

namespace {

void write_attribute_definitions(const TableDefinition& table, JsonWriter* writer) {
  writer->key("AttributeDefinitions");
  writer->begin_array();
  for (const KeyAttribute& attribute : table.attribute_definitions) {
    writer->begin_object();
    writer->member("AttributeName", attribute.name);
    writer->member("AttributeType", type_name(attribute.type));
    writer->end_object();
  }
  writer->end_array();
}

void write_throughput(const ProvisionedThroughput& throughput, Clock::Millis now_ms, JsonWriter* writer) {
  writer->key("ProvisionedThroughput");
  writer->begin_object();
  if (throughput.last_increase_ms != 0) write_time("LastIncreaseDateTime", throughput.last_increase_ms, writer);
  if (throughput.last_decrease_ms != 0) write_time("LastDecreaseDateTime", throughput.last_decrease_ms, writer);
  const bool decreased_today = throughput.last_decrease_ms / kDayMs == now_ms / kDayMs;
  writer->member("NumberOfDecreasesToday", decreased_today ? throughput.decreases_today : std::int64_t{0});
  writer->member("ReadCapacityUnits", throughput.read_units);
  writer->member("WriteCapacityUnits", throughput.write_units);
  writer->end_object();
}

void write_on_demand(const OnDemandThroughput& on_demand, JsonWriter* writer) {
  if (!on_demand.max_read_units && !on_demand.max_write_units) return;
  writer->key("OnDemandThroughput");
  writer->begin_object();
  if (on_demand.max_read_units) writer->member("MaxReadRequestUnits", *on_demand.max_read_units);
  if (on_demand.max_write_units) writer->member("MaxWriteRequestUnits", *on_demand.max_write_units);
  writer->end_object();
}

void write_warm(const WarmThroughput& warm, std::string_view status, JsonWriter* writer) {
  writer->key("WarmThroughput");
  writer->begin_object();
  writer->member("ReadUnitsPerSecond", warm.read_units_per_second);
  writer->member("WriteUnitsPerSecond", warm.write_units_per_second);
  writer->member("Status", status);
  writer->end_object();
}

void write_projection(const IndexDefinition& index, JsonWriter* writer) {
  writer->key("Projection");
  writer->begin_object();
  writer->member("ProjectionType", enum_name(index.projection));
  if (index.projection == ProjectionType::kInclude) {
    writer->key("NonKeyAttributes");
    writer->begin_array();
    for (const std::string& name : index.non_key_attributes) writer->string(name);
    writer->end_array();
  }
  writer->end_object();
}

// Writes one description after another: what they share is which table it is and which reply.
class DescriptionWriter {
 public:
  DescriptionWriter(const TableDescription& description, JsonWriter* writer)
      : description_(description), table_(*description.table), writer_(writer) {}

  void write() {
    const bool deleted = description_.kind == DescriptionKind::kDeleted;
    writer_->begin_object();
    if (!deleted) write_attribute_definitions(table_, writer_);
    writer_->member("TableName", table_.name);
    if (!deleted) write_key_schema(table_.key, writer_);
    writer_->member("TableStatus", enum_name(deleted ? TableStatus::kDeleting : table_.status));
    write_time("CreationDateTime", table_.created_at_ms, writer_);
    write_throughput(table_.throughput, description_.now_ms, writer_);
    writer_->member("TableSizeBytes", description_.stats.bytes);
    writer_->member("ItemCount", description_.stats.entries);
    writer_->member("TableArn", table_.arn);
    writer_->member("TableId", table_.id);
    write_billing();
    if (!deleted) write_indexes("LocalSecondaryIndexes", table_.local_indexes);
    if (!deleted) write_indexes("GlobalSecondaryIndexes", table_.global_indexes);
    write_stream();
    write_encryption();
    write_table_class();
    writer_->member_bool("DeletionProtectionEnabled", table_.deletion_protection);
    write_on_demand(table_.on_demand, writer_);
    if (!deleted) write_table_warm();
    writer_->end_object();
  }

 private:
  // A table that was never billed per request has none.
  void write_billing() {
    if (table_.pay_per_request_since_ms == 0) return;
    writer_->key("BillingModeSummary");
    writer_->begin_object();
    writer_->member("BillingMode", enum_name(table_.billing));
    if (table_.status != TableStatus::kCreating) {
      write_time("LastUpdateToPayPerRequestDateTime", table_.pay_per_request_since_ms, writer_);
    }
    writer_->end_object();
  }

  void write_indexes(std::string_view name, const std::vector<IndexDefinition>& indexes) {
    if (indexes.empty()) return;
    writer_->key(name);
    writer_->begin_array();
    for (const IndexDefinition& index : indexes) write_index(index);
    writer_->end_array();
  }

  void write_index(const IndexDefinition& index) {
    writer_->begin_object();
    writer_->member("IndexName", index.name);
    write_key_schema(index.key, writer_);
    write_projection(index, writer_);
    if (index.global) {
      // An index made with its table is there when the table is.
      const bool creating = table_.status == TableStatus::kCreating;
      writer_->member("IndexStatus", enum_name(creating ? IndexStatus::kCreating : index.status));
      if (index.build == BuildPhase::kFilling) writer_->member_bool("Backfilling", true);
      write_throughput(index.throughput, description_.now_ms, writer_);
    }
    const auto stats = description_.index_stats.find(index.name);
    if (stats != description_.index_stats.end()) {
      writer_->member("IndexSizeBytes", stats->second.bytes);
      writer_->member("ItemCount", stats->second.entries);
    }
    writer_->member("IndexArn", fmt::format("{}/index/{}", table_.arn, index.name));
    if (index.global) {
      write_on_demand(index.on_demand, writer_);
      if (shows_warm(index.warm)) write_warm(warm_of(index.warm, index.throughput), warm_status(), writer_);
    }
    writer_->end_object();
  }

  void write_stream() {
    if (!table_.stream) return;
    if (table_.stream->enabled) {
      writer_->key("StreamSpecification");
      writer_->begin_object();
      writer_->member_bool("StreamEnabled", true);
      writer_->member("StreamViewType", enum_name(table_.stream->view_type));
      writer_->end_object();
    }
    writer_->member("LatestStreamLabel", table_.stream->label);
    writer_->member("LatestStreamArn", stream_arn(table_, *table_.stream));
  }

  void write_encryption() {
    if (!table_.encrypted) return;
    writer_->key("SSEDescription");
    writer_->begin_object();
    writer_->member("Status", "ENABLED");
    writer_->member("SSEType", "KMS");
    writer_->member("KMSMasterKeyArn", kms_key_arn());
    writer_->end_object();
  }

  // Keys are named by id, alias or ARN, or not at all.
  std::string kms_key_arn() const {
    const std::string& key = table_.kms_key_arn;
    if (key.starts_with("arn:")) return key;
    const bool is_alias = key.starts_with("alias/");
    const std::string resource = key.empty() ? "alias/aws/dynamodb" : is_alias ? key : "key/" + key;
    return fmt::format("arn:aws:kms:{}:{}:{}", table_.region, table_.account_id, resource);
  }

  void write_table_class() {
    if (!table_.table_class_given) return;
    writer_->key("TableClassSummary");
    writer_->begin_object();
    writer_->member("TableClass", enum_name(table_.table_class));
    if (table_.table_class_changed_ms != 0) {
      write_time("LastUpdateDateTime", table_.table_class_changed_ms, writer_);
    }
    writer_->end_object();
  }

  void write_table_warm() {
    if (shows_warm(table_.warm)) write_warm(warm_of(table_.warm, table_.throughput), warm_status(), writer_);
  }
  bool shows_warm(const std::optional<WarmThroughput>& asked) const {
    return asked || description_.kind == DescriptionKind::kDescribed;
  }
  WarmThroughput warm_of(const std::optional<WarmThroughput>& asked, const ProvisionedThroughput& throughput) const {
    return asked.value_or(default_warm_throughput(table_.billing, throughput));
  }
  std::string_view warm_status() const {
    return table_.status == TableStatus::kActive ? "ACTIVE" : enum_name(table_.status);
  }

  const TableDescription& description_;
  const TableDefinition& table_;
  JsonWriter* const writer_;
};

Task<Result<void>> look_up_stats(Services& services, TableDescription* description) {
  CO_TRY_ASSIGN(description->stats, co_await services.items.stats(description->table->key_space));
  for (const auto* indexes : {&description->table->local_indexes, &description->table->global_indexes}) {
    for (const IndexDefinition& index : *indexes) {
      if (index.key_space == 0) continue;
      CO_TRY_ASSIGN(description->index_stats[index.name], co_await services.items.stats(index.key_space));
    }
  }
  co_return Result<void>();
}

// False when the table was deleted while it was being described; its figures are gone then.
bool is_still_there(const Services& services, const TableDefinition& table) {
  const TableRef current = services.catalog.find(table.region, TableName{{}, {}, table.name});
  return current != nullptr && current->id == table.id;
}

}  // namespace

Task<Result<TableDescription>> describe(Services& services, TableRef table, DescriptionKind kind) {
  TableDescription description{.table = std::move(table), .kind = kind, .now_ms = services.clock.now_ms()};
  Result<void> looked_up = co_await look_up_stats(services, &description);
  if (!looked_up && !is_still_there(services, *description.table)) {
    co_return fail(ErrorCode::kResourceNotFound,
                   fmt::format("Requested resource not found: Table: {} not found", description.table->name));
  }
  CO_TRY(std::move(looked_up));
  co_return description;
}

void encode(const TableDescription& description, JsonWriter* writer) { DescriptionWriter(description, writer).write(); }

}  // namespace armature::api
