// A connection against a peer that does what each test tells it to, on a thread of its own.
#include "connector/connection.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace armature::connector {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

// What the peer's side of one accepted connection can do.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}
  ~Peer() { ::close(socket_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Up to the blank line; the tests' requests have no body. Empty when the client has gone.
  std::string read_request() {
    std::string request;
    char c = 0;
    while (!request.ends_with("\r\n\r\n")) {
      if (recv(socket_, &c, 1, 0) != 1) return {};
      request.push_back(c);
    }
    return request;
  }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void end_sending() { shutdown(socket_, SHUT_WR); }
  // Both in one segment.
  void send_and_end(std::string_view bytes) {
    ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_MORE);
    end_sending();
  }

 private:
  const int socket_;
};

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    endpoint_ = {.secure = false, .host = "127.0.0.1", .port = ntohs(address.sin_port)};
  }
  ~ConnectionTest() override {
    if (peer_thread_.joinable()) peer_thread_.join();
    ::close(listener_);
  }

  // Runs `script` with the next connection; it may still run when the test ends.
  void peer_does(std::function<void(Peer&)> script) {
    peer_thread_ = std::thread([this, script = std::move(script)] {
      Peer peer(accept(listener_, nullptr, nullptr));
      script(peer);
    });
  }

  using Reply = Expected<HttpReply*, TransportError>;
  Reply exchange(Connection* connection, milliseconds timeout = milliseconds(20'000)) {
    Reply reply = Unexpected(TransportError{});
    // Arguments of an awaited call have to be named variables (g++ 12).
    const auto run = [&]() -> Task<void> { reply = co_await connection->exchange(kRequest, timeout); };
    loop_.run(run());
    return reply;
  }

  static constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: peer\r\n\r\n";
  const int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  Endpoint endpoint_;
  ClientLoop loop_;
  std::thread peer_thread_;
};

std::string reply_with(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

TEST_F(ConnectionTest, UsesOneConnectionForManyExchanges) {
  peer_does([](Peer& peer) {
    for (int i = 0; i < 50; ++i) {
      peer.read_request();
      peer.send(reply_with("answer " + std::to_string(i)));
    }
  });
  Connection connection(&loop_, &endpoint_, {});
  for (int i = 0; i < 50; ++i) {
    const Reply reply = exchange(&connection);
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ((*reply)->body, "answer " + std::to_string(i));
  }
}

TEST_F(ConnectionTest, PutsAReplyTogetherThatComesInPieces) {
  const std::string whole = reply_with(std::string(200, 'x'));
  peer_does([whole](Peer& peer) {
    peer.read_request();
    for (std::size_t at = 0; at < whole.size(); at += 30) {
      peer.send(std::string_view(whole).substr(at, 30));
      std::this_thread::sleep_for(milliseconds(2));
    }
  });
  Connection connection(&loop_, &endpoint_, {});
  const Reply reply = exchange(&connection);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ((*reply)->body, std::string(200, 'x'));
}

TEST_F(ConnectionTest, ReadsRepliesLargerThanAnyBuffer) {
  const std::string body(3'000'000, 'y');
  peer_does([body](Peer& peer) {
    for (int i = 0; i < 3; ++i) {
      peer.read_request();
      peer.send(reply_with(body));
    }
  });
  Connection connection(&loop_, &endpoint_, {});
  for (int i = 0; i < 3; ++i) {
    const Reply reply = exchange(&connection);
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ((*reply)->body, body);
  }
}

// The peer's end comes with the reply and is not announced in it; what is sent after it gets no answer, and no event
// says so. (It goes on reading, or the next request would be answered with a reset.)
TEST_F(ConnectionTest, NoticesAnEndThatCameWithTheReply) {
  peer_does([](Peer& peer) {
    peer.read_request();
    peer.send_and_end(reply_with("the last"));
    while (!peer.read_request().empty()) {
    }
  });
  Connection connection(&loop_, &endpoint_, {});
  ASSERT_TRUE(exchange(&connection));
  const auto before = SteadyClock::now();
  const Reply reply = exchange(&connection);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, TransportErrorCode::kClosed);
  EXPECT_LT(SteadyClock::now() - before, std::chrono::seconds(10));
}

TEST_F(ConnectionTest, NoticesAnEndThatCameBetweenTwoExchanges) {
  peer_does([](Peer& peer) {
    peer.read_request();
    peer.send(reply_with("the last"));
    std::this_thread::sleep_for(milliseconds(20));
    peer.end_sending();
    while (!peer.read_request().empty()) {
    }
  });
  Connection connection(&loop_, &endpoint_, {});
  ASSERT_TRUE(exchange(&connection));
  std::this_thread::sleep_for(milliseconds(60));
  const Reply reply = exchange(&connection);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, TransportErrorCode::kClosed);
}

TEST_F(ConnectionTest, EndsAReplyWithoutALengthWhereThePeerEnds) {
  peer_does([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\nall there ");
    std::this_thread::sleep_for(milliseconds(10));
    peer.send("is");
  });
  Connection connection(&loop_, &endpoint_, {});
  const Reply reply = exchange(&connection);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ((*reply)->body, "all there is");
  EXPECT_FALSE(connection.connected());
}

TEST_F(ConnectionTest, WaitsNoLongerThanTold) {
  peer_does([](Peer& peer) {
    while (!peer.read_request().empty()) {
    }
  });
  Connection connection(&loop_, &endpoint_, {});
  const Reply reply = exchange(&connection, milliseconds(50));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, TransportErrorCode::kTimedOut);
  EXPECT_TRUE(reply.error().request_may_have_run);
}

}  // namespace
}  // namespace armature::connector
