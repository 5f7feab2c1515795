// Shared by the tests of http/: a server on a free loopback port, and a client that sends bytes as they are.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/server.h"

namespace armature::http {

class FunctionHandler final : public Handler {
 public:
  using Function = std::function<Task<Response>(const Request&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  Task<Response> handle(const Request& request) override { return function_(request); }

 private:
  const Function function_;
};

inline Task<Response> reply(std::string body) {
  co_return Response{.content_type = "text/plain", .body = std::move(body)};
}

// Answers with what it understood: "METHOD target body".
inline Task<Response> echo(const Request& request) {
  return reply(std::string(request.method) + " " + std::string(request.target) + " " + std::string(request.body));
}

struct Reply {
  int status = 0;  // 0: the connection ended without one.
  std::string head;
  std::string body;

  // The value of a header; "" when absent.
  std::string header(std::string_view name) const {
    const std::string wanted = "\r\n" + std::string(name) + ": ";
    const std::size_t at = head.find(wanted);
    if (at == std::string::npos) return "";
    const std::size_t begin = at + wanted.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer_bytes = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer_bytes != 0) {
      setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    constexpr int kOn = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const timeval patience{5, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  int socket() const { return socket_; }

  // False when the peer no longer takes bytes.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  Reply receive(bool has_body = true) {
    Reply reply;
    std::size_t end;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!fetch()) return {};
    }
    reply.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    reply.status = std::stoi(reply.head.substr(9, 3));
    const std::string length = reply.header("Content-Length");
    const std::size_t size = has_body && !length.empty() ? std::stoul(length) : 0;
    while (received_.size() < size) {
      if (!fetch()) return {};
    }
    reply.body = received_.substr(0, size);
    received_.erase(0, size);
    return reply;
  }

  Reply ask(std::string_view bytes) {
    send(bytes);
    return receive();
  }

  // Whether the server ends the connection, with nothing more to read, within the client's patience.
  bool closed_by_server() {
    while (fetch()) {
    }
    return ended_ && received_.empty();
  }

  // Whether nothing arrives and the connection stays for `duration`.
  bool stays_silent(std::chrono::milliseconds duration) {
    pollfd waiting{socket_, POLLIN, 0};
    return received_.empty() && poll(&waiting, 1, static_cast<int>(duration.count())) == 0;
  }

 private:
  bool fetch() {
    char bytes[4096];
    const ssize_t count = recv(socket_, bytes, sizeof bytes, 0);
    ended_ = count == 0 || (count < 0 && errno == ECONNRESET);
    if (count <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  const int socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string received_;
};

class ServerTest : public testing::Test {
 protected:
  // Starts the server; options.port is replaced by a free one.
  void serve(FunctionHandler::Function function = echo) {
    handler_ = std::make_unique<FunctionHandler>(std::move(function));
    options.port = 0;
    auto started = Server::start(options, *handler_, loops, metrics);
    ASSERT_TRUE(started) << started.error();
    server = std::move(started).value();
  }

  std::uint64_t counted(std::string_view name, std::string_view label = {}) const {
    double sum = 0;
    for (const MetricSample& sample : metrics.samples()) {
      const bool wanted = label.empty() || (!sample.labels.empty() && sample.labels.front().second == label);
      if (sample.name == name && wanted) sum += sample.value;
    }
    return static_cast<std::uint64_t>(sum);
  }

  // Waits, a little, for something that the server does by itself.
  static bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 500; ++i) {
      if (condition()) return true;
      usleep(10'000);
    }
    return false;
  }

  ServerOptions options;
  MetricsRegistry metrics;

 private:
  std::unique_ptr<FunctionHandler> handler_;

 protected:
  EventLoops loops{2};
  std::unique_ptr<Server> server;
};

}  // namespace armature::http
