#include "http/server.h"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "testing.h"

namespace armature::http {
namespace {

using namespace std::chrono_literals;

std::string get(std::string_view target, std::string_view headers = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n";
}
std::string post(std::string_view body, std::string_view headers = {}) {
  return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(headers) + "\r\n" + std::string(body);
}

// Holds handlers until the test lets them go.
class Gate {
 public:
  struct Awaiter {
    Gate& gate;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) const {
      const std::lock_guard lock(gate.mutex_);
      gate.waiting_.emplace_back(Executor::current(), handle);
    }
    void await_resume() const {}
  };
  Awaiter pass() { return {*this}; }

  std::size_t waiting() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  void open() {
    const std::lock_guard lock(mutex_);
    for (auto& [executor, handle] : waiting_) executor->post(handle);
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<Executor*, std::coroutine_handle<>>> waiting_;
};

Task<Response> behind(Gate& gate, const Request& request) {
  co_await gate.pass();
  co_return co_await echo(request);
}

TEST_F(ServerTest, AConnectionIsKeptForTheNextRequest) {
  serve();
  Client client(server->port());
  EXPECT_EQ(client.ask(get("/1")).body, "GET /1 ");
  EXPECT_EQ(client.ask(post("two")).body, "POST / two");
  EXPECT_EQ(client.ask(get("/3")).body, "GET /3 ");
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  serve();
  Client client(server->port());
  std::string all;
  for (int i = 0; i < 100; ++i) all += get("/" + std::to_string(i)) + post("body" + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(client.receive().body, "GET /" + std::to_string(i) + " ");
    EXPECT_EQ(client.receive().body, "POST / body" + std::to_string(i));
  }
}

TEST_F(ServerTest, PipelinedRequestsBehindASuspendedOneWaitForIt) {
  Gate gate;
  serve([&](const Request& request) { return behind(gate, request); });
  Client client(server->port());
  client.send(get("/1") + get("/2"));
  ASSERT_TRUE(eventually([&] { return gate.waiting() == 1; }));
  EXPECT_TRUE(client.stays_silent(30ms));
  EXPECT_EQ(gate.waiting(), 1U);
  gate.open();
  EXPECT_EQ(client.receive().body, "GET /1 ");
  ASSERT_TRUE(eventually([&] { return gate.waiting() == 1; }));
  gate.open();
  EXPECT_EQ(client.receive().body, "GET /2 ");
}

TEST_F(ServerTest, ARequestMayArriveByteByByte) {
  serve();
  Client client(server->port());
  for (const char byte : post("slow", "X-Header: value\r\n")) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_EQ(client.receive().body, "POST / slow");
}

TEST_F(ServerTest, EveryResponseHasItsLengthIdAndChecksum) {
  serve();
  Client client(server->port());
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    const Reply reply = client.ask(get("/" + std::to_string(i)));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type"), "text/plain");
    EXPECT_EQ(reply.header("Server"), "Armature");
    EXPECT_EQ(reply.header("Date").size(), std::string("Sun, 06 Nov 1994 08:49:37 GMT").size());
    EXPECT_EQ(reply.header("Connection"), "");
    EXPECT_EQ(reply.header("x-amz-crc32"), std::to_string(libdeflate_crc32(0, reply.body.data(), reply.body.size())));
    const std::string id = reply.header("x-amzn-RequestId");
    EXPECT_EQ(id.size(), 52U);
    EXPECT_EQ(id.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string::npos);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 20U);
}

TEST_F(ServerTest, TheHandlerSeesHeadersPeerAndId) {
  serve([](const Request& request) {
    return reply(std::string(request.header("x-amz-target")) + "|" + std::string(request.peer_address) + "|" +
                 (request.secure ? "secure" : "plain") + "|" + std::string(request.request_id));
  });
  Client client(server->port());
  const Reply answer = client.ask(get("/", "X-Amz-Target: Some.Thing\r\n"));
  EXPECT_EQ(answer.body, "Some.Thing|127.0.0.1|plain|" + answer.header("x-amzn-RequestId"));
}

TEST_F(ServerTest, ConnectionCloseEndsTheConnectionAfterTheResponse) {
  serve();
  Client client(server->port());
  const Reply reply = client.ask(get("/", "Connection: close\r\n"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ServerTest, Http10ClosesUnlessAskedToKeep) {
  serve();
  Client closing(server->port());
  EXPECT_EQ(closing.ask("GET / HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(closing.closed_by_server());
  Client keeping(server->port());
  const Reply reply = keeping.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(reply.header("Connection"), "keep-alive");
  EXPECT_EQ(keeping.ask("GET / HTTP/1.0\r\n\r\n").status, 200);
}

TEST_F(ServerTest, AClientThatEndsItsSideAfterTheRequestStillGetsTheAnswer) {
  serve();
  Client client(server->port());
  client.send(get("/"));
  shutdown(client.socket(), SHUT_WR);
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ServerTest, HeadGetsTheHeadersOfGetAndNoBody) {
  serve([](const Request&) { return reply("0123456789"); });
  Client client(server->port());
  client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + get("/"));
  EXPECT_EQ(client.receive(false).header("Content-Length"), "10");
  EXPECT_EQ(client.receive().body, "0123456789");
}

TEST_F(ServerTest, StatusesWithoutBodySendNone) {
  serve([](const Request&) -> Task<Response> { co_return Response{.status = 204, .body = "ignored"}; });
  Client client(server->port());
  EXPECT_EQ(client.ask(get("/")).header("Content-Length"), "");
  EXPECT_EQ(client.ask(get("/")).status, 204);
}

TEST_F(ServerTest, ExpectContinueIsAnsweredBeforeTheBody) {
  serve();
  Client client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  EXPECT_EQ(client.ask("hello").body, "POST / hello");
}

TEST_F(ServerTest, MalformedRequestsGet400AndTheConnectionEnds) {
  serve();
  for (const char* bytes :
       {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"}) {
    Client client(server->port());
    const Reply reply = client.ask(bytes);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.header("Connection"), "close");
    EXPECT_EQ(reply.body, "");
    EXPECT_TRUE(client.stays_silent(0ms) || client.closed_by_server());
  }
}

TEST_F(ServerTest, OversizeHeadersAndTargetsGet400) {
  serve();
  Client headers(server->port());
  EXPECT_EQ(headers.ask(get("/", "X: " + std::string(17 * 1024, 'x') + "\r\n")).status, 400);
  Client target(server->port());
  EXPECT_EQ(target.ask(get("/" + std::string(17 * 1024, 'x'))).status, 400);
}

TEST_F(ServerTest, OversizeBodiesGet413EvenWhileTheClientStillSends) {
  options.max_body_bytes = 1'000'000;
  serve();
  Client announced(server->port());
  announced.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n");
  EXPECT_TRUE(announced.send(std::string(4'000'000, 'x')));
  Reply reply = announced.receive();
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.header("Content-Length"), "0");
  Client chunked(server->port());
  chunked.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(chunked.send("186a0\r\n" + std::string(100'000, 'x') + "\r\n"));
  EXPECT_EQ(chunked.receive().status, 413);
}

TEST_F(ServerTest, BodiesUpToTheLimitArrive) {
  options.max_body_bytes = 16 * 1024 * 1024;
  serve([](const Request& request) { return reply(std::to_string(request.body.size())); });
  Client client(server->port());
  EXPECT_EQ(client.ask(post(std::string(16 * 1024 * 1024, 'x'))).body, "16777216");
  EXPECT_EQ(client.ask(post("small")).body, "5");
}

TEST_F(ServerTest, LargeResponsesReachASlowReader) {
  const std::string large(8 * 1024 * 1024, 'y');
  serve([&](const Request&) { return reply(large); });
  Client client(server->port(), 8 * 1024);
  client.send(get("/") + get("/"));
  EXPECT_TRUE(client.receive().body == large);
  EXPECT_TRUE(client.receive().body == large);
}

TEST_F(ServerTest, HandlersMayResumeFromAnotherThread) {
  std::atomic<bool> stop{false};
  Gate gate;
  serve([&](const Request& request) { return behind(gate, request); });
  std::thread opener([&] {
    while (!stop) {
      gate.open();
      std::this_thread::sleep_for(1ms);
    }
  });
  std::vector<std::thread> clients;
  std::atomic<int> right{0};
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      Client client(server->port());
      for (int i = 0; i < 20; ++i) {
        const std::string target = "/" + std::to_string(c) + "." + std::to_string(i);
        right += client.ask(get(target)).body == "GET " + target + " ";
      }
    });
  }
  for (auto& thread : clients) thread.join();
  stop = true;
  opener.join();
  EXPECT_EQ(right, 160);
}

TEST_F(ServerTest, AHandlerThatThrowsGives500) {
  serve([](const Request&) -> Task<Response> {
    throw std::runtime_error("lost memory");
    co_return Response{};
  });
  Client client(server->port());
  EXPECT_EQ(client.ask(get("/")).status, 500);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ServerTest, AClientThatLeavesWhileItsHandlerWorksHarmsNobody) {
  Gate gate;
  serve([&](const Request& request) { return behind(gate, request); });
  {
    Client client(server->port());
    client.send(get("/gone"));
    ASSERT_TRUE(eventually([&] { return gate.waiting() == 1; }));
  }
  gate.open();
  EXPECT_TRUE(eventually([&] { return counted("armature_http_connections") == 0; }));
  Client next(server->port());
  next.send(get("/next"));
  ASSERT_TRUE(eventually([&] { return gate.waiting() == 1; }));
  gate.open();
  EXPECT_EQ(next.receive().body, "GET /next ");
}

TEST_F(ServerTest, ManyConnectionsAreServedAtOnce) {
  serve();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 400; ++i) clients.push_back(std::make_unique<Client>(server->port()));
  for (auto& client : clients) client->send(get("/many"));
  int right = 0;
  for (auto& client : clients) right += client->receive().body == "GET /many ";
  EXPECT_EQ(right, 400);
  EXPECT_EQ(counted("armature_http_connections"), 400U);
  clients.clear();
  EXPECT_TRUE(eventually([&] { return counted("armature_http_connections") == 0; }));
}

TEST_F(ServerTest, ConnectionsBeyondTheLimitGetTheOverloadedReply) {
  options.max_connections = 2;
  options.overloaded_reply = {503, "application/json", "{\"busy\":1}"};
  serve();
  Client first(server->port());
  Client second(server->port());
  EXPECT_EQ(first.ask(get("/")).status, 200);
  EXPECT_EQ(second.ask(get("/")).status, 200);
  Client third(server->port());
  const Reply reply = third.receive();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body, "{\"busy\":1}");
  EXPECT_TRUE(third.closed_by_server());
}

TEST_F(ServerTest, RequestsBeyondTheLimitAreShedAndTheConnectionStays) {
  options.max_requests_in_flight_per_loop = 0;
  options.overloaded_reply = {503, "application/json", "{\"busy\":1}"};
  serve();
  Client client(server->port());
  const Reply reply = client.ask(get("/"));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.header("Content-Type"), "application/json");
  EXPECT_EQ(reply.body, "{\"busy\":1}");
  EXPECT_EQ(client.ask(get("/")).status, 503);
  EXPECT_EQ(counted("armature_http_shed_total"), 2U);
}

