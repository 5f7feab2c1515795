// What a read through an index needs that the index does not project: a global index then refuses, a local one looks in
// the table. Source: Developer Guide, "Attribute projections".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/table_definition.h"
#include "expression/condition.h"
#include "expression/projection.h"
#include "model/error.h"

namespace armature {

// Collects names of attributes; borrows them, the table and the index.
class UnprojectedAttributes {
 public:
  UnprojectedAttributes(const TableDefinition& table, const IndexDefinition& index) : table_(table), index_(index) {}

  void add(const expression::Condition& filter);
  void add(const expression::Projection& projection);
  void add(std::string_view attribute);

  bool empty() const { return names_.empty(); }
  // "One or more parameter values were invalid: Global secondary index g does not project [x]".
  Result<void> check_none() const;
  // The same where a filter wants them:
  // "One or more parameter values were invalid: Secondary index g does not project one or more filter attributes: [x]".
  Result<void> check_none_filtered() const;

 private:
  Result<void> check_none(std::string_view before_index, std::string_view after_index) const;

  const TableDefinition& table_;
  const IndexDefinition& index_;
  std::vector<std::string_view> names_;  // Each once, in the order they came.
};

}  // namespace armature
