// The consumer of the stream workload: reads every shard of a table's stream again and again, and records for each item
// it sees how long ago that was sent.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/task.h"
#include "cmd/bench/latency_histogram.h"
#include "connector/dynamodb_client.h"
#include "wire/json.h"

namespace armature::cmd {

class StreamReader {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Records latencies of what was sent at or after `count_from`. All outlive the reader.
  StreamReader(connector::DynamoDbClient* client, std::string table, Time count_from, LatencyHistogram* latency)
      : client_(client), table_(std::move(table)), count_from_(count_from), latency_(latency) {}

  // Finds the stream and begins behind what is there. The error is for the operator.
  Task<Expected<void, std::string>> begin();
  // Reads what every shard has now.
  Task<Expected<void, std::string>> poll();

 private:
  Task<Expected<const wire::Json*, std::string>> call(std::string_view operation, std::string body);
  Task<Expected<void, std::string>> find_shards(std::string_view iterator_type);
  void record(const wire::Json& stream_record);

  connector::DynamoDbClient* const client_;
  const std::string table_;
  const Time count_from_;
  LatencyHistogram* const latency_;
  Arena arena_;
  std::string stream_arn_;
  std::map<std::string, std::string> iterators_;  // By shard; empty: the shard has ended.
};

}  // namespace armature::cmd
