// LoopServer: the server's share of one event loop: its listening socket, its connections, and one coarse timer for
// all their deadlines. Private to http/.
//
// Everything runs on the loop's thread but the constructor. Connections keep their LoopServer alive.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "http/connection.h"
#include "http/listen_socket.h"
#include "http/request_reader.h"
#include "http/response_writer.h"
#include "http/server.h"
#include "http/tls.h"

namespace armature::http {

struct HttpMetrics {
  explicit HttpMetrics(MetricsRegistry& registry);

  Gauge& connections;
  Counter& accepted;
  Counter& refused_address;
  Counter& refused_limit;
  Counter& received_bytes;
  Counter& sent_bytes;
  Counter& responses_2xx;
  Counter& responses_3xx;
  Counter& responses_4xx;
  Counter& responses_5xx;
  Counter& shed;
  Counter& header_timeouts;
  Counter& body_timeouts;
  Counter& write_timeouts;
  Counter& idle_timeouts;
  Gauge& requests_in_flight;
};

// What all loops of one server share.
struct ServerShared {
  ServerShared(ServerOptions options_in, Handler& handler_in, MetricsRegistry& registry)
      : options(std::move(options_in)), handler(handler_in), metrics(registry) {}

  const ServerOptions options;
  Handler& handler;
  HttpMetrics metrics;
  std::unique_ptr<TlsContext> tls;  // Null: plain. Set before the loops start.
  std::atomic<std::size_t> connection_count{0};
};

// What the connections of one loop may hold of something together, in bytes.
class Allowance {
 public:
  explicit Allowance(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // Makes `*held`, one connection's part, `now`. False, and nothing changed, when that would be too much.
  bool adjust(std::size_t* held, std::size_t now) {
    if (now > *held && now - *held > limit_bytes_ - used_bytes_) return false;
    used_bytes_ += now - *held;  // Unsigned, so what shrinks wraps around to the right sum.
    *held = now;
    return true;
  }

 private:
  const std::size_t limit_bytes_;
  std::size_t used_bytes_ = 0;
};

class LoopServer : public std::enable_shared_from_this<LoopServer> {
 public:
  LoopServer(EventLoop& loop, std::shared_ptr<ServerShared> shared, OwnedFd listening_socket);

  void start();
  // Takes what already waits to be accepted, then listens no more; idle connections end now, others with the response
  // they are about to send. `drained` runs once none is left.
  void drain(std::function<void()> drained);
  // Cuts every connection.
  void close_all();

  // For connections.
  EventLoop& loop() { return loop_; }
  const ServerOptions& options() const { return shared_->options; }
  const ReaderLimits& reader_limits() const { return reader_limits_; }
  Handler& handler() { return shared_->handler; }
  HttpMetrics& metrics() { return shared_->metrics; }
  RequestIds& request_ids() { return request_ids_; }
  std::string_view date();
  bool draining() const { return draining_; }

  // The tick at which something that may take `timeout` from now has taken too long.
  std::uint64_t tick_after(std::chrono::milliseconds timeout) const;

  // Counts a request in, unless there are too many; each admitted one is counted out again.
  bool admit_request();
  void request_done();
  // Memory of large bodies. Two, so that bodies half sent by anybody keep no response from those who may ask for it.
  Allowance& request_bytes() { return request_bytes_; }
  Allowance& response_bytes() { return response_bytes_; }

  // The connection is closed: forget it. It deletes itself.
  void remove(Connection& connection);

 private:
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
  using Timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                        boost::asio::io_context::executor_type>;

  void wait_for_connections();
  void accept_waiting();
  void take(OwnedFd socket, const IpAddress& peer);
  void refuse_overloaded(OwnedFd socket);
  void keep_ticking();
  void on_tick();
  void stop_listening();
  void report_if_drained();

  EventLoop& loop_;
  const std::shared_ptr<ServerShared> shared_;
  const ReaderLimits reader_limits_;
  const std::chrono::milliseconds tick_interval_;
  Descriptor listener_;
  Timer timer_;
  RequestIds request_ids_;
  HttpDate date_;
  ConnectionList connections_;
  std::uint64_t tick_ = 0;
  bool ticking_ = false;
  bool accept_paused_ = false;          // Out of file descriptors: try again at the next tick.
  std::uint64_t quiet_until_tick_ = 0;  // So long, nothing more is logged about that.
  bool draining_ = false;
  std::function<void()> drained_;
  std::size_t requests_in_flight_ = 0;
  Allowance request_bytes_;
  Allowance response_bytes_;
};

}  // namespace armature::http
