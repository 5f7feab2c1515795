#include "cmd/bench/workload.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <iterator>
#include <utility>

namespace armature::cmd {
namespace {

constexpr std::array<std::pair<std::string_view, Mix>, 14> kMixes{{{"bare", Mix::kBare},
                                                                   {"get", Mix::kGet},
                                                                   {"put", Mix::kPut},
                                                                   {"put-gsi", Mix::kPutGsi},
                                                                   {"update", Mix::kUpdate},
                                                                   {"query", Mix::kQuery},
                                                                   {"scan", Mix::kScan},
                                                                   {"ycsb-a", Mix::kYcsbA},
                                                                   {"ycsb-b", Mix::kYcsbB},
                                                                   {"ycsb-c", Mix::kYcsbC},
                                                                   {"ycsb-f", Mix::kYcsbF},
                                                                   {"ttl", Mix::kTtl},
                                                                   {"put-stream", Mix::kPutStream},
                                                                   {"stream", Mix::kStream}}};

// An item is its key and ten fields that share the bytes asked for.
constexpr std::uint32_t kFields = 10;
constexpr std::size_t kFillerBytes = 1 << 16;
// Of the put-gsi workload.
constexpr std::uint64_t kGroups = 1000;
constexpr std::uint64_t kScores = 1'000'000;

// In decimal, with zeros in front up to `digits` digits.
void append_number(std::uint64_t value, int digits, Bytes* out) {
  char text[20];
  char* const end = text + sizeof text;
  char* at = end;
  for (; value > 0 || end - at < digits; value /= 10) *--at = static_cast<char>('0' + value % 10);
  out->append(at, static_cast<std::size_t>(end - at));
}

}  // namespace

std::optional<Mix> parse_mix(std::string_view name) {
  for (const auto& [known, mix] : kMixes) {
    if (known == name) return mix;
  }
  return std::nullopt;
}

std::string_view mix_name(Mix mix) {
  for (const auto& [name, known] : kMixes) {
    if (known == mix) return name;
  }
  return {};
}

Workload::Workload(WorkloadOptions options)
    : options_(std::move(options)), keys_(options_.lasting_items(), options_.zipfian) {
  SeededRandom random(7);
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .";
  while (filler_.size() < kFillerBytes) filler_.push_back(kLetters[random.below(kLetters.size())]);
}

Bytes Workload::create_table_body() const {
  if (options_.mix == Mix::kPutGsi) {
    return fmt::format(
        R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}},)"
        R"({{"AttributeName":"group","AttributeType":"S"}},{{"AttributeName":"score","AttributeType":"N"}}],)"
        R"("KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}],"GlobalSecondaryIndexes":[)"
        R"({{"IndexName":"by_group","KeySchema":[{{"AttributeName":"group","KeyType":"HASH"}}],"Projection":{{"ProjectionType":"ALL"}}}},)"
        R"({{"IndexName":"by_score","KeySchema":[{{"AttributeName":"group","KeyType":"HASH"}},{{"AttributeName":"score","KeyType":"RANGE"}}],)"
        R"("Projection":{{"ProjectionType":"KEYS_ONLY"}}}}]}})",
        options_.table);
  }
  const bool sorted = options_.has_sort_key();
  return fmt::format(
      R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}}{}],)"
      R"("KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}{}]{}}})",
      options_.table, sorted ? R"(,{"AttributeName":"sk","AttributeType":"N"})" : "",
      sorted ? R"(,{"AttributeName":"sk","KeyType":"RANGE"})" : "",
      options_.has_stream() ? R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"})"
                            : "");
}

Bytes Workload::enable_expiry_body() const {
  return fmt::format(R"({{"TableName":"{}","TimeToLiveSpecification":{{"AttributeName":"expires","Enabled":true}}}})",
                     options_.table);
}

Bytes Workload::table_name_body() const { return fmt::format(R"({{"TableName":"{}"}})", options_.table); }

// Keys and fields are most of what the generator writes; formatting with fmt would cost as much as signing.
void Workload::append_key(std::uint64_t item, Bytes* out) const {
  constexpr int kDigits = 16;
  out->append(R"("pk":{"S":"user)");
  append_number(options_.has_sort_key() ? item / kCollectionItems : item, kDigits, out);
  out->append("\"}");
  if (!options_.has_sort_key()) return;
  out->append(R"(,"sk":{"N":")");
  append_number(item % kCollectionItems, 1, out);
  out->append("\"}");
}

void Workload::append_field(SeededRandom* random, std::uint32_t bytes, Bytes* out) const {
  while (bytes > 0) {
    const auto piece = std::min<std::uint32_t>(bytes, kFillerBytes / 2);
    out->append(filler_, random->below(kFillerBytes - piece), piece);
    bytes -= piece;
  }
}

