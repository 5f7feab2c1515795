// Peers that take their time, and the server's own end.
#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "testing.h"

namespace armature::http {
namespace {

using namespace std::chrono_literals;

constexpr char kGet[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

class SlowClientTest : public ServerTest {
 protected:
  SlowClientTest() {
    options.header_timeout = options.body_timeout = options.write_timeout = options.idle_timeout = 100ms;
    options.linger_timeout = 100ms;
  }
};

TEST_F(SlowClientTest, HalfAHeaderTimesOut) {
  serve();
  Client client(server->port());
  const Reply reply = client.ask("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(reply.status, 408);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(counted("armature_http_timeouts_total", "headers"), 1U);
}

TEST_F(SlowClientTest, TrickledHeadersDoNotExtendTheTime) {
  serve();
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\n");
  const auto begin = std::chrono::steady_clock::now();
  while (client.send("X: y\r\n") && client.stays_silent(20ms) && std::chrono::steady_clock::now() - begin < 2s) {
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
}

TEST_F(SlowClientTest, HalfABodyTimesOut) {
  serve();
  Client client(server->port());
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf").status, 408);
  EXPECT_EQ(counted("armature_http_timeouts_total", "body"), 1U);
}

TEST_F(SlowClientTest, ASilentConnectionIsClosed) {
  serve();
  Client client(server->port());
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(SlowClientTest, AnIdleConnectionIsClosedAfterAWhile) {
  options.header_timeout = 5s;
  serve();
  Client client(server->port());
  EXPECT_EQ(client.ask(kGet).status, 200);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(counted("armature_http_timeouts_total", "idle"), 1U);
}

TEST_F(SlowClientTest, AReaderThatStopsReadingIsCut) {
  serve([](const Request&) { return reply(std::string(32 * 1024 * 1024, 'x')); });
  Client client(server->port(), 4096);
  client.send(kGet);
  EXPECT_TRUE(eventually([&] { return counted("armature_http_timeouts_total", "write") == 1; }));
  EXPECT_TRUE(eventually([&] { return counted("armature_http_connections") == 0; }));
}

TEST_F(SlowClientTest, AWorkingHandlerIsNotTimedOut) {
  serve([](const Request&) -> Task<Response> {
    co_await SleepFor(400ms);
    co_return Response{.body = "late"};
  });
  Client client(server->port());
  EXPECT_EQ(client.ask(kGet).body, "late");
}

TEST_F(ServerTest, DrainClosesIdleConnectionsAndRefusesNewOnes) {
  serve();
  Client idle(server->port());
  EXPECT_EQ(idle.ask(kGet).status, 200);
  EXPECT_TRUE(server->drain(5s));
  EXPECT_TRUE(idle.closed_by_server());
  Client late(server->port());
  EXPECT_FALSE(late.connected());
}

TEST_F(ServerTest, DrainLetsRequestsInFlightFinish) {
  std::promise<void> entered;
  serve([&](const Request&) -> Task<Response> {
    entered.set_value();
    co_await SleepFor(150ms);
    co_return Response{.body = "finished"};
  });
  Client client(server->port());
  client.send(kGet);
  entered.get_future().wait();
  EXPECT_TRUE(server->drain(5s));
  const Reply reply = client.receive();
  EXPECT_EQ(reply.body, "finished");
  EXPECT_EQ(reply.header("Connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ServerTest, DrainCutsWhatIsLeftAtTheDeadline) {
  std::promise<void> entered;
  std::promise<void> ended;
  serve([&](const Request&) -> Task<Response> {
    entered.set_value();
    co_await SleepFor(300ms);
    ended.set_value();
    co_return Response{};
  });
  Client client(server->port());
  client.send(kGet);
  entered.get_future().wait();
  EXPECT_FALSE(server->drain(30ms));
  EXPECT_TRUE(client.closed_by_server());
  ended.get_future().wait();  // The handler itself is never cut.
}

TEST_F(ServerTest, ManyConnectionsDrain) {
  serve();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<Client>(server->port()));
    EXPECT_EQ(clients.back()->ask(kGet).status, 200);
  }
  EXPECT_TRUE(server->drain(5s));
  for (auto& client : clients) EXPECT_TRUE(client->closed_by_server());
}

}  // namespace
}  // namespace armature::http
