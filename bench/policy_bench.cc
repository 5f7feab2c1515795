// links: armature_api armature_storage_memory
// What permission costs a GetItem: the evaluation of a handful of policies alone, and the whole question as the server
// asks it, with what the request says about itself.
#include <benchmark/benchmark.h>

#include <string>

#include "api/context.h"
#include "api/dynamodb/item_facts.h"
#include "api/iam_authorizer.h"
#include "auth/iam/evaluate.h"
#include "storage/memory/memory_storage.h"

namespace {

using namespace armature;
using namespace armature::auth;
using namespace armature::auth::iam;

constexpr std::string_view kTable = "arn:aws:dynamodb:us-east-1:000000000000:table/Orders";

NamedPolicy named(std::string_view statements) {
  const std::string document = R"({"Version":"2012-10-17","Statement":[)" + std::string(statements) + "]}";
  return {.name = "p", .policy = *parse_policy(document, PolicyKind::kIdentity)};
}

// Read-only access, write access to two tables, a Deny of deletions and of other networks, and own items only.
Identity clerk(bool fine_grained) {
  PrincipalPolicies policies;
  policies.identity.push_back(
      named(R"({"Effect":"Allow","Action":["dynamodb:List*","dynamodb:Describe*"],"Resource":"*"},)"
            R"({"Effect":"Deny","Action":["dynamodb:DeleteTable","dynamodb:UpdateTable"],"Resource":"*"})"));
  policies.identity.push_back(named(
      R"({"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}},)"
      R"({"Effect":"Allow","Action":["dynamodb:PutItem","dynamodb:UpdateItem"],)"
      R"("Resource":["arn:aws:dynamodb:*:*:table/Orders","arn:aws:dynamodb:*:*:table/Customers"]})"));
  policies.identity.push_back(named(
      fine_grained ? R"({"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:*:*:table/Orders",)"
                     R"("Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["${aws:username}"]}}})"
                   : R"({"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query"],)"
                     R"("Resource":"arn:aws:dynamodb:us-east-1:*:table/Orders"})"));
  Identity identity;
  identity.account_id = "000000000000";
  identity.principal_arn = "arn:aws:iam::000000000000:user/ann";
  identity.user_name = "ann";
  identity.type = PrincipalType::kUser;
  identity.policies = std::make_shared<const PrincipalPolicies>(std::move(policies));
  return identity;
}

void evaluate_get_item(benchmark::State& state) {
  const Identity caller = clerk(state.range(0) != 0);
  MapContext context;
  context.set("aws:SourceIp", {"10.1.2.3"});
  context.set("aws:username", {"ann"});
  context.set("dynamodb:LeadingKeys", {"ann"}, true);
  for (auto _ : state) {
    const Decision decision = evaluate(
        {.caller = caller, .action = find_action("dynamodb:GetItem"), .resource = kTable, .conditions = context});
    if (!decision.allowed()) state.SkipWithError("denied");
    benchmark::DoNotOptimize(decision);
  }
}
BENCHMARK(evaluate_get_item)->Arg(0)->Arg(1)->ArgName("fine_grained");

// Who asks, and whether the table has a policy of its own.
enum class Asker { kRoot, kUser, kFineGrainedUser, kUserOfTableWithPolicy };

Identity identity_of(Asker asker) {
  if (asker == Asker::kRoot) return *root_identity({.id = "AKIDROOT", .secret = Secret("s")}, "000000000000");
  return clerk(asker == Asker::kFineGrainedUser);
}

void authorize_get_item(benchmark::State& state) {
  const auto asker = static_cast<Asker>(state.range(0));
  const auto storage = storage::make_memory_storage();
  const SystemClock clock;
  const Catalog catalog(storage.get(), &clock, "000000000000");
  const api::IamAuthorizer authorizer(catalog, clock);
  TableDefinition table;
  table.name = "Orders";
  table.key = {.partition = {{"owner", Type::kString}}, .sort = {{"id", Type::kString}}};
  if (asker == Asker::kUserOfTableWithPolicy) {
    ResourcePolicy policy;
    policy.document.parsed = *parse_policy(
        R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::000000000000:user/bob"},)"
        R"("Action":"dynamodb:*","Resource":"*"}})",
        PolicyKind::kResource);
    table.resource_policy = std::make_shared<const ResourcePolicy>(std::move(policy));
  }
  const auto identity = std::make_shared<const Identity>(identity_of(asker));
  const Attribute key[] = {{"owner", Value::string("ann")}, {"id", Value::string("order-000017")}};
  Arena arena;
  for (auto _ : state) {
    api::RequestContext context;
    context.arena = &arena;
    context.region = "us-east-1";
    context.account_id = "000000000000";
    context.peer_address = "10.1.2.3";
    context.identity = identity;
    const auto facts = [&](api::AccessFacts* known) {
      api::ItemFacts(known).item(key).select(std::nullopt, false, false).return_consumed_capacity(std::nullopt);
    };
    const auto allowed = authorizer.authorize(
        context, {.action = "dynamodb:GetItem", .resource_arn = kTable, .table = &table, .facts = facts});
    if (!allowed) state.SkipWithError("denied");
    arena.reset();
  }
}
BENCHMARK(authorize_get_item)
    ->Arg(static_cast<int>(Asker::kRoot))
    ->Arg(static_cast<int>(Asker::kUser))
    ->Arg(static_cast<int>(Asker::kFineGrainedUser))
    ->Arg(static_cast<int>(Asker::kUserOfTableWithPolicy))
    ->ArgName("asker");

}  // namespace
