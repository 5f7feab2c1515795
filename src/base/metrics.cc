#include "base/metrics.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/assert.h"

namespace armature {
namespace metrics_detail {

std::size_t assign_shard() {
  static std::atomic<std::size_t> next{0};
  return next.fetch_add(1, std::memory_order_relaxed) % kShards;
}

}  // namespace metrics_detail

namespace {

// Buckets are finer than a scraper wants them: only the powers of two in these ranges are rendered.
constexpr int kFirstSecondsBits = 14;  // 16 microseconds.
constexpr int kLastSecondsBits = 36;   // 69 seconds.
constexpr int kFirstPlainBits = 0;
constexpr int kLastPlainBits = 30;

double scale(HistogramUnit unit) { return unit == HistogramUnit::kSeconds ? 1e-9 : 1.0; }

void append_number(std::string* out, double value) {
  if (std::isnan(value)) {
    *out += "NaN";
  } else if (std::isinf(value)) {
    *out += value < 0 ? "-Inf" : "+Inf";
  } else {
    constexpr double kExactIntegers = 0x1p53;  // Counts read better as 1000000 than as 1e+06.
    const bool whole = std::abs(value) < kExactIntegers && value == std::floor(value);
    char text[32];
    const auto end = whole ? std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(value)).ptr
                           : std::to_chars(text, text + sizeof text, value).ptr;
    out->append(text, end);
  }
}

void append_escaped(std::string* out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\') {
      *out += "\\\\";
    } else if (c == '\n') {
      *out += "\\n";
    } else if (c == '"' && quotes) {
      *out += "\\\"";
    } else {
      out->push_back(c);
    }
  }
}

// Labels as they are rendered, without the braces: also what tells two series of one family apart.
std::string label_text(MetricLabels labels) {
  std::string text;
  for (const MetricLabel& label : labels) {
    if (!text.empty()) text.push_back(',');
    text.append(label.name);
    text += "=\"";
    append_escaped(&text, label.value, true);
    text.push_back('"');
  }
  return text;
}

void append_line(std::string* out, std::string_view name, std::string_view suffix, std::string_view labels,
                 double value) {
  out->append(name);
  out->append(suffix);
  if (!labels.empty()) {
    out->push_back('{');
    out->append(labels);
    out->push_back('}');
  }
  out->push_back(' ');
  append_number(out, value);
  out->push_back('\n');
}

void append_histogram(std::string* out, std::string_view name, const std::string& labels, const Histogram& histogram) {
  const Histogram::Snapshot snapshot = histogram.snapshot();
  const bool seconds = histogram.unit() == HistogramUnit::kSeconds;
  const std::string separator = labels.empty() ? "" : ",";
  std::uint64_t below = 0;
  std::size_t bucket = 0;
  for (int bits = seconds ? kFirstSecondsBits : kFirstPlainBits; bits <= (seconds ? kLastSecondsBits : kLastPlainBits);
       ++bits) {
    // A Prometheus bucket includes its bound and ours do not; for nanoseconds and bytes that is nothing, and for
    // small counts the bound is written as the largest value that is really inside.
    const std::uint64_t bound = std::uint64_t{1} << bits;
    while (bucket < snapshot.buckets.size() && Histogram::lower_bound(bucket) < bound)
      below += snapshot.buckets[bucket++];
    std::string with_bound = labels + separator + "le=\"";
    append_number(&with_bound, seconds ? static_cast<double>(bound) * 1e-9 : static_cast<double>(bound - 1));
    with_bound.push_back('"');
    append_line(out, name, "_bucket", with_bound, static_cast<double>(below));
  }
  append_line(out, name, "_bucket", labels + separator + "le=\"+Inf\"", static_cast<double>(snapshot.count));
  append_line(out, name, "_sum", labels, static_cast<double>(snapshot.sum) * scale(histogram.unit()));
  append_line(out, name, "_count", labels, static_cast<double>(snapshot.count));
}

}  // namespace

std::uint64_t Counter::value() const {
  std::uint64_t sum = 0;
  for (const Shard& shard : shards_) sum += shard.value.load(std::memory_order_relaxed);
  return sum;
}

std::uint64_t Histogram::lower_bound(std::size_t index) {
  constexpr std::size_t kLinear = std::size_t{1} << kSubBucketBits;
  if (index < kLinear) return index;
  const std::size_t shift = index / kLinear - 1;
  return static_cast<std::uint64_t>(index % kLinear + kLinear) << shift;
}

Histogram::Snapshot Histogram::snapshot() const {
  Snapshot snapshot;
  snapshot.buckets.assign(kBuckets, 0);
  for (const Shard& shard : shards_) {
    snapshot.sum += shard.sum.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < kBuckets; ++i) snapshot.buckets[i] += shard.buckets[i].load(std::memory_order_relaxed);
  }
  for (const std::uint64_t count : snapshot.buckets) snapshot.count += count;
  return snapshot;
}

double Histogram::Snapshot::quantile(double fraction) const {
  if (count == 0) return 0;
  const double wanted = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(count);
  double below = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const auto here = static_cast<double>(buckets[i]);
    if (here > 0 && below + here >= wanted) {
      const auto low = static_cast<double>(lower_bound(i));
      const auto high = static_cast<double>(lower_bound(i + 1));
      return low + (high - low) * ((wanted - below) / here);
    }
    below += here;
  }
  return static_cast<double>(lower_bound(buckets.size() - 1));
}

