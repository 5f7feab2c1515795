#include "storage/rocksdb/entry_cache.h"

#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>
#include <utility>

namespace armature::storage {

// One allocation: this header, then the key, then the value.
struct EntryCache::Node {
  Node* next_in_bucket;
  Node* newer;  // The ring the clock hand walks.
  Node* older;
  std::uint64_t hash;
  KeySpaceId key_space;
  std::uint32_t key_size;
  std::uint32_t value_size;
  bool used_lately;

  char* bytes() { return reinterpret_cast<char*>(this + 1); }
  BytesView key() { return {bytes(), key_size}; }
  BytesView value() { return {bytes() + key_size, value_size}; }
  std::size_t footprint() const { return sizeof(Node) + key_size + value_size; }

  static Node* make(std::uint64_t hash, KeySpaceId key_space, BytesView key, BytesView value) {
    void* memory = std::malloc(sizeof(Node) + key.size() + value.size());
    if (memory == nullptr) throw std::bad_alloc();
    Node* node = new (memory) Node{nullptr,
                                   nullptr,
                                   nullptr,
                                   hash,
                                   key_space,
                                   static_cast<std::uint32_t>(key.size()),
                                   static_cast<std::uint32_t>(value.size()),
                                   false};
    std::memcpy(node->bytes(), key.data(), key.size());
    std::memcpy(node->bytes() + key.size(), value.data(), value.size());
    return node;
  }
};

namespace {
constexpr std::size_t kFirstBuckets = 16;
}

EntryCache::EntryCache(std::size_t capacity_bytes) : shard_capacity_(capacity_bytes / kShards) {
  for (Shard& shard : shards_) shard.buckets.assign(kFirstBuckets, nullptr);
}

EntryCache::~EntryCache() {
  for (Shard& shard : shards_) {
    for (Node* node : shard.buckets) {
      while (node != nullptr) std::free(std::exchange(node, node->next_in_bucket));
    }
  }
}

std::uint64_t EntryCache::hash_of(KeySpaceId key_space, BytesView key) {
  const std::uint64_t hash = std::hash<BytesView>()(key) ^ (key_space * 0x9e3779b97f4a7c15ULL);
  return (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9ULL;
}

EntryCache::Node** EntryCache::find_link(Shard& shard, std::uint64_t hash, KeySpaceId key_space, BytesView key) {
  Node** link = &shard.buckets[hash & (shard.buckets.size() - 1)];
  for (; *link != nullptr; link = &(*link)->next_in_bucket) {
    Node* node = *link;
    if (node->hash == hash && node->key_space == key_space && node->key() == key) return link;
  }
  return nullptr;
}

bool EntryCache::find(KeySpaceId key_space, BytesView key, Bytes* value) {
  const std::uint64_t hash = hash_of(key_space, key);
  Shard& shard = shard_of(hash);
  const std::lock_guard lock(shard.mutex);
  Node** const link = find_link(shard, hash, key_space, key);
  if (link == nullptr) return false;
  (*link)->used_lately = true;
  value->assign((*link)->value());
  return true;
}

void EntryCache::insert(KeySpaceId key_space, BytesView key, BytesView value) {
  if (!is_small(key, value)) return erase(key_space, key);
  const std::uint64_t hash = hash_of(key_space, key);
  Shard& shard = shard_of(hash);
  const std::lock_guard lock(shard.mutex);
  keep(shard, hash, key_space, key, value);
}

bool EntryCache::offer(KeySpaceId key_space, BytesView key, BytesView value) {
  if (!is_small(key, value)) return true;
  const std::uint64_t hash = hash_of(key_space, key);
  Shard& shard = shard_of(hash);
  const std::lock_guard lock(shard.mutex);
  const bool has_room = shard.used + sizeof(Node) + key.size() + value.size() <= shard_capacity();
  if (has_room || was_noted(shard, hash)) keep(shard, hash, key_space, key, value);
  return has_room;
}

bool EntryCache::is_small(BytesView key, BytesView value) const {
  return value.size() <= kLargestValueBytes && sizeof(Node) + key.size() + value.size() <= shard_capacity();
}

void EntryCache::keep(Shard& shard, std::uint64_t hash, KeySpaceId key_space, BytesView key, BytesView value) const {
  if (Node** const old = find_link(shard, hash, key_space, key)) remove(shard, old);
  link(shard, Node::make(hash, key_space, key, value));
  evict(shard);
}

// Notes the key unless it is. About a quarter as many are remembered as are kept.
bool EntryCache::was_noted(Shard& shard, std::uint64_t hash) {
  if (shard.noted.size() * 4 < shard.buckets.size()) shard.noted.assign(shard.buckets.size() / 4, 0);
  const std::uint16_t part = static_cast<std::uint16_t>(hash >> 40) | 1;
  std::uint16_t& note = shard.noted[hash & (shard.noted.size() - 1)];
  if (note == part) {
    note = 0;
    return true;
  }
  note = part;
  return false;
}

void EntryCache::erase(KeySpaceId key_space, BytesView key) {
  const std::uint64_t hash = hash_of(key_space, key);
  Shard& shard = shard_of(hash);
  const std::lock_guard lock(shard.mutex);
  if (Node** const link = find_link(shard, hash, key_space, key)) remove(shard, link);
}

void EntryCache::erase_key_space(KeySpaceId key_space) {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    for (Node*& bucket : shard.buckets) {
      for (Node** link = &bucket; *link != nullptr;) {
        if ((*link)->key_space == key_space) {
          remove(shard, link);
        } else {
          link = &(*link)->next_in_bucket;
        }
      }
    }
  }
}

void EntryCache::set_capacity(std::size_t capacity_bytes) {
  shard_capacity_.store(capacity_bytes / kShards, std::memory_order_relaxed);
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    evict(shard);
  }
}

