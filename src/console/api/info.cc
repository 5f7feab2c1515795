#include "console/api/info.h"

#include <map>

namespace armature::console {

Task<ApiResult<void>> get_info(Services& services, ApiCall& call) {
  wire::JsonWriter writer(&call.reply);
  const api::ServiceOptions& options = services.database.options;
  const std::string_view host = call.request.header("Host");
  writer.begin_object();
  writer.member("product", "Armature");
  writer.member("version", ARMATURE_VERSION);
  writer.member("region", options.default_region);
  writer.member("accountId", services.database.catalog.account_id());
  // The address the browser used is the one that works from where it is.
  writer.member("endpoint", std::string(call.request.secure ? "https://" : "http://") +
                                std::string(host.empty() ? std::string_view(options.endpoint_address) : host));
  writer.member_bool("dev", services.options.dev);
  writer.member_bool("secure", call.request.secure);
  writer.member("peerAddress", call.request.peer_address);
  writer.member("engine", services.options.engine);
  writer.end_object();
  co_return ApiResult<void>();
}

Task<ApiResult<void>> list_regions(Services& services, ApiCall& call) {
  std::map<std::string, std::int64_t> tables;
  for (const TableRef& table : services.database.catalog.all()) ++tables[table->region];
  tables.try_emplace(services.database.options.default_region, 0);
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.key("regions");
  writer.begin_array();
  for (const auto& [region, count] : tables) {
    writer.begin_object();
    writer.member("region", region);
    writer.member("tables", count);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  co_return ApiResult<void>();
}

}  // namespace armature::console