void Workload::append_item(std::uint64_t item, SeededRandom* random, Bytes* out) const {
  out->push_back('{');
  append_key(item, out);
  if (options_.mix == Mix::kPutGsi) {
    fmt::format_to(std::back_inserter(*out), R"(,"group":{{"S":"group{}"}},"score":{{"N":"{}"}})", item % kGroups,
                   random->below(kScores));
  }
  if (options_.mix == Mix::kTtl && item >= options_.lasting_items()) {
    fmt::format_to(std::back_inserter(*out), R"(,"expires":{{"N":"{}"}})", options_.expired_at_s);
  }
  const std::uint32_t fields = std::min(kFields, std::max<std::uint32_t>(1, options_.item_bytes / 10));
  for (std::uint32_t field = 0; field < fields; ++field) {
    out->append(R"(,"field)");
    append_number(field, 1, out);
    out->append(R"(":{"S":")");
    append_field(random, options_.item_bytes / fields, out);
    out->append("\"}");
  }
  if (options_.mix == Mix::kStream) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    fmt::format_to(std::back_inserter(*out), R"(,"{}":{{"N":"{}"}})", kSentAttribute,
                   std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  }
  out->push_back('}');
}

Bytes Workload::load_body(std::uint64_t first, std::uint64_t count, SeededRandom* random) const {
  Bytes body = fmt::format(R"({{"RequestItems":{{"{}":[)", options_.table);
  for (std::uint64_t item = first; item < first + count; ++item) {
    if (item != first) body.push_back(',');
    body.append(R"({"PutRequest":{"Item":)");
    append_item(item, random, &body);
    body.append("}}");
  }
  body.append("]}}");
  return body;
}

void Workload::get(std::uint64_t item, Request* request) const {
  request->operation = "GetItem";
  request->body.assign(R"({"TableName":")").append(options_.table).append(R"(","Key":{)");
  append_key(item, &request->body);
  request->body.append(options_.consistent ? R"(},"ConsistentRead":true})" : "}}");
}

void Workload::put(std::uint64_t item, SeededRandom* random, Request* request) const {
  request->operation = "PutItem";
  request->body.assign(R"({"TableName":")").append(options_.table).append(R"(","Item":)");
  append_item(item, random, &request->body);
  request->body.push_back('}');
}

void Workload::update(std::uint64_t item, SeededRandom* random, Bytes* body) const {
  body->assign(R"({"TableName":")").append(options_.table).append(R"(","Key":{)");
  append_key(item, body);
  body->append(
      R"(},"UpdateExpression":"SET field0 = :field ADD updates :one","ExpressionAttributeValues":{":one":{"N":"1"},":field":{"S":")");
  append_field(random, options_.item_bytes / kFields, body);
  body->append("\"}}}");
}

void Workload::query(std::uint64_t item, Request* request) const {
  request->operation = "Query";
  request->body = fmt::format(
      R"({{"TableName":"{}","KeyConditionExpression":"pk = :pk","ExpressionAttributeValues":{{":pk":{{"S":"user{:016}"}}}},"Limit":{}}})",
      options_.table, item / kCollectionItems, options_.page_items);
}

void Workload::scan(std::uint32_t segment, std::uint32_t segments, std::string_view start_key, Request* request) const {
  request->operation = "Scan";
  request->body = fmt::format(R"({{"TableName":"{}","Segment":{},"TotalSegments":{},"Limit":{})", options_.table,
                              segment, segments, options_.page_items);
  if (!start_key.empty()) request->body.append(R"(,"ExclusiveStartKey":)").append(start_key);
  request->body.push_back('}');
}

void Workload::next(SeededRandom* random, std::uint32_t connection, std::uint32_t connections,
                    std::string_view start_key, Request* request) const {
  const std::uint64_t item = keys_.next(random);
  request->then_operation = {};
  const auto read_or_update = [&](double reads) {
    if (random->unit() < reads) return get(item, request);
    request->operation = "UpdateItem";
    update(item, random, &request->body);
  };
  switch (options_.mix) {
    case Mix::kBare: break;
    case Mix::kGet:
    case Mix::kTtl:
    case Mix::kYcsbC: get(item, request); break;
    case Mix::kPut:
    case Mix::kPutGsi:
    case Mix::kPutStream:
    case Mix::kStream: put(item, random, request); break;
    case Mix::kUpdate: read_or_update(0); break;
    case Mix::kQuery: query(item, request); break;
    case Mix::kScan: scan(connection, connections, start_key, request); break;
    case Mix::kYcsbA: read_or_update(0.5); break;
    case Mix::kYcsbB: read_or_update(0.95); break;
    case Mix::kYcsbF:
      get(item, request);
      if (random->unit() < 0.5) {
        request->then_operation = "UpdateItem";
        update(item, random, &request->then_body);
      }
      break;
  }
}

}  // namespace armature::cmd
