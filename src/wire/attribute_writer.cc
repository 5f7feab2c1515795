#include "wire/attribute_json.h"
#include "wire/json_escape.h"

namespace armature::wire {
namespace {

// Writes one attribute value after another to the end of a buffer. The two sources, stored bytes and values, differ
// only in how they are walked.
class AttributeWriter {
 public:
  AttributeWriter(JsonWriter* writer, std::size_t expected) : tail_(writer->begin_value(), expected) {}

  void write(const EncodedValue& value) {
    switch (value.type()) {
      case Type::kString: return string(value.bytes());
      case Type::kBinary: return binary(value.bytes());
      case Type::kNumber: return number(value.number());
      case Type::kBool: return boolean(value.boolean());
      case Type::kNull: return null();
      case Type::kStringSet:
        tail_.literal("{\"SS\":");
        return list([&](auto next) {
          value.for_each_byte_member([&](BytesView member) { next(), append_json_string(member, &tail_); });
        });
      case Type::kBinarySet:
        tail_.literal("{\"BS\":");
        return list(
            [&](auto next) { value.for_each_byte_member([&](BytesView member) { next(), quoted_base64(member); }); });
      case Type::kNumberSet:
        tail_.literal("{\"NS\":");
        return list(
            [&](auto next) { value.for_each_number_member([&](const Number& member) { next(), quoted(member); }); });
      case Type::kList:
        tail_.literal("{\"L\":");
        return list(
            [&](auto next) { value.for_each_element([&](const EncodedValue& element) { next(), write(element); }); });
      case Type::kMap:
        tail_.literal("{\"M\":");
        entries([&](auto visit) { value.for_each_entry(visit); });
        return tail_.byte('}');
    }
  }

  void write(const Value& value) {
    switch (value.type()) {
      case Type::kString: return string(value.bytes());
      case Type::kBinary: return binary(value.bytes());
      case Type::kNumber: return number(value.number());
      case Type::kBool: return boolean(value.boolean());
      case Type::kNull: return null();
      case Type::kStringSet:
        tail_.literal("{\"SS\":");
        return list([&](auto next) {
          for (const auto& member : value.byte_members()) next(), append_json_string(member, &tail_);
        });
      case Type::kBinarySet:
        tail_.literal("{\"BS\":");
        return list([&](auto next) {
          for (const auto& member : value.byte_members()) next(), quoted_base64(member);
        });
      case Type::kNumberSet:
        tail_.literal("{\"NS\":");
        return list([&](auto next) {
          for (const auto& member : value.number_members()) next(), quoted(member);
        });
      case Type::kList:
        tail_.literal("{\"L\":");
        return list([&](auto next) {
          for (const auto& element : value.elements()) next(), write(element);
        });
      case Type::kMap:
        tail_.literal("{\"M\":");
        write(value.entries());
        return tail_.byte('}');
    }
  }

  void write(const ItemView& item) {
    entries([&](auto visit) { item.for_each(visit); });
  }

  void write(std::span<const Attribute> attributes) {
    entries([&](auto visit) {
      for (const Attribute& attribute : attributes) visit(attribute);
    });
  }

 private:
  void string(std::string_view text) {
    tail_.literal("{\"S\":");
    append_json_string(text, &tail_);
    tail_.byte('}');
  }
  void binary(BytesView bytes) {
    tail_.literal("{\"B\":");
    quoted_base64(bytes);
    tail_.byte('}');
  }
  void number(const Number& number) {
    tail_.literal("{\"N\":");
    quoted(number);
    tail_.byte('}');
  }
  void boolean(bool value) { value ? tail_.literal("{\"BOOL\":true}") : tail_.literal("{\"BOOL\":false}"); }
  void null() { tail_.literal("{\"NULL\":true}"); }

  void quoted(const Number& number) {
    number_text_.clear();
    number.append_text(&number_text_);
    tail_.byte('"');
    tail_.append(number_text_);
    tail_.byte('"');
  }
  void quoted_base64(BytesView bytes) {
    tail_.ensure(base64_size(bytes.size()) + 2);
    char* out = tail_.cursor();
    *out++ = '"';
    out = write_base64(bytes, out);
    *out++ = '"';
    tail_.advance_to(out);
  }

  // The array of a set or list and the brace that ends its value. `walk` calls what it is given before each element.
  template <class Walk>
  void list(Walk walk) {
    tail_.byte('[');
    bool first = true;
    walk([&] {
      if (!first) tail_.byte(',');
      first = false;
    });
    tail_.literal("]}");
  }

  // The object of an item or map. `walk` calls what it is given with each Attribute or EncodedAttribute.
  template <class Walk>
  void entries(Walk walk) {
    tail_.byte('{');
    bool first = true;
    walk([&](const auto& entry) {
      if (!first) tail_.byte(',');
      first = false;
      append_json_string(entry.name, &tail_);
      tail_.byte(':');
      write(entry.value);
    });
    tail_.byte('}');
  }

  ByteTail tail_;
  Bytes number_text_;
};

// Room for the JSON of so many bytes of a typical item: names, quotes and type tags about double a small one.
std::size_t expected_json_bytes(std::size_t encoded_bytes) { return encoded_bytes + encoded_bytes / 2 + 128; }

}  // namespace

void write_item(const ItemView& item, JsonWriter* writer) {
  AttributeWriter(writer, expected_json_bytes(item.encoded().size())).write(item);
}

void write_value(const Value& value, JsonWriter* writer) { AttributeWriter(writer, 128).write(value); }

void write_encoded_value(const EncodedValue& value, JsonWriter* writer) {
  AttributeWriter(writer, expected_json_bytes(value.raw().size())).write(value);
}

void write_attributes(std::span<const Attribute> attributes, JsonWriter* writer) {
  AttributeWriter(writer, 128 + 64 * attributes.size()).write(attributes);
}

}  // namespace armature::wire
