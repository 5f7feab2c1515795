#include "http/request_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.h"

namespace armature::http {
namespace {

constexpr std::size_t kFirstCapacity = 4 * 1024;
constexpr std::size_t kKeptCapacity = 64 * 1024;  // A larger buffer is given back between requests.
constexpr std::size_t kLeastRoom = 1024;
constexpr std::size_t kMostHeaders = 256;
// Chunked framing may cost this much beyond the header limit for each byte of body: a chunk of one byte takes five.
constexpr std::size_t kMostFramingPerBodyByte = 8;

std::string_view without_trailing_blanks(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

struct RequestReader::Callbacks {
  static RequestReader& reader(llhttp_t* parser) { return *static_cast<RequestReader*>(parser->data); }
  // Headers behind a chunked body are counted against the limits and otherwise ignored.
  static bool in_trailers(const RequestReader& reader) { return reader.headers_done_; }

  static int method(llhttp_t* parser, const char* at, std::size_t size) {
    RequestReader& self = reader(parser);
    return self.extend(&self.method_, at, size) ? 0 : self.refuse(Failure::kMalformed);
  }
  static int target(llhttp_t* parser, const char* at, std::size_t size) {
    RequestReader& self = reader(parser);
    return self.extend(&self.target_, at, size) ? 0 : self.refuse(Failure::kMalformed);
  }
  static int header_name(llhttp_t* parser, const char* at, std::size_t size) {
    RequestReader& self = reader(parser);
    if (in_trailers(self)) return 0;
    if (std::exchange(self.header_done_, false)) {
      if (self.pieces_.size() == kMostHeaders) return self.refuse(Failure::kHeadersTooLarge);
      self.pieces_.emplace_back();
    }
    return self.extend(&self.pieces_.back().name, at, size) ? 0 : self.refuse(Failure::kMalformed);
  }
  static int header_value(llhttp_t* parser, const char* at, std::size_t size) {
    RequestReader& self = reader(parser);
    if (in_trailers(self) || size == 0) return 0;
    if (self.header_done_) return self.refuse(Failure::kMalformed);  // A value without a name.
    return self.extend(&self.pieces_.back().value, at, size) ? 0 : self.refuse(Failure::kMalformed);
  }
  static int header_done(llhttp_t* parser) {
    reader(parser).header_done_ = true;
    return 0;
  }
  static int headers_complete(llhttp_t* parser) {
    parser->upgrade = 0;  // We switch to no other protocol, so what follows is still HTTP/1.1.
    return reader(parser).on_headers_complete();
  }
  static int body(llhttp_t* parser, const char* at, std::size_t size) { return reader(parser).on_body(at, size); }
  static int message_complete(llhttp_t* parser) {
    reader(parser).message_done_ = true;
    return HPE_PAUSED;  // What follows is the next request, and its turn comes with next().
  }
};

const llhttp_settings_t& RequestReader::settings() {
  static const llhttp_settings_t instance = [] {
    llhttp_settings_t callbacks;
    llhttp_settings_init(&callbacks);
    callbacks.on_method = Callbacks::method;
    callbacks.on_url = Callbacks::target;
    callbacks.on_header_field = Callbacks::header_name;
    callbacks.on_header_value = Callbacks::header_value;
    callbacks.on_header_value_complete = Callbacks::header_done;
    callbacks.on_headers_complete = Callbacks::headers_complete;
    callbacks.on_body = Callbacks::body;
    callbacks.on_message_complete = Callbacks::message_complete;
    return callbacks;
  }();
  return instance;
}

RequestReader::RequestReader(const ReaderLimits& limits) : limits_(limits) {
  move_to_buffer(kFirstCapacity);
  start_request();
}

void RequestReader::start_request() {
  llhttp_init(&parser_, HTTP_REQUEST, &settings());
  parser_.data = this;
  method_ = target_ = {};
  pieces_.clear();
  headers_.clear();
  known_ = {};
  body_offset_ = body_size_ = body_raw_size_ = 0;
  content_length_ = 0;
  header_done_ = true;
  headers_done_ = message_done_ = chunked_ = expects_continue_ = http_1_0_ = false;
  keep_alive_ = true;
}

// Leaves the current request, and what follows it, at the start of a buffer of `capacity`.
void RequestReader::move_to_buffer(std::size_t capacity) {
  const std::size_t size = end_ - begin_;
  if (capacity == capacity_) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, size);
  } else {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size != 0) std::memcpy(larger.get(), buffer_.get() + begin_, size);
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }
  parsed_ -= begin_;
  end_ -= begin_;
  begin_ = 0;
}

