#include "cmd/open_files.h"

#include <sys/resource.h>

#include <algorithm>

namespace armature::cmd {
namespace {

constexpr std::size_t kLeastForTheEngine = 48;  // An empty database and its loops need half of these.
constexpr std::size_t kLeastConnections = 8;
constexpr rlim_t kUnlimited = rlim_t{1} << 30;

}  // namespace

std::size_t raise_open_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kUnlimited;
  const rlim_t given = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  const bool raised = setrlimit(RLIMIT_NOFILE, &limit) == 0;
  return std::min(raised ? limit.rlim_cur : given, kUnlimited);
}

std::size_t connections_within(std::size_t limit, std::size_t wanted) {
  const std::size_t for_the_engine = std::max(kLeastForTheEngine, limit / 4);
  const std::size_t left = limit > for_the_engine ? limit - for_the_engine : 0;
  return std::min(wanted, std::max(left, kLeastConnections));
}

}  // namespace armature::cmd