TEST_F(ServerTest, BodiesBeyondTheMemoryCeilingAreShed) {
  options.max_body_bytes_in_flight_per_loop = 1'000'000;
  serve();
  Client client(server->port());
  EXPECT_EQ(client.ask(post(std::string(5'000'000, 'x'))).status, 503);
  Client small(server->port());
  EXPECT_EQ(small.ask(post("fits")).status, 200);
}

TEST_F(ServerTest, ResponsesThatNobodyTakesAreHeldUpToTheMemoryCeiling) {
  constexpr std::size_t kSize = 16 * 1024 * 1024;  // More than the sockets between us take.
  constexpr int kClients = 8;
  options.max_response_bytes_in_flight_per_loop = kSize + kSize / 2;
  serve([](const Request& request) { return reply(std::string(request.target == "/large" ? kSize : 10, 'x')); });
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<Client>(server->port(), 4096));
    clients.back()->send(get("/large"));
  }
  ASSERT_TRUE(eventually([&] { return counted("armature_http_responses_total") == kClients; }));
  const std::uint64_t held = counted("armature_http_responses_total", "2xx");
  EXPECT_GE(held, 1U);
  EXPECT_LE(held, loops.size());
  EXPECT_EQ(counted("armature_http_shed_total"), kClients - held);
  Client other(server->port());
  EXPECT_EQ(other.ask(get("/small")).status, 200);

  std::uint64_t complete = 0;
  for (auto& client : clients) {
    const Reply reply = client->receive();
    EXPECT_TRUE(reply.status == 200 || reply.status == 503) << reply.status;
    complete += reply.body.size() == kSize ? 1 : 0;
  }
  EXPECT_EQ(complete, held);
  EXPECT_EQ(other.ask(get("/large")).status, 200);
}

