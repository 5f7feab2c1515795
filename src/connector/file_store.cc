#include "connector/file_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/random.h"
#include "connector/private_file.h"
#include "connector/sealed_box.h"

namespace armature::connector {
namespace {

std::string path_in(const std::string& directory, std::string_view name) {
  return fmt::format("{}/{}", directory, name);
}

template <class T>
Expected<T, StoreError> as_store_error(Expected<T, std::string> result) {
  if constexpr (std::is_void_v<T>) {
    if (result) return {};
    return Unexpected(StoreError{std::move(result.error())});
  } else {
    if (result) return std::move(*result);
    return Unexpected(StoreError{std::move(result.error())});
  }
}

Unexpected<StoreError> damaged(const std::string& path, std::string_view why) {
  return Unexpected(StoreError{fmt::format("{} {}", path, why)});
}

// The key of the directory's boxes; made when `make` and there is none. nullopt: none.
Expected<std::optional<Secret>, StoreError> box_key(const std::string& directory, bool make) {
  const std::string path = path_in(directory, "connector.key");
  TRY_ASSIGN(std::optional<Bytes> bytes, as_store_error(read_file(path)));
  if (!bytes && make) {
    TRY(as_store_error(create_file(path, secure_random_bytes(kBoxKeyBytes))));
    TRY_ASSIGN(bytes, as_store_error(read_file(path)));
  }
  if (!bytes) return std::optional<Secret>();
  if (bytes->size() != kBoxKeyBytes) return damaged(path, "is damaged: it must have 32 bytes");
  return std::optional<Secret>(Secret(std::move(*bytes)));
}

// Elements of a JSON array, each read by `read`.
template <class T, class Read>
Expected<std::vector<T>, StoreError> read_array(const std::string& path, BytesView text, Read read) {
  Arena arena;
  const auto json = wire::parse_json(text, &arena);
  if (!json || !(*json)->is(wire::Json::Kind::kArray)) return damaged(path, "is damaged: it is no JSON array");
  std::vector<T> elements;
  for (const wire::Json& element : (*json)->elements) {
    Result<T> value = read(element);
    if (!value) return damaged(path, "is damaged: " + value.error().message);
    elements.push_back(std::move(*value));
  }
  return elements;
}

template <class T, class Write>
std::string array_text(const std::vector<T>& elements, Write write) {
  std::string text;
  wire::JsonWriter writer(&text);
  writer.begin_array();
  for (const T& element : elements) write(element, &writer);
  writer.end_array();
  return text;
}

}  // namespace

Expected<std::string, StoreError> config_directory() {
  const auto variable = [](const char* name) -> std::string {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "";
  };
  if (std::string own = variable("ARMATURE_CONFIG_DIR"); !own.empty()) return own;
  if (const std::string base = variable("XDG_CONFIG_HOME"); !base.empty()) return base + "/armature";
  if (const std::string home = variable("HOME"); !home.empty()) return home + "/.config/armature";
  return Unexpected(
      StoreError{"there is no place for saved connections: set ARMATURE_CONFIG_DIR (HOME is not set either)"});
}

Expected<std::vector<SavedConnection>, StoreError> FileConnectionStore::read() const {
  const std::string path = path_in(directory_, "connections");
  TRY_ASSIGN(const std::optional<Bytes> box, as_store_error(read_file(path)));
  if (!box) return std::vector<SavedConnection>();
  TRY_ASSIGN(const std::optional<Secret> key, box_key(directory_, false));
  if (!key) return damaged(path, fmt::format("cannot be read: its key, {}/connector.key, is missing", directory_));
  const std::optional<Secret> plain = open_box(*key, *box);
  if (!plain)
    return damaged(path, fmt::format("cannot be read: it is damaged, or {}/connector.key is not its key", directory_));
  return read_array<SavedConnection>(path, plain->reveal(),
                                     [](const wire::Json& json) { return read_connection(json); });
}

Expected<void, StoreError> FileConnectionStore::write(const std::vector<SavedConnection>& connections) const {
  TRY_ASSIGN(const std::optional<Secret> key, box_key(directory_, true));
  if (!key) return damaged(directory_, "has no connector.key");
  const Secret text(array_text(connections, [](const SavedConnection& connection, wire::JsonWriter* writer) {
    write_connection(connection, Secrets::kWith, writer);
  }));
  return as_store_error(replace_file(path_in(directory_, "connections"), seal(*key, text.reveal())));
}

Task<Expected<std::vector<SavedConnection>, StoreError>> FileConnectionStore::list() { co_return read(); }

Task<Expected<std::optional<SavedConnection>, StoreError>> FileConnectionStore::find(std::string name) {
  CO_TRY_ASSIGN(std::vector<SavedConnection> connections, read());
  for (SavedConnection& connection : connections) {
    if (connection.name == name) co_return std::optional<SavedConnection>(std::move(connection));
  }
  co_return std::optional<SavedConnection>();
}

Task<Expected<void, StoreError>> FileConnectionStore::put(SavedConnection connection) {
  CO_TRY_ASSIGN(const FileLock lock, as_store_error(FileLock::take(path_in(directory_, ".lock"))));
  CO_TRY_ASSIGN(std::vector<SavedConnection> connections, read());
  std::erase_if(connections, [&](const SavedConnection& old) { return old.name == connection.name; });
  connections.push_back(std::move(connection));
  std::sort(connections.begin(), connections.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  co_return write(connections);
}

Task<Expected<bool, StoreError>> FileConnectionStore::remove(std::string name) {
  CO_TRY_ASSIGN(const FileLock lock, as_store_error(FileLock::take(path_in(directory_, ".lock"))));
  CO_TRY_ASSIGN(std::vector<SavedConnection> connections, read());
  if (std::erase_if(connections, [&](const SavedConnection& old) { return old.name == name; }) == 0) co_return false;
  CO_TRY(write(connections));
  co_return true;
}

Expected<std::vector<SavedQuery>, StoreError> FileQueryStore::read() const {
  const std::string path = path_in(directory_, "queries.json");
  TRY_ASSIGN(const std::optional<Bytes> text, as_store_error(read_file(path)));
  if (!text) return std::vector<SavedQuery>();
  return read_array<SavedQuery>(path, *text, [](const wire::Json& json) { return read_query(json); });
}

Expected<void, StoreError> FileQueryStore::write(const std::vector<SavedQuery>& queries) const {
  const std::string text =
      array_text(queries, [](const SavedQuery& query, wire::JsonWriter* writer) { write_query(query, writer); });
  return as_store_error(replace_file(path_in(directory_, "queries.json"), text));
}

Task<Expected<std::vector<SavedQuery>, StoreError>> FileQueryStore::list() { co_return read(); }

Task<Expected<std::optional<SavedQuery>, StoreError>> FileQueryStore::find(std::string id) {
  CO_TRY_ASSIGN(std::vector<SavedQuery> queries, read());
  for (SavedQuery& query : queries) {
    if (query.id == id) co_return std::optional<SavedQuery>(std::move(query));
  }
  co_return std::optional<SavedQuery>();
}

Task<Expected<SavedQuery, StoreError>> FileQueryStore::put(SavedQuery query) {
  CO_TRY_ASSIGN(const FileLock lock, as_store_error(FileLock::take(path_in(directory_, ".lock"))));
  CO_TRY_ASSIGN(std::vector<SavedQuery> queries, read());
  if (query.id.empty()) query.id = random_uuid();
  std::erase_if(queries, [&](const SavedQuery& old) { return old.id == query.id; });
  queries.push_back(query);
  CO_TRY(write(queries));
  co_return query;
}

Task<Expected<bool, StoreError>> FileQueryStore::remove(std::string id) {
  CO_TRY_ASSIGN(const FileLock lock, as_store_error(FileLock::take(path_in(directory_, ".lock"))));
  CO_TRY_ASSIGN(std::vector<SavedQuery> queries, read());
  if (std::erase_if(queries, [&](const SavedQuery& old) { return old.id == id; }) == 0) co_return false;
  CO_TRY(write(queries));
  co_return true;
}

}  // namespace armature::connector
