#include "api/dynamodb/transact_fingerprint.h"

#include <vector>

#include "auth/sigv4/digest.h"
#include "model/item.h"

namespace armature::api {
namespace {

// Every part is preceded by its length, so that no two requests run together to the same bytes; absent parts differ
// from empty ones.
class Canonical {
 public:
  void add(char kind) { bytes_.push_back(kind); }
  void add(std::string_view text) {
    append_varint(&bytes_, text.size() + 1);
    bytes_.append(text);
  }
  void add(const std::optional<std::string_view>& text) {
    if (text) return add(*text);
    append_varint(&bytes_, 0);
  }
  void add(std::span<const Attribute> attributes) { add(std::string_view(encode_item(attributes))); }
  void add(const ExpressionNames& names) {
    std::vector<Attribute> attributes;
    for (const expression::NamePlaceholder& name : names) {
      attributes.push_back({name.placeholder, Value::string(name.name)});
    }
    add(std::span<const Attribute>(attributes));
  }
  void add_guard(const GuardParameters& guard) {
    add(guard.condition_expression);
    add(guard.expression_names.value_or(ExpressionNames{}));
    add(guard.expression_values.value_or(ExpressionValues{}).attributes);
    add(guard.return_values_on_failure == ReturnValuesOnFailure::kAllOld ? 'a' : 'n');
  }

  Bytes digest() const { return Bytes(auth::sigv4::view_of(auth::sigv4::sha256(bytes_))); }

 private:
  Bytes bytes_;
};

}  // namespace

Bytes fingerprint(std::span<const TransactWriteItem> actions) {
  Canonical canonical;
  for (const TransactWriteItem& action : actions) {
    if (action.put) {
      canonical.add('p');
      canonical.add(action.put->item);
    } else if (action.update) {
      canonical.add('u');
      canonical.add(action.update->key);
      canonical.add(action.update->update_expression);
    } else if (action.remove) {
      canonical.add('d');
      canonical.add(action.remove->key);
    } else {
      canonical.add('c');
      canonical.add(action.check->key);
    }
    canonical.add(action.table_name());
    action.visit([&](const GuardParameters& guard) { canonical.add_guard(guard); });
  }
  return canonical.digest();
}

}  // namespace armature::api
