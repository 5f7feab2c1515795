// Connection: one HTTP/1.1 connection as a state machine: read a request, have it answered, write the response, again.
// Private to http/.
//
// It does one thing at a time: while a handler works or a response is written, nothing is read, so a client that sends
// faster than we answer fills its own buffers. It tries each system call first and waits only when told to.
//
// Connections live on one loop's thread, delete themselves, and stay until a running handler has ended even when the
// socket is closed before.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "base/task.h"
#include "http/handler.h"
#include "http/ip_address.h"
#include "http/listen_socket.h"
#include "http/request_reader.h"
#include "http/response_writer.h"
#include "http/transport.h"

namespace armature::http {

class Connection;
class LoopServer;
struct FixedReply;

// Connections of one loop, newest first.
class ConnectionList {
 public:
  bool empty() const { return first_ == nullptr; }
  void add(Connection& connection);
  void remove(Connection& connection);
  // `visit` may remove the connection it is given, and no other.
  template <class Visit>
  void for_each(Visit visit);

 private:
  Connection* first_ = nullptr;
};

class Connection {
 public:
  // Takes over `socket`. Call start() once.
  Connection(std::shared_ptr<LoopServer> server, OwnedFd socket, const IpAddress& peer, TlsSession tls);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  void on_tick(std::uint64_t tick);
  // The server drains: end soon if nothing is going on.
  void drain();
  // End now, whatever is going on.
  void cut();

 private:
  friend class ConnectionList;

  enum class Phase { kHandshake, kReading, kHandling, kWriting, kLingering, kClosed };
  enum class Deadline { kNone, kHeaders, kBody, kWrite, kIdle, kLinger };
  enum class Progress { kGoOn, kWait };
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  void advance();
  Progress step();
  Progress shake_hands();
  Progress read();
  Progress wait_for_bytes();
  Progress write();
  Progress linger();
  Progress wait(IoStatus what);

  Progress on_reader_state(RequestReader::State state);
  Progress begin_body();
  Progress begin_request();
  bool unpack_body();
  void run_handler();
  task_detail::Detached handle();
  Progress response_written();
  Progress next_request();

  void respond(Response response);
  void respond(const FixedReply& reply);
  void refuse(RequestReader::Failure failure);
  void refuse(const FixedReply& reply);
  bool account_request_memory();
  bool account_response_memory();
  void set_deadline(Deadline kind);
  void close();
  void wake();
  void count_request_out();
  void delete_if_over();

  const std::shared_ptr<LoopServer> server_;
  Descriptor socket_;
  Transport transport_;
  RequestReader reader_;
  const std::string peer_;

  Phase phase_;
  bool advancing_ = false;  // advance() is on the stack and will see what changed.
  bool waiting_ = false;    // An asynchronous wait is under way.
  bool handler_running_ = false;
  bool readable_ = false;  // The socket may hold bytes that read() has not fetched.
  bool close_after_response_ = false;
  bool linger_after_response_ = false;
  bool admitted_ = false;
  int requests_in_a_row_ = 0;  // Without giving other connections a turn.

  Deadline deadline_ = Deadline::kNone;
  std::uint64_t deadline_tick_ = std::numeric_limits<std::uint64_t>::max();
  std::size_t request_bytes_held_ = 0;   // As counted against the loop's allowance.
  std::size_t response_bytes_held_ = 0;  // Likewise.

  Request request_;
  char request_id_[kRequestIdSize];
  Bytes unpacked_;  // The body, when it came packed.
  Response response_;
  Bytes packed_;  // The response's body, when it goes packed.
  std::string head_;
  std::string_view head_left_;
  std::string_view body_left_;

  Connection* next_ = nullptr;
  Connection* previous_ = nullptr;
};

template <class Visit>
void ConnectionList::for_each(Visit visit) {
  for (Connection* connection = first_; connection != nullptr;) {
    Connection* const following = connection->next_;
    visit(*connection);
    connection = following;
  }
}

}  // namespace armature::http
