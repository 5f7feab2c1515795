#include "console/assets.h"

#include <algorithm>
#include <string>
#include <utility>

namespace armature::console {
namespace {

// 'unsafe-inline' for styles alone: the component library sets style attributes. Scripts come from files only.
constexpr std::string_view kSecurityHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), microphone=(), geolocation=(), payment=(), usb=()\r\n";

constexpr std::string_view kNotBuilt = R"(<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Armature</title></head>
<body>
<h1>The console is not part of this build</h1>
<p>The program was built without its front end. With Node.js and npm installed, run <code>./dev build</code> and start the
server again.</p>
</body>
</html>
)";

std::string_view extension_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

std::string_view content_type_of(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"ico", "image/x-icon"},
      {"woff2", "font/woff2"},
      {"woff", "font/woff"},
      {"txt", "text/plain; charset=utf-8"},
      {"webmanifest", "application/manifest+json"},
  };
  const std::string_view extension = extension_of(path);
  for (const auto& [known, type] : kTypes) {
    if (extension == known) return type;
  }
  return "application/octet-stream";
}

const EmbeddedAsset* find(std::span<const EmbeddedAsset> assets, std::string_view path) {
  const auto at = std::lower_bound(assets.begin(), assets.end(), path,
                                   [](const EmbeddedAsset& asset, std::string_view p) { return asset.path < p; });
  return at != assets.end() && at->path == path ? &*at : nullptr;
}

// Whether one of a comma-separated list of codings is `coding`, and not refused by a weight of zero.
bool accepts(std::string_view accept_encoding, std::string_view coding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    std::string_view entry = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    const std::size_t semicolon = std::min(entry.find(';'), entry.size());
    const std::string_view weight = entry.substr(semicolon);
    std::string_view name = entry.substr(0, semicolon);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (equals_ignoring_case(name, coding)) {
      const std::size_t value = weight.find("q=");
      return value == std::string_view::npos || weight.find_first_of("123456789", value) != std::string_view::npos;
    }
  }
  return false;
}

http::Response not_found() {
  http::Response response{
      .status = 404, .content_type = "text/plain; charset=utf-8", .body = "There is no such page.\n"};
  response.extra_headers = kSecurityHeaders;
  return response;
}

}  // namespace

std::string_view security_headers() { return kSecurityHeaders; }

http::Response serve_asset(const http::Request& request, std::string_view path, std::span<const EmbeddedAsset> assets) {
  http::Response response;
  response.extra_headers = kSecurityHeaders;
  if (request.method != "GET" && request.method != "HEAD") {
    response.status = 405;
    response.extra_headers += "Allow: GET, HEAD\r\n";
    return response;
  }
  if (assets.empty()) {
    response.status = 503;
    response.content_type = "text/html; charset=utf-8";
    response.extra_headers += "Cache-Control: no-store\r\n";
    response.body = kNotBuilt;
    return response;
  }
  const EmbeddedAsset* asset = find(assets, path);
  // A page of the front end's own router, whose path may end in a table's name and so in anything.
  if (asset == nullptr && !path.starts_with("assets/") && path.find("..") == std::string_view::npos) {
    asset = find(assets, "index.html");
  }
  if (asset == nullptr) return not_found();

  // Names of bundled files change with their content; everything else is asked for again each time.
  const bool immutable = asset->path.starts_with("assets/");
  response.extra_headers +=
      immutable ? "Cache-Control: public, max-age=31536000, immutable\r\n" : "Cache-Control: no-cache\r\n";
  response.extra_headers.append("Vary: Accept-Encoding\r\nETag: W/\"").append(asset->hash).append("\"\r\n");
  if (request.header("If-None-Match").find(asset->hash) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.content_type = content_type_of(asset->path);
  const std::string_view accepted = request.header("Accept-Encoding");
  EmbeddedBytes content = asset->plain;
  if (!asset->brotli.empty() && accepts(accepted, "br")) {
    content = asset->brotli;
    response.extra_headers += "Content-Encoding: br\r\n";
  } else if (!asset->gzip.empty() && accepts(accepted, "gzip")) {
    content = asset->gzip;
    response.extra_headers += "Content-Encoding: gzip\r\n";
  }
  response.body = content.view();
  return response;
}

}  // namespace armature::console
