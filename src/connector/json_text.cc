#include "connector/json_text.h"

namespace armature::connector {
namespace {

void newline(int depth, std::string* out) { out->append("\n").append(static_cast<std::size_t>(depth) * 2, ' '); }

void append_scalar(const wire::Json& json, std::string* out) {
  wire::JsonWriter writer(out);
  write_json(json, &writer);
}

void append_pretty(const wire::Json& json, int depth, std::string* out) {
  const bool object = json.is(wire::Json::Kind::kObject);
  if (!object && !json.is(wire::Json::Kind::kArray)) return append_scalar(json, out);
  const std::size_t size = object ? json.members.size() : json.elements.size();
  out->push_back(object ? '{' : '[');
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0) out->push_back(',');
    newline(depth + 1, out);
    if (object) {
      wire::JsonWriter writer(out);
      writer.string(json.members[i].name);
      out->append(": ");
    }
    append_pretty(object ? json.members[i].value : json.elements[i], depth + 1, out);
  }
  if (size > 0) newline(depth, out);
  out->push_back(object ? '}' : ']');
}

}  // namespace

void write_json(const wire::Json& json, wire::JsonWriter* writer) {
  switch (json.kind) {
    case wire::Json::Kind::kNull: return writer->null();
    case wire::Json::Kind::kBool: return writer->boolean(json.boolean);
    case wire::Json::Kind::kNumber: return writer->raw(json.text);
    case wire::Json::Kind::kString: return writer->string(json.text);
    case wire::Json::Kind::kArray:
      writer->begin_array();
      for (const wire::Json& element : json.elements) write_json(element, writer);
      return writer->end_array();
    case wire::Json::Kind::kObject:
      writer->begin_object();
      for (const wire::JsonMember& member : json.members) {
        writer->key(member.name);
        write_json(member.value, writer);
      }
      return writer->end_object();
  }
}

std::string json_text(const wire::Json& json) {
  std::string text;
  wire::JsonWriter writer(&text);
  write_json(json, &writer);
  return text;
}

std::string pretty_json(const wire::Json& json) {
  std::string text;
  append_pretty(json, 0, &text);
  return text;
}

}  // namespace armature::connector
