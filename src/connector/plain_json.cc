#include "connector/plain_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/json_text.h"
#include "wire/base64.h"

namespace armature::connector {
namespace {

using wire::Json;

constexpr std::string_view kMarks[] = {"$set", "$binary", "$number", "$map"};
constexpr std::size_t kDigitsOfDouble = 15;

bool is_mark(std::string_view name) {
  return std::find(std::begin(kMarks), std::end(kMarks), name) != std::end(kMarks);
}

// Whether a JSON reader that uses doubles gives these digits back: few enough of them, and a plain magnitude.
bool survives_double(std::string_view digits) {
  std::size_t significant = 0;
  bool leading = true;
  for (const char c : digits) {
    if (c == 'e' || c == 'E') return false;
    if (c < '0' || c > '9') continue;
    leading = leading && c == '0';
    if (!leading) ++significant;
  }
  return significant <= kDigitsOfDouble && digits.size() <= 24;
}

// The grammar of JSON's numbers, which DynamoDB's texts need not follow ("+1", ".5").
bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digits = [&] {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    text.remove_prefix(count);
    return count;
  };
  const bool zero = text.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

void write_marked(std::string_view mark, std::string_view text, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member(mark, text);
  writer->end_object();
}

void write_plain_number(std::string_view digits, NumberFormat numbers, wire::JsonWriter* writer) {
  const bool plain = is_json_number(digits) && (numbers == NumberFormat::kDecimal || survives_double(digits));
  plain ? writer->raw(digits) : write_marked("$number", digits, writer);
}

void write_plain_set(std::string_view type, const Json& members, NumberFormat numbers, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("$set");
  writer->begin_array();
  for (const Json& member : members.elements) {
    if (type == "SS") writer->string(member.text);
    if (type == "NS") write_plain_number(member.text, numbers, writer);
    if (type == "BS") write_marked("$binary", member.text, writer);
  }
  writer->end_array();
  writer->end_object();
}

// An object of one member, that is a mark.
const wire::JsonMember* marked(const Json& json) {
  if (!json.is(Json::Kind::kObject) || json.members.size() != 1 || !is_mark(json.members[0].name)) return nullptr;
  return &json.members[0];
}

void write_typed(std::string_view type, std::string_view text, wire::JsonWriter* writer) {
  write_marked(type, text, writer);
}

Result<std::string_view> binary_text(const Json& json) {
  if (!json.is(Json::Kind::kString)) return invalid("$binary must be a text in base64");
  Arena arena;
  if (!wire::decode_base64(json.text, &arena))
    return invalid(fmt::format("$binary '{}' is not base64", json.text.substr(0, 40)));
  return json.text;
}

// The type a set gets from this member, and the text of the member.
struct SetMember {
  std::string_view type;
  std::string_view text;
};
Result<SetMember> set_member(const Json& json) {
  if (json.is(Json::Kind::kString)) return SetMember{"SS", json.text};
  if (json.is(Json::Kind::kNumber)) return SetMember{"NS", json.text};
  if (const wire::JsonMember* mark = marked(json)) {
    if (mark->name == "$number" && mark->value.is(Json::Kind::kString)) return SetMember{"NS", mark->value.text};
    if (mark->name == "$binary") {
      TRY_ASSIGN(const std::string_view text, binary_text(mark->value));
      return SetMember{"BS", text};
    }
  }
  return invalid("a $set holds texts, numbers or {\"$binary\": …}, all of one kind");
}

Result<void> write_set(const Json& members, wire::JsonWriter* writer) {
  if (!members.is(Json::Kind::kArray) || members.elements.empty())
    return invalid("$set must be a list that is not empty");
  std::string_view type;
  std::vector<std::string_view> texts;
  for (const Json& element : members.elements) {
    TRY_ASSIGN(const SetMember member, set_member(element));
    if (!type.empty() && member.type != type) return invalid("the members of a $set must all be of one kind");
    type = member.type;
    texts.push_back(member.text);
  }
  writer->begin_object();
  writer->key(type);
  writer->begin_array();
  for (const std::string_view text : texts) writer->string(text);
  writer->end_array();
  writer->end_object();
  return {};
}

Result<void> write_marked_value(const wire::JsonMember& mark, wire::JsonWriter* writer) {
  if (mark.name == "$set") return write_set(mark.value, writer);
  if (mark.name == "$binary") {
    TRY_ASSIGN(const std::string_view text, binary_text(mark.value));
    write_typed("B", text, writer);
    return {};
  }
  if (mark.name == "$number") {
    if (!mark.value.is(Json::Kind::kString)) return invalid("$number must be a text of digits");
    write_typed("N", mark.value.text, writer);
    return {};
  }
  if (!mark.value.is(Json::Kind::kObject)) return invalid("$map must be an object");
  writer->begin_object();
  writer->key("M");
  TRY(write_dynamodb_item(mark.value, writer));
  writer->end_object();
  return {};
}

}  // namespace

void write_plain_value(const Json& dynamodb, NumberFormat numbers, wire::JsonWriter* writer) {
  if (!dynamodb.is(Json::Kind::kObject) || dynamodb.members.size() != 1) return write_json(dynamodb, writer);
  const auto& [type, value] = dynamodb.members[0];
  if (type == "S") return writer->string(value.text);
  if (type == "N") return write_plain_number(value.text, numbers, writer);
  if (type == "BOOL") return writer->boolean(value.boolean);
  if (type == "NULL") return writer->null();
  if (type == "B") return write_marked("$binary", value.text, writer);
  if (type == "SS" || type == "NS" || type == "BS") return write_plain_set(type, value, numbers, writer);
  if (type == "L") {
    writer->begin_array();
    for (const Json& element : value.elements) write_plain_value(element, numbers, writer);
    return writer->end_array();
  }
  if (type != "M") return write_json(dynamodb, writer);
  if (marked(value) == nullptr) return write_plain_item(value, numbers, writer);
  writer->begin_object();
  writer->key("$map");
  write_plain_item(value, numbers, writer);
  writer->end_object();
}

void write_plain_item(const Json& dynamodb, NumberFormat numbers, wire::JsonWriter* writer) {
  writer->begin_object();
  for (const wire::JsonMember& member : dynamodb.members) {
    writer->key(member.name);
    write_plain_value(member.value, numbers, writer);
  }
  writer->end_object();
}

Result<void> write_dynamodb_value(const Json& plain, wire::JsonWriter* writer) {
  switch (plain.kind) {
    case Json::Kind::kString: write_typed("S", plain.text, writer); return {};
    case Json::Kind::kNumber: write_typed("N", plain.text, writer); return {};
    case Json::Kind::kNull:
    case Json::Kind::kBool:
      writer->begin_object();
      writer->member_bool(plain.is(Json::Kind::kNull) ? "NULL" : "BOOL", plain.is(Json::Kind::kNull) || plain.boolean);
      writer->end_object();
      return {};
    case Json::Kind::kArray:
      writer->begin_object();
      writer->key("L");
      writer->begin_array();
      for (const Json& element : plain.elements) TRY(write_dynamodb_value(element, writer));
      writer->end_array();
      writer->end_object();
      return {};
    case Json::Kind::kObject: break;
  }
  if (const wire::JsonMember* mark = marked(plain)) return write_marked_value(*mark, writer);
  writer->begin_object();
  writer->key("M");
  TRY(write_dynamodb_item(plain, writer));
  writer->end_object();
  return {};
}

Result<void> write_dynamodb_item(const Json& plain, wire::JsonWriter* writer) {
  if (!plain.is(Json::Kind::kObject)) return invalid("an item must be a JSON object");
  writer->begin_object();
  for (const wire::JsonMember& member : plain.members) {
    writer->key(member.name);
    TRY(write_dynamodb_value(member.value, writer));
  }
  writer->end_object();
  return {};
}

}  // namespace armature::connector
