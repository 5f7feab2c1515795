// The condition keys of one question: those every request has, those of its table, and what the handler hands over.
#pragma once

#include <optional>
#include <string_view>

#include "api/access_facts.h"
#include "api/authorizer.h"
#include "api/context.h"
#include "auth/iam/condition_key.h"
#include "base/clock.h"
#include "catalog/catalog.h"

namespace armature::api {

// Lives as long as the question. Values live in the request's arena.
class RequestConditions final : public auth::iam::ConditionContext {
 public:
  RequestConditions(const RequestContext& context, const AccessRequest& access, const Catalog& catalog,
                    const Clock& clock, bool scans_have_unknown_keys);

  auth::iam::KeyValues find(const auth::iam::ConditionKey& key) const override;
  // Of the ARN; the request's own where it names none.
  std::string_view resource_account() const;
  // That of the table or stream the resource is, or is part of; nullptr: there is none. Lives as long as this.
  const auth::iam::Policy* resource_policy() const;

 private:
  auth::iam::KeyValues one(std::string_view value) const;
  auth::iam::KeyValues one_or_none(std::string_view value) const;
  auth::iam::KeyValues principal_tag(const auth::iam::ConditionKey& key) const;
  auth::iam::KeyValues resource_tag(const auth::iam::ConditionKey& key) const;
  auth::iam::KeyValues fact(const auth::iam::ConditionKey& key) const;
  // What the handler could have said and did not: nothing may rest on it.
  bool should_be_known(const auth::iam::ConditionKey& key) const;
  const TableDefinition* table() const;

  const RequestContext& context_;
  const AccessRequest& access_;
  const Catalog& catalog_;
  const Clock& clock_;
  const bool scans_have_unknown_keys_;
  // Found and collected when first asked for.
  mutable std::optional<TableRef> table_;
  mutable std::optional<StreamRef> stream_;
  mutable std::optional<AccessFacts> facts_;
};

}  // namespace armature::api
