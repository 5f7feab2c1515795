#include "http/content_coding.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <memory>

#include "base/header.h"

namespace armature::http {
namespace {

constexpr std::size_t kFirstOutputBytes = 16 * 1024;
constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kBareWindow = -15;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// A zlib header is a multiple of 31 that names the deflate method.
bool has_zlib_header(std::string_view packed) {
  if (packed.size() < 2) return false;
  const auto first = static_cast<unsigned char>(packed[0]);
  const auto second = static_cast<unsigned char>(packed[1]);
  return (first & 0x0f) == 8 && (first * 256 + second) % 31 == 0;
}

class Inflater {
 public:
  explicit Inflater(int window_bits) : ready_(inflateInit2(&stream_, window_bits) == Z_OK) {}
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  UnpackResult run(std::string_view packed, bool several_members, std::size_t limit_bytes, Bytes* out) {
    if (!ready_) return UnpackResult::kBroken;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    std::size_t size = 0;
    while (true) {
      if (size == out->size()) {
        if (size > limit_bytes) return UnpackResult::kTooLarge;
        // One byte over the limit is enough to know that there is more.
        out->resize(std::min(std::max(size * 2, kFirstOutputBytes), limit_bytes + 1));
      }
      stream_.next_out = reinterpret_cast<Bytef*>(out->data() + size);
      stream_.avail_out = static_cast<uInt>(out->size() - size);
      const int status = inflate(&stream_, Z_NO_FLUSH);
      size = out->size() - stream_.avail_out;
      if (status == Z_STREAM_END) {
        if (size > limit_bytes) return UnpackResult::kTooLarge;
        if (stream_.avail_in == 0) {
          out->resize(size);
          return UnpackResult::kOk;
        }
        if (!several_members || inflateReset(&stream_) != Z_OK) return UnpackResult::kBroken;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return UnpackResult::kBroken;
      } else if (stream_.avail_in == 0 && stream_.avail_out != 0) {
        return UnpackResult::kBroken;  // The input ends in the middle.
      }
    }
  }

 private:
  z_stream stream_{};
  bool ready_;
};

// "gzip;q=0" is a refusal; any other weight is leave.
bool is_refused(std::string_view parameters) {
  const std::size_t q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  const std::string_view weight = trimmed(parameters.substr(q + 2));
  return weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

ContentCoding parse_content_encoding(std::string_view value) {
  value = trimmed(value);
  if (value.empty() || equals_ignoring_case(value, "identity")) return ContentCoding::kIdentity;
  if (equals_ignoring_case(value, "gzip") || equals_ignoring_case(value, "x-gzip")) return ContentCoding::kGzip;
  if (equals_ignoring_case(value, "deflate")) return ContentCoding::kDeflate;
  return ContentCoding::kUnknown;
}

UnpackResult unpack(ContentCoding coding, std::string_view packed, std::size_t limit_bytes, Bytes* out) {
  out->clear();
  if (coding == ContentCoding::kGzip) return Inflater(kGzipWindow).run(packed, true, limit_bytes, out);
  if (coding == ContentCoding::kDeflate) {
    return Inflater(has_zlib_header(packed) ? kZlibWindow : kBareWindow).run(packed, false, limit_bytes, out);
  }
  return UnpackResult::kBroken;
}

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view element = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    const std::size_t semicolon = std::min(element.find(';'), element.size());
    const std::string_view coding = trimmed(element.substr(0, semicolon));
    if (equals_ignoring_case(coding, "gzip")) return !is_refused(element.substr(semicolon));
  }
  return false;
}

bool pack_gzip(std::string_view body, Bytes* out) {
  constexpr int kFastLevel = 1;  // Responses are made once and read once.
  struct Free {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
  };
  thread_local const std::unique_ptr<libdeflate_compressor, Free> compressor(libdeflate_alloc_compressor(kFastLevel));
  if (!compressor) return false;
  out->resize(body.size());  // Anything that does not fit is not worth sending.
  const std::size_t size =
      libdeflate_gzip_compress(compressor.get(), body.data(), body.size(), out->data(), out->size());
  out->resize(size);
  return size != 0;
}

}  // namespace armature::http
