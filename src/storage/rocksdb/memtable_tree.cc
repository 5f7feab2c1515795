#include "storage/rocksdb/memtable_tree.h"

#include <algorithm>
#include <cstring>

namespace armature::storage {
namespace {

constexpr std::size_t kFanout = 64;
constexpr std::size_t kOrderBytes = 8;

// Readers load what the writer stores meanwhile. In this order a reader that has seen a store also sees the odd count
// that came before it.
template <typename T>
T load(const std::atomic<T>& value) {
  return value.load(std::memory_order_acquire);
}
template <typename T>
void store(std::atomic<T>& value, T next) {
  value.store(next, std::memory_order_release);
}

std::uint64_t big_endian(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return __builtin_bswap64(word);
}

// Eight bytes of a key as a number, zeros for those it does not have. Keys that agree in all bytes before them are in
// the order of these numbers, where they differ.
std::uint64_t head_of(BytesView key, std::size_t skip) {
  if (skip + sizeof(std::uint64_t) <= key.size()) return big_endian(key.data() + skip);
  std::array<char, sizeof(std::uint64_t)> bytes{};
  if (skip < key.size()) std::memcpy(bytes.data(), key.data() + skip, key.size() - skip);
  return big_endian(bytes.data());
}

std::size_t common_prefix(BytesView a, BytesView b) {
  return static_cast<std::size_t>(
      std::distance(a.begin(), std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first));
}

std::uint64_t order_at(const char* bytes) {
  std::uint64_t order = 0;
  std::memcpy(&order, bytes, sizeof order);
  return order;
}

// The first index from `begin` on for which `holds` does not; where it holds, it holds for all before.
template <typename Holds>
std::size_t first_without(std::size_t begin, std::size_t end, Holds holds) {
  for (std::size_t size = end - begin; size > 0;) {
    const std::size_t half = size / 2;
    const bool right = holds(begin + half);
    begin += right ? half + 1 : 0;
    size = right ? size - half - 1 : half;
  }
  return begin;
}

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

struct MemtableTree::Node {
  explicit Node(unsigned node_level) : level(node_level) {}

  const unsigned level;  // 0: a leaf.
  std::atomic<std::uint32_t> count{0};
  std::atomic<std::uint32_t> skip{0};  // Bytes that all keys between the bounds have in common.
  // All entries below this node are at or behind `low`, which is one of them, and before `high`, which is the first one
  // behind them. nullptr: no bound.
  std::atomic<const char*> low{nullptr};
  std::atomic<const char*> high{nullptr};
  std::array<std::atomic<std::uint64_t>, kFanout> heads{};  // Of the entries' keys, behind `skip`.
  std::array<std::atomic<const char*>, kFanout> entries{};
};

struct MemtableTree::Leaf : Node {
  Leaf() : Node(0) {}
  std::atomic<std::uint32_t> version{0};  // Odd while it changes.
};

// Below children[i] is what is before entries[i], below the last one what is not before the last entry.
struct MemtableTree::Inner : Node {
  using Node::Node;
  std::array<std::atomic<Node*>, kFanout + 1> children{};
};

MemtableTree::Key MemtableTree::Key::of_entry(const char* entry) {
  std::uint32_t size = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*entry++);
    size |= std::uint32_t{byte & 0x7fu} << shift;
    if (byte < 0x80) break;
  }
  return of_internal({entry, size});
}

MemtableTree::Key MemtableTree::Key::of_internal(BytesView internal_key) {
  const std::size_t size = internal_key.size() - kOrderBytes;
  return {internal_key.substr(0, size), order_at(internal_key.data() + size)};
}

int MemtableTree::Key::compare(const Key& other) const {
  const int by_user = user.compare(other.user);
  if (by_user != 0) return by_user;
  return order > other.order ? -1 : order < other.order ? 1 : 0;
}

MemtableTree::MemtableTree() : root_(new_leaf()) {}

MemtableTree::~MemtableTree() = default;

MemtableTree::Leaf* MemtableTree::new_leaf() {
  memory_bytes_.fetch_add(sizeof(Leaf), std::memory_order_relaxed);
  return leaves_.emplace_back(std::make_unique<Leaf>()).get();
}

MemtableTree::Inner* MemtableTree::new_inner(unsigned level) {
  memory_bytes_.fetch_add(sizeof(Inner), std::memory_order_relaxed);
  return inners_.emplace_back(std::make_unique<Inner>(level)).get();
}

