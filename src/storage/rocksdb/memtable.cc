#include "storage/rocksdb/memtable.h"

#include <cstddef>
#include <optional>

#include "storage/rocksdb/layout.h"
#include "storage/rocksdb/memtable_tree.h"

namespace armature::storage {
namespace {

BytesView as_bytes(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// Frees the memory of the object it is the first base of, once all the rest of that is destroyed. RocksDB destroys
// an iterator it has asked to be in its arena, and leaves the memory to the arena; ours is never in there.
class FreesItself {
 public:
  FreesItself(const FreesItself&) = delete;
  FreesItself& operator=(const FreesItself&) = delete;

 protected:
  FreesItself() = default;
  ~FreesItself() { ::operator delete(static_cast<void*>(this)); }
};

class TreeIterator : public rocksdb::MemTableRep::Iterator {
 public:
  explicit TreeIterator(const MemtableTree& tree) : cursor_(tree) {}

  bool Valid() const override { return cursor_.entry() != nullptr; }
  const char* key() const override { return cursor_.entry(); }
  void Next() override { cursor_.next(); }
  void Prev() override { cursor_.previous(); }
  void Seek(const rocksdb::Slice& internal_key, const char* memtable_key) override {
    cursor_.seek(key_of(internal_key, memtable_key));
  }
  void SeekForPrev(const rocksdb::Slice& internal_key, const char* memtable_key) override {
    cursor_.seek_back(key_of(internal_key, memtable_key));
  }
  void SeekToFirst() override { cursor_.seek_to_first(); }
  void SeekToLast() override { cursor_.seek_to_last(); }

 private:
  static MemtableTree::Key key_of(const rocksdb::Slice& internal_key, const char* memtable_key) {
    return memtable_key != nullptr ? MemtableTree::Key::of_entry(memtable_key)
                                   : MemtableTree::Key::of_internal(as_bytes(internal_key));
  }

  MemtableTree::Cursor cursor_;
};

class TreeIteratorForArena final : private FreesItself, public TreeIterator {
 public:
  using TreeIterator::TreeIterator;
  // The undefined behaviour sanitizer would clear the virtual table's pointer behind the last base, which has freed it.
  __attribute__((no_sanitize("undefined"))) ~TreeIteratorForArena() override {}  // NOLINT(modernize-use-equals-default)
  // Who deletes it all the same has freed it by then.
  static void operator delete(void*) {}
};

class TreeMemtable final : public rocksdb::MemTableRep {
 public:
  explicit TreeMemtable(rocksdb::Allocator* allocator) : MemTableRep(allocator) {}

  // A KeyHandle is the address the default Allocate() gave.
  void Insert(rocksdb::KeyHandle handle) override { static_cast<void>(InsertKey(handle)); }
  bool InsertKey(rocksdb::KeyHandle handle) override { return tree_.insert(static_cast<const char*>(handle)); }
  bool InsertKeyWithHint(rocksdb::KeyHandle handle, void**) override { return InsertKey(handle); }
  bool Contains(const char* key) const override {
    MemtableTree::Cursor cursor(tree_);
    cursor.seek(MemtableTree::Key::of_entry(key));
    return cursor.entry() != nullptr &&
           MemtableTree::Key::of_entry(cursor.entry()).compare(MemtableTree::Key::of_entry(key)) == 0;
  }
  std::size_t ApproximateMemoryUsage() override { return tree_.memory_bytes(); }
  Iterator* GetIterator(rocksdb::Arena* arena) override {
    return arena != nullptr ? new TreeIteratorForArena(tree_) : new TreeIterator(tree_);
  }
  // Without an arena it is asked for by Get() alone, RocksDB's own, which is done with it when it returns and never
  // deletes it.
  Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override {
    if (arena != nullptr) return GetIterator(arena);
    thread_local std::optional<TreeIterator> of_thread;
    return &of_thread.emplace(tree_);
  }

 private:
  MemtableTree tree_;
};

class TreeMemtableFactory final : public rocksdb::MemTableRepFactory {
 public:
  using MemTableRepFactory::CreateMemTableRep;
  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator&, rocksdb::Allocator* allocator,
                                          const rocksdb::SliceTransform*, rocksdb::Logger*) override {
    return new TreeMemtable(allocator);
  }
  const char* Name() const override { return "armature::TreeMemtable"; }
  bool CanHandleDuplicatedKey() const override { return true; }
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> make_memtable_factory() { return std::make_shared<TreeMemtableFactory>(); }

}  // namespace armature::storage
