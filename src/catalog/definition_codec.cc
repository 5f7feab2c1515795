// A definition as an item: a map with one member a field. Members are only ever added; a reader takes the default for
// what an older writer did not know, and `format` grows when that is not enough.
//
//   member            type  meaning
//   format            N     kFormat
//   name, region, …   S N   the field of that name in TableDefinition
//   key, indexes, …   M L   nested the same way

#include <fmt/format.h>

#include "base/arena.h"
#include "catalog/table_definition.h"
#include "model/item.h"
#include "model/map_fields.h"

namespace armature {
namespace {

constexpr std::int64_t kFormat = 1;

std::vector<Value> write_key_attributes(const std::vector<KeyAttribute>& attributes, Arena* arena) {
  std::vector<Value> list;
  for (const KeyAttribute& attribute : attributes) {
    MapWriter writer(arena);
    writer.text("name", attribute.name);
    writer.code("type", attribute.type);
    list.push_back(writer.finish());
  }
  return list;
}

std::vector<KeyAttribute> read_key_attributes(std::span<const Value> list) {
  std::vector<KeyAttribute> attributes;
  for (const Value& element : list) {
    const MapReader reader(&element);
    attributes.push_back({reader.text("name"), reader.code<Type>("type")});
  }
  return attributes;
}

void write_key(const KeySchema& key, MapWriter* writer, Arena* arena) {
  writer->list("partition_key", write_key_attributes(key.partition, arena));
  writer->list("sort_key", write_key_attributes(key.sort, arena));
}

KeySchema read_key(const MapReader& reader) {
  return {read_key_attributes(reader.list("partition_key")), read_key_attributes(reader.list("sort_key"))};
}

void write_throughput(const ProvisionedThroughput& throughput, MapWriter* writer) {
  writer->integer("read_units", throughput.read_units);
  writer->integer("write_units", throughput.write_units);
  writer->integer("last_increase_ms", throughput.last_increase_ms);
  writer->integer("last_decrease_ms", throughput.last_decrease_ms);
  writer->integer("decreases_today", throughput.decreases_today);
}

ProvisionedThroughput read_throughput(const MapReader& reader) {
  return {reader.integer("read_units"), reader.integer("write_units"), reader.integer("last_increase_ms"),
          reader.integer("last_decrease_ms"), reader.integer("decreases_today")};
}

void write_on_demand(const OnDemandThroughput& on_demand, MapWriter* writer) {
  if (on_demand.max_read_units) writer->integer("max_read_units", *on_demand.max_read_units);
  if (on_demand.max_write_units) writer->integer("max_write_units", *on_demand.max_write_units);
}

OnDemandThroughput read_on_demand(const MapReader& reader) {
  return {reader.optional_integer("max_read_units"), reader.optional_integer("max_write_units")};
}

void write_warm(const std::optional<WarmThroughput>& warm, MapWriter* writer) {
  if (!warm) return;
  writer->integer("warm_read_units", warm->read_units_per_second);
  writer->integer("warm_write_units", warm->write_units_per_second);
}

std::optional<WarmThroughput> read_warm(const MapReader& reader) {
  if (reader.find("warm_read_units") == nullptr && reader.find("warm_write_units") == nullptr) return std::nullopt;
  return WarmThroughput{reader.integer("warm_read_units"), reader.integer("warm_write_units")};
}

Value write_index(const IndexDefinition& index, Arena* arena) {
  MapWriter writer(arena);
  writer.text("name", index.name);
  writer.integer("id", index.id);
  writer.flag("global", index.global);
  write_key(index.key, &writer, arena);
  writer.code("projection", index.projection);
  std::vector<Value> names;
  for (const std::string& name : index.non_key_attributes) names.push_back(Value::string(arena->copy(name)));
  writer.list("non_key_attributes", names);
  writer.integer("key_space", static_cast<std::int64_t>(index.key_space));
  writer.code("status", index.status);
  writer.code("build", index.build);
  writer.bytes("build_position", index.build_position);
  write_throughput(index.throughput, &writer);
  write_on_demand(index.on_demand, &writer);
  write_warm(index.warm, &writer);
  return writer.finish();
}

IndexDefinition read_index(const Value& value) {
  const MapReader reader(&value);
  IndexDefinition index;
  index.name = reader.text("name");
  index.id = static_cast<std::uint32_t>(reader.integer("id"));
  index.global = reader.flag("global");
  index.key = read_key(reader);
  index.projection = reader.code<ProjectionType>("projection");
  for (const Value& name : reader.list("non_key_attributes")) index.non_key_attributes.emplace_back(name.bytes());
  index.key_space = static_cast<storage::KeySpaceId>(reader.integer("key_space"));
  index.status = reader.code<IndexStatus>("status");
  index.build = reader.code<BuildPhase>("build");
  index.build_position = reader.text("build_position");
  index.throughput = read_throughput(reader);
  index.on_demand = read_on_demand(reader);
  index.warm = read_warm(reader);
  return index;
}

std::vector<Value> write_indexes(const std::vector<IndexDefinition>& indexes, Arena* arena) {
  std::vector<Value> list;
  for (const IndexDefinition& index : indexes) list.push_back(write_index(index, arena));
  return list;
}

std::vector<IndexDefinition> read_indexes(std::span<const Value> list) {
  std::vector<IndexDefinition> indexes;
  for (const Value& value : list) indexes.push_back(read_index(value));
  return indexes;
}

void write_resource_policy(const ResourcePolicyRef& policy, MapWriter* writer) {
  if (policy == nullptr) return;
  writer->text("resource_policy", policy->document.text);
  writer->text("resource_policy_revision", policy->revision_id);
}

ResourcePolicyRef read_resource_policy(const MapReader& reader) {
  std::string text = reader.text("resource_policy");
  if (text.empty()) return nullptr;
  return std::make_shared<const ResourcePolicy>(
      ResourcePolicy{.document = auth::stored_document(std::move(text), auth::iam::PolicyKind::kResource),
                     .revision_id = reader.text("resource_policy_revision")});
}

Value write_stream(const StreamDefinition& stream, Arena* arena) {
  MapWriter writer(arena);
  writer.integer("id", stream.id);
  writer.text("label", stream.label);
  writer.code("view_type", stream.view_type);
  writer.flag("enabled", stream.enabled);
  writer.integer("created_at_ms", stream.created_at_ms);
  writer.integer("disabled_at_ms", stream.disabled_at_ms);
  write_resource_policy(stream.resource_policy, &writer);
  return writer.finish();
}

StreamDefinition read_stream(const Value& value) {
  const MapReader reader(&value);
  return {.id = static_cast<std::uint32_t>(reader.integer("id")),
          .label = reader.text("label"),
          .view_type = reader.code<StreamViewType>("view_type"),
          .enabled = reader.flag("enabled"),
          .created_at_ms = reader.integer("created_at_ms"),
          .disabled_at_ms = reader.integer("disabled_at_ms"),
          .resource_policy = read_resource_policy(reader)};
}

}  // namespace

Bytes encode_definition(const TableDefinition& table) {
  Arena arena;
  MapWriter writer(&arena);
  writer.integer("format", kFormat);
  writer.text("account_id", table.account_id);
  writer.text("region", table.region);
  writer.text("name", table.name);
  writer.text("id", table.id);
  writer.text("arn", table.arn);
  writer.integer("key_space", static_cast<std::int64_t>(table.key_space));
  writer.integer("revision", static_cast<std::int64_t>(table.revision));
  write_key(table.key, &writer, &arena);
  writer.list("attribute_definitions", write_key_attributes(table.attribute_definitions, &arena));
  writer.list("local_indexes", write_indexes(table.local_indexes, &arena));
  writer.list("global_indexes", write_indexes(table.global_indexes, &arena));
  writer.integer("next_index_id", table.next_index_id);
  writer.flag("keeps_collection_sizes", table.keeps_collection_sizes);
  writer.code("status", table.status);
  writer.integer("created_at_ms", table.created_at_ms);
  writer.code("billing", table.billing);
  writer.integer("pay_per_request_since_ms", table.pay_per_request_since_ms);
  write_throughput(table.throughput, &writer);
  write_on_demand(table.on_demand, &writer);
  write_warm(table.warm, &writer);
  writer.code("table_class", table.table_class);
  writer.flag("table_class_given", table.table_class_given);
  writer.integer("table_class_changed_ms", table.table_class_changed_ms);
  writer.flag("deletion_protection", table.deletion_protection);
  writer.flag("encrypted", table.encrypted);
  writer.text("kms_key_arn", table.kms_key_arn);
  if (table.stream) writer.value("stream", write_stream(*table.stream, &arena));
  std::vector<Value> old_streams;
  for (const StreamDefinition& stream : table.old_streams) old_streams.push_back(write_stream(stream, &arena));
  writer.list("old_streams", old_streams);
  writer.integer("next_stream_id", table.next_stream_id);
  MapWriter time_to_live(&arena);
  time_to_live.code("status", table.time_to_live.status);
  time_to_live.text("attribute", table.time_to_live.attribute);
  time_to_live.integer("changed_at_ms", table.time_to_live.changed_at_ms);
  time_to_live.code("build", table.time_to_live.build);
  time_to_live.bytes("build_position", table.time_to_live.build_position);
  writer.map("time_to_live", time_to_live);
  MapWriter tags(&arena);
  for (const auto& [key, value] : table.tags) tags.value(key, Value::string(value));
  writer.map("tags", tags);
  write_resource_policy(table.resource_policy, &writer);
  return encode_item(writer.attributes());
}

Result<TableDefinition> decode_definition(BytesView encoded) {
  if (!is_valid_item(encoded)) return fail(ErrorCode::kInternal, "a table definition in the catalog is damaged");
  Arena arena;
  const MapReader reader(ItemView(encoded).decode(&arena));
  const std::int64_t format = reader.integer("format");
  if (format != kFormat) {
    return fail(
        ErrorCode::kInternal,
        fmt::format("a table definition has format {}; this version of Armature reads format {}", format, kFormat));
  }
  TableDefinition table;
  table.account_id = reader.text("account_id");
  table.region = reader.text("region");
  table.name = reader.text("name");
  table.id = reader.text("id");
  table.arn = reader.text("arn");
  table.key_space = static_cast<storage::KeySpaceId>(reader.integer("key_space"));
  table.revision = static_cast<std::uint64_t>(reader.integer("revision"));
  table.key = read_key(reader);
  table.attribute_definitions = read_key_attributes(reader.list("attribute_definitions"));
  table.local_indexes = read_indexes(reader.list("local_indexes"));
  table.global_indexes = read_indexes(reader.list("global_indexes"));
  table.next_index_id = static_cast<std::uint32_t>(reader.integer("next_index_id"));
  table.keeps_collection_sizes = reader.flag("keeps_collection_sizes");
  table.status = reader.code<TableStatus>("status");
  table.created_at_ms = reader.integer("created_at_ms");
  table.billing = reader.code<BillingMode>("billing");
  table.pay_per_request_since_ms = reader.integer("pay_per_request_since_ms");
  table.throughput = read_throughput(reader);
  table.on_demand = read_on_demand(reader);
  table.warm = read_warm(reader);
  table.table_class = reader.code<TableClass>("table_class");
  table.table_class_given = reader.flag("table_class_given");
  table.table_class_changed_ms = reader.integer("table_class_changed_ms");
  table.deletion_protection = reader.flag("deletion_protection");
  table.encrypted = reader.flag("encrypted");
  table.kms_key_arn = reader.text("kms_key_arn");
  if (const Value* stream = reader.find("stream")) table.stream = read_stream(*stream);
  for (const Value& stream : reader.list("old_streams")) table.old_streams.push_back(read_stream(stream));
  if (reader.find("next_stream_id") != nullptr) {
    table.next_stream_id = static_cast<std::uint32_t>(reader.integer("next_stream_id"));
  }
  const MapReader time_to_live(reader.find("time_to_live"));
  table.time_to_live = {time_to_live.code<TimeToLiveStatus>("status"), time_to_live.text("attribute"),
                        time_to_live.integer("changed_at_ms"), time_to_live.code<BuildPhase>("build"),
                        time_to_live.text("build_position")};
  for (const Attribute& tag : MapReader(reader.find("tags")).entries()) {
    table.tags.emplace(tag.name, tag.value.bytes());
  }
  table.resource_policy = read_resource_policy(reader);
  return table;
}

}  // namespace armature
