#include "http/loop_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "base/log.h"

namespace armature::http {
namespace {

constexpr std::chrono::milliseconds kLongestTick{500};
constexpr std::chrono::milliseconds kShortestTick{5};
constexpr int kMostAcceptsInARow = 32;

// Deadlines are kept in ticks: a quarter of the shortest timeout makes none of them very late.
std::chrono::milliseconds tick_interval(const ServerOptions& options) {
  const auto shortest = std::min({options.header_timeout, options.body_timeout, options.write_timeout,
                                  options.idle_timeout, options.linger_timeout});
  return std::clamp(shortest / 4, kShortestTick, kLongestTick);
}

}  // namespace

HttpMetrics::HttpMetrics(MetricsRegistry& registry)
    : connections(registry.gauge("armature_http_connections", "Open connections.")),
      accepted(registry.counter("armature_http_connections_total", "Connections by what became of them at the door.",
                                {{"result", "accepted"}})),
      refused_address(registry.counter("armature_http_connections_total", "", {{"result", "refused_address"}})),
      refused_limit(registry.counter("armature_http_connections_total", "", {{"result", "refused_limit"}})),
      received_bytes(registry.counter("armature_http_received_bytes_total", "Bytes received in requests.")),
      sent_bytes(registry.counter("armature_http_sent_bytes_total", "Bytes sent in responses.")),
      responses_2xx(
          registry.counter("armature_http_responses_total", "Responses by class of status.", {{"class", "2xx"}})),
      responses_3xx(registry.counter("armature_http_responses_total", "", {{"class", "3xx"}})),
      responses_4xx(registry.counter("armature_http_responses_total", "", {{"class", "4xx"}})),
      responses_5xx(registry.counter("armature_http_responses_total", "", {{"class", "5xx"}})),
      shed(registry.counter("armature_http_shed_total", "Requests refused because too much was going on.")),
      header_timeouts(registry.counter("armature_http_timeouts_total", "Connections ended for being slow, by phase.",
                                       {{"phase", "headers"}})),
      body_timeouts(registry.counter("armature_http_timeouts_total", "", {{"phase", "body"}})),
      write_timeouts(registry.counter("armature_http_timeouts_total", "", {{"phase", "write"}})),
      idle_timeouts(registry.counter("armature_http_timeouts_total", "", {{"phase", "idle"}})),
      requests_in_flight(registry.gauge("armature_http_requests_in_flight", "Requests that handlers work on.")) {}

LoopServer::LoopServer(EventLoop& loop, std::shared_ptr<ServerShared> shared, OwnedFd listening_socket)
    : loop_(loop),
      shared_(std::move(shared)),
      reader_limits_{.header_bytes = shared_->options.max_header_bytes,
                     .target_bytes = shared_->options.max_target_bytes,
                     .body_bytes = shared_->options.max_body_bytes},
      tick_interval_(tick_interval(shared_->options)),
      listener_(loop.io_context().get_executor(), listening_socket.release()),
      timer_(loop.io_context().get_executor()),
      request_bytes_(shared_->options.max_body_bytes_in_flight_per_loop),
      response_bytes_(shared_->options.max_response_bytes_in_flight_per_loop) {}

void LoopServer::start() { wait_for_connections(); }

void LoopServer::wait_for_connections() {
  listener_.async_wait(Descriptor::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && !self->draining_) self->accept_waiting();
  });
}

void LoopServer::accept_waiting() {
  for (int i = 0; i < kMostAcceptsInARow; ++i) {
    Accepted accepted = accept_from(listener_.native_handle());
    if (accepted.status == AcceptStatus::kNothingWaiting) break;
    if (accepted.status == AcceptStatus::kOutOfResources) {
      if (tick_ >= quiet_until_tick_) {
        log(LogLevel::kWarning, "cannot accept connections: out of file descriptors or memory");
        quiet_until_tick_ = tick_after(std::chrono::minutes(1));
      }
      accept_paused_ = true;
      keep_ticking();
      return;
    }
    take(std::move(accepted.socket), accepted.peer);
  }
  if (!draining_) wait_for_connections();
}

