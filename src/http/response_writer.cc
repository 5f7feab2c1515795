#include "http/response_writer.h"

#include <libdeflate.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <ctime>

#include "http/content_coding.h"

namespace armature::http {
namespace {

std::uint64_t secure_seed() {
  const Bytes bytes = secure_random_bytes(sizeof(std::uint64_t));
  return read_u64_be(bytes.data());
}

void append_unsigned(std::string* out, std::uint64_t value) {
  char text[20];
  out->append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

bool contains_header(std::string_view lines, std::string_view name) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size() - 1);
    if (lines.size() > name.size() && lines[name.size()] == ':' &&
        equals_ignoring_case(lines.substr(0, name.size()), name)) {
      return true;
    }
    lines.remove_prefix(end + 1);
  }
  return false;
}

// Text gets smaller; pictures, fonts and what is packed already do not.
bool is_compressible(std::string_view content_type) {
  for (const std::string_view part : {"json", "text/", "javascript", "xml"}) {
    if (content_type.find(part) != std::string_view::npos) return true;
  }
  return false;
}

bool has_no_body(int status) { return status == 204 || status == 304 || status < 200; }

constexpr std::string_view kCorsHeaders =
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,x-amz-crc32,Date\r\n";

}  // namespace

RequestIds::RequestIds() : random_(secure_seed()) {}

void RequestIds::next(char* out) {
  constexpr char kDigits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";  // A power of two: one digit is five bits.
  constexpr int kDigitsPerWord = 12;
  for (std::size_t written = 0; written < kRequestIdSize;) {
    std::uint64_t word = random_.next();
    for (int i = 0; i < kDigitsPerWord && written < kRequestIdSize; ++i, word >>= 5)
      out[written++] = kDigits[word & 31];
  }
}

std::string_view HttpDate::at(std::int64_t unix_seconds) {
  if (unix_seconds != second_) {
    constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto time = static_cast<std::time_t>(unix_seconds);
    std::tm utc{};
    gmtime_r(&time, &utc);
    // Not strftime("%a"): the names must be English whatever the locale.
    char format[sizeof text_];
    std::snprintf(format, sizeof format, "%s, %%d %s %%Y %%T GMT", kDays[utc.tm_wday], kMonths[utc.tm_mon]);
    size_ = std::strftime(text_, sizeof text_, format, &utc);
    second_ = unix_seconds;
  }
  return {text_, size_};
}

std::string_view write_head(const Response& response, const ResponseContext& context, std::string* head,
                            Bytes* packed) {
  std::string_view body = response.body;
  const bool compress = context.accepts_gzip && body.size() >= context.compress_from_bytes &&
                        is_compressible(response.content_type) &&
                        !contains_header(response.extra_headers, "Content-Encoding") && pack_gzip(body, packed);
  if (compress) body = *packed;
  const bool bodiless = has_no_body(response.status);
  if (bodiless) body = {};

  head->append("HTTP/1.1 ");
  append_unsigned(head, static_cast<std::uint64_t>(response.status));
  head->append(" ").append(reason_phrase(response.status));
  head->append("\r\nServer: Armature\r\nDate: ").append(context.date);
  if (!response.content_type.empty()) head->append("\r\nContent-Type: ").append(response.content_type);
  if (!bodiless) {
    head->append("\r\nContent-Length: ");
    append_unsigned(head, body.size());
  }
  if (context.method == "HEAD") body = {};
  head->append("\r\nx-amzn-RequestId: ").append(context.request_id).append("\r\nx-amz-crc32: ");
  append_unsigned(head, libdeflate_crc32(0, body.data(), body.size()));
  head->append("\r\n");
  if (compress) head->append("Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n");
  if (context.cors && !response.same_origin) head->append(kCorsHeaders);
  if (context.close) {
    head->append("Connection: close\r\n");
  } else if (context.http_1_0) {
    head->append("Connection: keep-alive\r\n");
  }
  head->append(response.extra_headers).append("\r\n");
  return body;
}

Response preflight_response(const Request& request) {
  Response response;
  const std::string_view method = request.header("access-control-request-method");
  const std::string_view headers = request.header("access-control-request-headers");
  if (!method.empty()) response.extra_headers.append("Access-Control-Allow-Methods: ").append(method).append("\r\n");
  if (!headers.empty()) response.extra_headers.append("Access-Control-Allow-Headers: ").append(headers).append("\r\n");
  response.extra_headers.append("Access-Control-Max-Age: 172800\r\n");
  return response;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

}  // namespace armature::http
