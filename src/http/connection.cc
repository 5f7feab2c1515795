#include "http/connection.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "base/assert.h"
#include "base/log.h"
#include "http/content_coding.h"
#include "http/loop_server.h"

namespace armature::http {
namespace {

// A body up to this size is copied behind its head: one buffer is cheaper to send than two, and one TLS record.
constexpr std::size_t kCopiedBodyBytes = 4 * 1024;
constexpr std::size_t kKeptBufferBytes = 64 * 1024;
constexpr int kMostRequestsInARow = 16;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kBareBody = "{\"bare\":true}";

// What a buffer counts for: small ones are kept anyway, and there are not more of them than connections.
std::size_t counted_bytes(std::size_t capacity) { return capacity > kKeptBufferBytes ? capacity : 0; }

void give_back_if_large(Bytes* buffer) {
  if (buffer->capacity() > kKeptBufferBytes) {
    Bytes().swap(*buffer);
  } else {
    buffer->clear();
  }
}

Response response_of(const FixedReply& reply) {
  return {.status = reply.status, .content_type = reply.content_type, .extra_headers = {}, .body = reply.body};
}

int status_of(RequestReader::Failure failure) {
  switch (failure) {
    case RequestReader::Failure::kNone:
    case RequestReader::Failure::kMalformed:
    case RequestReader::Failure::kHeadersTooLarge:
    case RequestReader::Failure::kTargetTooLarge: return 400;
    case RequestReader::Failure::kBodyTooLarge: return 413;
    case RequestReader::Failure::kVersionUnsupported: return 505;
    case RequestReader::Failure::kExpectationUnknown: return 417;
  }
  return 400;
}

}  // namespace

void ConnectionList::add(Connection& connection) {
  connection.next_ = first_;
  if (first_ != nullptr) first_->previous_ = &connection;
  first_ = &connection;
}

void ConnectionList::remove(Connection& connection) {
  (connection.previous_ != nullptr ? connection.previous_->next_ : first_) = connection.next_;
  if (connection.next_ != nullptr) connection.next_->previous_ = connection.previous_;
  connection.next_ = connection.previous_ = nullptr;
}

Connection::Connection(std::shared_ptr<LoopServer> server, OwnedFd socket, const IpAddress& peer, TlsSession tls)
    : server_(std::move(server)),
      socket_(server_->loop().io_context().get_executor(), socket.get()),
      transport_(socket.release(), std::move(tls)),
      reader_(server_->reader_limits()),
      peer_(peer.to_string()),
      phase_(transport_.secure() ? Phase::kHandshake : Phase::kReading) {}

void Connection::start() {
  set_deadline(Deadline::kHeaders);
  advance();
}

// Takes steps until one has to wait for the peer or the handler. Handlers that end at once come back in here; they find
// advancing_ set, and the loop goes on where they left off.
void Connection::advance() {
  if (advancing_) return;
  advancing_ = true;
  requests_in_a_row_ = 0;
  while (step() == Progress::kGoOn) {
  }
  advancing_ = false;
  delete_if_over();
}

Connection::Progress Connection::step() {
  switch (phase_) {
    case Phase::kHandshake: return shake_hands();
    case Phase::kReading: return read();
    case Phase::kHandling: return Progress::kWait;
    case Phase::kWriting: return write();
    case Phase::kLingering: return linger();
    case Phase::kClosed: return Progress::kWait;
  }
  return Progress::kWait;
}

// Waits before it reads: re-arming epoll and a recv() that finds nothing cost the same 0.2 microseconds (measured), and
// an idle connection that waits needs nothing but itself.
Connection::Progress Connection::wait(IoStatus what) {
  ARMATURE_ASSERT(!waiting_);
  waiting_ = true;
  const auto type = what == IoStatus::kWaitWrite ? Descriptor::wait_write : Descriptor::wait_read;
  socket_.async_wait(type, [this](const boost::system::error_code&) {
    // An error means that close() came first, and then the phase says so.
    waiting_ = false;
    readable_ = true;
    advance();
  });
  return Progress::kWait;
}

Connection::Progress Connection::shake_hands() {
  const IoResult result = transport_.handshake();
  switch (result.status) {
    case IoStatus::kDone: phase_ = Phase::kReading; return Progress::kGoOn;
    case IoStatus::kWaitRead:
    case IoStatus::kWaitWrite: return wait(result.status);
    case IoStatus::kClosed: close(); return Progress::kWait;
  }
  return Progress::kWait;
}

Connection::Progress Connection::read() {
  if (reader_.state() == RequestReader::State::kComplete) return begin_request();
  if (!readable_ && !transport_.has_buffered()) return wait_for_bytes();
  const std::span<char> room = reader_.room();
  if (!account_request_memory()) {
    server_->metrics().shed.add();
    refuse(server_->options().overloaded_reply);
    return Progress::kGoOn;
  }
  const IoResult result = transport_.read(room);
  switch (result.status) {
    case IoStatus::kDone:
      readable_ = result.count == room.size();  // Less than there was room for: that was all.
      server_->metrics().received_bytes.add(result.count);
      return on_reader_state(reader_.received(result.count));
    case IoStatus::kWaitRead: readable_ = false; return wait_for_bytes();
    case IoStatus::kWaitWrite: readable_ = false; return wait(result.status);
    case IoStatus::kClosed: close(); return Progress::kWait;
  }
  return Progress::kWait;
}

Connection::Progress Connection::wait_for_bytes() {
  if (server_->draining() && reader_.state() == RequestReader::State::kIdle) {
    close();
    return Progress::kWait;
  }
  return wait(IoStatus::kWaitRead);
}

Connection::Progress Connection::on_reader_state(RequestReader::State state) {
  switch (state) {
    case RequestReader::State::kIdle: set_deadline(Deadline::kIdle); return Progress::kGoOn;
    case RequestReader::State::kHeaders:
      if (deadline_ != Deadline::kHeaders) set_deadline(Deadline::kHeaders);
      return Progress::kGoOn;
    case RequestReader::State::kBody: return begin_body();
    case RequestReader::State::kComplete: return begin_request();
    case RequestReader::State::kFailed: refuse(reader_.failure()); return Progress::kGoOn;
  }
  return Progress::kGoOn;
}

Connection::Progress Connection::begin_body() {
  if (deadline_ == Deadline::kBody) return Progress::kGoOn;
  set_deadline(Deadline::kBody);
  if (!reader_.wants_continue()) return Progress::kGoOn;
  const IoResult result = transport_.write(kContinue, {});
  // Nothing else is on its way to the client, so this fits the socket's buffer; and clients that get no answer send the
  // body after a while all the same. Half an answer would be worse.
  const bool cut = result.status == IoStatus::kDone && result.count != kContinue.size();
  if (cut || result.status == IoStatus::kClosed) {
    close();
    return Progress::kWait;
  }
  return Progress::kGoOn;
}

Connection::Progress Connection::begin_request() {
  set_deadline(Deadline::kNone);
  server_->request_ids().next(request_id_);
  request_.method = reader_.method();
  request_.target = reader_.target();
  request_.headers = reader_.headers();
  request_.body = request_.raw_body = reader_.body();
  request_.peer_address = peer_;
  request_.secure = transport_.secure();
  request_.request_id = {request_id_, kRequestIdSize};
  close_after_response_ = !reader_.keep_alive();

  const ServerOptions& options = server_->options();
  if (!options.bare_reply_path.empty() && request_.target == options.bare_reply_path) {
    respond(Response{.content_type = "application/x-amz-json-1.0", .body = Bytes(kBareBody)});
  } else if (options.cors && request_.method == "OPTIONS" && !reader_.known().origin.empty()) {
    respond(preflight_response(request_));
  } else if (!server_->admit_request()) {
    server_->metrics().shed.add();
    respond(options.overloaded_reply);
  } else {
    admitted_ = true;
    if (unpack_body()) run_handler();
  }
  return Progress::kGoOn;
}

// Makes request_.body what Content-Encoding says it is. False when that ended in a reply.
bool Connection::unpack_body() {
  const std::string_view encoding = reader_.known().content_encoding;
  if (encoding.empty() || request_.raw_body.empty()) return true;
  const ContentCoding coding = parse_content_encoding(encoding);
  if (coding == ContentCoding::kIdentity) return true;
  const ServerOptions& options = server_->options();
  if (coding == ContentCoding::kUnknown) {
    respond(options.unknown_encoding_reply);
    return false;
  }
  switch (unpack(coding, request_.raw_body, options.max_body_bytes, &unpacked_)) {
    case UnpackResult::kOk:
      if (!account_request_memory()) break;
      request_.body = unpacked_;
      return true;
    case UnpackResult::kBroken: respond(options.broken_encoding_reply); return false;
    case UnpackResult::kTooLarge: respond(Response{.status = 413}); return false;
  }
  server_->metrics().shed.add();
  respond(options.overloaded_reply);
  return false;
}

void Connection::run_handler() {
  phase_ = Phase::kHandling;
  handler_running_ = true;
  handle();
}

task_detail::Detached Connection::handle() {
  Response response;
  try {
    response = co_await server_->handler().handle(request_);
  } catch (const std::exception& error) {
    log(LogLevel::kError, "request failed", {{"request_id", request_.request_id}, {"error", error.what()}});
    response = Response{.status = 500, .close = true};
  }
  // A handler that ends on another thread would have us touch the connection from there.
  ARMATURE_ASSERT(server_->loop().runs_on_this_thread());
  handler_running_ = false;
  if (phase_ == Phase::kClosed) {
    count_request_out();
  } else {
    respond(std::move(response));
  }
  advance();
}

void Connection::respond(const FixedReply& reply) { respond(response_of(reply)); }

// Makes ready what write() sends.
void Connection::respond(Response response) {
  response_ = std::move(response);
  if (!account_response_memory()) {
    // Clients that ask and do not take the answers would fill the memory with these.
    server_->metrics().shed.add();
    Bytes().swap(response_.body);
    response_ = response_of(server_->options().overloaded_reply);
  }
  if (response_.close || server_->draining()) close_after_response_ = true;
  const ServerOptions& options = server_->options();
  const RequestReader::Known& known = reader_.known();
  const ResponseContext context{
      .method = request_.method,
      .request_id = {request_id_, kRequestIdSize},
      .date = server_->date(),
      .cors = options.cors && !known.origin.empty(),
      .http_1_0 = reader_.http_1_0(),
      .close = close_after_response_,
      .accepts_gzip = !known.accept_encoding.empty() && accepts_gzip(known.accept_encoding),
      .compress_from_bytes = options.compress_from_bytes,
  };
  head_.clear();
  body_left_ = write_head(response_, context, &head_, &packed_);
  if (body_left_.size() <= kCopiedBodyBytes) {
    head_.append(body_left_);
    body_left_ = {};
  }
  head_left_ = head_;
  if (!packed_.empty()) Bytes().swap(response_.body);  // Nobody needs it in both forms.
  phase_ = Phase::kWriting;

  HttpMetrics& metrics = server_->metrics();
  const int status_class = response_.status / 100;
  (status_class == 2   ? metrics.responses_2xx
   : status_class == 3 ? metrics.responses_3xx
   : status_class == 4 ? metrics.responses_4xx
                       : metrics.responses_5xx)
      .add();
}

// Answers what is not a request we understand or take, and ends the connection: nobody knows where the next begins.
void Connection::refuse(RequestReader::Failure failure) { refuse(FixedReply{status_of(failure), {}, {}}); }

void Connection::refuse(const FixedReply& reply) {
  server_->request_ids().next(request_id_);
  request_ = {};
  close_after_response_ = linger_after_response_ = true;
  set_deadline(Deadline::kNone);
  respond(reply);
}

Connection::Progress Connection::write() {
  while (!head_left_.empty() || !body_left_.empty()) {
    const IoResult result = transport_.write(head_left_, body_left_);
    switch (result.status) {
      case IoStatus::kDone: {
        server_->metrics().sent_bytes.add(result.count);
        const std::size_t from_head = std::min(result.count, head_left_.size());
        head_left_.remove_prefix(from_head);
        body_left_.remove_prefix(result.count - from_head);
        break;
      }
      case IoStatus::kWaitRead:
      case IoStatus::kWaitWrite:
        if (deadline_ != Deadline::kWrite) set_deadline(Deadline::kWrite);
        return wait(result.status);
      case IoStatus::kClosed: close(); return Progress::kWait;
    }
  }
  return response_written();
}

Connection::Progress Connection::response_written() {
  count_request_out();
  if (head_.capacity() > kKeptBufferBytes) std::string().swap(head_);
  give_back_if_large(&response_.body);  // To be assigned an empty string would leave it its memory.
  response_ = {};
  account_response_memory();
  give_back_if_large(&packed_);
  give_back_if_large(&unpacked_);
  if (linger_after_response_ || (close_after_response_ && reader_.has_more())) {
    // Closing with bytes unread would reset the connection and take our answer back from the client's hands.
    transport_.shut_down_writing();
    phase_ = Phase::kLingering;
    readable_ = true;
    set_deadline(Deadline::kLinger);
    return Progress::kGoOn;
  }
  if (close_after_response_) {
    transport_.shut_down_writing();
    close();
    return Progress::kWait;
  }
  return next_request();
}

Connection::Progress Connection::next_request() {
  phase_ = Phase::kReading;
  const RequestReader::State state = reader_.next();
  account_request_memory();
  if (state != RequestReader::State::kComplete || ++requests_in_a_row_ < kMostRequestsInARow) {
    return on_reader_state(state);
  }
  // A client that sends requests without end must not keep the loop from the others.
  set_deadline(Deadline::kNone);
  waiting_ = true;
  boost::asio::post(server_->loop().io_context(), [this] {
    waiting_ = false;
    advance();
  });
  return Progress::kWait;
}

Connection::Progress Connection::linger() {
  char discarded[16 * 1024];
  while (true) {
    const IoResult result = transport_.read(discarded);
    switch (result.status) {
      case IoStatus::kDone: server_->metrics().received_bytes.add(result.count); break;
      case IoStatus::kWaitRead:
      case IoStatus::kWaitWrite: return wait(result.status);
      case IoStatus::kClosed: close(); return Progress::kWait;
    }
  }
}

// Bring the loop's counts up to date with what this connection holds. False when that would be too much.
bool Connection::account_request_memory() {
  const std::size_t held = counted_bytes(reader_.capacity()) + counted_bytes(unpacked_.capacity());
  return server_->request_bytes().adjust(&request_bytes_held_, held);
}

bool Connection::account_response_memory() {
  return server_->response_bytes().adjust(&response_bytes_held_, counted_bytes(response_.body.capacity()));
}

void Connection::set_deadline(Deadline kind) {
  const ServerOptions& options = server_->options();
  deadline_ = kind;
  switch (kind) {
    case Deadline::kNone: deadline_tick_ = std::numeric_limits<std::uint64_t>::max(); return;
    case Deadline::kHeaders: deadline_tick_ = server_->tick_after(options.header_timeout); return;
    case Deadline::kBody: deadline_tick_ = server_->tick_after(options.body_timeout); return;
    case Deadline::kWrite: deadline_tick_ = server_->tick_after(options.write_timeout); return;
    case Deadline::kIdle: deadline_tick_ = server_->tick_after(options.idle_timeout); return;
    case Deadline::kLinger: deadline_tick_ = server_->tick_after(options.linger_timeout); return;
  }
}

void Connection::on_tick(std::uint64_t tick) {
  if (tick < deadline_tick_) return;
  HttpMetrics& metrics = server_->metrics();
  switch (deadline_) {
    case Deadline::kNone:
    case Deadline::kLinger: break;
    case Deadline::kHeaders: metrics.header_timeouts.add(); break;
    case Deadline::kBody: metrics.body_timeouts.add(); break;
    case Deadline::kWrite: metrics.write_timeouts.add(); break;
    case Deadline::kIdle: metrics.idle_timeouts.add(); break;
  }
  if (phase_ == Phase::kReading && reader_.state() != RequestReader::State::kIdle) {
    // Half a request is there: say what became of it.
    refuse(FixedReply{408, {}, {}});
    wake();
    return;
  }
  cut();
}

void Connection::drain() {
  if (phase_ == Phase::kHandshake) {
    cut();
  } else if (phase_ == Phase::kReading && reader_.state() == RequestReader::State::kIdle) {
    // A request may have arrived this moment; closing now would lose it. read() looks first.
    readable_ = true;
    wake();
  }
}

void Connection::cut() {
  close();
  delete_if_over();
}

// Ends the wait under way, and with it whatever the connection waited for.
void Connection::wake() {
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  if (!handler_running_) count_request_out();
  server_->request_bytes().adjust(&request_bytes_held_, 0);
  server_->response_bytes().adjust(&response_bytes_held_, 0);
  boost::system::error_code ignored;
  socket_.close(ignored);  // A wait under way ends with an error.
  server_->remove(*this);
}

void Connection::count_request_out() {
  if (std::exchange(admitted_, false)) server_->request_done();
}

void Connection::delete_if_over() {
  if (phase_ == Phase::kClosed && !advancing_ && !waiting_ && !handler_running_) delete this;
}

}  // namespace armature::http
