#include "console/stored_connections.h"

#include "base/log.h"
#include "wire/json.h"

namespace armature::console {
namespace {

using connector::SavedConnection;
using connector::StoreError;

constexpr std::string_view kPrefix = "cc";
// A row's value: this byte, then the whole form as JSON, secrets included, sealed for the row's key.
constexpr char kFormat = 1;

Bytes row_key(std::string_view name) { return Bytes(kPrefix).append(name); }

}  // namespace

Bytes StoredConnections::encode(const SavedConnection& connection) const {
  const std::string json = connector::connection_json(connection, connector::Secrets::kWith);
  return Bytes(1, kFormat) + keys_->seal(auth::SealPurpose::kStoredSecret, json, row_key(connection.name));
}

Expected<SavedConnection, StoreError> StoredConnections::decode(BytesView key, BytesView value) const {
  const StoreError unreadable{"The connection '" + std::string(key.substr(kPrefix.size())) +
                              "' cannot be read: it was sealed with another key file. Save it again."};
  if (value.empty() || value.front() != kFormat) return Unexpected(unreadable);
  const auto opened = keys_->open(auth::SealPurpose::kStoredSecret, value.substr(1), key);
  if (!opened) return Unexpected(unreadable);
  Arena arena;
  const auto json = wire::parse_json(*opened, &arena);
  if (!json) return Unexpected(unreadable);
  auto connection = connector::read_connection(**json);
  if (!connection) return Unexpected(StoreError{connection.error().message});
  return std::move(*connection);
}

Task<Expected<std::vector<SavedConnection>, StoreError>> StoredConnections::list() {
  CO_TRY_ASSIGN(const std::vector<Row> rows, co_await rows_->with_prefix(Bytes(kPrefix)));
  std::vector<SavedConnection> connections;
  for (const Row& row : rows) {
    auto connection = decode(row.key, row.value);
    if (connection) {
      connections.push_back(std::move(*connection));
    } else {
      // One that is damaged must not hide the others.
      log(LogLevel::kError, "a saved connection cannot be read", {{"error", connection.error().message}});
    }
  }
  co_return std::move(connections);
}

Task<Expected<std::optional<SavedConnection>, StoreError>> StoredConnections::find(std::string name) {
  const Bytes key = row_key(name);
  CO_TRY_ASSIGN(const std::optional<Bytes> value, co_await rows_->get(key));
  if (!value) co_return std::optional<SavedConnection>();
  CO_TRY_ASSIGN(SavedConnection connection, decode(key, *value));
  co_return std::optional<SavedConnection>(std::move(connection));
}

Task<Expected<void, StoreError>> StoredConnections::put(SavedConnection connection) {
  const Bytes value = encode(connection);
  Rows::Change replace = [&](const std::optional<Bytes>&) { return std::optional<Bytes>(value); };
  co_return co_await rows_->change(row_key(connection.name), std::move(replace));
}

Task<Expected<StoredConnections::Added, StoreError>> StoredConnections::add(SavedConnection connection) {
  const Bytes value = encode(connection);
  Added added = Added::kAdded;
  Rows::Change add = [&](const std::optional<Bytes>& now) {
    added = now ? Added::kExists : Added::kAdded;
    return now ? now : std::optional<Bytes>(value);
  };
  CO_TRY(co_await rows_->change(row_key(connection.name), std::move(add)));
  co_return added;
}

Task<Expected<bool, StoreError>> StoredConnections::remove(std::string name) {
  bool existed = false;
  Rows::Change remove = [&](const std::optional<Bytes>& now) {
    existed = now.has_value();
    return std::optional<Bytes>();
  };
  CO_TRY(co_await rows_->change(row_key(name), std::move(remove)));
  co_return existed;
}

}  // namespace armature::console
