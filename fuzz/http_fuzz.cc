// links: armature_http
// Fuzzes the framing of HTTP requests. The first bytes choose how the rest is cut into reads; whatever the cut, the
// same requests must come out, because a network may cut anywhere.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "http/content_coding.h"
#include "http/request_reader.h"

namespace {

using armature::http::ReaderLimits;
using armature::http::RequestReader;

constexpr ReaderLimits kLimits{.header_bytes = 512, .target_bytes = 128, .body_bytes = 1024};

struct Seen {
  std::vector<std::string> requests;
  bool failed = false;
  friend bool operator==(const Seen&, const Seen&) = default;
};

void take(const RequestReader& reader, Seen* seen) {
  std::string text = std::string(reader.method()) + ' ' + std::string(reader.target());
  for (const auto& header : reader.headers()) {
    text.append("\n").append(header.name).append(":").append(header.value);
  }
  ARMATURE_ASSERT(reader.body().size() <= kLimits.body_bytes);
  text.append("\n\n").append(reader.body());
  seen->requests.push_back(std::move(text));
}

Seen read_all(std::string_view bytes, std::size_t step) {
  RequestReader reader(kLimits);
  Seen seen;
  while (true) {
    if (reader.state() == RequestReader::State::kComplete) {
      take(reader, &seen);
      reader.next();
      continue;
    }
    if (reader.state() == RequestReader::State::kFailed) {
      seen.failed = true;
      return seen;
    }
    if (bytes.empty()) return seen;
    const auto room = reader.room();
    const std::size_t count = std::min({room.size(), bytes.size(), step});
    std::memcpy(room.data(), bytes.data(), count);
    bytes.remove_prefix(count);
    reader.received(count);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t step = data[0] % 64 + 1;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const Seen whole = read_all(bytes, bytes.size() + 1);
  const Seen cut = read_all(bytes, step);
  // A limit may be noticed earlier in one cut than in another, but what both have read is the same.
  const std::size_t common = std::min(whole.requests.size(), cut.requests.size());
  for (std::size_t i = 0; i < common; ++i) ARMATURE_ASSERT(whole.requests[i] == cut.requests[i]);
  if (!whole.failed && !cut.failed) ARMATURE_ASSERT(whole == cut);

  armature::Bytes unpacked;
  for (const auto coding : {armature::http::ContentCoding::kGzip, armature::http::ContentCoding::kDeflate}) {
    unpack(coding, bytes, 4096, &unpacked);
    ARMATURE_ASSERT(unpacked.size() <= 4097);
  }
  return 0;
}
