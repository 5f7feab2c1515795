#include "api/dynamodb/update_item.h"

#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/key_paths.h"
#include "api/dynamodb/table_access.h"
#include "expression/legacy.h"
#include "expression/update.h"
#include "model/attribute_name.h"

namespace armature::api {

using expression::UpdateProgram;

Result<void> check_before_values(const UpdateItemRequest& request) {
  return check_expression_parameters(
      {{"UpdateExpression", request.update_expression.has_value()},
       {"ConditionExpression", request.condition_expression.has_value()}},
      {{"AttributeUpdates", request.attribute_updates.has_value()}, {"Expected", request.expected.has_value()}},
      request);
}

namespace {

Result<const UpdateProgram*> bind_attribute_updates(const Map<AttributeValueUpdate>& updates, Arena* arena) {
  auto* lowered = arena->allocate_array<expression::LegacyUpdate>(updates.size());
  for (std::size_t i = 0; i < updates.size(); ++i) {
    const auto& [attribute, update] = updates[i];
    TRY(check_attribute_name(attribute));
    if (update.value) TRY(check_nesting(*update.value));
    lowered[i] = {.attribute = attribute, .value = update.value, .action = {}};
    if (update.action) lowered[i].action = enum_name(*update.action);
  }
  return expression::bind_attribute_updates({lowered, updates.size()}, arena);
}

struct BoundParameters {
  const UpdateProgram* program = nullptr;  // nullptr: only make sure that the item is there.
  WriteGuard guard;
};

// Every check that needs no table. The order is visible to clients.
Result<BoundParameters> bind_parameters(const UpdateItemRequest& request, Arena* arena) {
  BoundParameters bound;
  TRY(check_attributes(request.key));
  if (request.expression_values) TRY(check_attributes(request.expression_values->attributes));
  expression::Placeholders placeholders = placeholders_of(request);
  if (request.attribute_updates && !request.attribute_updates->empty()) {
    TRY_ASSIGN(bound.program, bind_attribute_updates(*request.attribute_updates, arena));
  }
  if (request.update_expression) {
    TRY_ASSIGN(bound.program, expression::bind_update(*request.update_expression, &placeholders, arena));
  }
  TRY_ASSIGN(bound.guard, bind_guard(request, &placeholders, arena));
  TRY(placeholders.check_all_used());
  return bound;
}

// The touched parts of an item before or after; nothing at all when there are none.
ReturnedItem touched(const UpdateProgram* program, const std::optional<Bytes>& encoded, Arena* arena) {
  if (program == nullptr || !encoded) return {};
  const std::span<const Attribute> item = ItemView(arena->copy(*encoded)).decode(arena);
  const std::span<const Attribute> parts = expression::project_touched(*program, item, arena);
  if (parts.empty()) return {};
  return {.encoded = {}, .projected = parts};
}

ReturnedItem returned_attributes(ReturnValues wanted, const UpdateProgram* program, WriteOutcome* written,
                                 Arena* arena) {
  switch (wanted) {
    case ReturnValues::kNone: return {};
    case ReturnValues::kAllOld: return {.encoded = std::move(written->before), .projected = {}};
    case ReturnValues::kAllNew: return {.encoded = std::move(written->after), .projected = {}};
    case ReturnValues::kUpdatedOld: return touched(program, written->before, arena);
    case ReturnValues::kUpdatedNew: return touched(program, written->after, arena);
  }
  __builtin_unreachable();
}

}  // namespace

Task<Result<ItemWriteResponse>> update_item(Services& services, RequestContext& context,
                                            const UpdateItemRequest& request) {
  CO_TRY_ASSIGN(const BoundParameters bound, bind_parameters(request, context.arena));
  const auto facts = [&](AccessFacts* facts) {
    ItemFacts(facts)
        .item(request.key)
        .attributes(bound.program)
        .attributes(bound.guard.condition)
        .return_values(request.return_values)
        .return_consumed_capacity(request.return_consumed_capacity);
  };
  CO_TRY_ASSIGN(const TableRef table, data_table(services, context, request.table_name, facts));
  UpdateIntent update{.key = {}, .program = bound.program, .guard = bound.guard};
  CO_TRY_ASSIGN(update.key, bind_key(*table, request.key, context.arena));
  if (bound.program != nullptr) CO_TRY(expression::check_no_key_update(*bound.program, table->key));
  CO_TRY(check_key_paths(*table, bound.program));
  CO_TRY(check_key_paths(*table, bound.guard.condition));

  CO_TRY_ASSIGN(WriteOutcome written, co_await services.items.update(*table, update, context.arena));
  ReturnedItem attributes =
      returned_attributes(request.return_values.value_or(ReturnValues::kNone), bound.program, &written, context.arena);
  co_return item_write_response(context, *table, request, update.key.attributes, std::move(attributes),
                                std::move(written));
}

}  // namespace armature::api
