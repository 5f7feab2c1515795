#include "table/turns.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace armature {
namespace {

constexpr std::size_t kTokenBytes = sizeof(std::uint64_t);
constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15;  // Odd, and of bits that look random: neighbours part.

// The token stands for the item collection; keys of the system's own spaces are as good as tokens.
std::uint64_t token_of(BytesView key) {
  Bytes token(key.substr(0, kTokenBytes));
  token.resize(kTokenBytes, '\0');
  return read_u64_be(token.data());
}

}  // namespace

std::vector<Turns::Place> Turns::places_of(std::span<const storage::ReadKey> keys) {
  std::vector<Place> places;
  places.reserve(keys.size());
  for (const storage::ReadKey& key : keys) {
    const std::uint64_t mixed = (token_of(key.key) ^ key.home.key_space * kSpread) * kSpread;
    places.push_back(static_cast<Place>((mixed >> 32) % kPlaces));
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

bool Turns::is_closed(std::span<const storage::ReadKey> keys) const {
  if (closed_places_.load(std::memory_order_relaxed) == 0) return false;
  const std::vector<Place> places = places_of(keys);
  return std::any_of(places.begin(), places.end(),
                     [this](Place place) { return places_[place].closed.load(std::memory_order_relaxed); });
}

Task<Turns::Turn> Turns::take(std::vector<Place> places) {
  Turn turn(this, std::move(places));
  turn.locks_.reserve(turn.places_.size());
  for (const Place place : turn.places_) {
    AsyncMutex::Lock lock = co_await places_[place].turn.lock();
    turn.locks_.push_back(std::move(lock));
  }
  co_return turn;
}

void Turns::Turn::close() {
  if (std::exchange(closed_, true)) return;
  for (const Place place : places_) turns_->places_[place].closed.store(true, std::memory_order_relaxed);
  turns_->closed_places_.fetch_add(static_cast<int>(places_.size()), std::memory_order_relaxed);
}

// Opened before the locks let the next one in.
Turns::Turn::~Turn() {
  if (!closed_ || places_.empty()) return;
  for (const Place place : places_) turns_->places_[place].closed.store(false, std::memory_order_relaxed);
  turns_->closed_places_.fetch_sub(static_cast<int>(places_.size()), std::memory_order_relaxed);
}

}  // namespace armature