std::span<char> RequestReader::room() {
  ARMATURE_ASSERT(state_ != State::kComplete && state_ != State::kFailed);
  std::size_t wanted = kLeastRoom;
  if (headers_done_ && !chunked_) {
    // The size is announced, but memory follows what really arrives.
    const std::size_t missing = static_cast<std::size_t>(content_length_) - body_size_;
    wanted = std::min(missing, std::max(kLeastRoom, end_ - begin_));
  }
  if (capacity_ - end_ < wanted) {
    const std::size_t needed = end_ - begin_ + wanted;
    move_to_buffer(needed <= capacity_ ? capacity_ : std::max(needed, capacity_ * 2));
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

RequestReader::State RequestReader::received(std::size_t count) {
  ARMATURE_ASSERT(count <= capacity_ - end_);
  end_ += count;
  return parse();
}

RequestReader::State RequestReader::next() {
  ARMATURE_ASSERT(state_ == State::kComplete);
  begin_ = parsed_;
  start_request();
  if (begin_ == end_) begin_ = parsed_ = end_ = 0;
  if (capacity_ > kKeptCapacity && end_ - begin_ <= kFirstCapacity) move_to_buffer(kFirstCapacity);
  return parse();
}

RequestReader::State RequestReader::parse() {
  if (parsed_ == end_) return state_ = begin_ == end_ ? State::kIdle : state_;
  const std::size_t before = parsed_;
  const llhttp_errno_t error = llhttp_execute(&parser_, buffer_.get() + parsed_, end_ - parsed_);
  if (message_done_ && error == HPE_PAUSED) {
    parsed_ = static_cast<std::size_t>(llhttp_get_error_pos(&parser_) - buffer_.get());
  } else if (error == HPE_OK) {
    parsed_ = end_;
  } else {
    if (failure_ != Failure::kNone) return fail(failure_);
    return fail(error == HPE_INVALID_VERSION ? Failure::kVersionUnsupported : Failure::kMalformed);
  }
  if (!headers_done_) return header_limits_kept() ? state_ = State::kHeaders : fail(failure_);

  body_raw_size_ += parsed_ - std::max(before, begin_ + body_offset_);
  if (body_raw_size_ - body_size_ > limits_.header_bytes + kMostFramingPerBodyByte * body_size_) {
    return fail(Failure::kMalformed);
  }
  if (message_done_) {
    take_headers();
    return state_ = State::kComplete;
  }
  // Chunk framing is done with; the next bytes go right behind the body so far.
  if (chunked_) parsed_ = end_ = begin_ + body_offset_ + body_size_;
  return state_ = State::kBody;
}

RequestReader::State RequestReader::fail(Failure failure) {
  failure_ = failure;
  return state_ = State::kFailed;
}

// For callbacks: their result makes llhttp stop.
int RequestReader::refuse(Failure failure) {
  failure_ = failure;
  return HPE_USER;
}

// llhttp hands out what lies in one read; a name cut in two by the network is one piece again here. Pieces that do
// not touch come from folded headers, which are refused.
bool RequestReader::extend(Piece* piece, const char* at, std::size_t size) const {
  const auto offset = static_cast<std::uint32_t>(at - (buffer_.get() + begin_));
  if (piece->size == 0) {
    piece->offset = offset;
  } else if (piece->offset + piece->size != offset) {
    return false;
  }
  piece->size += static_cast<std::uint32_t>(size);
  return true;
}

// Too much of what is not yet a complete header block.
bool RequestReader::header_limits_kept() {
  if (target_.size > limits_.target_bytes) return fail(Failure::kTargetTooLarge), false;
  const std::size_t size = (headers_done_ ? body_offset_ : parsed_ - begin_) - target_.size;
  if (size > limits_.header_bytes) return fail(Failure::kHeadersTooLarge), false;
  return true;
}

int RequestReader::on_headers_complete() {
  if (!measure_headers()) return refuse(Failure::kMalformed);
  headers_done_ = true;
  if (!header_limits_kept()) return HPE_USER;
  if (parser_.http_major != 1 || parser_.http_minor > 1) return refuse(Failure::kVersionUnsupported);
  if (parser_.method == HTTP_CONNECT) return refuse(Failure::kMalformed);
  http_1_0_ = parser_.http_minor == 0;
  keep_alive_ = llhttp_should_keep_alive(&parser_) != 0;
  chunked_ = (parser_.flags & F_CHUNKED) != 0;
  content_length_ = chunked_ ? 0 : parser_.content_length;
  if (!check_headers()) return HPE_USER;
  if (content_length_ > limits_.body_bytes) return refuse(Failure::kBodyTooLarge);
  return 0;
}

// Walks the header block along the pieces and requires exactly "\r\n" wherever llhttp found a line's end, so that
// no other reading of the block exists. Sets body_offset_.
bool RequestReader::measure_headers() {
  const char* const base = buffer_.get() + begin_;
  const char* const end = buffer_.get() + end_;
  const auto skip = [end](const char** cursor, std::string_view text) {
    if (static_cast<std::size_t>(end - *cursor) < text.size()) return false;
    if (std::memcmp(*cursor, text.data(), text.size()) != 0) return false;
    *cursor += text.size();
    return true;
  };
  const char* cursor = base + method_.offset + method_.size;
  if (!skip(&cursor, " ") || cursor != base + target_.offset) return false;
  cursor += target_.size;
  if (!skip(&cursor, " HTTP/") || end - cursor < 3) return false;
  cursor += 3;  // The version, which llhttp has read.
  if (!skip(&cursor, "\r\n")) return false;
  for (HeaderPieces& header : pieces_) {
    if (header.name.size == 0 || cursor != base + header.name.offset) return false;
    cursor += header.name.size;
    if (!skip(&cursor, ":")) return false;
    while (cursor != end && (*cursor == ' ' || *cursor == '\t')) ++cursor;
    if (header.value.size == 0) header.value.offset = static_cast<std::uint32_t>(cursor - base);
    if (cursor != base + header.value.offset) return false;
    cursor += header.value.size;
    if (!skip(&cursor, "\r\n")) return false;
  }
  if (!skip(&cursor, "\r\n")) return false;
  body_offset_ = static_cast<std::size_t>(cursor - base);
  return true;
}

// The headers by which the message is framed. The others are the handler's.
bool RequestReader::check_headers() {
  int hosts = 0;
  int transfer_encodings = 0;
  for (const HeaderPieces& header : pieces_) {
    const std::string_view name = view(header.name);
    const std::string_view value = without_trailing_blanks(view(header.value));
    if (equals_ignoring_case(name, "host")) {
      ++hosts;
    } else if (equals_ignoring_case(name, "transfer-encoding")) {
      ++transfer_encodings;
      if (!equals_ignoring_case(value, "chunked")) return refuse(Failure::kMalformed), false;
    } else if (equals_ignoring_case(name, "expect")) {
      if (!equals_ignoring_case(value, "100-continue")) return refuse(Failure::kExpectationUnknown), false;
      expects_continue_ = !http_1_0_;
    }
  }
  const bool host_is_clear = hosts == 1 || (hosts == 0 && http_1_0_);
  const bool coding_is_clear = transfer_encodings == 0 || (transfer_encodings == 1 && chunked_ && !http_1_0_);
  if (!host_is_clear || !coding_is_clear) return refuse(Failure::kMalformed), false;
  return true;
}

int RequestReader::on_body(const char* at, std::size_t size) {
  if (size > limits_.body_bytes - body_size_) return refuse(Failure::kBodyTooLarge);
  char* const wanted = buffer_.get() + begin_ + body_offset_ + body_size_;
  if (at != wanted) std::memmove(wanted, at, size);  // Over the chunk framing in between.
  body_size_ += size;
  return 0;
}

// Turns the pieces into views, now that the buffer stands still until next().
void RequestReader::take_headers() {
  for (const HeaderPieces& pieces : pieces_) {
    const Header header{view(pieces.name), without_trailing_blanks(view(pieces.value))};
    headers_.push_back(header);
    if (header.name.size() == 6 && equals_ignoring_case(header.name, "origin")) {
      known_.origin = header.value;
    } else if (header.name.size() == 15 && equals_ignoring_case(header.name, "accept-encoding")) {
      known_.accept_encoding = header.value;
    } else if (header.name.size() == 16 && equals_ignoring_case(header.name, "content-encoding")) {
      known_.content_encoding = header.value;
    }
  }
}

}  // namespace armature::http
