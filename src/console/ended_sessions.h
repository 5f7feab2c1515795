// Sessions that were ended before they expired. Kept in storage, so that signing out on one node signs out on all.
#pragma once

#include "console/rows.h"
#include "console/session.h"

namespace armature::console {

// Thread-safe.
class EndedSessions {
 public:
  // `rows` must outlive this.
  explicit EndedSessions(Rows* rows) : rows_(rows) {}

  // Ends the session for good; forgets those that would have expired by now.
  Task<RowResult<void>> end(const Session& session, const SessionLimits& limits, std::int64_t now_s);
  Task<RowResult<bool>> has_ended(const Session& session);

 private:
  Rows* const rows_;
};

}  // namespace armature::console
