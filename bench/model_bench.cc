// links: armature_model
// The hot paths of model/: numbers, and a 1 KB item with ten attributes.
#include <benchmark/benchmark.h>

#include <string>

#include "model/key_codec.h"
#include "support/values.h"

namespace armature {
namespace {

using namespace test;

std::span<const Attribute> sample() {
  static const auto attributes = test::attributes(
      {{"user_id", S("0123456789abcdef0123456789abcdef")},
       {"created_at", N("1700000000.123")},
       {"status", S("active")},
       {"visits", N("42")},
       {"balance", N("-12345.67")},
       {"verified", BOOL(true)},
       {"tags", SS({"gold", "beta", "newsletter"})},
       {"address", M({{"street", S("Long Street 17")}, {"city", S("Springfield")}, {"zip", S("12345")}})},
       {"scores", L({N("1"), N("2.5"), N("1000000")})},
       {"note", S(std::string(780, 'n'))}});
  return attributes;
}

void number_parse(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(text.data());
    auto parsed = Number::parse(text);
    benchmark::DoNotOptimize(parsed);
  }
}
BENCHMARK_CAPTURE(number_parse, two_digits, "42");
BENCHMARK_CAPTURE(number_parse, timestamp, "1700000000.123");
BENCHMARK_CAPTURE(number_parse, thirty_eight_digits, "-1.2345678901234567890123456789012345678");

void number_text(benchmark::State& state, const std::string& text) {
  const Number value = number(text);
  Bytes out;
  for (auto _ : state) {
    out.clear();
    value.append_text(&out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK_CAPTURE(number_text, timestamp, "1700000000.123");
BENCHMARK_CAPTURE(number_text, thirty_eight_digits, "-1.2345678901234567890123456789012345678");

void number_compare(benchmark::State& state, const std::string& a_text, const std::string& b_text) {
  Number a = number(a_text);
  Number b = number(b_text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(a);
    benchmark::DoNotOptimize(b);
    bool less = a < b;
    benchmark::DoNotOptimize(less);
  }
}
BENCHMARK_CAPTURE(number_compare, integers, "1700000000", "1700000001");
BENCHMARK_CAPTURE(number_compare, other_scale, "12.5", "12.25");

void number_add(benchmark::State& state, const std::string& a_text, const std::string& b_text) {
  Number a = number(a_text);
  Number b = number(b_text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(a);
    auto sum = Number::add(a, b);
    benchmark::DoNotOptimize(sum);
  }
}
BENCHMARK_CAPTURE(number_add, small, "41", "1");
BENCHMARK_CAPTURE(number_add, large, "12345678901234567890123456789", "0.98765432");

void item_encode(benchmark::State& state) {
  Bytes out;
  for (auto _ : state) {
    out.clear();
    encode_item(sample(), &out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(item_encode);

void item_encode_into_a_new_string(benchmark::State& state) {
  for (auto _ : state) {
    Bytes out = encode_item(sample());
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(item_encode_into_a_new_string);

void item_decode(benchmark::State& state) {
  const Bytes encoded = encode_item(sample());
  Arena request_arena;
  for (auto _ : state) {
    request_arena.reset();
    auto attributes = ItemView(encoded).decode(&request_arena);
    benchmark::DoNotOptimize(attributes.data());
  }
}
BENCHMARK(item_decode);

void item_find(benchmark::State& state, const std::string& name) {
  const Bytes encoded = encode_item(sample());
  for (auto _ : state) {
    auto found = ItemView(encoded).find(name);
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK_CAPTURE(item_find, first, "address");
BENCHMARK_CAPTURE(item_find, last, "visits");
BENCHMARK_CAPTURE(item_find, absent, "nothing");

void item_validate(benchmark::State& state) {
  const Bytes encoded = encode_item(sample());
  for (auto _ : state) benchmark::DoNotOptimize(is_valid_item(encoded));
}
BENCHMARK(item_validate);

void item_key(benchmark::State& state) {
  const Value partition_key = S("0123456789abcdef0123456789abcdef");
  const Value sort_key = N("1700000000.123");
  for (auto _ : state) {
    Bytes key = encode_item_key(partition_key, &sort_key);
    benchmark::DoNotOptimize(key.data());
  }
}
BENCHMARK(item_key);

}  // namespace
}  // namespace armature
