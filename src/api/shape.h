// Request shapes: from JSON to a plain struct, by table. A request is a struct of views and values; its Shape is a
// constexpr table that says, for each member, the name on the wire, where it goes, and which constraints DynamoDB's
// model puts on it.
//
// DynamoDB decodes in two passes, and so does decode_request():
//   1. JSON types. The first wrong one answers SerializationException ("NUMBER_VALUE cannot be converted to String").
//   2. Model constraints: required, length, range, pattern, enum. All violations (at most ten) go into one
//   ValidationException:
//      "2 validation errors detected: Value null at 'key' failed to satisfy constraint: Member must not be null; ...".
//      A bad table name is answered alone.
// Unknown members are ignored; null is absent. Both passes walk the JSON once together; only when something was
// violated is it walked again to form the texts.
//
// An example, whole:
//
//   // get_item.h. Views borrow from the request's arena; no member needs a destructor.
//   struct GetItemRequest {
//     std::string_view table_name;                                  // Required ones are plain,
//     std::span<const Attribute> key;
//     std::optional<bool> consistent_read;                          // optional ones std::optional.
//     std::optional<ReturnConsumedCapacity> return_consumed_capacity;
//   };
//   template <>
//   struct Shape<GetItemRequest> : ShapeOf<GetItemRequest> {
//     static constexpr std::string_view name = "GetItemInput";      // As AWS's model calls the structure.
//     static constexpr Member members[] = {
//         member<&GetItemRequest::table_name>("TableName", kTableNameOrArn),
//         member<&GetItemRequest::key>("Key", kRequired),
//         member<&GetItemRequest::consistent_read>("ConsistentRead"),
//         member<&GetItemRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
//     };
//   };
//   // An enum lists its values in the order the error text prints them.
//   template <>
//   struct EnumShape<ReturnConsumedCapacity> {
//     static constexpr EnumValue<ReturnConsumedCapacity> values[] = {
//         {"INDEXES", ReturnConsumedCapacity::kIndexes}, {"TOTAL", ReturnConsumedCapacity::kTotal},
//         {"NONE", ReturnConsumedCapacity::kNone}};
//   };
//
// What a member may be: std::string_view, bool, std::int32_t ("Integer" in texts), std::int64_t ("Long"), double, an
// enum with an EnumShape, a struct with a Shape, Value, std::span<const Attribute> (an item or key), std::span<const T>
// (a list), Map<T> (a map), and std::optional of each.
//
// The handler of the operation is a coroutine
//   Task<Result<GetItemResponse>> get_item(Services& services, RequestContext& context, const GetItemRequest& request);
// with `void encode(const GetItemResponse& response, wire::JsonWriter* writer);` beside it, and one row in
// operations.cc. Rules that need more than one member belong into the handler.
//
// Source: API Reference, "Common Errors" and each operation's "Request Parameters".
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/arena.h"
#include "model/error.h"
#include "model/value.h"
#include "wire/json.h"

namespace armature::api {

// --- Constraints ---

struct Pattern {
  std::string_view text;  // As the error text shows it.
  bool (*matches)(std::string_view value);
};

bool is_table_or_index_name(std::string_view value);
// A table name, or anything that starts like an ARN.
bool is_table_name_or_arn(std::string_view value);
inline constexpr Pattern kNamePattern{"[a-zA-Z0-9_.-]+", is_table_or_index_name};
inline constexpr Pattern kNameOrArnPattern{"[a-zA-Z0-9_.-]+", is_table_name_or_arn};

struct Constraint {
  static constexpr std::int64_t kNoMinimum = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kNoMaximum = std::numeric_limits<std::int64_t>::max();

