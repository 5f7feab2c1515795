// Times as signatures carry them: "20130609T100015Z", ISO 8601's basic format, always UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace armature::auth::sigv4 {

// Seconds since 1970; nullopt unless `text` has exactly that form and names a moment.
std::optional<std::int64_t> parse_timestamp(std::string_view text);
// "Sun, 06 Nov 1994 08:49:37 GMT", as in a Date header. Source: RFC 9110, section 5.6.7, "IMF-fixdate".
std::optional<std::int64_t> parse_http_date(std::string_view text);

// Of the years 0 to 9999.
std::string format_timestamp(std::int64_t seconds);

}  // namespace armature::auth::sigv4
