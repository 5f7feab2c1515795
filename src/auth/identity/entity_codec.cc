// Rows of storage::kIdentityKeySpace, all in Space::kItems. Other folders keep rows of their own there, whose keys
// begin with other letters.
//
//   key                          value
//   "iu" | folded user name      user: access keys (secrets sealed), login profile, policies, groups, tags
//   "ig" | folded group name     group
//   "ir" | folded role name      role
//   "ip" | folded policy name    customer managed policy with its versions
//   "ia"                         account settings
//   "iv"                         revision, 8 bytes big-endian; part of the read set of every change
//   "ik"                         key check: kKeyCheckText, sealed
//   "il" | access key id         when the key was last used; written now and then, outside of the revision
//
// Values but the two noted are items (model/item.h): maps with one member a field. `format` grows when a reader of
// today could not make sense of what comes then.

#include "auth/identity/entity_codec.h"

#include "base/arena.h"
#include "model/item.h"
#include "model/map_fields.h"

namespace armature::auth {
namespace {

constexpr std::int64_t kFormat = 1;

Error damaged(const char* what) {
  return {ErrorCode::kInternal, std::string("the stored ") + what + " cannot be read", {}};
}

Bytes row(char kind, std::string_view name) {
  Bytes key(kRowPrefix);
  key.push_back(kind);
  return key.append(name);
}

// A secret belongs to one access key of one user: it does not open elsewhere.
Bytes secret_context(std::string_view user_id, std::string_view access_key_id) {
  return Bytes(user_id).append("/").append(access_key_id);
}

std::vector<Value> write_texts(const std::vector<std::string>& texts, Arena* arena) {
  std::vector<Value> list;
  for (const std::string& text : texts) list.push_back(Value::string(arena->copy(text)));
  return list;
}

std::vector<std::string> read_texts(std::span<const Value> list) {
  std::vector<std::string> texts;
  for (const Value& element : list) {
    if (element.is(Type::kString)) texts.emplace_back(element.bytes());
  }
  return texts;
}

void write_tags(const std::vector<Tag>& tags, MapWriter* writer, Arena* arena) {
  std::vector<Value> list;
  for (const Tag& tag : tags) {
    MapWriter element(arena);
    element.text("key", tag.key);
    element.text("value", tag.value);
    list.push_back(element.finish());
  }
  writer->list("tags", list);
}

std::vector<Tag> read_tags(const MapReader& reader) {
  std::vector<Tag> tags;
  for (const Value& element : reader.list("tags")) {
    const MapReader tag(&element);
    tags.push_back({tag.text("key"), tag.text("value")});
  }
  return tags;
}

void write_entity(const Entity& entity, MapWriter* writer) {
  writer->integer("format", kFormat);
  writer->text("name", entity.name);
  writer->text("path", entity.path);
  writer->text("id", entity.id);
  writer->integer("created_at_s", entity.created_at_s);
}

void read_entity(const MapReader& reader, Entity* entity) {
  entity->name = reader.text("name");
  entity->path = reader.text("path");
  entity->id = reader.text("id");
  entity->created_at_s = reader.integer("created_at_s");
}

void write_permissions(const Permissions& permissions, MapWriter* writer, Arena* arena) {
  std::vector<Value> list;
  for (const InlinePolicy& policy : permissions.inline_policies) {
    MapWriter element(arena);
    element.text("name", policy.name);
    element.text("document", policy.document.text);
    list.push_back(element.finish());
  }
  writer->list("inline_policies", list);
  writer->list("attached", write_texts(permissions.attached_arns, arena));
}

Permissions read_permissions(const MapReader& reader) {
  Permissions permissions;
  for (const Value& element : reader.list("inline_policies")) {
    const MapReader policy(&element);
    permissions.inline_policies.push_back(
        {policy.text("name"), stored_document(policy.text("document"), iam::PolicyKind::kIdentity)});
  }
  permissions.attached_arns = read_texts(reader.list("attached"));
  return permissions;
}

std::vector<Value> write_access_keys(const User& user, const KeyRing& keys, Arena* arena) {
  std::vector<Value> list;
  for (const UserAccessKey& key : user.access_keys) {
    MapWriter element(arena);
    element.text("id", key.id);
    element.bytes("secret",
                  keys.seal(SealPurpose::kStoredSecret, key.secret.reveal(), secret_context(user.id, key.id)));
    element.flag("inactive", !key.active);
    element.integer("created_at_s", key.created_at_s);
    list.push_back(element.finish());
  }
  return list;
}

Result<std::vector<UserAccessKey>> read_access_keys(const MapReader& reader, const User& user, const KeyRing& keys,
                                                    bool* sealed_by_old_key) {
  std::vector<UserAccessKey> read;
  for (const Value& element : reader.list("access_keys")) {
    const MapReader key(&element);
    const std::string id = key.text("id");
    const Bytes sealed = key.text("secret");
    auto secret = keys.open(SealPurpose::kStoredSecret, sealed, secret_context(user.id, id));
    if (!secret) {
      return fail(ErrorCode::kInternal,
                  "the secret of access key " + id + " of user " + user.name + " does not open with the key file");
    }
    if (sealed_by_old_key != nullptr && !keys.is_sealed_by_first_key(sealed)) *sealed_by_old_key = true;
    read.push_back({id, Secret(std::move(*secret)), !key.flag("inactive"), key.integer("created_at_s")});
  }
  return read;
}

// Calls read(MapReader) with the members of a row of ours.
template <class Read>
Result<void> read_row(BytesView value, const char* what, Read read) {
  if (!is_valid_item(value)) return Unexpected(damaged(what));
  Arena arena;
  const MapReader reader(ItemView(value).decode(&arena));
  if (reader.integer("format") != kFormat) return Unexpected(damaged(what));
  return read(reader);
}

}  // namespace

Bytes user_row(std::string_view name) { return row('u', folded(name)); }
Bytes group_row(std::string_view name) { return row('g', folded(name)); }
Bytes role_row(std::string_view name) { return row('r', folded(name)); }
Bytes policy_row(std::string_view name) { return row('p', folded(name)); }
Bytes key_usage_row(std::string_view access_key_id) { return row('l', access_key_id); }

RowKind kind_of_row(BytesView key) {
  if (key == kAccountRow) return RowKind::kAccount;
  if (key == kRevisionRow) return RowKind::kRevision;
  if (key == kKeyCheckRow) return RowKind::kKeyCheck;
  if (key.size() < 3 || !key.starts_with(kRowPrefix)) return RowKind::kOther;
  switch (key[1]) {
    case 'u': return RowKind::kUser;
    case 'g': return RowKind::kGroup;
    case 'r': return RowKind::kRole;
    case 'p': return RowKind::kPolicy;
    case 'l': return RowKind::kKeyUsage;
    default: return RowKind::kOther;
  }
}

Bytes encode_user(const User& user, const KeyRing& keys) {
  Arena arena;
  MapWriter writer(&arena);
  write_entity(user, &writer);
  write_permissions(user.permissions, &writer, &arena);
  writer.text("boundary", user.boundary_arn);
  write_tags(user.tags, &writer, &arena);
  writer.list("groups", write_texts(user.group_ids, &arena));
  writer.list("access_keys", write_access_keys(user, keys, &arena));
  if (user.login) {
    MapWriter login(&arena);
    login.text("password_hash", user.login->password_hash);
    login.flag("reset_required", user.login->reset_required);
    login.integer("created_at_s", user.login->created_at_s);
    writer.map("login", login);
  }
  return encode_item(writer.attributes());
}

Result<User> decode_user(BytesView value, const KeyRing& keys, bool* sealed_by_old_key) {
  User user;
  TRY(read_row(value, "user", [&](const MapReader& reader) -> Result<void> {
    read_entity(reader, &user);
    user.permissions = read_permissions(reader);
    user.boundary_arn = reader.text("boundary");
    user.tags = read_tags(reader);
    user.group_ids = read_texts(reader.list("groups"));
    TRY_ASSIGN(user.access_keys, read_access_keys(reader, user, keys, sealed_by_old_key));
    if (const Value* map = reader.find("login")) {
      const MapReader login(map);
      user.login =
          LoginProfile{login.text("password_hash"), login.flag("reset_required"), login.integer("created_at_s")};
    }
    return {};
  }));
  return user;
}

Bytes encode_group(const Group& group) {
  Arena arena;
  MapWriter writer(&arena);
  write_entity(group, &writer);
  write_permissions(group.permissions, &writer, &arena);
  return encode_item(writer.attributes());
}

Result<Group> decode_group(BytesView value) {
  Group group;
  TRY(read_row(value, "group", [&](const MapReader& reader) -> Result<void> {
    read_entity(reader, &group);
    group.permissions = read_permissions(reader);
    return {};
  }));
  return group;
}

Bytes encode_role(const Role& role) {
  Arena arena;
  MapWriter writer(&arena);
  write_entity(role, &writer);
  writer.text("trust_policy", role.trust_policy.text);
  writer.text("description", role.description);
  writer.integer("max_session_s", role.max_session_s);
  write_permissions(role.permissions, &writer, &arena);
  writer.text("boundary", role.boundary_arn);
  write_tags(role.tags, &writer, &arena);
  return encode_item(writer.attributes());
}

Result<Role> decode_role(BytesView value) {
  Role role;
  TRY(read_row(value, "role", [&](const MapReader& reader) -> Result<void> {
    read_entity(reader, &role);
    role.trust_policy = stored_document(reader.text("trust_policy"), iam::PolicyKind::kTrust);
    role.description = reader.text("description");
    role.max_session_s = reader.integer("max_session_s");
    role.permissions = read_permissions(reader);
    role.boundary_arn = reader.text("boundary");
    role.tags = read_tags(reader);
    return {};
  }));
  return role;
}

Bytes encode_policy(const ManagedPolicy& policy) {
  Arena arena;
  MapWriter writer(&arena);
  write_entity(policy, &writer);
  writer.text("arn", policy.arn);
  writer.text("description", policy.description);
  std::vector<Value> versions;
  for (const PolicyVersion& version : policy.versions) {
    MapWriter element(&arena);
    element.integer("number", version.number);
    element.text("document", version.document.text);
    element.integer("created_at_s", version.created_at_s);
    versions.push_back(element.finish());
  }
  writer.list("versions", versions);
  writer.integer("default_version", policy.default_version);
  writer.integer("next_version", policy.next_version);
  writer.integer("updated_at_s", policy.updated_at_s);
  write_tags(policy.tags, &writer, &arena);
  return encode_item(writer.attributes());
}

Result<ManagedPolicy> decode_policy(BytesView value) {
  ManagedPolicy policy;
  TRY(read_row(value, "policy", [&](const MapReader& reader) -> Result<void> {
    read_entity(reader, &policy);
    policy.arn = reader.text("arn");
    policy.description = reader.text("description");
    for (const Value& element : reader.list("versions")) {
      const MapReader version(&element);
      policy.versions.push_back({static_cast<int>(version.integer("number")),
                                 stored_document(version.text("document"), iam::PolicyKind::kIdentity),
                                 version.integer("created_at_s")});
    }
    policy.default_version = static_cast<int>(reader.integer("default_version"));
    policy.next_version = static_cast<int>(reader.integer("next_version"));
    policy.updated_at_s = reader.integer("updated_at_s");
    policy.tags = read_tags(reader);
    if (policy.find_version(policy.default_version) == nullptr) return Unexpected(damaged("policy"));
    return {};
  }));
  return policy;
}

Bytes encode_account(const AccountSettings& settings) {
  Arena arena;
  MapWriter writer(&arena);
  writer.integer("format", kFormat);
  writer.text("alias", settings.alias);
  if (settings.allowed_ips) {
    writer.flag("has_allowed_ips", true);  // Lists that are empty are left out.
    writer.list("allowed_ips", write_texts(*settings.allowed_ips, &arena));
  }
  return encode_item(writer.attributes());
}

Result<AccountSettings> decode_account(BytesView value) {
  AccountSettings settings;
  TRY(read_row(value, "account settings", [&](const MapReader& reader) -> Result<void> {
    settings.alias = reader.text("alias");
    if (reader.flag("has_allowed_ips")) settings.allowed_ips = read_texts(reader.list("allowed_ips"));
    return {};
  }));
  return settings;
}

Bytes encode_key_usage(const KeyUsage& usage) {
  Arena arena;
  MapWriter writer(&arena);
  writer.integer("format", kFormat);
  writer.integer("at_s", usage.at_s);
  writer.text("region", usage.region);
  writer.text("service", usage.service);
  return encode_item(writer.attributes());
}

Result<KeyUsage> decode_key_usage(BytesView value) {
  KeyUsage usage;
  TRY(read_row(value, "key usage", [&](const MapReader& reader) -> Result<void> {
    usage = {reader.integer("at_s"), reader.text("region"), reader.text("service")};
    return {};
  }));
  return usage;
}

}  // namespace armature::auth
