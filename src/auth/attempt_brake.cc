#include "auth/attempt_brake.h"

#include <algorithm>
#include <cstring>

#include "base/random.h"

namespace armature::auth {
namespace {

bool is_loopback(const IpAddress& address) {
  if (address.is_v4()) return address.bytes[12] == 127;
  return std::all_of(address.bytes.begin(), address.bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; }) &&
         address.bytes[15] == 1;
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  const Bytes bytes = secure_random_bytes(sizeof seed);
  std::memcpy(&seed, bytes.data(), sizeof seed);
  return seed | 1;
}

// What a guess at keys ends in. A request that is merely late or badly formed is none.
bool is_guess(ErrorCode code) { return code == ErrorCode::kUnrecognizedClient || code == ErrorCode::kInvalidSignature; }

}  // namespace

AttemptBrake::AttemptBrake(const Clock& clock, std::size_t slots)
    : clock_(clock), seed_(random_seed()), slots_(std::max<std::size_t>(slots, 1)) {}

// Of two halves, mixed with a secret so that nobody can choose whose slot an address shares.
std::uint64_t AttemptBrake::hash(const IpAddress& address) const {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, address.bytes.data(), 8);
  std::memcpy(&low, address.bytes.data() + 8, 8);
  if (!address.is_v4()) low = 0;
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  return mix(mix(high ^ seed_, 0x9e3779b97f4a7c15ULL) ^ low ^ (seed_ << 7 | seed_ >> 57), 0xa0761d6478bd642fULL) | 1;
}

void AttemptBrake::refill(Slot* slot, Clock::Millis now_ms) const {
  const double seconds = std::max<double>(0, static_cast<double>(now_ms - slot->at_ms) / 1000);
  slot->failures = std::min(kFailures, slot->failures + seconds * kFailuresPerSecond);
  slot->attempts = std::min(kAttempts, slot->attempts + seconds * kAttemptsPerSecond);
  slot->at_ms = now_ms;
}

bool AttemptBrake::admits(const IpAddress& address) {
  if (idle() || is_loopback(address)) return true;
  const std::uint64_t key = hash(address);
  const std::size_t index = key % slots_.size();
  const std::lock_guard lock(mutexes_[index % kLocks]);
  Slot& slot = slots_[index];
  if (slot.address != key) return true;
  refill(&slot, clock_.now_ms());
  if (slot.failures >= 1) return true;
  if (slot.attempts >= 1) {
    slot.attempts -= 1;
    return true;
  }
  refused_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void AttemptBrake::failed(const IpAddress& address) {
  if (is_loopback(address)) return;
  const std::uint64_t key = hash(address);
  const std::size_t index = key % slots_.size();
  const std::lock_guard lock(mutexes_[index % kLocks]);
  Slot& slot = slots_[index];
  const Clock::Millis now_ms = clock_.now_ms();
  if (slot.address != key) {
    if (slot.address == 0) slots_in_use_.fetch_add(1, std::memory_order_relaxed);
    slot = {key, kFailures, kAttempts, now_ms};
  }
  refill(&slot, now_ms);
  slot.failures = std::max(0.0, slot.failures - 1);
}

Result<Authenticated> BrakedAuthenticator::authenticate(const SignedRequest& request, std::string_view service,
                                                        Arena* arena) const {
  // The address is only needed where somebody fails or has failed.
  if (!brake_->idle()) {
    const auto address = IpAddress::parse(request.peer_address);
    if (address && !brake_->admits(*address)) return fail(ErrorCode::kThrottling, "Rate exceeded");
  }
  auto result = behind_.authenticate(request, service, arena);
  if (!result && is_guess(result.error().code)) {
    if (const auto address = IpAddress::parse(request.peer_address)) brake_->failed(*address);
  }
  return result;
}

}  // namespace armature::auth
