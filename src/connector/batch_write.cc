#include "connector/batch_write.h"

#include "base/random.h"
#include "base/when_all.h"
#include "connector/json_text.h"

namespace armature::connector {
namespace {

constexpr std::size_t kMostBatchBytes = 4 * 1024 * 1024;  // Far below the 16 MB of a request.

// {"RequestItems": {table: [requests]}}.
std::string batch_body(const std::string& table, const std::vector<std::string>& requests) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.begin_object();
  writer.key("RequestItems");
  writer.begin_object();
  writer.key(table);
  writer.begin_array();
  for (const std::string& request : requests) writer.raw(request);
  writer.end_array();
  writer.end_object();
  writer.end_object();
  return body;
}

std::vector<std::string> unprocessed(const CallReply& reply) {
  std::vector<std::string> requests;
  Arena arena;
  const auto json = wire::parse_json(reply.body, &arena);
  const wire::Json* const tables = json ? (*json)->find("UnprocessedItems") : nullptr;
  if (tables == nullptr) return requests;
  for (const wire::JsonMember& table : tables->members) {
    for (const wire::Json& request : table.value.elements) requests.push_back(json_text(request));
  }
  return requests;
}

Task<CallResult<void>> write_batch(OpenConnection* connection, std::string table, std::vector<std::string> requests) {
  SeededRandom random(static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()));
  int idle_rounds = 0;
  while (true) {
    auto reply = co_await connection->call(Service::kDynamoDb, "BatchWriteItem", batch_body(table, requests));
    if (!reply) co_return Unexpected(std::move(reply.error()));
    std::vector<std::string> left = unprocessed(*reply);
    if (left.empty()) co_return CallResult<void>();
    idle_rounds = left.size() < requests.size() ? 1 : idle_rounds + 1;
    if (idle_rounds > kMostIdleRounds) {
      CallError error;
      error.type = "ProvisionedThroughputExceededException";
      error.message = "the table takes no more writes for now: items stay unprocessed";
      co_return Unexpected(std::move(error));
    }
    requests = std::move(left);
    co_await SleepFor(backoff(idle_rounds + 1, &random));
  }
}

}  // namespace

Task<CallResult<void>> put_items(OpenConnection* connection, std::string table, std::vector<std::string> items) {
  std::vector<Task<CallResult<void>>> tasks;
  std::vector<std::string> batch;
  std::size_t bytes = 0;
  const auto send = [&] {
    if (!batch.empty()) tasks.push_back(write_batch(connection, table, std::move(batch)));
    batch.clear();
    bytes = 0;
  };
  for (std::string& item : items) {
    if (batch.size() == kMostBatchWrites || bytes + item.size() > kMostBatchBytes) send();
    bytes += item.size();
    batch.push_back(R"({"PutRequest":{"Item":)" + item + "}}");
  }
  send();
  auto results = co_await when_all(std::move(tasks));
  for (CallResult<void>& result : results) {
    if (!result) co_return Unexpected(std::move(result.error()));
  }
  co_return CallResult<void>();
}

}  // namespace armature::connector
