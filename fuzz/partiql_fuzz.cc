// links: armature_partiql
// Any text as a PartiQL statement: an answer or an error, never a crash. What binds must plan and evaluate, and what an
// UPDATE or INSERT makes must be a valid item. The same text is also tried as a NextToken.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "expression/update.h"
#include "partiql/bind.h"
#include "partiql/next_token.h"
#include "partiql/select_plan.h"
#include "partiql/write_plan.h"
#include "support/tables.h"
#include "support/values.h"

using namespace armature;
using namespace armature::test;

namespace {

const TableDefinition& definition() {
  static const TableDefinition table =
      test::table("t").pk("p", 'S').sk("c", 'N').lsi("l", "x", 'N').gsi("g", {{"y", 'S'}});
  return table;
}

std::vector<Value> parameters(std::size_t count) {
  static const Value kinds[] = {S("x"),    N(1),      L({N(1), S("x")}), M({{"p", S("k")}, {"c", N(2)}}),
                                SS({"a"}), BOOL(true)};
  std::vector<Value> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(kinds[i % std::size(kinds)]);
  return values;
}

void try_item(std::span<const Attribute> item) { ARMATURE_ASSERT(is_valid_item(encode_item(item))); }

void try_statement(const partiql::BoundStatement& bound, Arena* arena) {
  static const Bytes stored = item({{"p", S("k")}, {"c", N(1)}, {"m", M({{"k", L({N(1)})}})}, {"s", SS({"a"})}});
  const ItemView view(stored);
  if (bound.where != nullptr) {
    expression::evaluate(*bound.where, &view, arena);
    expression::evaluate(*bound.where, nullptr, arena);
  }
  switch (bound.kind()) {
    case partiql::Statement::Kind::kInsert: try_item(bound.item); break;
    case partiql::Statement::Kind::kUpdate: {
      const auto result = expression::apply_update(*bound.program, &view, {}, arena);
      if (result) try_item(result->attributes);
      (void)partiql::plan_update(definition(), bound, arena);
      break;
    }
    case partiql::Statement::Kind::kDelete: (void)partiql::plan_delete(definition(), bound, arena); break;
    case partiql::Statement::Kind::kExists: (void)partiql::plan_exists(definition(), bound, arena); break;
    case partiql::Statement::Kind::kSelect:
      for (const char* index : {"", "l", "g"}) {
        (void)partiql::plan_select(definition(), definition().find_index(index), bound, false, arena);
      }
      try_item(partiql::project(bound.statement().columns, view, arena));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Arena arena;
  (void)partiql::read_next_token(text, partiql::digest_of("s", {}), &arena);
  auto parsed = partiql::ParsedStatement::parse(text);
  if (!parsed) return 0;
  const std::vector<Value> values = parameters((*parsed)->statement().parameters);
  const auto bound = partiql::bind(std::move(*parsed), values, &arena);
  if (bound) try_statement(*bound, &arena);
  return 0;
}
