// An ordered set of the writes that are in memory: a B+ tree whose nodes compare whole keys only where eight bytes do
// not decide.
//
// RocksDB's own skip list follows a pointer to every key it compares with, and behind each pointer stands an item: of
// sixty thousand items a write looks at twenty, each a miss of the processor's cache. Here a node holds 64 entries as
// pointers, and beside them eight bytes of each key, taken behind what all keys between the node's bounds have in
// common. Most searches touch a few lines of three nodes and one entry.
//
// One thread writes; any number read meanwhile, without locks. They read what may change under their hands and ask
// afterwards whether it did: a leaf counts its changes, the tree counts splits. Nothing is ever removed, and nodes and
// entries stay where they are as long as the tree lives, so a reader that was overtaken has read nonsense, not freed
// memory.
//
// An entry is what RocksDB calls a memtable key: the length of the internal key as a varint32, the user's key, eight
// bytes little-endian of sequence number and type, and the value behind them. Order: keys ascending, then those eight
// bytes descending (RocksDB wiki, "Memtable"; db/dbformat.h).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"

namespace armature::storage {

class MemtableTree {
 public:
  // What entries are ordered by.
  struct Key {
    BytesView user;
    std::uint64_t order = 0;  // Sequence number and type; larger ones come first.

    static Key of_entry(const char* entry);
    static Key of_internal(BytesView internal_key);
    // Negative, zero or positive.
    int compare(const Key& other) const;
  };

  // The first entry that is not before a key, or that is behind it.
  enum class Bound { kNotBefore, kBehind };

  MemtableTree();
  ~MemtableTree();
  MemtableTree(const MemtableTree&) = delete;
  MemtableTree& operator=(const MemtableTree&) = delete;

  // False if an entry with this key is there. The entry outlives the tree. One thread at a time.
  bool insert(const char* entry);

  // Memory of the nodes. Thread-safe.
  std::size_t memory_bytes() const { return memory_bytes_.load(std::memory_order_relaxed); }

  struct Leaf;

  // A place between entries that come and go nowhere. One thread; may live while others insert, not longer than the
  // tree.
  class Cursor {
   public:
    explicit Cursor(const MemtableTree& tree) : tree_(&tree) {}

    // nullptr: behind the last entry, or in front of the first.
    const char* entry() const { return entry_; }

    // The first entry at or behind `key`; the last one at or in front of it.
    void seek(const Key& key) { forward(key, Bound::kNotBefore); }
    void seek_back(const Key& key) { backward(key, Bound::kBehind); }
    void seek_to_first();
    void seek_to_last();
    // From an entry to its neighbours.
    void next();
    void previous();

   private:
    // The first entry on the far side of the bound; the last one on the near side.
    void forward(const Key& key, Bound bound);
    void backward(const Key& key, Bound bound);
    // Takes the entry with this index, or the one behind the leaf's last; false if the leaf is being changed, or no
    // longer has that version.
    bool take(const Leaf& leaf, std::uint32_t version, std::size_t index);

    const MemtableTree* tree_;
    const char* entry_ = nullptr;
    // Where the entry stood when `leaf_` had this version. nullptr: not known.
    const Leaf* leaf_ = nullptr;
    std::uint32_t version_ = 0;
    std::size_t index_ = 0;
  };

 private:
  struct Node;
  struct Inner;

  static std::size_t find(const Node& node, const Key& key, Bound bound);
  static void insert_at(Node* node, std::size_t index, const char* entry);
  static void set_bounds(Node* node, const char* low, const char* high);

  // The leaf on which a search goes on that ends at `bound`; nullptr if it was led astray by a split.
  const Leaf* leaf_for(const Key& key, Bound bound) const;
  // Repeats `attempt` until it succeeds while no node is split.
  template <typename Attempt>
  void read(Attempt attempt) const;

  // Splits the full nodes on the way to the leaf where the key belongs, and gives that leaf.
  Leaf* make_room(const Key& key, const char* entry);
  Node* split(Inner* parent, std::size_t index, Node* node, const Key& key, const char* entry);
  Leaf* new_leaf();
  Inner* new_inner(unsigned level);

  std::atomic<std::uint32_t> splits_{0};  // Odd while nodes are split.
  std::atomic<std::size_t> memory_bytes_{0};
  // The writer's.
  std::vector<std::unique_ptr<Leaf>> leaves_;
  std::vector<std::unique_ptr<Inner>> inners_;
  std::atomic<Node*> root_;  // Made by means of the above.
};

}  // namespace armature::storage
