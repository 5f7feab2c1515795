#include "partiql/parse_cache.h"

#include <list>
#include <unordered_map>

namespace armature::partiql {
namespace {

class StatementCache {
 public:
  Result<StatementRef> parse(std::string_view text) {
    const auto found = by_text_.find(text);
    if (found != by_text_.end()) {
      statements_.splice(statements_.begin(), statements_, found->second);
      return *found->second;
    }
    TRY_ASSIGN(StatementRef parsed, ParsedStatement::parse(text));
    statements_.push_front(parsed);
    by_text_.emplace(parsed->text(), statements_.begin());
    if (statements_.size() > kCachedStatements) {
      by_text_.erase(statements_.back()->text());
      statements_.pop_back();
    }
    return parsed;
  }

 private:
  std::list<StatementRef> statements_;  // Most recently used first.
  std::unordered_map<std::string_view, std::list<StatementRef>::iterator> by_text_;
};

}  // namespace

Result<StatementRef> parse_cached(std::string_view text) {
  thread_local StatementCache cache;
  return cache.parse(text);
}

}  // namespace armature::partiql
