#include "api/dynamodb/read_page.h"

#include "api/dynamodb/envelope.h"
#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/key_paths.h"
#include "expression/legacy.h"
#include "table/index_reads.h"
#include "wire/attribute_json.h"

namespace armature::api {

using expression::Condition;
using expression::Projection;

Result<void> check_select(const PageParameters& request, PageOperation operation) {
  if (!request.select) return {};
  const std::string_view projection = request.projection_expression ? "ProjectionExpression"
                                      : request.attributes_to_get   ? "AttributesToGet"
                                                                    : "";
  if (*request.select == Select::kSpecificAttributes) {
    if (!projection.empty()) return {};
    return invalid(std::string(operation == PageOperation::kQuery ? kEnvelope : "") +
                   "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
  }
  if (!projection.empty()) {
    const std::string_view chosen = *request.select == Select::kCount ? "only the Count" : enum_name(*request.select);
    return invalid("Cannot specify the " + std::string(projection) + " when choosing to get " + std::string(chosen));
  }
  if (*request.select == Select::kAllProjectedAttributes && !request.index_name) {
    // The service says "Querying" to a Scan too.
    return invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  return {};
}

Result<const Condition*> bind_filter(const PageParameters& request, expression::Placeholders* placeholders,
                                     Arena* arena) {
  const bool any_legacy = request.legacy_filter && !request.legacy_filter->empty();
  if (any_legacy) {
    const bool any = request.conditional_operator == ConditionalOperator::kOr;
    return expression::bind_filter(lower(*request.legacy_filter, arena), any, arena);
  }
  if (request.filter_expression) {
    return expression::bind_condition(*request.filter_expression, expression::Parameter::kFilter, placeholders, arena);
  }
  return static_cast<const Condition*>(nullptr);
}

void add_page_facts(const PageParameters& request, const Condition* filter, const Projection* projection,
                    ItemFacts* facts) {
  facts->attributes(filter)
      .attributes(projection)
      .select(request.select, projection != nullptr, request.index_name.has_value())
      .return_consumed_capacity(request.return_consumed_capacity);
}

const KeySchema* read_key_schema(const TableDefinition* table, const std::optional<std::string_view>& index_name) {
  if (table == nullptr) return nullptr;
  if (!index_name) return &table->key;
  const IndexDefinition* const index = table->find_index(*index_name);
  return index != nullptr ? &index->key : nullptr;
}

namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

// A global index answers from what it projects, or not at all.
Result<void> check_global_index(const PageParameters& request, const ReadTarget& target,
                                const UnprojectedAttributes& filtered, const UnprojectedAttributes& returned) {
  const std::string& name = target.index->name;
  if (request.consistent_read.value_or(false)) {
    return invalid("Consistent reads are not supported on global secondary indexes");
  }
  if (request.select == Select::kAllAttributes && target.index->projection != ProjectionType::kAll) {
    return invalid(std::string(kInvalid) + "Select type ALL_ATTRIBUTES is not supported for global secondary index " +
                   name + " because its projection type is not ALL");
  }
  TRY(filtered.check_none_filtered());
  return returned.check_none();
}

}  // namespace

Result<void> set_up_page(const PageParameters& request, const ReadTarget& target, const Condition* filter,
                         const Projection* projection, PageIntent* page) {
  TRY(check_key_paths(*target.table, filter));
  TRY(check_key_paths(*target.table, projection));
  if (target.index != nullptr) {
    UnprojectedAttributes filtered(*target.table, *target.index);
    UnprojectedAttributes returned(*target.table, *target.index);
    if (filter != nullptr) filtered.add(*filter);
    if (projection != nullptr) returned.add(*projection);
    if (target.index->global) TRY(check_global_index(request, target, filtered, returned));
    // A local index looks up in the table what it does not have.
    const bool all = request.select == Select::kAllAttributes;
    page->fetch_from_table = !target.index->global && target.index->projection != ProjectionType::kAll &&
                             (all || !filtered.empty() || !returned.empty());
    page->return_entries = projection == nullptr && !all;
  }
  page->index = target.index;
  page->consistent = request.consistent_read.value_or(false);
  if (request.limit) page->limit = static_cast<std::uint32_t>(*request.limit);
  page->exclusive_start_key = request.exclusive_start_key;
  page->filter = filter;
  page->projection = projection;
  page->count_only = request.select == Select::kCount;
  return {};
}

PageResponse make_response(const PageParameters& request, const TableDefinition& table, const PageIntent& intent,
                           PageOutcome page, RequestContext* context) {
  context->consume(table, page.consumed.total());
  PageResponse response;
  response.consumed = report_capacity(request.return_consumed_capacity, request.table_name, std::move(page.consumed));
  response.page = std::move(page);
  response.count_only = intent.count_only;
  return response;
}

void encode(const PageResponse& response, wire::JsonWriter* writer) {
  const PageOutcome& page = response.page;
  writer->begin_object();
  if (!response.count_only) {
    writer->key("Items");
    writer->begin_array();
    for (const PageItem& item : page.items) {
      if (item.projected) {
        wire::write_attributes(*item.projected, writer);
      } else {
        wire::write_item(item.view, writer);
      }
    }
    writer->end_array();
  }
  writer->member("Count", std::int64_t{page.count});
  writer->member("ScannedCount", std::int64_t{page.scanned_count});
  if (page.last_evaluated_key) {
    writer->key("LastEvaluatedKey");
    wire::write_attributes(*page.last_evaluated_key, writer);
  }
  write_capacity_member(response.consumed, writer);
  writer->end_object();
}

}  // namespace armature::api
