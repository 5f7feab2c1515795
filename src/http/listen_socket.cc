#include "http/listen_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace armature::http {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  std::uint16_t port() const {
    return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(storage).sin6_port
                                               : reinterpret_cast<const sockaddr_in&>(storage).sin_port);
  }
  std::string to_string() const {
    const std::string host = IpAddress::from_socket_address(reinterpret_cast<const sockaddr&>(storage)).to_string();
    return (storage.ss_family == AF_INET6 ? "[" + host + "]" : host) + ":" + std::to_string(port());
  }
};

std::string system_error(const std::string& what, int error) { return what + ": " + std::strerror(error); }

Expected<SocketAddress, std::string> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.empty() ? nullptr : host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) return Unexpected("cannot listen on \"" + host + "\": " + gai_strerror(error));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  SocketAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.size = found->ai_addrlen;
  return address;
}

std::string bind_error(const SocketAddress& address, int error) {
  const std::string what = "cannot listen on " + address.to_string();
  if (error == EADDRINUSE) return what + ": another program listens there; stop it or choose another port";
  if (error == EACCES) return what + ": ports below 1024 need more rights; choose another port";
  if (error == EADDRNOTAVAIL) return what + ": this machine does not have that address";
  return system_error(what, error);
}

// On success `*address` has the bound port.
Expected<OwnedFd, std::string> bind_socket(SocketAddress* address, bool shared) {
  OwnedFd socket(::socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return Unexpected(system_error("cannot open a socket", errno));
  constexpr int kOn = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
  if (shared) setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &kOn, sizeof kOn);
  if (bind(socket.get(), address->get(), address->size) != 0) return Unexpected(bind_error(*address, errno));
  socklen_t size = sizeof address->storage;
  getsockname(socket.get(), address->get(), &size);
  return socket;
}

}  // namespace

OwnedFd& OwnedFd::operator=(OwnedFd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) close(fd_);
    fd_ = other.release();
  }
  return *this;
}

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) close(fd_);
}

Expected<ListenSockets, std::string> listen_on(const std::string& host, std::uint16_t port, std::size_t count,
                                               int backlog) {
  TRY_ASSIGN(SocketAddress address, resolve(host, port));
  if (port != 0) {
    // SO_REUSEPORT would let a second server of the same user share the port in silence and take half of the
    // connections. A socket without it can not be bound where anybody listens.
    SocketAddress probe = address;
    TRY(bind_socket(&probe, false));
  }
  ListenSockets result;
  for (std::size_t i = 0; i < count; ++i) {
    TRY_ASSIGN(OwnedFd socket, bind_socket(&address, true));
    if (listen(socket.get(), backlog) != 0) return Unexpected(bind_error(address, errno));
    result.sockets.push_back(std::move(socket));
  }
  result.port = address.port();
  result.address = address.to_string();
  return result;
}

Accepted accept_from(int listening_socket) {
  while (true) {
    SocketAddress peer;
    peer.size = sizeof peer.storage;
    OwnedFd socket(accept4(listening_socket, peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.is_open()) {
      constexpr int kOn = 1;
      setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
      const IpAddress address = IpAddress::from_socket_address(*peer.get());
      return {AcceptStatus::kAccepted, std::move(socket), address};
    }
    switch (errno) {
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM: return {AcceptStatus::kOutOfResources, {}, {}};
      case EAGAIN:
      case EBADF:
      case EINVAL: return {AcceptStatus::kNothingWaiting, {}, {}};
      default: break;  // That connection died before we took it; there may be others.
    }
  }
}

}  // namespace armature::http
