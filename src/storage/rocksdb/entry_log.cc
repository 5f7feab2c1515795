#include "storage/rocksdb/entry_log.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace armature::storage {

// In a segment: this header, then the key, then the value, then what is left of the room.
struct EntryLog::Entry {
  enum class State : std::uint8_t {
    kValid,
    kStale,  // Linked, but its value is no longer true.
    kGone,   // Not linked.
  };

  std::uint64_t hash;
  KeySpaceId key_space;
  std::uint32_t key_size;
  std::uint32_t value_size;
  std::uint32_t room;  // Bytes behind this header.
  State state;
  bool used_lately;

  char* bytes() { return reinterpret_cast<char*>(this + 1); }
  BytesView key() { return {bytes(), key_size}; }
  BytesView value() { return {bytes() + key_size, value_size}; }
  std::size_t footprint() const { return sizeof(Entry) + room; }
};

namespace {

constexpr std::size_t kFirstSlots = 16;
// Room is a multiple of this, so that a value that grew a little still fits.
constexpr std::size_t kRoomStep = 32;
// Entries the hand looks at for each that is kept while there are too many gaps. More than one, or it never catches up.
constexpr int kGapSteps = 3;
// What was used together was often written together, so whole segments may have to be moved before one is freed. A
// tenth of a millisecond at most.
constexpr std::size_t kMostMovedSegments = 8;

std::size_t room_for(BytesView key, BytesView value) {
  return (key.size() + value.size() + kRoomStep - 1) / kRoomStep * kRoomStep;
}

}  // namespace

EntryLog::EntryLog(std::size_t capacity_bytes, std::size_t segment_bytes)
    : capacity_(capacity_bytes), segment_bytes_(segment_bytes), table_(kFirstSlots) {}

std::size_t EntryLog::used_bytes() const {
  return segments_bytes_ + table_.size() * sizeof(Slot) + noted_.size() * sizeof(std::uint16_t);
}

bool EntryLog::find(const Key& key, Bytes* value) {
  Entry* const entry = find_entry(key);
  if (entry == nullptr || entry->state != Entry::State::kValid) return false;
  entry->used_lately = true;
  value->assign(entry->value());
  return true;
}

void EntryLog::keep(const Key& key, BytesView value) {
  if (is_too_large(key, value)) return erase(key);
  if (Entry* const entry = find_entry(key)) {
    if (overwrite(entry, key, value)) return;
    invalidate(entry);
    unlink(entry);
  }
  const std::size_t room = room_for(key.key, value);
  make_room(sizeof(Entry) + room);
  append(key, value, room);
  close_gaps();
  shrink();  // The table may have grown.
}

bool EntryLog::offer(const Key& key, BytesView value) {
  if (is_too_large(key, value)) return true;
  const bool full = used_bytes() + segment_bytes_ > capacity_;
  if (!full || was_noted(key)) keep(key, value);
  return !full;
}

void EntryLog::erase(const Key& key) {
  if (Entry* const entry = find_entry(key)) invalidate(entry);
}

void EntryLog::erase_key_space(KeySpaceId key_space) {
  for (const Slot& slot : table_) {
    if (slot.entry != nullptr && slot.entry->key_space == key_space) invalidate(slot.entry);
  }
}

void EntryLog::set_capacity(std::size_t capacity_bytes) {
  capacity_ = capacity_bytes;
  shrink();
}

void EntryLog::shrink() {
  Sweep sweep;
  while (used_bytes() > capacity_ && !log_.empty()) step(&sweep);
}

// A log of a few entries only would let go of one for every other.
bool EntryLog::is_too_large(const Key& key, BytesView value) const {
  return sizeof(Entry) + room_for(key.key, value) > capacity_ / 4;
}

bool EntryLog::has_room(std::size_t entry_bytes) const {
  const bool fits = !log_.empty() && log_.back().size - log_.back().used >= entry_bytes;
  return used_bytes() + (fits ? 0 : std::max(segment_bytes_, entry_bytes)) <= capacity_;
}

EntryLog::Entry* EntryLog::find_entry(const Key& key) const {
  if (table_.empty()) return nullptr;
  const std::size_t mask = table_.size() - 1;
  for (std::size_t i = key.hash & mask; table_[i].entry != nullptr; i = (i + 1) & mask) {
    Entry* const entry = table_[i].entry;
    if (table_[i].hash == key.hash && entry->key_space == key.key_space && entry->key() == key.key) return entry;
  }
  return nullptr;
}

bool EntryLog::overwrite(Entry* entry, const Key& key, BytesView value) {
  if (key.key.size() + value.size() > entry->room) return false;
  // Far less than was there would waste the rest of the room for as long as the item is in use.
  if (room_for(key.key, value) * 2 < entry->room) return false;
  if (entry->state != Entry::State::kValid) {
    entry->state = Entry::State::kValid;
    invalid_bytes_ -= entry->footprint();
    valid_bytes_ += entry->footprint();
  }
  entry->used_lately = true;  // Just written, and perhaps just in front of the hand.
  entry->value_size = static_cast<std::uint32_t>(value.size());
  std::memcpy(entry->bytes() + entry->key_size, value.data(), value.size());
  return true;
}