std::size_t MemtableTree::find(const Node& node, const Key& key, Bound bound) {
  const std::size_t count = std::min<std::size_t>(load(node.count), kFanout);
  const std::uint64_t head = head_of(key.user, load(node.skip));
  const auto is_before = [&](std::size_t i) {
    const char* entry = load(node.entries[i]);
    if (entry == nullptr) return false;  // Overtaken.
    const int order = Key::of_entry(entry).compare(key);
    return order < 0 || (order == 0 && bound == Bound::kBehind);
  };
  const std::size_t begin = first_without(0, count, [&](std::size_t i) { return load(node.heads[i]) < head; });
  // Equal heads do not decide. Most often there is none, or the new version of an item goes in front of the others.
  if (begin == count || load(node.heads[begin]) != head || !is_before(begin)) return begin;
  const std::size_t end = first_without(begin + 1, count, [&](std::size_t i) { return load(node.heads[i]) == head; });
  return first_without(begin + 1, end, is_before);
}

const MemtableTree::Leaf* MemtableTree::leaf_for(const Key& key, Bound bound) const {
  const Node* node = load(root_);
  while (node != nullptr && node->level > 0) {
    node = load(static_cast<const Inner*>(node)->children[find(*node, key, bound)]);
  }
  return static_cast<const Leaf*>(node);
}

template <typename Attempt>
void MemtableTree::read(Attempt attempt) const {
  while (true) {
    const std::uint32_t splits = load(splits_);
    if (splits % 2 == 0 && attempt() && load(splits_) == splits) return;
    pause();
  }
}

bool MemtableTree::insert(const char* entry) {
  const Key key = Key::of_entry(entry);
  Leaf* leaf = const_cast<Leaf*>(leaf_for(key, Bound::kBehind));
  const std::size_t index = find(*leaf, key, Bound::kNotBefore);
  const std::size_t count = load(leaf->count);
  if (index < count && load(leaf->heads[index]) == head_of(key.user, load(leaf->skip)) &&
      Key::of_entry(load(leaf->entries[index])).compare(key) == 0) {
    return false;
  }
  if (count < kFanout) {
    const std::uint32_t version = load(leaf->version);
    store(leaf->version, version + 1);
    insert_at(leaf, index, entry);
    store(leaf->version, version + 2);
    return true;
  }
  const std::uint32_t splits = load(splits_);
  store(splits_, splits + 1);
  leaf = make_room(key, entry);
  insert_at(leaf, find(*leaf, key, Bound::kNotBefore), entry);
  store(splits_, splits + 2);
  return true;
}

void MemtableTree::insert_at(Node* node, std::size_t index, const char* entry) {
  const std::size_t count = load(node->count);
  for (std::size_t i = count; i > index; --i) {
    store(node->heads[i], load(node->heads[i - 1]));
    store(node->entries[i], load(node->entries[i - 1]));
  }
  store(node->heads[index], head_of(Key::of_entry(entry).user, load(node->skip)));
  store(node->entries[index], entry);
  store(node->count, static_cast<std::uint32_t>(count + 1));
}

MemtableTree::Leaf* MemtableTree::make_room(const Key& key, const char* entry) {
  Inner* parent = nullptr;
  std::size_t index = 0;
  Node* node = load(root_);
  while (true) {
    if (load(node->count) == kFanout) node = split(parent, index, node, key, entry);
    if (node->level == 0) return static_cast<Leaf*>(node);
    parent = static_cast<Inner*>(node);
    index = find(*node, key, Bound::kBehind);
    node = load(parent->children[index]);
  }
}

