#include "model/document_path.h"

#include <algorithm>
#include <string>

namespace armature {

std::optional<EncodedValue> resolve(const ItemView& item, const DocumentPath& path) {
  std::optional<EncodedValue> value = item.find(path.top_level_name());
  for (const PathStep& step : path.steps.subspan(1)) {
    if (!value) break;
    value = step.is_index ? value->at(step.index) : value->find(step.name);
  }
  return value;
}

namespace {

const Value* step_into(const Value& parent, const PathStep& step) {
  if (!step.is_index) return parent.is(Type::kMap) ? find_attribute(parent.entries(), step.name) : nullptr;
  if (!parent.is(Type::kList) || step.index >= parent.elements().size()) return nullptr;
  return &parent.elements()[step.index];
}

}  // namespace

const Value* resolve(std::span<const Attribute> item, const DocumentPath& path) {
  const Value* value = find_attribute(item, path.top_level_name());
  for (const PathStep& step : path.steps.subspan(1)) {
    if (value == nullptr) break;
    value = step_into(*value, step);
  }
  return value;
}

PathRelation relation(const DocumentPath& a, const DocumentPath& b) {
  const auto [step_a, step_b] = std::mismatch(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end());
  const bool a_ended = step_a == a.steps.end();
  const bool b_ended = step_b == b.steps.end();
  if (a_ended && b_ended) return PathRelation::kSame;
  if (a_ended || b_ended) return PathRelation::kPrefix;
  return step_a->is_index == step_b->is_index ? PathRelation::kDistinct : PathRelation::kConflict;
}

void append_path_text(const DocumentPath& path, Bytes* out) {
  out->push_back('[');
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const PathStep& step = path.steps[i];
    if (i > 0) out->append(", ");
    if (step.is_index) {
      out->append("[").append(std::to_string(step.index)).append("]");
    } else {
      out->append(step.name);
    }
  }
  out->push_back(']');
}

Bytes path_text(const DocumentPath& path) {
  Bytes text;
  append_path_text(path, &text);
  return text;
}

}  // namespace armature
