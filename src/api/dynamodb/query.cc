#include "api/dynamodb/query.h"

#include "api/dynamodb/item_checks.h"
#include "expression/legacy.h"

namespace armature::api {

using expression::Condition;
using expression::Projection;

Result<void> check_before_values(const QueryRequest& request) {
  // KeyConditions beside a FilterExpression is no mixture; beside a KeyConditionExpression it is.
  const bool mixed_key_conditions = request.key_conditions && request.key_condition_expression;
  return check_expression_parameters({{"ProjectionExpression", request.projection_expression.has_value()},
                                      {"FilterExpression", request.filter_expression.has_value()},
                                      {"KeyConditionExpression", request.key_condition_expression.has_value()}},
                                     {{"AttributesToGet", request.attributes_to_get.has_value()},
                                      {"QueryFilter", request.legacy_filter.has_value()},
                                      {"ConditionalOperator", request.conditional_operator.has_value()},
                                      {"KeyConditions", mixed_key_conditions}},
                                     request);
}

namespace {

struct BoundParameters {
  const Condition* key_condition = nullptr;  // nullptr: KeyConditions.
  const Condition* filter = nullptr;
  const Projection* projection = nullptr;
};

// Every check that needs no table. The order is visible to clients.
Result<BoundParameters> bind_parameters(const QueryRequest& request, Arena* arena) {
  BoundParameters bound;
  if (request.exclusive_start_key) TRY(check_attributes(*request.exclusive_start_key));
  if (request.expression_values) TRY(check_attributes(request.expression_values->attributes));
  TRY(check_select(request, PageOperation::kQuery));
  const bool any_filter = request.legacy_filter && !request.legacy_filter->empty();
  TRY(check_conditional_operator(request.conditional_operator, any_filter));

  expression::Placeholders placeholders = placeholders_of(request);
  if (request.key_condition_expression) {
    TRY_ASSIGN(bound.key_condition,
               expression::bind_condition(*request.key_condition_expression, expression::Parameter::kKeyCondition,
                                          &placeholders, arena));
  }
  TRY_ASSIGN(bound.filter, bind_filter(request, &placeholders, arena));
  TRY_ASSIGN(bound.projection, bind_projection(request, &placeholders, arena));
  TRY(placeholders.check_all_used());
  if (!request.key_condition_expression && !request.key_conditions) {
    return invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  }
  return bound;
}

// What the key condition decides is read, not filtered: a filter may not name it again.
Result<void> check_filter(const QueryRequest& request, const Condition* filter, const KeySchema& schema) {
  const KeyAttribute* key = filter != nullptr ? expression::first_key_attribute(*filter, schema) : nullptr;
  if (key == nullptr) return {};
  return invalid(std::string(request.filter_expression ? "Filter Expression" : "QueryFilter") +
                 " can only contain non-primary key attributes: Primary key attribute: " + key->name);
}

// The partition that is queried: known only if the key condition fits the key, which is checked later.
void add_partition(const QueryRequest& request, const BoundParameters& bound, const KeySchema& schema, Arena* arena,
                   ItemFacts* facts) {
  Result<expression::KeyCondition> reduced =
      bound.key_condition != nullptr
          ? expression::reduce_key_condition(*bound.key_condition, schema, arena)
          : expression::bind_key_conditions(lower(*request.key_conditions, arena), schema, arena);
  if (reduced) {
    facts->partition(reduced->partition);
  } else {
    facts->any_partition();
  }
}

void add_facts(const QueryRequest& request, const BoundParameters& bound, AccessFacts* facts) {
  ItemFacts item(facts);
  add_page_facts(request, bound.filter, bound.projection, &item);
  item.attributes(bound.key_condition);
  if (request.key_conditions) {
    for (const auto& [name, condition] : *request.key_conditions) item.attribute(name);
  }
  const KeySchema* const schema = read_key_schema(facts->table(), request.index_name);
  if (schema != nullptr) {
    add_partition(request, bound, *schema, facts->arena(), &item);
  } else {
    item.any_partition();
  }
}

}  // namespace

Task<Result<QueryResponse>> query(Services& services, RequestContext& context, const QueryRequest& request) {
  Arena* const arena = context.arena;
  CO_TRY_ASSIGN(const BoundParameters bound, bind_parameters(request, arena));
  const auto facts = [&](AccessFacts* facts) { add_facts(request, bound, facts); };
  CO_TRY_ASSIGN(const ReadTarget target, read_target(services, context, request.table_name, request.index_name, facts));
  const KeySchema& schema = target.key_schema();
  QueryIntent intent;
  CO_TRY(set_up_page(request, target, bound.filter, bound.projection, &intent));
  if (bound.key_condition != nullptr) {
    CO_TRY_ASSIGN(intent.key_condition, expression::reduce_key_condition(*bound.key_condition, schema, arena));
  } else {
    CO_TRY_ASSIGN(intent.key_condition,
                  expression::bind_key_conditions(lower(*request.key_conditions, arena), schema, arena));
  }
  CO_TRY(check_filter(request, bound.filter, schema));
  intent.forward = request.scan_index_forward.value_or(true);

  CO_TRY_ASSIGN(PageOutcome page, co_await services.items.query(*target.table, intent, arena));
  QueryResponse response{make_response(request, *target.table, intent, std::move(page), &context)};
  co_return response;
}

}  // namespace armature::api