  bool required = false;
  // Of numbers the value; of strings, lists and maps the length.
  std::int64_t minimum = kNoMinimum;
  std::int64_t maximum = kNoMaximum;
  const Pattern* pattern = nullptr;
  // Of lists and maps: what holds for each element, and for each key of a map. Violations are reported on the
  // container.
  const Constraint* element = nullptr;
  const Constraint* key = nullptr;
  // Some of DynamoDB's texts are of a newer kind: "Value at 'Limit'" instead of "Value '0' at 'limit'".
  bool terse = false;
  // Of a required member: the whole message when it is missing, instead of the gathered text.
  std::string_view missing_text = {};
};

inline constexpr Constraint kRequired{.required = true};
// Tables named for the first time, and indexes.
inline constexpr Constraint kTableName{.required = true, .minimum = 3, .maximum = 255, .pattern = &kNamePattern};
inline constexpr Constraint kIndexName{.minimum = 3, .maximum = 255, .pattern = &kNamePattern};
// Tables that exist can be named by ARN too, so the model states other lengths.
inline constexpr Constraint kTableNameOrArn{
    .required = true, .minimum = 1, .maximum = 1024, .pattern = &kNameOrArnPattern};

// --- What a request struct is made of ---

template <class T>
struct MapEntry {
  std::string_view key;
  T value;
};
template <class T>
using Map = std::span<const MapEntry<T>>;

template <class E>
struct EnumValue {
  std::string_view name;
  E value;
};
template <class E>
struct EnumShape;  // static constexpr EnumValue<E> values[].

// The wire name of an enum's value.
template <class E>
constexpr std::string_view enum_name(E value) {
  for (const EnumValue<E>& known : EnumShape<E>::values) {
    if (known.value == value) return known.name;
  }
  return {};
}

// --- The machinery; read on only to extend it ---

// State of one decoding.
class Decoder {
 public:
  explicit Decoder(Arena* arena) : arena_(arena) {}

  Arena* arena() const { return arena_; }

  // Ends decoding with an error; returns false for the caller to pass on.
  bool fail(Error error) {
    error_ = std::move(error);
    return false;
  }
  // What is wrong with an attribute value is answered after the constraints: the first such error is kept.
  void defer(Error error) {
    if (!value_error_) value_error_ = std::move(error);
  }
  // A constraint does not hold; its text is formed later.
  void mark_violated() { violated_ = true; }

  bool violated() const { return violated_; }
  Error& error() { return error_; }
  std::optional<Error>& value_error() { return value_error_; }

 private:
  Arena* arena_;
  bool violated_ = false;
  Error error_{ErrorCode::kSerialization, {}, {}};
  std::optional<Error> value_error_;
};

// Where in the request something is: `keySchema.1.member.keyType`. A chain on the stack.
struct MemberPath {
  const MemberPath* parent = nullptr;
  std::string_view name;     // A member's, or a map entry's key.
  std::size_t position = 0;  // Of a list element, from 1.
  bool is_element = false;
};

// The texts of pass 2.
class Violations {
 public:
  static constexpr std::size_t kAtMost = 10;
  explicit Violations(std::size_t at_most = kAtMost) : at_most_(at_most) {}

  bool full() const { return texts_.size() >= at_most_; }
  bool empty() const { return texts_.empty(); }
  // `echo`: the value as the text shows it; nullptr: "null".
  void add(const MemberPath& path, const std::string* echo, const Constraint& constraint, std::string_view rule);
  // Answers this alone.
  void set_only(std::string_view message) { only_ = message; }
  Error error() const;