// `node` is child `index` of `parent`, which has room; nullptr: it is the root. The half where the key belongs.
MemtableTree::Node* MemtableTree::split(Inner* parent, std::size_t index, Node* node, const Key& key,
                                        const char* entry) {
  const bool is_leaf = node->level == 0;
  // Keys that arrive in order leave full nodes behind them.
  const bool at_the_end = find(*node, key, Bound::kBehind) == kFanout;
  const std::size_t middle = !at_the_end ? kFanout / 2 : is_leaf ? kFanout : kFanout - 1;
  const char* separator = middle == kFanout ? entry : load(node->entries[middle]);

  Node* right = is_leaf ? static_cast<Node*>(new_leaf()) : new_inner(node->level);
  // An inner node's separator moves up; a leaf's is also the first entry of the right half.
  const std::size_t first = is_leaf ? middle : middle + 1;
  for (std::size_t i = first; i < kFanout; ++i) store(right->entries[i - first], load(node->entries[i]));
  if (!is_leaf) {
    for (std::size_t i = first; i <= kFanout; ++i) {
      store(static_cast<Inner*>(right)->children[i - first], load(static_cast<Inner*>(node)->children[i]));
    }
  } else {
    store(static_cast<Leaf*>(node)->version, load(static_cast<Leaf*>(node)->version) + 2);
  }
  store(right->count, static_cast<std::uint32_t>(kFanout - first));
  store(node->count, static_cast<std::uint32_t>(middle));
  set_bounds(right, separator, load(node->high));
  set_bounds(node, load(node->low), separator);

  if (parent == nullptr) {
    parent = new_inner(node->level + 1);
    store(parent->children[0], node);
    store<Node*>(root_, parent);
    index = 0;
  }
  for (std::size_t i = load(parent->count); i > index; --i) store(parent->children[i + 1], load(parent->children[i]));
  store(parent->children[index + 1], right);
  insert_at(parent, index, separator);
  return key.compare(Key::of_entry(separator)) < 0 ? node : right;
}

void MemtableTree::set_bounds(Node* node, const char* low, const char* high) {
  store(node->low, low);
  store(node->high, high);
  const std::size_t skip =
      low == nullptr || high == nullptr ? 0 : common_prefix(Key::of_entry(low).user, Key::of_entry(high).user);
  store(node->skip, static_cast<std::uint32_t>(skip));
  for (std::size_t i = 0; i < load(node->count); ++i) {
    store(node->heads[i], head_of(Key::of_entry(load(node->entries[i])).user, skip));
  }
}

bool MemtableTree::Cursor::take(const Leaf& leaf, std::uint32_t version, std::size_t index) {
  const std::size_t count = std::min<std::size_t>(load(leaf.count), kFanout);
  const char* entry = load(index < count ? leaf.entries[index] : leaf.high);
  if (version % 2 != 0 || load(leaf.version) != version) return false;
  // Whoever goes on forward wants the key of the next one soon.
  if (index + 1 < count) __builtin_prefetch(load(leaf.entries[index + 1]));
  entry_ = entry;
  leaf_ = index < count ? &leaf : nullptr;
  version_ = version;
  index_ = index;
  return true;
}

void MemtableTree::Cursor::forward(const Key& key, Bound bound) {
  tree_->read([&] {
    const Leaf* leaf = tree_->leaf_for(key, Bound::kBehind);
    if (leaf == nullptr) return false;
    const std::uint32_t version = load(leaf->version);
    return take(*leaf, version, find(*leaf, key, bound));
  });
}

void MemtableTree::Cursor::backward(const Key& key, Bound bound) {
  tree_->read([&] {
    const Leaf* leaf = tree_->leaf_for(key, bound);
    if (leaf == nullptr) return false;
    const std::uint32_t version = load(leaf->version);
    const std::size_t index = find(*leaf, key, bound);
    if (index > 0) return take(*leaf, version, index - 1);
    // Only the first leaf has nothing in front of a key that belongs there.
    entry_ = nullptr;
    return version % 2 == 0 && load(leaf->version) == version;
  });
}

void MemtableTree::Cursor::seek_to_first() { forward(Key{{}, ~std::uint64_t{0}}, Bound::kNotBefore); }

void MemtableTree::Cursor::seek_to_last() {
  tree_->read([&] {
    const Node* node = load(tree_->root_);
    while (node != nullptr && node->level > 0) {
      const std::size_t count = std::min<std::size_t>(load(node->count), kFanout);
      node = load(static_cast<const Inner*>(node)->children[count]);
    }
    if (node == nullptr) return false;
    const auto& leaf = static_cast<const Leaf&>(*node);
    const std::uint32_t version = load(leaf.version);
    const std::size_t count = load(leaf.count);
    return take(leaf, version, count > 0 ? count - 1 : 0);
  });
}

void MemtableTree::Cursor::next() {
  if (leaf_ != nullptr && take(*leaf_, version_, index_ + 1)) return;
  forward(Key::of_entry(entry_), Bound::kBehind);
}

void MemtableTree::Cursor::previous() {
  if (leaf_ != nullptr && index_ > 0 && take(*leaf_, version_, index_ - 1)) return;
  backward(Key::of_entry(entry_), Bound::kNotBefore);
}

}  // namespace armature::storage
