// From a parsed statement and its parameters to the trees of expression/: everything about a statement that can be said
// before its table is known. Errors are DynamoDB's. Pure; safe from any thread.
// Source: Developer Guide, "PartiQL statements for DynamoDB", "Use PartiQL functions with DynamoDB", "PartiQL
// operators for DynamoDB".
#pragma once

#include <span>

#include "base/arena.h"
#include "expression/condition.h"
#include "expression/update.h"
#include "model/error.h"
#include "partiql/statement.h"

namespace armature::partiql {

// A statement of one request. Trees live in the request's arena and borrow from the statement and the parameters.
struct BoundStatement {
  StatementRef parsed;  // Keeps what is borrowed from it.

  const expression::Condition* where = nullptr;        // The whole WHERE; nullptr: there is none.
  std::span<const Attribute> item;                     // INSERT.
  const expression::UpdateProgram* program = nullptr;  // UPDATE.

  const Statement& statement() const { return parsed->statement(); }
  Statement::Kind kind() const { return statement().kind; }
};

// "Number of parameters in request and statement don't match.", and what is wrong with conditions, values and updates.
// Writes name a table, never an index: "This operation is not supported on an index".
Result<BoundStatement> bind(StatementRef parsed, std::span<const Value> parameters, Arena* arena);

}  // namespace armature::partiql
