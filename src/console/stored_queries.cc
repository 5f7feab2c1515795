#include "console/stored_queries.h"

#include <algorithm>

#include "base/log.h"
#include "base/random.h"
#include "wire/json.h"

namespace armature::console {
namespace {

using connector::SavedQuery;
using connector::StoreError;

constexpr std::string_view kPrefix = "cq";
constexpr std::string_view kVersionPrefix = "cv";

Bytes row_key(std::string_view id) { return Bytes(kPrefix).append(id); }
Bytes versions_prefix(std::string_view id) { return Bytes(kVersionPrefix).append(id) + '/'; }

Expected<SavedQuery, StoreError> decode(BytesView value) {
  Arena arena;
  const auto json = wire::parse_json(value, &arena);
  if (!json) return Unexpected(StoreError{"A saved query cannot be read."});
  auto query = connector::read_query(**json);
  if (!query) return Unexpected(StoreError{query.error().message});
  return std::move(*query);
}

std::vector<SavedQuery> decode_all(const std::vector<Row>& rows) {
  std::vector<SavedQuery> queries;
  for (const Row& row : rows) {
    auto query = decode(row.value);
    if (query) {
      queries.push_back(std::move(*query));
    } else {
      log(LogLevel::kError, "a saved query cannot be read", {{"error", query.error().message}});
    }
  }
  return queries;
}

}  // namespace

Task<Expected<std::vector<SavedQuery>, StoreError>> StoredQueries::list() {
  CO_TRY_ASSIGN(const std::vector<Row> rows, co_await rows_->with_prefix(Bytes(kPrefix)));
  co_return decode_all(rows);
}

Task<Expected<std::optional<SavedQuery>, StoreError>> StoredQueries::find(std::string id) {
  CO_TRY_ASSIGN(const std::optional<Bytes> value, co_await rows_->get(row_key(id)));
  if (!value) co_return std::optional<SavedQuery>();
  CO_TRY_ASSIGN(SavedQuery query, decode(*value));
  co_return std::optional<SavedQuery>(std::move(query));
}

Task<Expected<SavedQuery, StoreError>> StoredQueries::put(SavedQuery query) {
  if (query.id.empty()) query.id = random_uuid();
  query.updated_at_s = clock_->now_s();
  const Bytes value = connector::query_json(query);
  std::optional<Bytes> before;
  Rows::Change replace = [&](const std::optional<Bytes>& now) {
    before = now;
    return std::optional<Bytes>(value);
  };
  CO_TRY(co_await rows_->change(row_key(query.id), std::move(replace)));
  if (before) CO_TRY(co_await keep_version(query.id, std::move(*before)));
  co_return std::move(query);
}

Task<Expected<void, StoreError>> StoredQueries::keep_version(std::string id, Bytes value) {
  const Bytes prefix = versions_prefix(id);
  CO_TRY_ASSIGN(const std::vector<Row> rows, co_await rows_->with_prefix(prefix));
  Rows::Change drop = [](const std::optional<Bytes>&) { return std::optional<Bytes>(); };
  for (std::size_t i = 0; i + kVersionsKept <= rows.size(); ++i) CO_TRY(co_await rows_->change(rows[i].key, drop));

  const std::uint64_t number =
      rows.empty() ? 1 : read_u64_be(rows.back().key.data() + rows.back().key.size() - sizeof(std::uint64_t)) + 1;
  Bytes key = prefix;
  append_u64_be(&key, number);
  Rows::Change keep = [&](const std::optional<Bytes>&) { return std::optional<Bytes>(value); };
  co_return co_await rows_->change(std::move(key), std::move(keep));
}

Task<Expected<bool, StoreError>> StoredQueries::remove(std::string id) {
  bool existed = false;
  Rows::Change remove = [&](const std::optional<Bytes>& now) {
    existed = now.has_value();
    return std::optional<Bytes>();
  };
  CO_TRY(co_await rows_->change(row_key(id), remove));
  CO_TRY_ASSIGN(const std::vector<Row> rows, co_await rows_->with_prefix(versions_prefix(id)));
  Rows::Change drop = [](const std::optional<Bytes>&) { return std::optional<Bytes>(); };
  for (const Row& row : rows) CO_TRY(co_await rows_->change(row.key, drop));
  co_return existed;
}

Task<Expected<std::vector<SavedQuery>, StoreError>> StoredQueries::versions(std::string id) {
  CO_TRY_ASSIGN(std::vector<Row> rows, co_await rows_->with_prefix(versions_prefix(id)));
  std::reverse(rows.begin(), rows.end());
  co_return decode_all(rows);
}

}  // namespace armature::console
