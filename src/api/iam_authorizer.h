// IamAuthorizer: the policies of the principal and of the resource decide (auth/iam/evaluate.h). It supplies the
// condition keys every request has, asks the handler for those it alone knows, and writes the audit log. Source:
// Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB"; IAM User Guide, "AWS
// global condition context keys".
#pragma once

#include "api/audit_log.h"
#include "api/authorizer.h"
#include "base/clock.h"
#include "catalog/catalog.h"

namespace armature::api {

struct IamAuthorizerOptions {
  // A Scan is about every partition key. DynamoDB leaves dynamodb:LeadingKeys out of it, so that an Allow with
  // ForAllValues lets it through; here no condition on the key is trusted then, unless this is false.
  bool scans_have_unknown_keys = true;
  // Gets every denial, and every permission of the control plane. nullptr: there is none. Outlives the authorizer.
  AuditLog* audit_log = nullptr;
};

// Thread-safe. Root is asked about only where a resource policy might deny.
class IamAuthorizer final : public Authorizer {
 public:
  // Both must outlive the authorizer.
  IamAuthorizer(const Catalog& catalog, const Clock& clock, IamAuthorizerOptions options = {});

  using Authorizer::authorize;
  Result<void> authorize(const RequestContext& context, const AccessRequest& access) const override;
  bool would_allow(const RequestContext& context, const AccessRequest& access) const override;

 private:
  const Catalog& catalog_;
  const Clock& clock_;
  const IamAuthorizerOptions options_;
};

}  // namespace armature::api
