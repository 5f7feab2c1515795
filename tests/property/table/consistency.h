// What has to hold between a table and everything that follows from its items, whatever was written: indexes equal the
// projection of the table, expiry entries name what expires, and figures are exact.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/thread_executor.h"
#include "index/entry_key.h"
#include "index/projection.h"
#include "storage/storage.h"
#include "support/values.h"
#include "table/change.h"
#include "table/collection_size.h"
#include "table/expiry_entry.h"

namespace armature::test {

using Entries = std::map<Bytes, Bytes>;

inline Entries stored(storage::Storage* storage, storage::RangeRequest request) {
  request.limit_entries = 100'000;
  request.limit_bytes = std::size_t{1} << 30;
  Entries entries;
  const auto page = sync_wait(storage->range(request));
  EXPECT_TRUE(page && !page->more);
  for (const storage::Entry& entry : page->entries) entries.emplace(entry.key, entry.value);
  return entries;
}

inline Entries stored_expiry(storage::Storage* storage, storage::KeySpaceId key_space) {
  Entries entries;
  const auto partitions = sync_wait(storage->partitions(key_space));
  for (const storage::Partition& partition : *partitions) {
    entries.merge(stored(storage, {.key_space = key_space, .space = storage::Space::kTtl, .partition = partition.id}));
  }
  return entries;
}

// What the index should hold, from nothing but the items.
inline Entries projection(const TableDefinition& definition, const IndexDefinition& index, const Entries& items) {
  Entries entries;
  for (const auto& [item_key, encoded] : items) {
    const ItemView item(encoded);
    const std::optional<Bytes> key = entry_key(definition, index, item_key, item, arena());
    Bytes buffer;
    if (key) entries.emplace(*key, project_entry(definition, index, item, arena(), &buffer));
  }
  return entries;
}

inline Entries expiry_of(const TableDefinition& definition, const Entries& items) {
  Entries entries;
  if (!keeps_expiry_entries(definition.time_to_live)) return entries;
  for (const auto& [item_key, encoded] : items) {
    const auto expires_s = expiry_s(ItemView(encoded), definition.time_to_live.attribute);
    if (expires_s) entries.emplace(expiry_entry_key(*expires_s, item_key), Bytes(1, kExpiryEntryFormat));
  }
  return entries;
}

// The sizes of item collections, from all items and all entries of local indexes.
inline Entries collection_sizes(const TableDefinition& definition, const Entries& items, const Entries& local) {
  std::map<Bytes, std::int64_t> sizes;
  for (const auto* entries : {&items, &local}) {
    for (const auto& [key, encoded] : *entries) {
      const Bytes collection(*find_item_collection_prefix(definition, key, arena()));
      sizes[collection] += static_cast<std::int64_t>(ItemView(encoded).size_bytes());
    }
  }
  Entries entries;
  for (const auto& [collection, size_bytes] : sizes) {
    entries.emplace(collection_size_key(collection), encode_collection_size(size_bytes));
  }
  return entries;
}

// Not EXPECT_EQ of the maps, whose print nobody could read.
inline void expect_same(const Entries& found, const Entries& expected, const std::string& what) {
  std::size_t missing = 0;
  std::size_t different = 0;
  for (const auto& [key, value] : expected) {
    const auto entry = found.find(key);
    missing += entry == found.end();
    different += entry != found.end() && entry->second != value;
  }
  const std::size_t left_over = found.size() + missing - expected.size();
  EXPECT_EQ(missing, 0u) << what << " lacks entries, of " << expected.size();
  EXPECT_EQ(different, 0u) << what << " has stale entries, of " << expected.size();
  EXPECT_EQ(left_over, 0u) << what << " has entries of nothing, beside " << expected.size();
}

inline void check_figures(storage::Storage* storage, storage::KeySpaceId key_space, const Entries& entries) {
  storage::KeySpaceStats expected;
  for (const auto& [key, encoded] : entries) {
    ++expected.entries;
    expected.bytes += static_cast<std::int64_t>(ItemView(encoded).size_bytes()) + kStorageOverheadBytes;
  }
  const storage::KeySpaceStats stats = *sync_wait(storage->stats(key_space));
  EXPECT_EQ(stats.entries, expected.entries) << "key space " << key_space;
  EXPECT_EQ(stats.bytes, expected.bytes) << "key space " << key_space;
}

// All follow-ups must have landed. Only of tables on which nothing is being built.
inline void check_consistency(storage::Storage* storage, const TableDefinition& definition) {
  const Entries items = stored(storage, {.key_space = definition.key_space});
  check_figures(storage, definition.key_space, items);
  Entries local;
  for (const IndexDefinition& index : definition.local_indexes) {
    Entries expected = projection(definition, index, items);
    check_figures(storage, index.key_space, expected);
    local.merge(expected);
  }
  if (definition.keeps_collection_sizes) local.merge(collection_sizes(definition, items, Entries(local)));
  expect_same(stored(storage, {.key_space = definition.key_space, .space = storage::Space::kLsi}), local, "kLsi");
  for (const IndexDefinition& index : definition.global_indexes) {
    const Entries expected = projection(definition, index, items);
    expect_same(stored(storage, {.key_space = index.key_space}), expected, index.name);
    check_figures(storage, index.key_space, expected);
  }
  expect_same(stored_expiry(storage, definition.key_space), expiry_of(definition, items), "kTtl");
}

}  // namespace armature::test
