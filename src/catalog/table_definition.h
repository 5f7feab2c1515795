// What a table is: keys, indexes, billing, settings, status. A definition is an immutable value; a change makes a new
// one (catalog/catalog.h), so whoever holds a TableRef sees one consistent table for as long as it likes. Source: API
// Reference, "TableDescription", "CreateTable", "UpdateTable".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "catalog/resource_policy.h"
#include "catalog/table_usage.h"
#include "model/error.h"
#include "model/key_schema.h"
#include "storage/storage.h"

namespace armature {

enum class TableStatus : std::uint8_t { kCreating, kUpdating, kDeleting, kActive };
enum class IndexStatus : std::uint8_t { kCreating, kUpdating, kDeleting, kActive };
enum class BillingMode : std::uint8_t { kProvisioned, kPayPerRequest };
enum class ProjectionType : std::uint8_t { kAll, kKeysOnly, kInclude };
enum class StreamViewType : std::uint8_t { kKeysOnly, kNewImage, kOldImage, kNewAndOldImages };
enum class TableClass : std::uint8_t { kStandard, kStandardInfrequentAccess };

// How far something that follows from every item, a global index or expiry entries, has come on a table that had items
// when it was asked for (table/builder.h). Stored: numbers are for ever.
enum class BuildPhase : std::uint8_t {
  kDone = 0,      // Every item has its entry, and every write keeps it.
  kErasing = 1,   // Writes erase the entries of what they replace, and make none.
  kFilling = 2,   // Writes keep entries, and look whether those they replace have been made.
  kSettling = 3,  // All entries are there, and some writes still look.
};

struct ProvisionedThroughput {
  std::int64_t read_units = 0;  // Per second; 0 on tables that are billed per request.
  std::int64_t write_units = 0;
  Clock::Millis last_increase_ms = 0;  // 0: never.
  Clock::Millis last_decrease_ms = 0;
  std::int64_t decreases_today = 0;
};

// Ceilings of a PAY_PER_REQUEST table; absent members do not limit.
struct OnDemandThroughput {
  std::optional<std::int64_t> max_read_units;
  std::optional<std::int64_t> max_write_units;
};

struct WarmThroughput {
  std::int64_t read_units_per_second = 0;
  std::int64_t write_units_per_second = 0;
};

struct IndexDefinition {
  std::string name;
  std::uint32_t id = 0;  // Unique within its table for ever; part of LSI entry keys.
  bool global = false;
  KeySchema key;
  ProjectionType projection = ProjectionType::kAll;
  std::vector<std::string> non_key_attributes;  // With kInclude.

  // A global index lives in this key space. Entries of a local one live in its table's, and only its figures are kept
  // under this id; 0 on local indexes that are older than their figures.
  storage::KeySpaceId key_space = 0;

  // Of global indexes only:
  IndexStatus status = IndexStatus::kActive;
  BuildPhase build = BuildPhase::kDone;
  // With kFilling: entries of items whose key in the table is below this are complete.
  Bytes build_position;
  ProvisionedThroughput throughput;
  OnDemandThroughput on_demand;
  std::optional<WarmThroughput> warm;
};

struct StreamDefinition {
  std::uint32_t id = 0;  // Unique within its table for ever; part of the keys of its shards.
  std::string label;     // "2026-11-22T17:37:33.256"
  StreamViewType view_type = StreamViewType::kNewAndOldImages;
  bool enabled = false;
  Clock::Millis created_at_ms = 0;
  Clock::Millis disabled_at_ms = 0;  // 0 while enabled.
  ResourcePolicyRef resource_policy = {};
};

enum class TimeToLiveStatus : std::uint8_t { kDisabled, kEnabling, kEnabled, kDisabling };

struct TimeToLive {
  TimeToLiveStatus status = TimeToLiveStatus::kDisabled;
  std::string attribute;
  Clock::Millis changed_at_ms = 0;
  // While ENABLING or DISABLING, of the expiry entries (table/expiry_entry.h).
  BuildPhase build = BuildPhase::kDone;
  Bytes build_position;  // As IndexDefinition's.
};

struct TableDefinition {
  std::string account_id;
  std::string region;
  std::string name;
  std::string id;  // A UUID, new on every creation.
  std::string arn;
  storage::KeySpaceId key_space = 0;
  std::uint64_t revision = 0;  // Grows with every change of this definition.

