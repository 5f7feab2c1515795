#include "cmd/bench/stream_reader.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "cmd/bench/workload.h"

namespace armature::cmd {
namespace {

std::string text_member(const wire::Json& object, std::string_view name) {
  const wire::Json* const member = object.find(name);
  return member != nullptr && member->is(wire::Json::Kind::kString) ? std::string(member->text) : std::string();
}

// The member at the end of a path; nullptr when it is not there.
const wire::Json* at_path(const wire::Json* json, std::initializer_list<std::string_view> path) {
  for (const std::string_view name : path) {
    if (json != nullptr) json = json->find(name);
  }
  return json;
}

}  // namespace

// The reply lives in arena_ until the next call.
Task<Expected<const wire::Json*, std::string>> StreamReader::call(std::string_view operation, std::string body) {
  auto reply = co_await client_->call(operation, body);
  if (!reply) co_return Unexpected(reply.error().message);
  if ((*reply)->status != 200) co_return Unexpected(fmt::format("{} failed: {}", operation, (*reply)->body));
  arena_.reset();
  const auto json = wire::parse_json(arena_.copy((*reply)->body), &arena_);
  if (!json) co_return Unexpected(fmt::format("{}: the reply cannot be read", operation));
  co_return *json;
}

Task<Expected<void, std::string>> StreamReader::begin() {
  CO_TRY_ASSIGN(const wire::Json* described,
                co_await call("DescribeTable", fmt::format(R"({{"TableName":"{}"}})", table_)));
  const wire::Json* const table = described->find("Table");
  if (table != nullptr) stream_arn_ = text_member(*table, "LatestStreamArn");
  if (stream_arn_.empty()) co_return Unexpected(fmt::format("table {} has no stream", table_));
  co_return co_await find_shards("LATEST");
}

Task<Expected<void, std::string>> StreamReader::find_shards(std::string_view iterator_type) {
  CO_TRY_ASSIGN(const wire::Json* described, co_await call("DynamoDBStreams_20120810.DescribeStream",
                                                           fmt::format(R"({{"StreamArn":"{}"}})", stream_arn_)));
  std::vector<std::string> found;
  if (const wire::Json* const shards = at_path(described, {"StreamDescription", "Shards"})) {
    for (const wire::Json& shard : shards->elements) found.push_back(text_member(shard, "ShardId"));
  }
  for (const std::string& shard : found) {
    if (iterators_.contains(shard)) continue;
    CO_TRY_ASSIGN(const wire::Json* reply,
                  co_await call("DynamoDBStreams_20120810.GetShardIterator",
                                fmt::format(R"({{"StreamArn":"{}","ShardId":"{}","ShardIteratorType":"{}"}})",
                                            stream_arn_, shard, iterator_type)));
    iterators_[shard] = text_member(*reply, "ShardIterator");
  }
  co_return Expected<void, std::string>();
}

Task<Expected<void, std::string>> StreamReader::poll() {
  bool any_ended = false;
  for (auto& [shard, iterator] : iterators_) {
    if (iterator.empty()) continue;
    CO_TRY_ASSIGN(const wire::Json* page, co_await call("DynamoDBStreams_20120810.GetRecords",
                                                        fmt::format(R"({{"ShardIterator":"{}"}})", iterator)));
    if (const wire::Json* const records = page->find("Records")) {
      for (const wire::Json& one : records->elements) record(one);
    }
    iterator = text_member(*page, "NextShardIterator");
    any_ended = any_ended || iterator.empty();
  }
  if (any_ended) CO_TRY(co_await find_shards("TRIM_HORIZON"));
  co_return Expected<void, std::string>();
}

void StreamReader::record(const wire::Json& stream_record) {
  const wire::Json* const sent = at_path(&stream_record, {"dynamodb", "NewImage", kSentAttribute, "N"});
  if (sent == nullptr) return;
  std::int64_t nanoseconds = 0;
  std::from_chars(sent->text.data(), sent->text.data() + sent->text.size(), nanoseconds);
  const Time sent_at{std::chrono::nanoseconds(nanoseconds)};
  if (sent_at < count_from_) return;
  const auto taken = std::chrono::steady_clock::now() - sent_at;
  latency_->record(static_cast<std::uint64_t>(std::chrono::nanoseconds(taken).count()));
}

}  // namespace armature::cmd
