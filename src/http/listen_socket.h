// Listening sockets: the system calls and their error texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "http/ip_address.h"

namespace armature::http {

// A file descriptor that is closed when it dies.
class OwnedFd {
 public:
  OwnedFd() = default;
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(other.release()) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept;
  ~OwnedFd();

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

struct ListenSockets {
  std::vector<OwnedFd> sockets;  // All on one address; the kernel spreads connections over them (SO_REUSEPORT).
  std::uint16_t port = 0;
  std::string address;  // As text, with the port.
};

// `count` non-blocking sockets listening on `host` (numeric or a name) and `port` (0: any free one).
// Fails when another process listens there, even one of ours.
Expected<ListenSockets, std::string> listen_on(const std::string& host, std::uint16_t port, std::size_t count,
                                               int backlog);

enum class AcceptStatus { kAccepted, kNothingWaiting, kOutOfResources };
struct Accepted {
  AcceptStatus status;
  OwnedFd socket;  // Non-blocking, TCP_NODELAY set.
  IpAddress peer;
};
Accepted accept_from(int listening_socket);

}  // namespace armature::http