std::size_t EntryCache::used_bytes() const {
  std::size_t used = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    used += shard.used;
  }
  return used;
}

void EntryCache::remove(Shard& shard, Node** link) {
  Node* const node = *link;
  *link = node->next_in_bucket;
  node->newer->older = node->older;
  node->older->newer = node->newer;
  if (shard.hand == node) shard.hand = node->newer == node ? nullptr : node->newer;
  shard.used -= node->footprint();
  --shard.count;
  std::free(node);
}

// A new node goes right behind the hand, so it has a whole round to be used.
void EntryCache::link(Shard& shard, Node* node) {
  if (shard.count >= shard.buckets.size()) grow(shard);
  Node** const bucket = &shard.buckets[node->hash & (shard.buckets.size() - 1)];
  node->next_in_bucket = *bucket;
  *bucket = node;
  if (shard.hand == nullptr) {
    node->newer = node->older = node;
    shard.hand = node;
  } else {
    node->newer = shard.hand;
    node->older = shard.hand->older;
    node->older->newer = node;
    shard.hand->older = node;
  }
  shard.used += node->footprint();
  ++shard.count;
}

void EntryCache::grow(Shard& shard) {
  std::vector<Node*> larger(shard.buckets.size() * 2, nullptr);
  for (Node* node : shard.buckets) {
    while (node != nullptr) {
      Node* const next = node->next_in_bucket;
      Node** const bucket = &larger[node->hash & (larger.size() - 1)];
      node->next_in_bucket = *bucket;
      *bucket = node;
      node = next;
    }
  }
  shard.buckets.swap(larger);
}

void EntryCache::evict(Shard& shard) const {
  while (shard.used > shard_capacity()) {
    Node* const node = shard.hand;
    shard.hand = node->newer;
    if (std::exchange(node->used_lately, false)) continue;
    remove(shard, find_link(shard, node->hash, node->key_space, node->key()));
  }
}

}  // namespace armature::storage