  KeySchema key;
  // Everything in AttributeDefinitions, in the order given.
  std::vector<KeyAttribute> attribute_definitions;
  std::vector<IndexDefinition> local_indexes;
  std::vector<IndexDefinition> global_indexes;
  std::uint32_t next_index_id = 1;
  // The sizes of item collections have been kept since the table was made (table/collection_size.h). Only tables with
  // local indexes are about collections; those older than the keeping of sizes do without for ever.
  bool keeps_collection_sizes = false;

  TableStatus status = TableStatus::kActive;
  Clock::Millis created_at_ms = 0;
  BillingMode billing = BillingMode::kProvisioned;
  Clock::Millis pay_per_request_since_ms = 0;  // 0: never was.
  ProvisionedThroughput throughput;
  OnDemandThroughput on_demand;
  std::optional<WarmThroughput> warm;
  TableClass table_class = TableClass::kStandard;
  bool table_class_given = false;  // TableClassSummary appears once it was named.
  Clock::Millis table_class_changed_ms = 0;
  bool deletion_protection = false;
  bool encrypted = false;  // SSESpecification.Enabled, as described; at rest the disk's owner encrypts.
  std::string kms_key_arn;
  std::optional<StreamDefinition> stream;     // The latest one.
  std::vector<StreamDefinition> old_streams;  // Those before it that can still be read, oldest first.
  std::uint32_t next_stream_id = 1;
  TimeToLive time_to_live;
  std::map<std::string, std::string> tags;
  ResourcePolicyRef resource_policy;  // Of the table and its indexes; streams have their own.

  // Not part of the stored form. The catalog hands it on from one revision to the next.
  std::shared_ptr<TableUsage> usage = std::make_shared<TableUsage>();

  // nullptr when there is none of that name.
  const IndexDefinition* find_index(std::string_view index_name) const;
  // The declared type of an attribute; nullptr when it is not declared.
  const KeyAttribute* find_attribute_definition(std::string_view attribute) const;
  bool has_range_key() const { return key.has_sort_key(); }
  // UPDATING while an index is being built or dropped, else ACTIVE.
  TableStatus status_of_index_work() const;
  bool has_enabled_stream() const { return stream && stream->enabled; }
};

using TableRef = std::shared_ptr<const TableDefinition>;

std::string table_arn(std::string_view region, std::string_view account_id, std::string_view table_name);

// Names of the attributes that the keys of the table and its indexes are made of, each once.
std::vector<std::string_view> used_key_attributes(const TableDefinition& table);
// Leaves in `table->attribute_definitions` only what the table's key or one of its indexes uses.
void prune_attribute_definitions(TableDefinition* table);

// A table named by name or ARN. Source: Developer Guide, "Resource types" of the service authorization reference.
struct TableName {
  std::string_view account_id;  // Empty: named without ARN.
  std::string_view region;      // Empty: named without ARN.
  std::string_view name;
};
// Splits "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME"; anything that does not start "arn:" is a plain name. nullopt: a
// malformed ARN.
std::optional<TableName> parse_table_name(std::string_view name_or_arn);

std::string stream_arn(const TableDefinition& table, const StreamDefinition& stream);

// A stream named by its ARN, "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL".
struct StreamName {
  TableName table;
  std::string_view label;
};
// nullopt: not the ARN of a stream. Borrows from its argument.
std::optional<StreamName> parse_stream_arn(std::string_view arn);

// The stored form: an item (model/item.h), so that members can be added without a new format.
Bytes encode_definition(const TableDefinition& table);
Result<TableDefinition> decode_definition(BytesView encoded);

}  // namespace armature