struct MetricsRegistry::Series {
  std::string label_text;
  std::vector<std::pair<std::string, std::string>> labels;
  // The one that its family's kind names.
  std::unique_ptr<Counter> counter;
  std::unique_ptr<Gauge> gauge;
  std::unique_ptr<Histogram> histogram;
  std::function<double()> function;
  std::uint64_t registration = 0;
};

struct MetricsRegistry::Family {
  Kind kind;
  std::string help;
  std::map<std::string, Series> series;  // By label text; nodes never move.
};

MetricsRegistry::MetricsRegistry() = default;
MetricsRegistry::~MetricsRegistry() = default;

MetricsRegistry::Family& MetricsRegistry::family(std::string_view name, std::string_view help, Kind kind) {
  auto found = families_.find(name);
  if (found == families_.end()) {
    auto created = std::make_unique<Family>(Family{kind, std::string(help), {}});
    found = families_.emplace(std::string(name), std::move(created)).first;
  }
  ARMATURE_ASSERT(found->second->kind == kind);
  return *found->second;
}

MetricsRegistry::Series& MetricsRegistry::series(Family& family, MetricLabels labels) {
  std::string text = label_text(labels);
  Series& series = family.series[text];
  if (series.label_text != text) {
    series.label_text = std::move(text);
    for (const MetricLabel& label : labels) series.labels.emplace_back(label.name, label.value);
  }
  return series;
}

Counter& MetricsRegistry::counter(std::string_view name, std::string_view help, MetricLabels labels) {
  const std::lock_guard lock(mutex_);
  Series& found = series(family(name, help, Kind::kCounter), labels);
  if (!found.counter) found.counter = std::make_unique<Counter>();
  return *found.counter;
}

Gauge& MetricsRegistry::gauge(std::string_view name, std::string_view help, MetricLabels labels) {
  const std::lock_guard lock(mutex_);
  Series& found = series(family(name, help, Kind::kGauge), labels);
  if (!found.gauge) found.gauge = std::make_unique<Gauge>();
  return *found.gauge;
}

Histogram& MetricsRegistry::histogram(std::string_view name, std::string_view help, MetricLabels labels,
                                      HistogramUnit unit) {
  const std::lock_guard lock(mutex_);
  Series& found = series(family(name, help, Kind::kHistogram), labels);
  if (!found.histogram) found.histogram = std::make_unique<Histogram>(unit);
  return *found.histogram;
}

MetricsRegistry::Registration MetricsRegistry::gauge_function(std::string_view name, std::string_view help,
                                                              MetricLabels labels, std::function<double()> read) {
  return add_function(Kind::kGaugeFunction, name, help, labels, std::move(read));
}

MetricsRegistry::Registration MetricsRegistry::counter_function(std::string_view name, std::string_view help,
                                                                MetricLabels labels, std::function<double()> read) {
  return add_function(Kind::kCounterFunction, name, help, labels, std::move(read));
}

MetricsRegistry::Registration MetricsRegistry::add_function(Kind kind, std::string_view name, std::string_view help,
                                                            MetricLabels labels, std::function<double()> read) {
  const std::lock_guard lock(mutex_);
  Series& found = series(family(name, help, kind), labels);
  found.function = std::move(read);
  found.registration = next_registration_++;
  return Registration([this, family = std::string(name), text = found.label_text, registration = found.registration] {
    const std::lock_guard remove_lock(mutex_);
    auto& all = families_.find(family)->second->series;
    const auto entry = all.find(text);
    if (entry != all.end() && entry->second.registration == registration) all.erase(entry);
  });
}

double MetricsRegistry::read(const Family& family, const Series& series) {
  switch (family.kind) {
    case Kind::kCounter: return static_cast<double>(series.counter->value());
    case Kind::kGauge: return static_cast<double>(series.gauge->value());
    case Kind::kHistogram: return static_cast<double>(series.histogram->snapshot().count);
    case Kind::kGaugeFunction:
    case Kind::kCounterFunction: return series.function();
  }
  return 0;
}

std::string MetricsRegistry::render() const {
  const auto type_name = [](Kind kind) -> std::string_view {
    switch (kind) {
      case Kind::kCounter:
      case Kind::kCounterFunction: return "counter";
      case Kind::kGauge:
      case Kind::kGaugeFunction: return "gauge";
      case Kind::kHistogram: return "histogram";
    }
    return "untyped";
  };
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    if (family->series.empty()) continue;
    out.append("# HELP ").append(name).append(" ");
    append_escaped(&out, family->help, false);
    out.append("\n# TYPE ").append(name).append(" ").append(type_name(family->kind)).append("\n");
    for (const auto& [text, one] : family->series) {
      if (family->kind == Kind::kHistogram) {
        append_histogram(&out, name, text, *one.histogram);
      } else {
        append_line(&out, name, "", text, read(*family, one));
      }
    }
  }
  return out;
}

std::vector<MetricSample> MetricsRegistry::samples() const {
  const std::lock_guard lock(mutex_);
  std::vector<MetricSample> all;
  for (const auto& [name, family] : families_) {
    for (const auto& [text, one] : family->series) {
      all.push_back({name, one.labels, read(*family, one), one.histogram.get()});
    }
  }
  return all;
}

}  // namespace armature
