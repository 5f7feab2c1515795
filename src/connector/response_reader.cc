#include "connector/response_reader.h"

#include "base/header.h"

namespace armature::connector {

std::string_view HttpReply::header(std::string_view name) const {
  for (const auto& [header_name, value] : headers) {
    if (equals_ignoring_case(header_name, name)) return value;
  }
  return {};
}

struct ResponseReader::Callbacks {
  static ResponseReader& self(llhttp_t* parser) { return *static_cast<ResponseReader*>(parser->data); }
  static int on_name(llhttp_t* parser, const char* at, std::size_t size) {
    ResponseReader& reader = self(parser);
    if (!reader.keep_headers_) return 0;
    if (!reader.in_name_) reader.reply_.headers.emplace_back();
    reader.in_name_ = true;
    reader.reply_.headers.back().first.append(at, size);
    return 0;
  }
  static int on_value(llhttp_t* parser, const char* at, std::size_t size) {
    ResponseReader& reader = self(parser);
    if (!reader.keep_headers_) return 0;
    reader.in_name_ = false;
    reader.reply_.headers.back().second.append(at, size);
    return 0;
  }
  static int on_headers_complete(llhttp_t* parser) {
    ResponseReader& reader = self(parser);
    reader.in_name_ = false;
    reader.reply_.status = parser->status_code;
    reader.reply_.keep_alive = llhttp_should_keep_alive(parser) != 0;
    return 0;
  }
  static int on_body(llhttp_t* parser, const char* at, std::size_t size) {
    self(parser).reply_.body.append(at, size);
    return 0;
  }
  static int on_message_complete(llhttp_t* parser) {
    // An interim reply ("100 Continue") is not the one we wait for.
    if (parser->status_code >= 200) self(parser).complete_ = true;
    return 0;
  }
};

const llhttp_settings_t& ResponseReader::settings() {
  static const llhttp_settings_t instance = [] {
    llhttp_settings_t created;
    llhttp_settings_init(&created);
    created.on_header_field = Callbacks::on_name;
    created.on_header_value = Callbacks::on_value;
    created.on_headers_complete = Callbacks::on_headers_complete;
    created.on_body = Callbacks::on_body;
    created.on_message_complete = Callbacks::on_message_complete;
    return created;
  }();
  return instance;
}

ResponseReader::ResponseReader(bool keep_headers) : keep_headers_(keep_headers) { reset(); }

void ResponseReader::reset() {
  llhttp_init(&parser_, HTTP_RESPONSE, &settings());
  parser_.data = this;
  reply_.status = 0;
  reply_.headers.clear();
  reply_.body.clear();
  reply_.keep_alive = true;
  in_name_ = complete_ = began_ = false;
}

ResponseReader::State ResponseReader::received(std::string_view bytes) {
  began_ = true;
  if (complete_ || llhttp_execute(&parser_, bytes.data(), bytes.size()) != HPE_OK) return State::kFailed;
  return complete_ ? State::kComplete : State::kMore;
}

ResponseReader::State ResponseReader::closed() {
  if (llhttp_finish(&parser_) != HPE_OK || !complete_) return State::kFailed;
  reply_.keep_alive = false;
  return State::kComplete;
}

}  // namespace armature::connector
