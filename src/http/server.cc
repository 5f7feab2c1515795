#include "http/server.h"

#include <charconv>
#include <future>
#include <utility>
#include <vector>

#include "base/log.h"
#include "http/listen_socket.h"
#include "http/loop_server.h"
#include "http/tls.h"

namespace armature::http {

struct Server::State {
  std::shared_ptr<ServerShared> shared;
  std::vector<std::shared_ptr<LoopServer>> loop_servers;
  std::uint16_t port = 0;
  std::string address;
};

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Expected<std::unique_ptr<Server>, std::string> Server::start(ServerOptions options, Handler& handler, EventLoops& loops,
                                                             MetricsRegistry& metrics) {
  const bool certificate_given = !options.tls_certificate_file.empty();
  if (certificate_given != !options.tls_key_file.empty()) {
    return Unexpected(std::string("TLS needs both a certificate file and a key file"));
  }
  std::unique_ptr<TlsContext> tls;
  if (certificate_given) {
    TRY_ASSIGN(tls, TlsContext::load(options.tls_certificate_file, options.tls_key_file));
  }
  TRY_ASSIGN(ListenSockets listening, listen_on(options.host, options.port, loops.size(), options.accept_backlog));

  auto state = std::make_unique<State>();
  state->port = listening.port;
  state->address = std::move(listening.address);
  state->shared = std::make_shared<ServerShared>(std::move(options), handler, metrics);
  state->shared->tls = std::move(tls);
  for (std::size_t i = 0; i < loops.size(); ++i) {
    EventLoop& loop = loops.at(i);
    auto loop_server = std::make_shared<LoopServer>(loop, state->shared, std::move(listening.sockets[i]));
    loop.post_work([loop_server] { loop_server->start(); });
    state->loop_servers.push_back(std::move(loop_server));
  }
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::~Server() {
  std::vector<std::future<void>> closed;
  for (auto& loop_server : state_->loop_servers) {
    auto done = std::make_shared<std::promise<void>>();
    closed.push_back(done->get_future());
    EventLoop& loop = loop_server->loop();
    // Closed sockets end the waits on them a little later, and connections go with these: hence the second round. The
    // loop's thread gets the last reference, so that everything ends where it lived.
    loop.post_work([done = std::move(done), loop_server = std::move(loop_server)] {
      loop_server->close_all();
      loop_server->loop().post_work([done, loop_server] { done->set_value(); });
    });
  }
  for (auto& future : closed) future.wait();
}

std::uint16_t Server::port() const { return state_->port; }
std::string Server::address() const { return state_->address; }

Expected<void, std::string> Server::reload_tls() {
  if (!state_->shared->tls) return Unexpected(std::string("TLS is not in use"));
  return state_->shared->tls->reload();
}

bool Server::drain(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::vector<std::future<void>> drained;
  for (const auto& loop_server : state_->loop_servers) {
    auto done = std::make_shared<std::promise<void>>();
    drained.push_back(done->get_future());
    loop_server->loop().post_work(
        [loop_server, done = std::move(done)] { loop_server->drain([done] { done->set_value(); }); });
  }
  bool all = true;
  for (auto& future : drained) all = future.wait_until(deadline) == std::future_status::ready && all;
  if (all) return true;
  log(LogLevel::kWarning, "connections cut: requests were still in flight at the deadline",
      {{"connections", static_cast<std::int64_t>(state_->shared->connection_count.load())}});
  for (const auto& loop_server : state_->loop_servers) {
    loop_server->loop().post_work([loop_server] { loop_server->close_all(); });
  }
  for (auto& future : drained) future.wait();
  return false;
}

Expected<std::pair<std::string, std::uint16_t>, std::string> parse_listen_address(std::string_view text) {
  const auto error = [text] {
    return Unexpected("\"" + std::string(text) + "\" is not an address to listen on; write host:port or [IPv6]:port");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return error();
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || status != std::errc() || end != digits.data() + digits.size()) return error();
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return error();
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return error();
  }
  return std::pair(std::string(host), port);
}

}  // namespace armature::http
