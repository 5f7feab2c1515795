#include "table/decide.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "table/key_checks.h"

namespace armature {
namespace {

// The size an update is measured by. UpdateItem's rule was recorded on the service: the larger of the item and of what
// the program's own actions seem to weigh on top of everything but the key.
std::size_t measured_update_bytes(const UpdateIntent& update, std::span<const Attribute> item) {
  const std::size_t item_bytes = item_size_bytes(item);
  if (!update.measure_actions) return item_bytes;
  const std::size_t key_bytes = item_size_bytes(update.key.attributes);
  return std::max(item_bytes,
                  item_bytes - key_bytes + kContainerSizeBytes + expression::update_overhead_bytes(*update.program));
}

Result<void> check_levels(std::span<const Attribute> item) {
  for (const Attribute& attribute : item) {
    if (nesting_levels(attribute.value) > kMaxNestingLevels) {
      return invalid(
          "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
          "limit");
    }
  }
  return {};
}

Result<void> check_touched_index_keys(const TableDefinition& table, const UpdateIntent& update,
                                      std::span<const Attribute> item) {
  if (table.local_indexes.empty() && table.global_indexes.empty()) return {};
  std::vector<std::string_view> touched;
  expression::for_each_touched_attribute(
      *update.program,
      [](void* context, std::string_view name) {
        static_cast<std::vector<std::string_view>*>(context)->push_back(name);
      },
      &touched);
  return check_updated_index_keys(table, item, touched);
}

}  // namespace

Result<void> check_guard(const WriteGuard& guard, const ItemView* before, Arena* arena) {
  const bool duplicate = guard.insert && before != nullptr;
  if (!duplicate && (guard.condition == nullptr || expression::evaluate(*guard.condition, before, arena))) return {};
  Error error = duplicate ? Error{ErrorCode::kDuplicateItem, "Duplicate primary key exists in table", {}}
                          : Error{ErrorCode::kConditionalCheckFailed, "The conditional request failed", {}};
  if (guard.return_item_on_failure && before != nullptr) {
    error.detail = EncodedItemDetail{Bytes(before->encoded())};
  }
  return Unexpected(std::move(error));
}

// Source: API Reference, "TransactWriteItems" (CancellationReasons).
Unexpected<Error> collection_too_large() {
  return fail(ErrorCode::kItemCollectionSizeLimitExceeded, "Collection size exceeded.");
}

Result<std::optional<Bytes>> decide_put(const PutIntent& put) { return std::optional(encode_item(put.item)); }

Result<std::optional<Bytes>> decide_update(const TableDefinition& table, const UpdateIntent& update,
                                           const ItemView* before, Arena* arena) {
  if (update.program == nullptr) {
    return std::optional(before != nullptr ? Bytes(before->encoded()) : encode_item(update.key.attributes));
  }
  TRY_ASSIGN(const expression::UpdateResult result,
             expression::apply_update(*update.program, before, update.key.attributes, arena));
  if (result.creates_nothing) return std::optional<Bytes>();
  TRY(check_touched_index_keys(table, update, result.attributes));
  if (measured_update_bytes(update, result.attributes) > kMaxItemSizeBytes) {
    return invalid("Item size to update has exceeded the maximum allowed size");
  }
  TRY(check_levels(result.attributes));
  return std::optional(encode_item(result.attributes));
}

}  // namespace armature
