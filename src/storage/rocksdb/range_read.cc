#include "storage/rocksdb/range_read.h"

#include <algorithm>

namespace armature::storage {
namespace {

// On a loop, give up after stepping over this many deleted entries and let the pool take the walk.
constexpr std::uint64_t kMostSkippedOnLoop = 1000;

Bytes physical(KeySpaceId key_space, BytesView key) {
  Bytes result;
  result.reserve(kKeySpacePrefixBytes + key.size());
  append_u64_be(&result, key_space);
  result.append(key);
  return result;
}

}  // namespace

RangeRead::RangeRead(const Database& database, const RangeRequest& request)
    : database_(database),
      request_(request),
      lower_(physical(request.key_space, request.begin)),
      upper_(request.end.empty() ? physical(request.key_space + 1, {}) : physical(request.key_space, request.end)),
      nothing_(lower_ >= upper_) {}

bool RangeRead::full() const {
  return page_.entries.size() >= std::max<std::size_t>(request_.limit_entries, 1) ||
         (!page_.entries.empty() && bytes_ >= request_.limit_bytes);
}

rocksdb::Status RangeRead::run(rocksdb::ReadTier tier) {
  if (nothing_) return rocksdb::Status::OK();
  const rocksdb::Slice lower = as_slice(lower_);
  const rocksdb::Slice upper = as_slice(upper_);
  rocksdb::ReadOptions options;
  options.read_tier = tier;
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  if (tier == rocksdb::kBlockCacheTier) options.max_skippable_internal_keys = kMostSkippedOnLoop;

  const std::unique_ptr<rocksdb::Iterator> rows(
      database_.rocksdb().NewIterator(options, database_.family(request_.space)));
  for (seek(rows.get()); rows->Valid(); request_.reverse ? rows->Prev() : rows->Next()) {
    if (full()) {
      page_.more = true;
      return rocksdb::Status::OK();
    }
    append(*rows);
  }
  return rows->status();
}

void RangeRead::seek(rocksdb::Iterator* rows) const {
  if (page_.entries.empty()) {
    request_.reverse ? rows->SeekToLast() : rows->SeekToFirst();
    return;
  }
  const Bytes last = physical(request_.key_space, page_.entries.back().key);
  if (request_.reverse) {
    rows->SeekForPrev(as_slice(last));
    if (rows->Valid() && rows->key() == as_slice(last)) rows->Prev();
  } else {
    rows->Seek(as_slice(last));
    if (rows->Valid() && rows->key() == as_slice(last)) rows->Next();
  }
}

void RangeRead::append(const rocksdb::Iterator& rows) {
  const BytesView key = memory_->copy(as_view(rows.key()).substr(kKeySpacePrefixBytes));
  const BytesView value = memory_->copy(as_view(rows.value()));
  page_.entries.push_back({key, value});
  bytes_ += key.size() + value.size();
}

RangePage RangeRead::take() && {
  page_.memory.push_back(std::move(memory_));
  return std::move(page_);
}

}  // namespace armature::storage