void EntryLog::append(const Key& key, BytesView value, std::size_t room) {
  const std::size_t footprint = sizeof(Entry) + room;
  if (log_.empty() || log_.back().size - log_.back().used < footprint) add_segment(footprint);
  if (linked_ >= table_.size() / 4 * 3) grow_table();
  Segment& segment = log_.back();
  Entry* const entry = new (segment.at(segment.used)) Entry{key.hash,
                                                            key.key_space,
                                                            static_cast<std::uint32_t>(key.key.size()),
                                                            static_cast<std::uint32_t>(value.size()),
                                                            static_cast<std::uint32_t>(room),
                                                            Entry::State::kValid,
                                                            false};
  std::memcpy(entry->bytes(), key.key.data(), key.key.size());
  std::memcpy(entry->bytes() + key.key.size(), value.data(), value.size());
  segment.used += footprint;
  valid_bytes_ += footprint;
  link(key.hash, entry);
  ++linked_;
}

void EntryLog::add_segment(std::size_t bytes) {
  const std::size_t size = std::max(bytes, segment_bytes_);
  log_.push_back({std::make_unique_for_overwrite<char[]>(size), size, 0});
  segments_bytes_ += size;
}

void EntryLog::invalidate(Entry* entry) {
  if (entry->state != Entry::State::kValid) return;
  entry->state = Entry::State::kStale;
  valid_bytes_ -= entry->footprint();
  invalid_bytes_ += entry->footprint();
}

void EntryLog::link(std::uint64_t hash, Entry* entry) {
  const std::size_t mask = table_.size() - 1;
  std::size_t i = hash & mask;
  while (table_[i].entry != nullptr) i = (i + 1) & mask;
  table_[i] = {hash, entry};
}

void EntryLog::unlink(Entry* entry) {
  const std::size_t mask = table_.size() - 1;
  std::size_t hole = entry->hash & mask;
  while (table_[hole].entry != entry) hole = (hole + 1) & mask;
  // Those behind it that a search would not find any more beyond the hole move into it.
  for (std::size_t i = (hole + 1) & mask; table_[i].entry != nullptr; i = (i + 1) & mask) {
    const std::size_t from_first_choice = (i - table_[i].hash) & mask;
    if (from_first_choice < ((i - hole) & mask)) continue;
    table_[hole] = table_[i];
    hole = i;
  }
  table_[hole] = {};
  entry->state = Entry::State::kGone;
  --linked_;
}

void EntryLog::grow_table() {
  std::vector<Slot> smaller(table_.size() * 2);
  table_.swap(smaller);
  for (const Slot& slot : smaller) {
    if (slot.entry != nullptr) link(slot.hash, slot.entry);
  }
}

// Notes the key unless it is. About a quarter as many are remembered as are kept.
bool EntryLog::was_noted(const Key& key) {
  if (noted_.size() * 4 < table_.size()) noted_.assign(table_.size() / 4, 0);
  const std::uint16_t part = static_cast<std::uint16_t>(key.hash >> 40) | 1;
  std::uint16_t& note = noted_[key.hash & (noted_.size() - 1)];
  if (note == part) {
    note = 0;
    return true;
  }
  note = part;
  return false;
}

void EntryLog::make_room(std::size_t entry_bytes) {
  Sweep sweep{.closes_gaps = false, .may_move_bytes = kMostMovedSegments * segment_bytes_};
  while (!has_room(entry_bytes) && !log_.empty()) step(&sweep);
}

void EntryLog::close_gaps() {
  Sweep sweep{.closes_gaps = true};
  for (int i = 0; i < kGapSteps && invalid_bytes_ > valid_bytes_ / 2 + 2 * segment_bytes_; ++i) step(&sweep);
}

// Moves the hand over one entry, or frees the segment at whose end it is.
void EntryLog::step(Sweep* sweep) {
  Segment& oldest = log_.front();
  if (hand_ == oldest.used) {
    segments_bytes_ -= oldest.size;
    log_.pop_front();
    hand_ = 0;
    return;
  }
  Entry* const entry = oldest.at(hand_);
  hand_ += entry->footprint();
  const bool valid = entry->state == Entry::State::kValid;
  bool moves = valid && sweep->closes_gaps;
  if (valid && !moves && entry->used_lately && sweep->may_move_bytes >= entry->footprint()) {
    sweep->may_move_bytes -= entry->footprint();
    moves = true;
  }
  invalidate(entry);
  if (entry->state == Entry::State::kStale) unlink(entry);
  invalid_bytes_ -= entry->footprint();
  if (moves) {
    const Key key{.key_space = entry->key_space, .key = entry->key(), .hash = entry->hash};
    append(key, entry->value(), room_for(key.key, entry->value()));  // To the end, which is never in front of the hand.
  }
}

}  // namespace armature::storage
