#include "storage/memory/entries.h"

#include <algorithm>

#include "storage/stamp_clock.h"

namespace armature::storage {

void apply_write(const Write& write, Stamp stamp, EntryMap* entries) {
  if (write.erase) {
    if (const auto entry = entries->find(write.key.view()); entry != entries->end()) entries->erase(entry);
  } else {
    entries->insert_or_assign(write.is_stamped() ? stamped_key(write, stamp) : Bytes(write.key.view()),
                              MemoryEntry{Bytes(write.value.view()), Bytes(write.home.position)});
  }
}

void erase_range(BytesView begin, BytesView end, EntryMap* entries) {
  if (begin < end) entries->erase(entries->lower_bound(begin), entries->lower_bound(end));
}

void drop_spaces(Drop drop, EntrySpaces* spaces) {
  for (std::size_t i = 0; i < kSpaceCount; ++i) {
    if (drop == Drop::kEverything || static_cast<Space>(i) != Space::kStream) (*spaces)[i].clear();
  }
}

std::size_t KeyVersions::index_of(KeySpaceId key_space, Space space, BytesView key) {
  const std::uint64_t salt = (key_space * 8 + static_cast<std::uint64_t>(space)) * 0x9e3779b97f4a7c15ULL;
  return static_cast<std::size_t>(((std::hash<BytesView>()(key) ^ salt) * 0xff51afd7ed558ccdULL) >> 52);
}

Version KeyVersions::version(KeySpaceId key_space, Space space, BytesView key) const {
  return versions_[index_of(key_space, space, key)];
}

void KeyVersions::change(KeySpaceId key_space, Space space, BytesView key) {
  ++versions_[index_of(key_space, space, key)];
}

bool PageBuilder::full() const {
  return page_.entries.size() >= std::max<std::size_t>(request_.limit_entries, 1) ||
         (!page_.entries.empty() && bytes_ >= request_.limit_bytes);
}

bool PageBuilder::add(const EntryMap& entries) {
  if (!request_.end.empty() && request_.begin >= request_.end) return false;
  auto first = entries.lower_bound(request_.begin);
  auto last = request_.end.empty() ? entries.end() : entries.lower_bound(request_.end);
  while (first != last) {
    if (full()) {
      page_.more = true;
      return false;
    }
    append(request_.reverse ? *--last : *first++);
  }
  return true;
}

void PageBuilder::append(const EntryMap::value_type& entry) {
  const BytesView key = memory_->copy(entry.first);
  const BytesView value = memory_->copy(entry.second.value);
  page_.entries.push_back({key, value});
  bytes_ += key.size() + value.size();
}

RangePage PageBuilder::take() && {
  page_.memory.push_back(std::move(memory_));
  return std::move(page_);
}

}  // namespace armature::storage
