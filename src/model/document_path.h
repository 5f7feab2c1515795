// DocumentPath: where inside an item something lives, like `info.actors[0]`.
// Source: Developer Guide, "Referring to item attributes when using expressions in DynamoDB".
//
// Paths are views: steps and names live in the arena (or the request) they were parsed into. Pure functions; safe from
// any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "model/item.h"
#include "model/value.h"

namespace armature {

struct PathStep {
  static PathStep attribute(std::string_view name) { return {name, 0, false}; }
  static PathStep element(std::uint32_t index) { return {{}, index, true}; }

  std::string_view name;    // Of an attribute or map entry; empty for an index.
  std::uint32_t index = 0;  // Into a list; 0 for a name.
  bool is_index = false;

  friend bool operator==(const PathStep&, const PathStep&) = default;
};

struct DocumentPath {
  std::span<const PathStep> steps;  // Never empty; the first is always a name.

  std::string_view top_level_name() const { return steps.front().name; }
  bool is_nested() const { return steps.size() > 1; }
};

// What `path` leads to; nothing when a step is missing or meets a value of another type.
std::optional<EncodedValue> resolve(const ItemView& item, const DocumentPath& path);
const Value* resolve(std::span<const Attribute> item, const DocumentPath& path);

enum class PathRelation : std::uint8_t {
  kDistinct,
  kSame,
  kPrefix,    // One leads to a part of what the other leads to.
  kConflict,  // They take one place for a map and for a list: `a.b` and `a[0]`.
};

// Symmetric. One update or projection may hold only kDistinct paths.
PathRelation relation(const DocumentPath& a, const DocumentPath& b);

// Appends the path as error messages show it: `[a, b, [0]]`.
void append_path_text(const DocumentPath& path, Bytes* out);
Bytes path_text(const DocumentPath& path);

}  // namespace armature
