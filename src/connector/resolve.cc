#include "connector/resolve.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>

#include <coroutine>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include "http/ip_address.h"

namespace armature::connector {
namespace {

struct Found {
  int status = 0;
  std::vector<SocketAddress> addresses;
};

Found look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  Found found;
  found.status = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (found.status != 0) return found;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    SocketAddress address;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.size = entry->ai_addrlen;
    found.addresses.push_back(address);
  }
  freeaddrinfo(list);
  return found;
}

// What the thread that looks up and the coroutine that waits share: whichever of answer and timeout comes first resumes
// the coroutine, on its executor, and the other finds that done.
struct LookUp {
  std::mutex mutex;
  Found found;  // Guarded by mutex, as all here.
  bool answered = false;
  bool resumed = false;
  std::coroutine_handle<> waiting;

  void resume_once(Executor* executor) {
    {
      const std::lock_guard lock(mutex);
      if (resumed) return;
      resumed = true;
    }
    executor->post(waiting);
  }
};

class Answer {
 public:
  Answer(std::shared_ptr<LookUp> look_up, std::string host, std::uint16_t port, std::chrono::milliseconds timeout)
      : look_up_(std::move(look_up)), host_(std::move(host)), port_(port), timeout_(timeout) {}
  bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    look_up_->waiting = handle;
    Executor* const executor = Executor::current();
    // After this the coroutine may go on at any moment, and this awaiter with it: everything is copied first.
    const auto shared = look_up_;
    executor->post_after(timeout_, [shared, executor] { shared->resume_once(executor); });
    try {
      std::thread([shared, executor, host = host_, port = port_] {
        Found found = look_up(host, port, 0);
        {
          const std::lock_guard lock(shared->mutex);
          if (shared->resumed) return;  // Too late; the executor may be gone.
          shared->found = std::move(found);
          shared->answered = true;
        }
        shared->resume_once(executor);
      }).detach();
    } catch (const std::system_error&) {
      shared->resume_once(executor);  // No thread to be had: as if nobody answered.
    }
    return true;
  }
  void await_resume() const {}

 private:
  std::shared_ptr<LookUp> look_up_;
  std::string host_;
  std::uint16_t port_;
  std::chrono::milliseconds timeout_;
};

}  // namespace

std::string SocketAddress::to_string() const {
  const http::IpAddress ip = http::IpAddress::from_socket_address(*get());
  const std::uint16_t port =
      ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port
                                          : reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
  return ip.is_v4() ? fmt::format("{}:{}", ip.to_string(), port) : fmt::format("[{}]:{}", ip.to_string(), port);
}

Task<Expected<std::vector<SocketAddress>, TransportError>> resolve(std::string host, std::uint16_t port,
                                                                   std::chrono::milliseconds timeout) {
  Found found = look_up(host, port, AI_NUMERICHOST);
  if (found.status == 0) co_return std::move(found.addresses);
  const auto shared = std::make_shared<LookUp>();
  Answer answer(shared, host, port, timeout);
  co_await answer;
  const std::lock_guard lock(shared->mutex);
  if (!shared->answered) {
    co_return Unexpected(TransportError{TransportErrorCode::kTimedOut,
                                        fmt::format("looking up {} took longer than {} ms", host, timeout.count()),
                                        false});
  }
  if (shared->found.status != 0) {
    co_return Unexpected(
        TransportError{TransportErrorCode::kNameNotFound,
                       fmt::format("{} does not resolve: {}", host, gai_strerror(shared->found.status)), false});
  }
  co_return std::move(shared->found.addresses);
}

}  // namespace armature::connector
