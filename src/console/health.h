// What needs somebody's attention, in words.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "console/metrics_history.h"

namespace armature::console {

enum class Severity : std::uint8_t { kError, kWarning, kInfo };
std::string_view to_string(Severity severity);

struct HealthItem {
  Severity severity = Severity::kInfo;
  std::string title;
  std::string detail;
  std::string link = {};  // Where to look: a path of this server, or of its console; empty: nowhere.
  // The table it is about, which the console's link leads to.
  std::optional<TableActivity> table = {};
};

// What does not change while the server runs.
struct HealthFacts {
  bool dev = false;
  bool in_memory = false;
  bool buffered = false;  // Acknowledged writes may be lost with the machine's power.
  bool tls = false;
  bool loopback_only = true;     // Listens where only this machine can connect.
  std::string data_directory;    // Empty in memory.
  std::string certificate_file;  // Empty without TLS.
};

// The worst first. A table is named only if `may_name` says so.
using MayName = std::function<bool(const TableActivity& table)>;
std::vector<HealthItem> health(const HealthFacts& facts, const MetricsHistory& history, const Clock& clock,
                               const MayName& may_name);

}  // namespace armature::console