 private:
  const std::size_t at_most_;
  std::vector<std::string> texts_;
  std::string only_;
};

// One kind of member, for the passes that are not hot. One constant for each C++ type.
struct MemberType {
  void (*gather)(const wire::Json& json, const Constraint& constraint, const MemberPath& path, Violations* violations);
  // As error texts echo it: lists as [a, b], maps as {k=v}, structures as Name(member=value).
  void (*echo)(const wire::Json& json, std::string* out);
  void (*append_java_name)(std::string* out);  // "java.lang.String"
};

struct Member {
  std::string_view name;
  Constraint constraint;
  bool (*decode)(const wire::Json& json, const Constraint& constraint, void* object, Decoder* decoder);
  const MemberType* type;
};

template <class T>
struct Shape;  // static constexpr name, members[]; derives from ShapeOf<T>. Optional: static constexpr bool
               // kFirstViolationOnly.

template <class T>
struct Codec;  // decode(), gather(), echo(), append_java_name() for one C++ type.

template <class T>
inline constexpr MemberType kMemberType{Codec<T>::gather, Codec<T>::echo, Codec<T>::append_java_name};

template <class T>
struct ShapeOf {
  // `Pointer` may point into a base class of T, so that structs can share parts.
  template <auto Pointer>
  static constexpr Member member(std::string_view name, Constraint constraint = {}) {
    using Field = std::remove_reference_t<decltype(std::declval<T&>().*Pointer)>;
    return {name, constraint,
            [](const wire::Json& json, const Constraint& rules, void* object, Decoder* decoder) {
              return Codec<Field>::decode(json, rules, &(static_cast<T*>(object)->*Pointer), decoder);
            },
            &kMemberType<Field>};
  }
};

// Type-erased workers of the templates below.
namespace shape_detail {

// A JSON value of a kind that does not fit. `expected`: "String", "Boolean", "Integer", … for scalars.
bool fail_scalar(const wire::Json& json, std::string_view expected, std::string_view java_name, Decoder* decoder);
// The same where a list, map or structure is expected.
bool fail_collection(const wire::Json& json, const MemberType& type, Decoder* decoder);

bool decode_string(const wire::Json& json, const Constraint& constraint, std::string_view* out, Decoder* decoder);
bool decode_bool(const wire::Json& json, bool* out, Decoder* decoder);
bool decode_integer(const wire::Json& json, const Constraint& constraint, std::string_view expected,
                    std::int64_t lowest, std::int64_t highest, std::int64_t* out, Decoder* decoder);
bool decode_double(const wire::Json& json, const Constraint& constraint, double* out, Decoder* decoder);
bool decode_value(const wire::Json& json, Value* out, Decoder* decoder);
bool decode_attributes(const wire::Json& json, std::span<const Attribute>* out, Decoder* decoder);
bool decode_members(const wire::Json& json, std::span<const Member> members, std::uint64_t required, void* object,
                    const MemberType& type, Decoder* decoder);

// The entries of a map: without nulls, and of repeated keys the last.
std::span<const wire::JsonMember> map_entries(const wire::Json& json, Arena* arena);

bool length_fits(const Constraint& constraint, std::size_t length);
bool string_fits(const Constraint& constraint, std::string_view text);

void gather_string(const wire::Json& json, const Constraint& constraint, const MemberPath& path,
                   Violations* violations);
void gather_number(const wire::Json& json, const Constraint& constraint, const MemberPath& path,
                   Violations* violations);
void gather_length(const wire::Json& json, const Constraint& constraint, std::size_t length, const MemberType& type,
                   const MemberPath& path, Violations* violations);
void gather_enum(const wire::Json& json, std::span<const std::string_view> names, const Constraint& constraint,
                 const MemberPath& path, Violations* violations);
void gather_elements(const wire::Json& json, const Constraint& constraint, const MemberType& type,
                     const MemberType& element, const MemberPath& path, Violations* violations);
// `path` nullptr: the request itself.
void gather_members(const wire::Json& json, std::span<const Member> members, const MemberPath* path,
                    Violations* violations);
Error gather_request(const wire::Json& json, std::span<const Member> members, bool first_violation_only);

void echo_scalar(const wire::Json& json, std::string* out);
void echo_elements(const wire::Json& json, const MemberType& element, std::string* out);
void echo_members(const wire::Json& json, std::string_view name, std::span<const Member> members, std::string* out);

template <class T>
constexpr std::uint64_t required_members() {
  static_assert(std::size(Shape<T>::members) <= 64);
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < std::size(Shape<T>::members); ++i) {
    if (Shape<T>::members[i].constraint.required) mask |= std::uint64_t{1} << i;
  }
  return mask;
}

}  // namespace shape_detail

template <>
struct Codec<std::string_view> {
  static bool decode(const wire::Json& json, const Constraint& constraint, std::string_view* out, Decoder* decoder) {
    return shape_detail::decode_string(json, constraint, out, decoder);
  }
  static constexpr auto gather = shape_detail::gather_string;
  static constexpr auto echo = shape_detail::echo_scalar;
  static void append_java_name(std::string* out) { out->append("java.lang.String"); }
};

template <>
struct Codec<bool> {
  static bool decode(const wire::Json& json, const Constraint&, bool* out, Decoder* decoder) {
    return shape_detail::decode_bool(json, out, decoder);
  }
  static void gather(const wire::Json&, const Constraint&, const MemberPath&, Violations*) {}
  static constexpr auto echo = shape_detail::echo_scalar;
  static void append_java_name(std::string* out) { out->append("java.lang.Boolean"); }
};

