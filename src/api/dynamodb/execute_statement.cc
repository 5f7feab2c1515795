#include "api/dynamodb/execute_statement.h"

#include <utility>

#include "wire/attribute_json.h"

namespace armature::api {

using partiql::BoundStatement;
using partiql::Statement;

namespace {

// Where the request goes on. Only a SELECT has tokens, and only its own.
Result<partiql::SelectPosition> requested_position(const ExecuteStatementRequest& request,
                                                   const BoundStatement& statement, BytesView digest, Arena* arena) {
  if (!request.next_token) return partiql::SelectPosition();
  TRY_ASSIGN(partiql::SelectPosition position, partiql::read_next_token(*request.next_token, digest, arena));
  if (!statement.statement().is_read()) return invalid("NextToken does not match request");
  return position;
}

Task<Result<ExecuteStatementResponse>> run_select(Services& services, RequestContext& context,
                                                  const ExecuteStatementRequest& request,
                                                  const BoundStatement& statement,
                                                  const partiql::SelectPosition& position, BytesView digest) {
  const StatementAccess access{.return_values_on_failure = request.return_values_on_failure};
  CO_TRY_ASSIGN(const ReadTarget target, statement_target(services, context, statement, access));
  const bool consistent = request.consistent_read.value_or(false);
  CO_TRY_ASSIGN(const partiql::SelectPlan plan, plan_select(target, statement, consistent, context.arena));
  partiql::SelectIntent intent{
      .table = target.table.get(), .plan = &plan, .consistent = consistent, .limit = {}, .position = position};
  if (request.limit) intent.limit = static_cast<std::uint32_t>(*request.limit);
  CO_TRY_ASSIGN(partiql::SelectPage page, co_await partiql::read_select(&services.items, intent, context.arena));

  context.consume(*target.table, page.consumed.total());
  ExecuteStatementResponse response;
  response.consumed =
      report_capacity(request.return_consumed_capacity, statement.statement().source.table, std::move(page.consumed));
  if (page.next) {
    CO_TRY_ASSIGN(response.next_token, partiql::make_next_token(*page.next, digest));
  }
  response.page = std::move(page);
  co_return response;
}

Task<Result<ExecuteStatementResponse>> run_write(Services& services, RequestContext& context,
                                                 const ExecuteStatementRequest& request,
                                                 const BoundStatement& statement) {
  const StatementAccess access{.return_values_on_failure = request.return_values_on_failure};
  CO_TRY_ASSIGN(const ReadTarget target, statement_target(services, context, statement, access));
  CO_TRY_ASSIGN(StatementWrite write, plan_write(*target.table, statement, context.arena));
  guard_of(&write)->return_item_on_failure = request.return_values_on_failure == ReturnValuesOnFailure::kAllOld;
  CO_TRY_ASSIGN(WriteOutcome written, co_await run_write(services, *target.table, write, context.arena));

  context.consume(*target.table, written.consumed.total());
  ExecuteStatementResponse response;
  response.consumed = report_capacity(request.return_consumed_capacity, statement.statement().source.table,
                                      std::move(written.consumed));
  response.written = returned_item(statement, &written, context.arena);
  co_return response;
}

}  // namespace

Task<Result<ExecuteStatementResponse>> execute_statement(Services& services, RequestContext& context,
                                                         const ExecuteStatementRequest& request) {
  CO_TRY_ASSIGN(const BoundStatement statement, bind_statement(request.statement, request.parameters, context.arena));
  if (statement.kind() == Statement::Kind::kExists) {
    co_return invalid("EXISTS can only be used in ExecuteTransaction write requests.");
  }
  const Bytes digest = partiql::digest_of(request.statement, request.parameters.value_or(std::span<const Value>()));
  CO_TRY_ASSIGN(const partiql::SelectPosition position, requested_position(request, statement, digest, context.arena));
  Result<ExecuteStatementResponse> response = ExecuteStatementResponse();
  // No conditional operator around co_await: g++ 12 destroys the operand that was not evaluated.
  if (statement.statement().is_read()) {
    response = co_await run_select(services, context, request, statement, position, digest);
  } else {
    response = co_await run_write(services, context, request, statement);
  }
  if (response) response->statement = statement.parsed;
  co_return response;
}

void encode(const ExecuteStatementResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  write_capacity_member(response.consumed, writer);
  writer->key("Items");
  writer->begin_array();
  for (const PageItem& item : response.page.items) {
    if (item.projected) {
      wire::write_attributes(*item.projected, writer);
    } else {
      wire::write_item(item.view, writer);
    }
  }
  if (response.written.encoded || response.written.projected) write_returned_item(response.written, writer);
  writer->end_array();
  if (response.page.last_evaluated_key) {
    writer->key("LastEvaluatedKey");
    wire::write_attributes(*response.page.last_evaluated_key, writer);
  }
  if (response.next_token) writer->member("NextToken", *response.next_token);
  writer->end_object();
}

}  // namespace armature::api
