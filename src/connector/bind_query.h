// Binds the variables of a query: {{name}} becomes a value of the request, never text spliced into an expression.
//
// | where                              | becomes                                                             |
// | "{{id}}" where a value is expected | an attribute value of the variable's type                           |
// | "USER#{{id}}" there                | an S of the pieces put together; S and N variables only             |
// | in an expression: {{id}}           | :v1, with its value; of a list in IN ({{ids}}): as many, up to 100  |
// | in an expression: {{attribute}}    | #v1, when the variable's type is name                               |
// | in a PartiQL statement: {{id}}     | ? with a parameter; also as a whole or part of a quoted text        |
// | in PartiQL, of type name           | a quoted identifier                                                 |
// | "TableName": "{{table}}", "Limit": "{{n}}" and other members | a text, number or boolean                 |
//
// Built in: {{$now}} (seconds), {{$nowMs}}, {{$uuid}}, {{$user}}, {{$page.lastKey}}. Pure.
#pragma once

#include <map>
#include <string>

#include "base/expected.h"
#include "connector/bound_variables.h"
#include "connector/saved_query.h"

namespace armature::connector {

struct BoundQuery {
  std::string operation;  // Of PartiQL: "ExecuteStatement".
  std::string body;       // DynamoDB JSON.
};

// `values` are JSON texts by variable name. Names given that the query does not use are an error: a slip of the pen.
Expected<BoundQuery, BindError> bind_query(const SavedQuery& query, const std::map<std::string, std::string>& values,
                                           const BindContext& context);

}  // namespace armature::connector
