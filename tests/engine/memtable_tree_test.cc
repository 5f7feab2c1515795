// The ordered set of writes in memory, beside std::set, and read while it grows.
#include "storage/rocksdb/memtable_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <random>
#include <set>
#include <string>
#include <thread>

namespace armature::storage {
namespace {

using Key = MemtableTree::Key;

struct Before {
  bool operator()(const char* a, const char* b) const { return Key::of_entry(a).compare(Key::of_entry(b)) < 0; }
};

// Makes entries and keeps them.
class Entries {
 public:
  const char* make(BytesView user, std::uint64_t order) {
    std::string entry;
    std::size_t size = user.size() + 8;
    for (; size >= 0x80; size >>= 7) entry.push_back(static_cast<char>(size | 0x80));
    entry.push_back(static_cast<char>(size));
    entry += user;
    char bytes[8];
    std::memcpy(bytes, &order, sizeof bytes);
    entry.append(bytes, sizeof bytes);
    return entries_.emplace_back(std::move(entry)).data();
  }

 private:
  std::deque<std::string> entries_;
};

// Keys as tables, streams and counters make them: long common beginnings, few bytes, zeros, many versions of one.
std::string some_key(std::mt19937_64& random) {
  std::string table(8, '\0');
  table[7] = static_cast<char>(random() % 3);
  switch (random() % 5) {
    case 0: return std::string(random() % 12, '\0');
    case 1: return table + "user#" + std::to_string(random() % 500);
    case 2: return table + std::string(random() % 200, 'x') + std::to_string(random() % 3);
    case 3: return table + "counter";
    default: {
      std::string key = table;
      for (std::size_t i = random() % 20; i > 0; --i) key.push_back(static_cast<char>(random()));
      return key;
    }
  }
}

void expect_equal(const MemtableTree& tree, const std::set<const char*, Before>& expected) {
  MemtableTree::Cursor forward(tree);
  forward.seek_to_first();
  for (const char* entry : expected) {
    ASSERT_EQ(forward.entry(), entry);
    forward.next();
  }
  EXPECT_EQ(forward.entry(), nullptr);
  MemtableTree::Cursor back(tree);
  back.seek_to_last();
  for (auto it = expected.rbegin(); it != expected.rend(); ++it) {
    ASSERT_EQ(back.entry(), *it);
    back.previous();
  }
  EXPECT_EQ(back.entry(), nullptr);
}

TEST(MemtableTree, IsTheSetOfWhatWasInserted) {
  for (unsigned seed = 0; seed < 6; ++seed) {
    std::mt19937_64 random(seed);
    Entries entries;
    MemtableTree tree;
    std::set<const char*, Before> expected;
    expect_equal(tree, expected);
    for (int i = 0; i < 20'000; ++i) {
      const char* entry = entries.make(some_key(random), random() % 3 == 0 ? random() % 5 : i + 5);
      ASSERT_EQ(tree.insert(entry), expected.insert(entry).second);
      if (i % 5'000 == 0) expect_equal(tree, expected);
    }
    expect_equal(tree, expected);

    MemtableTree::Cursor cursor(tree);
    for (int i = 0; i < 20'000; ++i) {
      const char* probe = entries.make(some_key(random), random() % 40'000);
      const auto at = expected.lower_bound(probe);
      cursor.seek(Key::of_entry(probe));
      ASSERT_EQ(cursor.entry(), at == expected.end() ? nullptr : *at);
      if (cursor.entry() != nullptr) {
        cursor.previous();
        ASSERT_EQ(cursor.entry(), at == expected.begin() ? nullptr : *std::prev(at));
      }
      const auto behind = expected.upper_bound(probe);
      cursor.seek_back(Key::of_entry(probe));
      ASSERT_EQ(cursor.entry(), behind == expected.begin() ? nullptr : *std::prev(behind));
      if (cursor.entry() != nullptr) {
        cursor.next();
        ASSERT_EQ(cursor.entry(), behind == expected.end() ? nullptr : *behind);
      }
    }
  }
}

TEST(MemtableTree, TakesKeysInOrderAndAgainstIt) {
  for (const bool ascending : {true, false}) {
    Entries entries;
    MemtableTree tree;
    std::set<const char*, Before> expected;
    for (std::uint64_t i = 0; i < 100'000; ++i) {
      const std::uint64_t number = __builtin_bswap64(ascending ? i : ~i);
      const char* entry = entries.make({reinterpret_cast<const char*>(&number), sizeof number}, 1);
      tree.insert(entry);
      expected.insert(entry);
    }
    expect_equal(tree, expected);
    // Full nodes, 16 bytes an entry.
    if (ascending) {
      EXPECT_LT(tree.memory_bytes(), 100'000u * 20);
    }
  }
}

// Every entry is a number, and all even ones are there before the readers begin: these they must always find.
TEST(MemtableTree, IsReadWhileItGrows) {
  constexpr std::uint64_t kNumbers = 60'000;
  Entries entries;
  std::vector<const char*> of_number;
  for (std::uint64_t i = 0; i < kNumbers; ++i) {
    const std::string number = std::to_string(100'000 + i);
    of_number.push_back(entries.make("a table with a long name/" + number, 7));
  }
  const auto number_of = [](const char* entry) {
    const BytesView user = Key::of_entry(entry).user;
    return std::stoull(std::string(user.substr(user.size() - 6))) - 100'000;
  };

  MemtableTree tree;
  for (std::uint64_t i = 0; i < kNumbers; i += 2) tree.insert(of_number[i]);
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> wrong{0};
  std::vector<std::thread> readers;
  for (unsigned reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&, reader] {
      std::mt19937_64 random(reader);
      MemtableTree::Cursor cursor(tree);
      while (!done) {
        const std::uint64_t even = random() % (kNumbers / 2) * 2;
        cursor.seek(Key::of_entry(of_number[even]));
        if (cursor.entry() != of_number[even]) ++wrong;
        // From an even number to the next even one, with or without the odd one between them.
        std::uint64_t at = even;
        for (int step = 0; step < 200 && cursor.entry() != nullptr; ++step) {
          reader == 0 ? cursor.previous() : cursor.next();
          if (cursor.entry() == nullptr) {
            if (reader == 0 ? at > 1 : at + 2 < kNumbers) ++wrong;
            break;
          }
          const std::uint64_t next = number_of(cursor.entry());
          const std::uint64_t distance = reader == 0 ? at - next : next - at;
          if (distance == 0 || distance > 2 - at % 2) ++wrong;
          at = next;
        }
      }
    });
  }
  std::mt19937_64 random(99);
  std::vector<std::uint64_t> odd;
  for (std::uint64_t i = 1; i < kNumbers; i += 2) odd.push_back(i);
  std::shuffle(odd.begin(), odd.end(), random);
  for (const std::uint64_t i : odd) tree.insert(of_number[i]);
  done = true;
  for (std::thread& thread : readers) thread.join();
  EXPECT_EQ(wrong, 0u);
  expect_equal(tree, {of_number.begin(), of_number.end()});
}

}  // namespace
}  // namespace armature::storage
