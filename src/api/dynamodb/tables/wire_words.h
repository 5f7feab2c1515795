// The wire's words for what a table definition says. Values stand in the order DynamoDB's error texts print them.
// Source: API Reference, "TableDescription" and the types it names.
#pragma once

#include <cstdint>

#include "api/shape.h"
#include "catalog/table_definition.h"

namespace armature::api {

enum class KeyType : std::uint8_t { kHash, kRange };
enum class ScalarAttributeType : std::uint8_t { kBinary, kNumber, kString };
enum class SseType : std::uint8_t { kAes256, kKms };

template <>
struct EnumShape<KeyType> {
  static constexpr EnumValue<KeyType> values[] = {{"HASH", KeyType::kHash}, {"RANGE", KeyType::kRange}};
};

template <>
struct EnumShape<ScalarAttributeType> {
  static constexpr EnumValue<ScalarAttributeType> values[] = {
      {"B", ScalarAttributeType::kBinary}, {"N", ScalarAttributeType::kNumber}, {"S", ScalarAttributeType::kString}};
};

template <>
struct EnumShape<SseType> {
  static constexpr EnumValue<SseType> values[] = {{"AES256", SseType::kAes256}, {"KMS", SseType::kKms}};
};

template <>
struct EnumShape<TableStatus> {
  static constexpr EnumValue<TableStatus> values[] = {{"CREATING", TableStatus::kCreating},
                                                      {"UPDATING", TableStatus::kUpdating},
                                                      {"DELETING", TableStatus::kDeleting},
                                                      {"ACTIVE", TableStatus::kActive}};
};

template <>
struct EnumShape<IndexStatus> {
  static constexpr EnumValue<IndexStatus> values[] = {{"CREATING", IndexStatus::kCreating},
                                                      {"UPDATING", IndexStatus::kUpdating},
                                                      {"DELETING", IndexStatus::kDeleting},
                                                      {"ACTIVE", IndexStatus::kActive}};
};

template <>
struct EnumShape<BillingMode> {
  static constexpr EnumValue<BillingMode> values[] = {{"PROVISIONED", BillingMode::kProvisioned},
                                                      {"PAY_PER_REQUEST", BillingMode::kPayPerRequest}};
};

template <>
struct EnumShape<ProjectionType> {
  static constexpr EnumValue<ProjectionType> values[] = {
      {"ALL", ProjectionType::kAll}, {"INCLUDE", ProjectionType::kInclude}, {"KEYS_ONLY", ProjectionType::kKeysOnly}};
};

template <>
struct EnumShape<StreamViewType> {
  static constexpr EnumValue<StreamViewType> values[] = {{"OLD_IMAGE", StreamViewType::kOldImage},
                                                         {"KEYS_ONLY", StreamViewType::kKeysOnly},
                                                         {"NEW_IMAGE", StreamViewType::kNewImage},
                                                         {"NEW_AND_OLD_IMAGES", StreamViewType::kNewAndOldImages}};
};

template <>
struct EnumShape<TimeToLiveStatus> {
  static constexpr EnumValue<TimeToLiveStatus> values[] = {{"ENABLING", TimeToLiveStatus::kEnabling},
                                                           {"DISABLING", TimeToLiveStatus::kDisabling},
                                                           {"ENABLED", TimeToLiveStatus::kEnabled},
                                                           {"DISABLED", TimeToLiveStatus::kDisabled}};
};

template <>
struct EnumShape<TableClass> {
  static constexpr EnumValue<TableClass> values[] = {
      {"STANDARD", TableClass::kStandard}, {"STANDARD_INFREQUENT_ACCESS", TableClass::kStandardInfrequentAccess}};
};

}  // namespace armature::api
