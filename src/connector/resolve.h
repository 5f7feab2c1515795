// Name resolution that does not block the loop: getaddrinfo() runs on a thread of its own.
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/task.h"
#include "connector/transport.h"

namespace armature::connector {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  std::string to_string() const;  // "127.0.0.1:8000", "[::1]:8000".
};

// The addresses of `host`, in the order to try them. Numeric addresses need no thread. Needs a current executor.
Task<Expected<std::vector<SocketAddress>, TransportError>> resolve(std::string host, std::uint16_t port,
                                                                   std::chrono::milliseconds timeout);

}  // namespace armature::connector
