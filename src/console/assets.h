// The built front end, which is part of the program, and how it is served.
#pragma once

#include <span>
#include <string_view>

#include "http/handler.h"

namespace armature::console {

struct EmbeddedBytes {
  const char* begin = nullptr;
  const char* end = nullptr;

  bool empty() const { return begin == end; }
  std::string_view view() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

// One file of console/dist. The packed forms are empty where packing gained nothing.
struct EmbeddedAsset {
  std::string_view path;  // "index.html", "assets/index-1a2b.js".
  std::string_view hash;  // Of the plain content; the ETag.
  EmbeddedBytes plain;
  EmbeddedBytes brotli;
  EmbeddedBytes gzip;
};

// In the order of their paths; empty when the program was built without a front end. Lives as long as the program.
std::span<const EmbeddedAsset> embedded_assets();

// Answers GET and HEAD of `path`, which is what follows "/console/", from `assets`. Paths without an extension are the
// front end's own routes and get index.html. Pure; safe from any thread.
http::Response serve_asset(const http::Request& request, std::string_view path, std::span<const EmbeddedAsset> assets);

// The headers that keep a browser from doing with the console what it must not: complete lines.
// Source: OWASP, "HTTP Security Response Headers Cheat Sheet"; W3C, "Content Security Policy Level 3".
std::string_view security_headers();

}  // namespace armature::console
