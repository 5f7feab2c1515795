#include "api/dynamodb/tables/settings_plan.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <set>
#include <string_view>

namespace armature::api {
namespace {

constexpr std::size_t kMaxTags = 50;

// Letters of any script, digits, blank and + - = . _ : / @ are allowed: of ASCII these, and whatever lies beyond it.
bool is_tag_text(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alphanumeric =
        (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    if (byte < 0x80 && !alphanumeric && std::string_view(" +-=._:/@").find(c) == std::string_view::npos) return false;
  }
  return true;
}

// Labels are times with milliseconds: "2026-11-22T17:37:33.256".
std::string stream_label(Clock::Millis now_ms) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}", fmt::gmtime(static_cast<std::time_t>(now_ms / 1000)), now_ms % 1000);
}

Result<void> start_stream(const StreamSpecification& input, const PlanContext& context, TableDefinition* table) {
  if (!input.stream_view_type) {
    return invalid(
        "One or more parameter values were invalid: StreamViewType must be specified when StreamEnabled is true");
  }
  // Labels tell the streams of a table apart.
  Clock::Millis label_ms = context.now_ms;
  if (table->stream) {
    label_ms = std::max(label_ms, table->stream->created_at_ms + 1);
    table->old_streams.push_back(*std::move(table->stream));
  }
  table->stream = StreamDefinition{.id = table->next_stream_id++,
                                   .label = stream_label(label_ms),
                                   .view_type = *input.stream_view_type,
                                   .enabled = true,
                                   .created_at_ms = label_ms};
  return {};
}

}  // namespace

Result<void> plan_encryption(const SseSpecification& input, TableDefinition* table) {
  const bool enabled = input.enabled.value_or(false);
  if (!enabled && (input.sse_type || input.kms_master_key_id)) {
    return invalid(
        "One or more parameter values were invalid: SSEType and KMSMasterKeyId can only be specified when Enabled is "
        "true");
  }
  if (input.sse_type == SseType::kAes256) {
    return invalid("One or more parameter values were invalid: SSEType AES256 is not supported");
  }
  table->encrypted = enabled;
  table->kms_key_arn = std::string(input.kms_master_key_id.value_or(std::string_view()));
  return {};
}

Result<void> plan_new_stream(const StreamSpecification& input, const PlanContext& context, TableDefinition* table) {
  if (input.stream_enabled) return start_stream(input, context, table);
  if (input.stream_view_type) {
    return invalid(
        "One or more parameter values were invalid: Table is being created with a stream disabled, UpdateViewType "
        "should "
        "not be specified");
  }
  return {};
}

Result<void> plan_stream_change(const StreamSpecification& input, const PlanContext& context, TableDefinition* table) {
  const bool enabled = table->stream && table->stream->enabled;
  if (input.stream_enabled) {
    if (enabled) return invalid(fmt::format("Table already has an enabled stream: TableName: {}", table->name));
    return start_stream(input, context, table);
  }
  if (input.stream_view_type) {
    return invalid(
        "One or more parameter values were invalid: StreamViewType should not be specified when StreamEnabled is "
        "false");
  }
  if (!enabled) return invalid(fmt::format("Table has no enabled stream to disable: TableName: {}", table->name));
  table->stream->enabled = false;
  table->stream->disabled_at_ms = context.now_ms;
  return {};
}

Result<void> add_tags(std::span<const Tag> added, std::map<std::string, std::string>* tags) {
  std::map<std::string, std::string> merged = *tags;
  std::set<std::string_view> seen;
  for (const Tag& tag : added) {
    if (!seen.insert(tag.key).second) {
      return invalid(fmt::format("One or more parameter values were invalid: Duplicate tag key: {}", tag.key));
    }
    if (tag.key.starts_with("aws:")) {
      return invalid(
          fmt::format("One or more parameter values were invalid: Tag keys must not start with aws:, which is "
                      "reserved: {}",
                      tag.key));
    }
    if (!is_tag_text(tag.key) || !is_tag_text(tag.value)) {
      return invalid(fmt::format(
          "One or more parameter values were invalid: Tag has characters that are not allowed. Key: {}", tag.key));
    }
    merged[std::string(tag.key)] = tag.value;
  }
  if (merged.size() > kMaxTags) {
    return invalid(fmt::format(
        "One or more parameter values were invalid: Number of tags, {}, exceeds the limit of {} for a resource",
        merged.size(), kMaxTags));
  }
  *tags = std::move(merged);
  return {};
}

}  // namespace armature::api
