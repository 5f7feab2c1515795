#include "console/health.h"

#include <fmt/format.h>

#include <algorithm>

#include "console/process.h"

namespace armature::console {
namespace {

constexpr std::int64_t kRecentSeconds = 300;
constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kGigabyte = std::int64_t{1} << 30;

using Items = std::vector<HealthItem>;

// "1 request", "2 requests".
std::string counted(double count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void check_settings(const HealthFacts& facts, Items* items) {
  if (facts.dev) {
    items->push_back({Severity::kWarning, "Any credentials are accepted",
                      "The server runs with --dev. Do not let others reach it, and do not keep anything in it that "
                      "you need."});
  }
  if (facts.in_memory) {
    items->push_back({Severity::kInfo, "Data is in memory", "Everything is gone when the server stops."});
  }
  if (facts.buffered) {
    items->push_back({Severity::kInfo, "Writes are buffered",
                      "With --durability=buffered, writes acknowledged within the last moments may be lost with the "
                      "machine's power."});
  }
  if (!facts.tls && !facts.loopback_only) {
    items->push_back({Severity::kWarning, "Connections are not encrypted",
                      "Other machines can connect, and TLS is off: passwords, secrets and data cross the network in "
                      "the open. Start the server with --tls-cert and --tls-key, or behind a proxy that has them."});
  }
}

void check_disk(const HealthFacts& facts, Items* items) {
  if (facts.data_directory.empty()) return;
  const auto space = disk_space(facts.data_directory);
  if (!space || space->total_bytes == 0) return;
  const double share = static_cast<double>(space->free_bytes) / static_cast<double>(space->total_bytes);
  const std::string detail =
      fmt::format("{:.1f} GB of {:.1f} GB are free where {} lies. When none are left, writes fail.",
                  static_cast<double>(space->free_bytes) / kGigabyte,
                  static_cast<double>(space->total_bytes) / kGigabyte, facts.data_directory);
  if (space->free_bytes < kGigabyte / 4 || share < 0.02) {
    items->push_back({Severity::kError, "The disk is almost full", detail});
  } else if (space->free_bytes < 2 * kGigabyte || share < 0.10) {
    items->push_back({Severity::kWarning, "The disk is filling up", detail});
  }
}

void check_certificate(const HealthFacts& facts, std::int64_t now_s, Items* items) {
  if (facts.certificate_file.empty()) return;
  const auto expiry_s = certificate_expiry_s(facts.certificate_file);
  if (!expiry_s) {
    items->push_back({Severity::kWarning, "The TLS certificate cannot be read",
                      facts.certificate_file + " cannot be read again; the server still uses what it read before."});
    return;
  }
  const std::int64_t days = (*expiry_s - now_s) / kSecondsPerDay;
  if (*expiry_s <= now_s) {
    items->push_back({Severity::kError, "The TLS certificate has expired",
                      "Clients refuse to connect. Replace " + facts.certificate_file + " and send the server SIGHUP."});
  } else if (days < 30) {
    items->push_back({Severity::kWarning, fmt::format("The TLS certificate expires in {} days", days),
                      "Replace " + facts.certificate_file + " and send the server SIGHUP."});
  }
}

void check_activity(const MetricsHistory& history, const MayName& may_name, Items* items) {
  double throttles = 0;
  double internal_errors = 0;
  double shed = 0;
  double background_failures = 0;
  for (const MetricsPoint& point : history.points(kRecentSeconds)) {
    throttles += point.throttles;
    internal_errors += point.internal_errors;
    shed += point.shed;
    background_failures += point.background_failures;
  }
  constexpr std::string_view kPage = "/metrics";
  if (internal_errors > 0) {
    items->push_back({Severity::kError, counted(internal_errors, "internal error") + " in the last 5 minutes",
                      "The server's log says what went wrong, under the request ids.", std::string(kPage)});
  }
  if (history.latest("armature_storage_background_errors_total") > 0) {
    items->push_back({Severity::kError, "The storage engine reports errors",
                      "Background work of the engine failed; its log says why."});
  }
  if (background_failures > 0) {
    items->push_back({Severity::kWarning, "Background work failed in the last 5 minutes",
                      fmt::format("{} failed and are tried again; the server's log says which and why.",
                                  counted(background_failures, "step"))});
  }
  if (shed > 0) {
    items->push_back({Severity::kWarning, counted(shed, "request") + " refused in the last 5 minutes",
                      "Too much was going on at once. Clients try again, and notice the time it takes.",
                      std::string(kPage)});
  }
  if (throttles > 0) {
    HealthItem item{Severity::kWarning, counted(throttles, "request") + " throttled in the last 5 minutes",
                    "More was asked for than the tables are provisioned for."};
    const auto tables = history.tables(kRecentSeconds);
    const auto most = std::max_element(tables.begin(), tables.end(), [](const auto& a, const auto& b) {
      return a.counts.all_throttles() < b.counts.all_throttles();
    });
    if (most != tables.end() && most->counts.all_throttles() > 0 && may_name(*most)) {
      item.detail += fmt::format(" The table {} in {} was throttled most: {}.", most->table, most->region,
                                 counted(static_cast<double>(most->counts.all_throttles()), "time"));
      item.table = *most;
    }
    items->push_back(std::move(item));
  }
}

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kInfo: return "info";
  }
  return {};
}

std::vector<HealthItem> health(const HealthFacts& facts, const MetricsHistory& history, const Clock& clock,
                               const MayName& may_name) {
  Items items;
  check_activity(history, may_name, &items);
  check_disk(facts, &items);
  check_certificate(facts, clock.now_s(), &items);
  check_settings(facts, &items);
  std::stable_sort(items.begin(), items.end(),
                   [](const HealthItem& a, const HealthItem& b) { return a.severity < b.severity; });
  return items;
}

}  // namespace armature::console
