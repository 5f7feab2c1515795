#include "console/json_text.h"

namespace armature::console {

void write_json(const wire::Json& value, wire::JsonWriter* writer) {
  switch (value.kind) {
    case wire::Json::Kind::kNull: return writer->null();
    case wire::Json::Kind::kBool: return writer->boolean(value.boolean);
    case wire::Json::Kind::kNumber: return writer->raw(value.text);
    case wire::Json::Kind::kString: return writer->string(value.text);
    case wire::Json::Kind::kArray:
      writer->begin_array();
      for (const wire::Json& element : value.elements) write_json(element, writer);
      return writer->end_array();
    case wire::Json::Kind::kObject:
      writer->begin_object();
      for (const wire::JsonMember& member : value.members) {
        writer->key(member.name);
        write_json(member.value, writer);
      }
      return writer->end_object();
  }
}

Bytes json_text(const wire::Json& value) {
  Bytes text;
  wire::JsonWriter writer(&text);
  write_json(value, &writer);
  return text;
}

}  // namespace armature::console
