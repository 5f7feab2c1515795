// links: armature_expression
// What expressions cost a request: binding a text seen before (the usual case), parsing a new one, and evaluating.
#include <benchmark/benchmark.h>

#include <string>

#include "expression/condition.h"
#include "expression/parser.h"
#include "expression/projection.h"
#include "expression/update.h"
#include "support/values.h"

namespace armature {
namespace {

using namespace test;
using namespace expression;

constexpr std::string_view kSimple = "attribute_not_exists(user_id)";
constexpr std::string_view kFilter = "#s = :active AND visits BETWEEN :low AND :high AND contains(tags, :tag)";
constexpr std::string_view kUpdate = "SET visits = visits + :low, address.city = :active REMOVE note";
constexpr std::string_view kProjection = "user_id, address.city, scores[0], scores[2]";

const Bytes& stored_item() {
  static const Bytes encoded =
      item({{"user_id", S("0123456789abcdef0123456789abcdef")},
            {"created_at", N("1700000000.123")},
            {"status", S("active")},
            {"visits", N("42")},
            {"verified", BOOL(true)},
            {"tags", SS({"gold", "beta", "newsletter"})},
            {"address", M({{"street", S("Long Street 17")}, {"city", S("Springfield")}, {"zip", S("12345")}})},
            {"scores", L({N("1"), N("2.5"), N("1000000")})},
            {"note", S(std::string(780, 'n'))}});
  return encoded;
}

Placeholders placeholders() {
  static const NamePlaceholder names[] = {{"#s", "status"}};
  static const auto values =
      attributes({{":active", S("active")}, {":low", N(1)}, {":high", N(99)}, {":tag", S("beta")}});
  return Placeholders(names, values);
}

void bind_condition_again(benchmark::State& state, std::string_view text) {
  Arena arena;
  Placeholders given = placeholders();
  for (auto _ : state) {
    arena.reset();
    benchmark::DoNotOptimize(bind_condition(text, Parameter::kFilter, &given, &arena));
  }
}
BENCHMARK_CAPTURE(bind_condition_again, simple, kSimple);
BENCHMARK_CAPTURE(bind_condition_again, filter, kFilter);

void bind_update_again(benchmark::State& state) {
  Arena arena;
  Placeholders given = placeholders();
  for (auto _ : state) {
    arena.reset();
    benchmark::DoNotOptimize(bind_update(kUpdate, &given, &arena));
  }
}
BENCHMARK(bind_update_again);

void bind_projection_again(benchmark::State& state) {
  Arena arena;
  Placeholders given = placeholders();
  for (auto _ : state) {
    arena.reset();
    benchmark::DoNotOptimize(bind_projection(kProjection, &given, &arena));
  }
}
BENCHMARK(bind_projection_again);

void parse_new_text(benchmark::State& state, std::string_view text, Grammar grammar) {
  for (auto _ : state) benchmark::DoNotOptimize(parse(text, grammar));
}
BENCHMARK_CAPTURE(parse_new_text, simple, kSimple, Grammar::kCondition);
BENCHMARK_CAPTURE(parse_new_text, filter, kFilter, Grammar::kCondition);
BENCHMARK_CAPTURE(parse_new_text, update, kUpdate, Grammar::kUpdate);

void evaluate_condition(benchmark::State& state, std::string_view text) {
  Arena arena;
  Placeholders given = placeholders();
  const auto condition = bind_condition(text, Parameter::kFilter, &given, &arena);
  const ItemView item(stored_item());
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(**condition, &item, &arena));
}
BENCHMARK_CAPTURE(evaluate_condition, simple, kSimple);
BENCHMARK_CAPTURE(evaluate_condition, filter, kFilter);

void apply_an_update(benchmark::State& state) {
  Arena bound;
  Arena arena;
  Placeholders given = placeholders();
  const auto program = bind_update(kUpdate, &given, &bound);
  const ItemView item(stored_item());
  for (auto _ : state) {
    arena.reset();
    benchmark::DoNotOptimize(apply_update(**program, &item, {}, &arena));
  }
}
BENCHMARK(apply_an_update);

void project_an_item(benchmark::State& state) {
  Arena bound;
  Arena arena;
  Placeholders given = placeholders();
  const auto projection = bind_projection(kProjection, &given, &bound);
  const ItemView item(stored_item());
  for (auto _ : state) {
    arena.reset();
    benchmark::DoNotOptimize(project(**projection, item, &arena));
  }
}
BENCHMARK(project_an_item);

}  // namespace
}  // namespace armature
