#include "console/ended_sessions.h"

namespace armature::console {
namespace {

constexpr std::string_view kPrefix = "cx";

Bytes row_key(const Session& session) { return Bytes(kPrefix).append(session.id); }

}  // namespace

Task<RowResult<void>> EndedSessions::end(const Session& session, const SessionLimits& limits, std::int64_t now_s) {
  Rows::Change forget = [](const std::optional<Bytes>&) { return std::optional<Bytes>(); };
  CO_TRY_ASSIGN(const std::vector<Row> rows, co_await rows_->with_prefix(Bytes(kPrefix)));
  for (const Row& row : rows) {
    const bool expired =
        row.value.size() != sizeof(std::uint64_t) || static_cast<std::int64_t>(read_u64_be(row.value.data())) <= now_s;
    if (expired) CO_TRY(co_await rows_->change(row.key, forget));
  }
  // The longest it could have lived: other cookies of the same session may be newer than the one that came.
  Bytes until;
  append_u64_be(&until, static_cast<std::uint64_t>(session.begun_at_s + limits.longest_s));
  Rows::Change keep = [&](const std::optional<Bytes>&) { return std::optional<Bytes>(until); };
  co_return co_await rows_->change(row_key(session), std::move(keep));
}

Task<RowResult<bool>> EndedSessions::has_ended(const Session& session) {
  CO_TRY_ASSIGN(const std::optional<Bytes> row, co_await rows_->get(row_key(session)));
  co_return row.has_value();
}

}  // namespace armature::console
