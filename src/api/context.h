// What one request brings along besides its parameters. Made by the dispatcher, lives as long as the request, belongs
// to it alone; handlers and everything they start may refer to it until they are done.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/authorizer.h"
#include "auth/authenticator.h"
#include "auth/credentials.h"
#include "base/arena.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "table/consumed_capacity.h"

namespace armature::api {

struct Operation;
struct Services;

// The tables a request found, each once.
class TablesReached {
 public:
  // A request that reads and writes a table counts as a write.
  void add(const TableRef& table, UsageKind kind);
  // The request is done: counts it for each of them.
  void count_request(bool failed) const;

 private:
  struct Entry {
    TableRef table;
    UsageKind kind;
  };
  Entry first_{};  // Nearly all requests have but one.
  std::vector<Entry> more_;
};

struct RequestContext {
  Arena* arena = nullptr;
  std::string_view request_id;
  // Where the request's tables live: the region of the credential scope. Each region is a namespace of its own.
  std::string_view region;
  std::string_view account_id;
  std::string_view peer_address;
  std::string_view user_agent;
  std::string_view referer;
  bool secure = false;  // Came over TLS.
  std::shared_ptr<const auth::Identity> identity;
  const Operation* operation = nullptr;
  const Authorizer* authorizer = nullptr;

  // For the metrics of the operation; handlers tell what their calls cost.
  CapacityAmount consumed;
  void consume(const TableDefinition& table, const CapacityAmount& amount);
  // For the metrics of tables; whoever finds a table for a request adds it.
  mutable TablesReached tables_reached = {};
  // Every handler asks authorize() at least once; the dispatcher lets no answer out of one that did not.
  mutable bool authorization_asked = false;
};

// Asks whether the principal may do the operation of `context`, or `action` where an operation stands for several, on
// the resource ("*" where an action has none). kAccessDenied otherwise. `facts` fills in what policies may ask about
// the request (api/access_facts.h).
Result<void> authorize(const RequestContext& context, std::string_view resource_arn, FactSource facts = {});
Result<void> authorize(const RequestContext& context, std::string_view action, std::string_view resource_arn,
                       FactSource facts = {});
Result<void> authorize(const RequestContext& context, const AccessRequest& access);

// For GetAccessKeyLastUsed and GetRole: the key, or the role, of `identity` has made a request.
void note_use(const Services& services, const auth::Authenticated& request, const auth::Identity& identity);

// The ARN of a table named by name or ARN, or of one of its indexes, in the request's region and account.
std::string table_resource(const RequestContext& context, std::string_view name_or_arn);
std::string index_resource(const RequestContext& context, std::string_view table_name_or_arn,
                           std::string_view index_name);

}  // namespace armature::api