TEST_F(ServerTest, RefusedPeersAreClosedUnread) {
  std::atomic<int> asked{0};
  options.allow_peer = [&](const IpAddress& peer) {
    ++asked;
    EXPECT_EQ(peer.to_string(), "127.0.0.1");
    return false;
  };
  serve();
  Client client(server->port());
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(counted("armature_http_connections_total", "refused_address"), 1U);
}

TEST_F(ServerTest, TheBareReplyNeedsNoHandler) {
  options.bare_reply_path = "/debug/bare";
  serve();
  Client client(server->port());
  EXPECT_EQ(client.ask(get("/debug/bare")).body, "{\"bare\":true}");
  EXPECT_EQ(client.ask(get("/debug")).body, "GET /debug ");
}

TEST_F(ServerTest, CorsIsAnsweredOnlyWhenItIsOn) {
  serve();
  Client client(server->port());
  EXPECT_EQ(client.ask(get("/", "Origin: http://other\r\n")).header("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(client.ask("OPTIONS / HTTP/1.1\r\nHost: h\r\nOrigin: o\r\n\r\n").body, "OPTIONS / ");
}

TEST_F(ServerTest, CorsPreflightAllowsWhatItIsAskedFor) {
  options.cors = true;
  serve();
  Client client(server->port());
  const Reply preflight = client.ask(
      "OPTIONS / HTTP/1.1\r\nHost: h\r\nOrigin: http://other\r\nAccess-Control-Request-Method: POST\r\n"
      "Access-Control-Request-Headers: x-amz-target,authorization\r\n\r\n");
  EXPECT_EQ(preflight.status, 200);
  EXPECT_EQ(preflight.body, "");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Methods"), "POST");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Headers"), "x-amz-target,authorization");
  EXPECT_EQ(preflight.header("Access-Control-Max-Age"), "172800");
  const Reply answer = client.ask(get("/", "Origin: http://other\r\n"));
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_NE(answer.header("Access-Control-Expose-Headers"), "");
  EXPECT_EQ(client.ask(get("/")).header("Access-Control-Allow-Origin"), "");
}

