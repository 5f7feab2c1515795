#include "api/streams/get_shard_iterator.h"

#include <fmt/format.h>

#include "stream/iterator.h"

namespace armature::api {
namespace {

using stream::Iterator;
using stream::SequenceNumber;

bool names_a_number(ShardIteratorType type) {
  return type == ShardIteratorType::kAtSequenceNumber || type == ShardIteratorType::kAfterSequenceNumber;
}

Result<std::optional<SequenceNumber>> requested_number(const GetShardIteratorRequest& request) {
  if (!names_a_number(request.type)) {
    if (!request.sequence_number) return std::optional<SequenceNumber>();
    return invalid(fmt::format(
        "One or more parameter values were invalid: SequenceNumber must not be specified when ShardIteratorType is {}",
        enum_name(request.type)));
  }
  if (!request.sequence_number) {
    return invalid(fmt::format(
        "One or more parameter values were invalid: SequenceNumber must be specified when ShardIteratorType is {}",
        enum_name(request.type)));
  }
  SequenceNumber number;
  if (!stream::parse_sequence_number(*request.sequence_number, &number)) {
    return invalid(
        fmt::format("One or more parameter values were invalid: Invalid SequenceNumber: {}", *request.sequence_number));
  }
  return std::optional(number);
}

Error shard_not_found(const GetShardIteratorRequest& request) {
  return {ErrorCode::kResourceNotFound,
          fmt::format("Requested resource not found: Shard: {} in Stream: {} not found", request.shard_id,
                      request.stream_arn),
          {}};
}

Result<void> check_number(const SequenceNumber& number, const stream::Shard& shard, storage::Stamp newest,
                          storage::Stamp horizon, const GetShardIteratorRequest& request) {
  const SequenceNumber last = shard.is_open() ? SequenceNumber{newest + 1, 0} : shard.last_number();
  if (number < shard.first_number() || number > last) {
    return invalid(fmt::format("One or more parameter values were invalid: SequenceNumber {} is not one of shard {}",
                               *request.sequence_number, request.shard_id));
  }
  if (number.stamp >= horizon) return {};
  return fail(ErrorCode::kTrimmedDataAccess,
              "The operation attempted to read past the oldest stream record in a shard.");
}

}  // namespace

Task<Result<GetShardIteratorResponse>> get_shard_iterator(Services& services, RequestContext& context,
                                                          const GetShardIteratorRequest& request) {
  CO_TRY_ASSIGN(const std::optional<SequenceNumber> number, requested_number(request));
  CO_TRY_ASSIGN(const StreamRef found, readable_stream(services, context, request.stream_arn));
  const std::optional<stream::ShardId> id = stream::parse_shard_id(request.shard_id);
  if (!id) co_return Unexpected(shard_not_found(request));

  // In this order, so that whatever was acknowledged before the call lies before LATEST.
  CO_TRY_ASSIGN(const storage::Stamp newest, co_await services.streams.newest(*found.table));
  CO_TRY_ASSIGN(const stream::Lineage lineage, co_await services.streams.readable_shards(*found.table, *found.stream));
  const stream::Shard* const shard = lineage.find(*id);
  if (shard == nullptr) co_return Unexpected(shard_not_found(request));
  // The number a shard starts with may belong to no record: the first shard of a stream starts before everything.
  const bool from_start = request.type == ShardIteratorType::kAtSequenceNumber && *number == shard->first_number();
  if (number && !from_start) {
    CO_TRY(check_number(*number, *shard, newest, services.streams.horizon(), request));
  }

  Iterator iterator{.stream_arn = request.stream_arn, .shard = *id, .made_at_ms = services.clock.now_ms()};
  switch (request.type) {
    case ShardIteratorType::kTrimHorizon: iterator.kind = Iterator::Kind::kOldest; break;
    case ShardIteratorType::kLatest:
      iterator.kind = Iterator::Kind::kCaughtUp;
      iterator.position = {newest + 1, 0};
      break;
    case ShardIteratorType::kAtSequenceNumber:
    case ShardIteratorType::kAfterSequenceNumber:
      if (from_start) {
        iterator.kind = Iterator::Kind::kOldest;
        break;
      }
      iterator.kind = Iterator::Kind::kRecord;
      iterator.position = request.type == ShardIteratorType::kAtSequenceNumber ? *number : number->next();
      break;
  }
  co_return GetShardIteratorResponse{stream::encode_iterator(iterator)};
}

void encode(const GetShardIteratorResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member("ShardIterator", response.iterator);
  writer->end_object();
}

}  // namespace armature::api
