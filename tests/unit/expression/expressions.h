// Short forms for tests of expressions: bind a text and show what comes of it as text.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "expression/ast.h"
#include "expression/condition.h"
#include "expression/legacy.h"
#include "expression/placeholders.h"
#include "expression/projection.h"
#include "expression/update.h"
#include "support/values.h"

namespace armature::test {

using namespace armature::expression;

using Names = std::initializer_list<NamePlaceholder>;
using Values = std::initializer_list<Attribute>;

inline Placeholders placeholders(Values values, Names names) {
  return Placeholders(arena()->copy_array(std::span<const NamePlaceholder>(names.begin(), names.size())),
                      attributes(values));
}

// The error, or nothing.
template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "" : result.error().message;
}

inline Result<const Condition*> bind(std::string_view text, Values values = {}, Names names = {},
                                     Parameter parameter = Parameter::kCondition) {
  Placeholders given = placeholders(values, names);
  return bind_condition(arena()->copy(text), parameter, &given, arena());
}

inline std::string condition_error(std::string_view text, Values values = {}, Names names = {},
                                   Parameter parameter = Parameter::kCondition) {
  return error_of(bind(text, values, names, parameter));
}

// An item whose bytes outlive the test; nothing for kNoItem.
inline const Bytes kNoItem;
inline std::optional<ItemView> view(const Bytes& encoded) {
  return encoded.empty() ? std::nullopt : std::optional(ItemView(arena()->copy(encoded)));
}

// What a condition says of an item. "true", "false" or the error.
inline std::string verdict(std::string_view text, const Bytes& encoded, Values values = {}, Names names = {}) {
  const auto condition = bind(text, values, names);
  if (!condition) return condition.error().message;
  const std::optional<ItemView> item = view(encoded);
  return evaluate(**condition, item ? &*item : nullptr, arena()) ? "true" : "false";
}

inline Result<const UpdateProgram*> bind_set(std::string_view text, Values values = {}, Names names = {}) {
  Placeholders given = placeholders(values, names);
  return bind_update(arena()->copy(text), &given, arena());
}

inline std::string update_error(std::string_view text, Values values = {}, Names names = {}) {
  return error_of(bind_set(text, values, names));
}

// The item after `program`, the error, or "nothing created". The key of a missing item is {p: "k"}.
inline std::string applied(const UpdateProgram& program, const Bytes& before) {
  const std::optional<ItemView> item = view(before);
  const auto result = apply_update(program, item ? &*item : nullptr, attributes({{"p", S("k")}}), arena());
  if (!result) return result.error().message;
  return result->creates_nothing ? "nothing created" : to_text(result->attributes);
}

inline std::string updated(std::string_view text, const Bytes& before, Values values = {}, Names names = {}) {
  const auto program = bind_set(text, values, names);
  return program ? applied(**program, before) : program.error().message;
}

// "old -> new", as UPDATED_OLD and UPDATED_NEW show them.
inline std::string touched(std::string_view text, const Bytes& before, Values values = {}) {
  const auto program = bind_set(text, values);
  if (!program) return program.error().message;
  const ItemView item = *view(before);
  const auto result = apply_update(**program, &item, {}, arena());
  if (!result) return result.error().message;
  return to_text(project_touched(**program, item.decode(arena()), arena())) + " -> " +
         to_text(project_touched(**program, result->attributes, arena()));
}

inline std::string projected(std::string_view text, const Bytes& encoded, Names names = {}) {
  Placeholders given = placeholders({}, names);
  const auto projection = bind_projection(arena()->copy(text), &given, arena());
  if (!projection) return projection.error().message;
  return to_text(project(**projection, *view(encoded), arena()));
}

}  // namespace armature::test