TEST_F(ServerTest, APortInUseIsAnErrorThatNamesIt) {
  serve();
  FunctionHandler handler(echo);
  ServerOptions second;
  second.port = server->port();
  const auto started = Server::start(second, handler, loops, metrics);
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().find(server->address()), std::string::npos) << started.error();
}

TEST_F(ServerTest, AnAddressThatIsNotOursIsAnError) {
  FunctionHandler handler(echo);
  ServerOptions elsewhere;
  elsewhere.host = "192.0.2.1";
  EXPECT_FALSE(Server::start(elsewhere, handler, loops, metrics));
  elsewhere.host = "no.such.host.invalid";
  EXPECT_FALSE(Server::start(elsewhere, handler, loops, metrics));
}

TEST(ParseListenAddress, SplitsHostAndPort) {
  const auto parsed = [](std::string_view text) {
    const auto result = parse_listen_address(text);
    return result ? result->first + "|" + std::to_string(result->second) : "error";
  };
  EXPECT_EQ(parsed("127.0.0.1:8000"), "127.0.0.1|8000");
  EXPECT_EQ(parsed("localhost:0"), "localhost|0");
  EXPECT_EQ(parsed("[::1]:443"), "::1|443");
  EXPECT_EQ(parsed(":8000"), "|8000");
  for (const char* wrong : {"", "8000", "a:", "a:b", "a:65536", "::1:80", "[::1:80", "a:80x"}) {
    EXPECT_EQ(parsed(wrong), "error") << wrong;
  }
}

}  // namespace
}  // namespace armature::http