template <class T>
requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) struct Codec<T> {
  static constexpr bool kIsLong = sizeof(T) == 8;
  static bool decode(const wire::Json& json, const Constraint& constraint, T* out, Decoder* decoder) {
    std::int64_t value = 0;
    if (!shape_detail::decode_integer(json, constraint, kIsLong ? "Long" : "Integer", std::numeric_limits<T>::min(),
                                      std::numeric_limits<T>::max(), &value, decoder)) {
      return false;
    }
    *out = static_cast<T>(value);
    return true;
  }
  static constexpr auto gather = shape_detail::gather_number;
  static constexpr auto echo = shape_detail::echo_scalar;
  static void append_java_name(std::string* out) { out->append(kIsLong ? "java.lang.Long" : "java.lang.Integer"); }
};

template <>
struct Codec<double> {
  static bool decode(const wire::Json& json, const Constraint& constraint, double* out, Decoder* decoder) {
    return shape_detail::decode_double(json, constraint, out, decoder);
  }
  static constexpr auto gather = shape_detail::gather_number;
  static constexpr auto echo = shape_detail::echo_scalar;
  static void append_java_name(std::string* out) { out->append("java.lang.Double"); }
};

template <class E>
requires std::is_enum_v<E>
struct Codec<E> {
  static bool decode(const wire::Json& json, const Constraint&, E* out, Decoder* decoder) {
    std::string_view name;
    if (!shape_detail::decode_string(json, {}, &name, decoder)) return false;
    for (const EnumValue<E>& known : EnumShape<E>::values) {
      if (known.name == name) {
        *out = known.value;
        return true;
      }
    }
    decoder->mark_violated();
    return true;
  }
  static void gather(const wire::Json& json, const Constraint& constraint, const MemberPath& path,
                     Violations* violations) {
    std::string_view names[std::size(EnumShape<E>::values)];
    for (std::size_t i = 0; i < std::size(names); ++i) names[i] = EnumShape<E>::values[i].name;
    shape_detail::gather_enum(json, names, constraint, path, violations);
  }
  static constexpr auto echo = shape_detail::echo_scalar;
  static void append_java_name(std::string* out) { out->append("java.lang.String"); }
};

template <>
struct Codec<Value> {
  static bool decode(const wire::Json& json, const Constraint&, Value* out, Decoder* decoder) {
    return shape_detail::decode_value(json, out, decoder);
  }
  static void gather(const wire::Json&, const Constraint&, const MemberPath&, Violations*) {}
  static void echo(const wire::Json& json, std::string* out);
  static void append_java_name(std::string* out) { out->append("com.amazonaws.dynamodb.v20120810.AttributeValue"); }
};

template <>
struct Codec<std::span<const Attribute>> {
  static bool decode(const wire::Json& json, const Constraint& constraint, std::span<const Attribute>* out,
                     Decoder* decoder) {
    if (!shape_detail::decode_attributes(json, out, decoder)) return false;
    if (!shape_detail::length_fits(constraint, json.members.size())) decoder->mark_violated();
    return true;
  }
  static void gather(const wire::Json& json, const Constraint& constraint, const MemberPath& path,
                     Violations* violations);
  static void echo(const wire::Json& json, std::string* out);
  static void append_java_name(std::string* out) {
    out->append("java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>");
  }
};

template <class T>
struct Codec<std::optional<T>> {
  static bool decode(const wire::Json& json, const Constraint& constraint, std::optional<T>* out, Decoder* decoder) {
    return Codec<T>::decode(json, constraint, &out->emplace(), decoder);
  }
  static constexpr auto gather = Codec<T>::gather;
  static constexpr auto echo = Codec<T>::echo;
  static constexpr auto append_java_name = Codec<T>::append_java_name;
};

// Lists. None of their elements is null.
template <class T>
struct Codec<std::span<const T>> {
  static bool decode(const wire::Json& json, const Constraint& constraint, std::span<const T>* out, Decoder* decoder) {
    if (!json.is(wire::Json::Kind::kArray)) {
      return shape_detail::fail_collection(json, kMemberType<std::span<const T>>, decoder);
    }
    T* elements = decoder->arena()->template allocate_array<T>(json.elements.size());
    std::size_t count = 0;
    const Constraint none;
    const Constraint& rules = constraint.element != nullptr ? *constraint.element : none;
    for (const wire::Json& element : json.elements) {
      if (element.is(wire::Json::Kind::kNull)) {
        decoder->mark_violated();
        continue;
      }
      if (!Codec<T>::decode(element, rules, &elements[count++], decoder)) return false;
    }
    *out = {elements, count};
    if (!shape_detail::length_fits(constraint, json.elements.size())) decoder->mark_violated();
    return true;
  }
  static void gather(const wire::Json& json, const Constraint& constraint, const MemberPath& path,
                     Violations* violations) {
    shape_detail::gather_elements(json, constraint, kMemberType<std::span<const T>>, kMemberType<T>, path, violations);
  }
  static void echo(const wire::Json& json, std::string* out) { shape_detail::echo_elements(json, kMemberType<T>, out); }
  static void append_java_name(std::string* out) {
    out->append("java.util.List<");
    Codec<T>::append_java_name(out);
    out->push_back('>');
  }
};