void LoopServer::take(OwnedFd socket, const IpAddress& peer) {
  const ServerOptions& settings = options();
  if (settings.allow_peer && !settings.allow_peer(peer)) {
    metrics().refused_address.add();
    return;
  }
  if (shared_->connection_count.load(std::memory_order_relaxed) >= settings.max_connections) {
    metrics().refused_limit.add();
    refuse_overloaded(std::move(socket));
    return;
  }
  TlsSession session;
  if (shared_->tls) {
    session = shared_->tls->new_session(socket.get());
    if (!session) return;
  }
  Connection* connection = nullptr;
  try {
    connection = new Connection(shared_from_this(), std::move(socket), peer, std::move(session));
  } catch (const std::exception& error) {
    log(LogLevel::kWarning, "connection dropped", {{"error", error.what()}});
    return;
  }
  shared_->connection_count.fetch_add(1, std::memory_order_relaxed);
  metrics().accepted.add();
  metrics().connections.add();
  connections_.add(*connection);
  keep_ticking();
  connection->start();
}

// As far as one send goes: there is no room for another connection to wait in. TLS clients just see it end.
void LoopServer::refuse_overloaded(OwnedFd socket) {
  if (shared_->tls) return;
  const FixedReply& reply = options().overloaded_reply;
  char id[kRequestIdSize];
  request_ids_.next(id);
  Response response{.status = reply.status, .content_type = reply.content_type, .body = reply.body};
  std::string text;
  Bytes unused;
  const ResponseContext context{.request_id = {id, sizeof id}, .date = date(), .close = true};
  text.append(write_head(response, context, &text, &unused));
  [[maybe_unused]] const ssize_t sent = send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
  shutdown(socket.get(), SHUT_WR);
}

void LoopServer::keep_ticking() {
  if (ticking_) return;
  ticking_ = true;
  timer_.expires_after(tick_interval_);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    self->ticking_ = false;
    if (!error) self->on_tick();
  });
}

void LoopServer::on_tick() {
  ++tick_;
  connections_.for_each([tick = tick_](Connection& connection) { connection.on_tick(tick); });
  if (std::exchange(accept_paused_, false) && !draining_) accept_waiting();
  if (!connections_.empty()) keep_ticking();
}

std::uint64_t LoopServer::tick_after(std::chrono::milliseconds timeout) const {
  // Rounded up, and one more because the tick under way has begun already.
  return tick_ +
         static_cast<std::uint64_t>((timeout + tick_interval_ - std::chrono::milliseconds{1}) / tick_interval_) + 1;
}

std::string_view LoopServer::date() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return date_.at(now.tv_sec);
}

bool LoopServer::admit_request() {
  if (requests_in_flight_ >= options().max_requests_in_flight_per_loop) return false;
  ++requests_in_flight_;
  metrics().requests_in_flight.add();
  return true;
}

void LoopServer::request_done() {
  --requests_in_flight_;
  metrics().requests_in_flight.subtract();
}

void LoopServer::drain(std::function<void()> drained) {
  accept_waiting();
  draining_ = true;
  drained_ = std::move(drained);
  stop_listening();
  connections_.for_each([](Connection& connection) { connection.drain(); });
  report_if_drained();
}

void LoopServer::stop_listening() {
  boost::system::error_code ignored;
  listener_.close(ignored);
}

void LoopServer::close_all() {
  draining_ = true;
  stop_listening();
  timer_.cancel();
  connections_.for_each([](Connection& connection) { connection.cut(); });
}

void LoopServer::remove(Connection& connection) {
  connections_.remove(connection);
  metrics().connections.subtract();
  shared_->connection_count.fetch_sub(1, std::memory_order_relaxed);
  report_if_drained();
}

void LoopServer::report_if_drained() {
  if (draining_ && drained_ && connections_.empty()) std::exchange(drained_, nullptr)();
}

}  // namespace armature::http
