// The variables of a query with their values, and what they are where they stand. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "connector/query_template.h"
#include "connector/saved_query.h"
#include "connector/variable_value.h"

namespace armature::connector {

struct BindContext {
  std::int64_t now_ms = 0;
  std::string uuid;
  std::string user;
  std::string last_key_json;  // DynamoDB JSON of the page before's LastEvaluatedKey; empty: none.
};

class BoundVariables {
 public:
  // Declared variables that are not given take their defaults; `values` as of bind_query().
  static Expected<BoundVariables, BindError> bind(const SavedQuery& query,
                                                  const std::map<std::string, std::string>& values,
                                                  const BindContext& context);

  // Of a variable the query uses, {{$page.lastKey}} excepted.
  const BoundVariable& at(std::string_view name) const { return bound_.at(std::string(name)); }
  bool is_list(std::string_view name) const;
  // DynamoDB JSON of each member of a list or set.
  Expected<std::vector<std::string>, BindError> members_of(std::string_view name) const;
  // The pieces put together; of variables those of type S, N and name.
  Expected<std::string, BindError> joined(const std::vector<TemplatePart>& parts) const;
  // DynamoDB JSON of a text where an attribute value is expected: the variable's own value, or an S of the pieces.
  Expected<std::string, BindError> value_of_text(std::string_view text) const;

 private:
  Expected<std::string, BindError> inner_text(std::string_view name) const;

  std::map<std::string, BoundVariable> bound_;
};

// Names of the variables a body uses, in the order of their first use, built-in ones left out.
std::vector<std::string> used_variables(std::string_view body);

// Whether what stands before a variable ends in "IN (" or goes on in such a list.
bool is_inside_in(std::string_view before);

}  // namespace armature::connector