// Maps. An entry whose value is null is left out; of a repeated key the last entry counts.
template <class T>
struct Codec<std::span<const MapEntry<T>>> {
  static bool decode(const wire::Json& json, const Constraint& constraint, Map<T>* out, Decoder* decoder) {
    if (!json.is(wire::Json::Kind::kObject)) {
      return shape_detail::fail_collection(json, kMemberType<Map<T>>, decoder);
    }
    const std::span<const wire::JsonMember> members = shape_detail::map_entries(json, decoder->arena());
    MapEntry<T>* entries = decoder->arena()->template allocate_array<MapEntry<T>>(members.size());
    *out = {entries, members.size()};
    const Constraint none;
    const Constraint& rules = constraint.element != nullptr ? *constraint.element : none;
    for (const wire::JsonMember& member : members) {
      if (constraint.key != nullptr && !shape_detail::string_fits(*constraint.key, member.name)) {
        decoder->mark_violated();
      }
      entries->key = member.name;
      if (!Codec<T>::decode(member.value, rules, &(entries++)->value, decoder)) return false;
    }
    if (!shape_detail::length_fits(constraint, members.size())) decoder->mark_violated();
    return true;
  }
  static void gather(const wire::Json& json, const Constraint& constraint, const MemberPath& path,
                     Violations* violations) {
    shape_detail::gather_elements(json, constraint, kMemberType<Map<T>>, kMemberType<T>, path, violations);
  }
  static void echo(const wire::Json& json, std::string* out) { shape_detail::echo_elements(json, kMemberType<T>, out); }
  static void append_java_name(std::string* out) {
    out->append("java.util.Map<java.lang.String, ");
    Codec<T>::append_java_name(out);
    out->push_back('>');
  }
};

// Structures: whatever has a Shape.
template <class T>
requires requires { Shape<T>::members; }
struct Codec<T> {
  static bool decode(const wire::Json& json, const Constraint&, T* out, Decoder* decoder) {
    static_assert(std::is_trivially_destructible_v<T>, "requests live in arenas");
    constexpr std::uint64_t required = shape_detail::required_members<T>();
    return shape_detail::decode_members(json, Shape<T>::members, required, out, kMemberType<T>, decoder);
  }
  static void gather(const wire::Json& json, const Constraint&, const MemberPath& path, Violations* violations) {
    shape_detail::gather_members(json, Shape<T>::members, &path, violations);
  }
  static void echo(const wire::Json& json, std::string* out) {
    shape_detail::echo_members(json, Shape<T>::name, Shape<T>::members, out);
  }
  static void append_java_name(std::string* out) {
    out->append("com.amazonaws.dynamodb.v20120810.");
    out->append(Shape<T>::name);
  }
};

// Decodes `json` into a request of type T, both passes. What is wrong with an attribute value (a bad number, an empty
// set) comes after everything here: it goes to `*value_error`, for the caller to answer when its turn has come.
template <class T>
Result<T> decode_request(const wire::Json& json, Arena* arena, std::optional<Error>* value_error) {
  Decoder decoder(arena);
  T request{};
  if (!Codec<T>::decode(json, {}, &request, &decoder)) return Unexpected(std::move(decoder.error()));
  if (decoder.violated()) {
    bool first_violation_only = false;
    if constexpr (requires { Shape<T>::kFirstViolationOnly; }) first_violation_only = Shape<T>::kFirstViolationOnly;
    return Unexpected(shape_detail::gather_request(json, Shape<T>::members, first_violation_only));
  }
  *value_error = std::move(decoder.value_error());
  return request;
}

}  // namespace armature::api
