#include "api/dynamodb/scan.h"

#include "api/dynamodb/item_checks.h"

namespace armature::api {

Result<void> check_before_values(const ScanRequest& request) {
  return check_expression_parameters({{"ProjectionExpression", request.projection_expression.has_value()},
                                      {"FilterExpression", request.filter_expression.has_value()}},
                                     {{"AttributesToGet", request.attributes_to_get.has_value()},
                                      {"ScanFilter", request.legacy_filter.has_value()},
                                      {"ConditionalOperator", request.conditional_operator.has_value()}},
                                     request);
}

namespace {

Result<void> check_segments(const ScanRequest& request) {
  if (request.segment && !request.total_segments) {
    return invalid(
        "The TotalSegments parameter is required but was not present in the request when Segment parameter is present");
  }
  if (!request.segment && request.total_segments) {
    return invalid(
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is present");
  }
  if (request.segment && *request.segment >= *request.total_segments) {
    const std::string segment = std::to_string(*request.segment);
    const std::string total = std::to_string(*request.total_segments);
    return invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: " +
                   segment + " is not less than TotalSegments: " + total);
  }
  return {};
}

struct BoundParameters {
  const expression::Condition* filter = nullptr;
  const expression::Projection* projection = nullptr;
};

// Every check that needs no table. The order is visible to clients.
Result<BoundParameters> bind_parameters(const ScanRequest& request, Arena* arena) {
  BoundParameters bound;
  if (request.exclusive_start_key) TRY(check_attributes(*request.exclusive_start_key));
  if (request.expression_values) TRY(check_attributes(request.expression_values->attributes));
  TRY(check_select(request, PageOperation::kScan));
  TRY(check_segments(request));
  const bool any_filter = request.legacy_filter && !request.legacy_filter->empty();
  TRY(check_conditional_operator(request.conditional_operator, any_filter));

  expression::Placeholders placeholders = placeholders_of(request);
  TRY_ASSIGN(bound.filter, bind_filter(request, &placeholders, arena));
  TRY_ASSIGN(bound.projection, bind_projection(request, &placeholders, arena));
  TRY(placeholders.check_all_used());
  return bound;
}

}  // namespace

Task<Result<ScanResponse>> scan(Services& services, RequestContext& context, const ScanRequest& request) {
  CO_TRY_ASSIGN(const BoundParameters bound, bind_parameters(request, context.arena));
  const auto facts = [&](AccessFacts* facts) {
    ItemFacts item(facts);
    add_page_facts(request, bound.filter, bound.projection, &item);
    item.any_partition();
  };
  CO_TRY_ASSIGN(const ReadTarget target, read_target(services, context, request.table_name, request.index_name, facts));
  ScanIntent intent;
  CO_TRY(set_up_page(request, target, bound.filter, bound.projection, &intent));
  if (request.segment) {
    intent.segment = static_cast<std::uint32_t>(*request.segment);
    intent.total_segments = static_cast<std::uint32_t>(*request.total_segments);
  }
  CO_TRY_ASSIGN(PageOutcome page, co_await services.items.scan(*target.table, intent, context.arena));
  ScanResponse response{make_response(request, *target.table, intent, std::move(page), &context)};
  co_return response;
}

}  // namespace armature::api
