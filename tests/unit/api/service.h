// A whole service over the memory engine, spoken to in JSON: requests go through the dispatcher as a client's would.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/dispatch.h"
#include "auth/authenticator.h"
#include "auth/identity/identity_store.h"
#include "base/clock.h"
#include "base/thread_executor.h"
#include "base/worker_thread.h"
#include "catalog/catalog.h"
#include "storage/memory/memory_storage.h"
#include "table/item_store.h"
#include "table/stream_store.h"

namespace armature::api {

struct Reply {
  int status = 0;
  std::string body;
  std::string content_type;
  std::string headers;
};

class Service {
 public:
  static constexpr std::string_view kAccount = "000000000000";

  explicit Service(ServiceOptions options = {}) : Service(root(), std::move(options)) {}
  // With another answer to who may do what.
  explicit Service(const Authorizer& authorizer, ServiceOptions options = {})
      : options_(std::move(options)),
        storage_(storage::make_memory_storage()),
        catalog_(storage_.get(), &clock_, std::string(kAccount)),
        items_(storage_.get(), &clock_, {}),
        transactions_(storage_.get(), &items_, &clock_),
        identities_(storage_.get(), &clock_, auth::KeyRing::generate(), std::string(kAccount)),
        streams_(storage_.get(), &catalog_, &clock_, {}),
        services_{.catalog = catalog_,
                  .items = items_,
                  .clock = clock_,
                  .options = options_,
                  .transactions = transactions_,
                  .streams = streams_,
                  .identities = &identities_,
                  .worker = &worker_},
        authenticator_(options_.default_region, kAccount),
        dispatcher_(services_, authenticator_, authorizer, &metrics_) {}

  // The reply of an operation. `region`: of the credential scope.
  Reply call(std::string_view operation, std::string_view json, std::string_view region = "us-east-1") {
    const std::string target = "DynamoDB_20120810." + std::string(operation);
    const std::string authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261118/" + std::string(region) +
                                      "/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0";
    return send("POST", "/",
                {{"X-Amz-Target", target},
                 {"Content-Type", "application/x-amz-json-1.0"},
                 {"X-Amz-Date", "20261118T110640Z"},
                 {"Authorization", authorization}},
                json);
  }

  // The reply of an operation of IAM or STS: "Action=CreateUser&UserName=ann".
  Reply query(std::string_view form, std::string_view service = "iam") {
    const std::string authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261118/us-east-1/" +
                                      std::string(service) +
                                      "/aws4_request, SignedHeaders=host;x-amz-date, Signature=0";
    return send("POST", "/",
                {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                 {"X-Amz-Date", "20261118T110640Z"},
                 {"Authorization", authorization}},
                form);
  }

  Reply send(std::string_view method, std::string_view target, std::vector<Header> headers,
             std::string_view body = {}) {
    const http::Request request{.method = method,
                                .target = target,
                                .headers = headers,
                                .body = body,
                                .raw_body = body,
                                .peer_address = "127.0.0.1",
                                .secure = false,
                                .request_id = "TESTREQUESTID"};
    http::Response response = executor_.run_until(dispatcher_.handle(request));
    return {response.status, std::move(response.body), std::string(response.content_type), response.extra_headers};
  }

  Dispatcher& dispatcher() { return dispatcher_; }
  MetricsRegistry& metrics() { return metrics_; }
  ManualClock& clock() { return clock_; }
  Catalog& catalog() { return catalog_; }

 private:
  static const Authorizer& root() {
    static const RootAuthorizer authorizer;
    return authorizer;
  }

  const ServiceOptions options_;
  ManualClock clock_{1'795'000'000'000};
  ThreadExecutor executor_;
  MetricsRegistry metrics_;
  std::unique_ptr<storage::Storage> storage_;
  Catalog catalog_;
  ItemStore items_;
  TransactionStore transactions_;
  auth::IdentityStore identities_;
  WorkerThread worker_;
  StreamStore streams_;
  Services services_;
  auth::PermissiveAuthenticator authenticator_;
  Dispatcher dispatcher_;
};

// The body of an error with a message.
inline std::string error_body(std::string_view type, std::string_view message) {
  return "{\"__type\":\"" + std::string(type) + "\",\"message\":\"" + std::string(message) + "\"}";
}
inline std::string validation(std::string_view message) {
  return error_body("com.amazon.coral.validate#ValidationException", message);
}
// A body of SerializationException, whose member is spelled otherwise.
inline std::string serialization(std::string_view message) {
  return "{\"__type\":\"com.amazon.coral.service#SerializationException\",\"Message\":\"" + std::string(message) +
         "\"}";
}

}  // namespace armature::api
