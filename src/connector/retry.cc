#include "connector/retry.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "connector/client.h"

namespace armature::connector {
namespace {

constexpr std::string_view kThrottling[] = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "TransactionInProgressException",
};
constexpr std::string_view kTransient[] = {
    "RequestTimeout", "RequestTimeoutException",         "InternalServerError", "InternalFailure", "ServiceUnavailable",
    "CorruptReply",   "ReplicatedWriteConflictException"};

template <std::size_t kCount>
bool contains(const std::string_view (&names)[kCount], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool transient(TransportErrorCode code) {
  switch (code) {
    case TransportErrorCode::kRefused:
    case TransportErrorCode::kTimedOut:
    case TransportErrorCode::kClosed:
    case TransportErrorCode::kProxy:
    case TransportErrorCode::kIo: return true;
    case TransportErrorCode::kNameNotFound:
    case TransportErrorCode::kForbiddenAddress:
    case TransportErrorCode::kTls:
    case TransportErrorCode::kNotHttp: return false;
  }
  return false;
}

// Constants of the adaptive mode's rate: CUBIC, as TCP's, over calls a second.
constexpr double kSmooth = 0.8;
constexpr double kBeta = 0.7;
constexpr double kScale = 0.4;
constexpr double kLeastRate = 0.5;
constexpr double kWindowSeconds = 0.5;

double seconds(std::chrono::steady_clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

RetryReason retry_reason(const CallError& error) {
  switch (error.kind) {
    case CallError::Kind::kTransport: return transient(error.transport) ? RetryReason::kTransient : RetryReason::kNone;
    case CallError::Kind::kCredentials:
    case CallError::Kind::kNotSent: return RetryReason::kNone;
    case CallError::Kind::kService: break;
  }
  // LimitExceededException is DynamoDB's throttling of the control plane only with this text; otherwise a quota.
  if (error.is("LimitExceededException") && error.message.find("Rate exceeded") == std::string::npos)
    return RetryReason::kNone;
  if (contains(kThrottling, error.type) || error.status == 429) return RetryReason::kThrottled;
  const bool server_failed = error.status == 500 || error.status == 502 || error.status == 503 || error.status == 504;
  return server_failed || contains(kTransient, error.type) ? RetryReason::kTransient : RetryReason::kNone;
}

std::chrono::nanoseconds backoff(int attempt, SeededRandom* random) {
  constexpr double kBaseMs = 50;
  constexpr double kMostMs = 20'000;
  const double most = std::min(kMostMs, kBaseMs * std::pow(2.0, attempt - 1));
  return std::chrono::nanoseconds(static_cast<std::int64_t>(random->unit() * most * 1e6) + 1);
}

bool RetryBudget::spend(const CallError& error) {
  const bool timed_out = error.kind == CallError::Kind::kTransport && error.transport == TransportErrorCode::kTimedOut;
  const int cost = timed_out ? kTimeoutCost : kRetryCost;
  const std::lock_guard lock(mutex_);
  if (tokens_ < cost) return false;
  tokens_ -= cost;
  return true;
}

void RetryBudget::succeeded(bool was_retry) {
  const std::lock_guard lock(mutex_);
  tokens_ = std::min(kCapacity, tokens_ + (was_retry ? kRetryCost : 1));
}

std::chrono::nanoseconds RetryBudget::delay_before_send(Time now) {
  if (!adaptive_) return std::chrono::nanoseconds(0);
  const std::lock_guard lock(mutex_);
  // What is sent is measured in half seconds, smoothed.
  sent_in_window_ += 1;
  if (window_began_ == Time{}) window_began_ = now;
  if (const double elapsed = seconds(now - window_began_); elapsed >= kWindowSeconds) {
    measured_rate_ = kSmooth * (sent_in_window_ / elapsed) + (1 - kSmooth) * measured_rate_;
    sent_in_window_ = 0;
    window_began_ = now;
  }
  if (!limiting_) return std::chrono::nanoseconds(0);
  const Time slot = std::max(now, next_send_);
  next_send_ = slot + std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / std::max(rate_, kLeastRate)));
  return slot - now;
}

void RetryBudget::throttled(Time now) {
  if (!adaptive_) return;
  const std::lock_guard lock(mutex_);
  const double rate = limiting_ ? std::min(measured_rate_, rate_) : measured_rate_;
  last_max_rate_ = std::max(rate, kLeastRate);
  rate_ = std::max(rate * kBeta, kLeastRate);
  last_throttle_ = now;
  limiting_ = true;
}

void RetryBudget::not_throttled(Time now) {
  if (!adaptive_) return;
  const std::lock_guard lock(mutex_);
  if (!limiting_) return;
  // Back to where throttling began, slowly near it, and then beyond; never above twice what is really sent.
  const double window = std::cbrt(last_max_rate_ * (1 - kBeta) / kScale);
  const double cubic = kScale * std::pow(seconds(now - last_throttle_) - window, 3) + last_max_rate_;
  rate_ = std::max(kLeastRate, std::min(cubic, std::max(2 * measured_rate_, kLeastRate)));
}

}  // namespace armature::connector
