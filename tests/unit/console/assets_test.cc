#include "console/assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace armature::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

EmbeddedBytes bytes(std::string_view text) { return {text.data(), text.data() + text.size()}; }

const EmbeddedAsset kAssets[] = {
    {"assets/app-1a.js", "aaaa", bytes("plain"), bytes("brotli"), bytes("gzip")},
    {"favicon.svg", "bbbb", bytes("<svg/>"), {}, {}},
    {"index.html", "cccc", bytes("<html>"), {}, {}},
};

http::Response get(std::string_view path, std::vector<Header> headers = {}, std::string_view method = "GET") {
  http::Request request;
  request.method = method;
  request.headers = headers;
  return serve_asset(request, path, kAssets);
}

TEST(Assets, TheBestPackingTheBrowserTakesIsSent) {
  EXPECT_EQ(get("assets/app-1a.js").body, "plain");
  EXPECT_EQ(get("assets/app-1a.js", {{"Accept-Encoding", "gzip, deflate"}}).body, "gzip");
  const http::Response packed = get("assets/app-1a.js", {{"Accept-Encoding", "gzip, br;q=0.9"}});
  EXPECT_EQ(packed.body, "brotli");
  EXPECT_THAT(packed.extra_headers, HasSubstr("Content-Encoding: br\r\n"));
  EXPECT_EQ(get("assets/app-1a.js", {{"Accept-Encoding", "br;q=0, gzip"}}).body, "gzip");
  EXPECT_EQ(get("favicon.svg", {{"Accept-Encoding", "br"}}).body, "<svg/>");
}

TEST(Assets, BundledFilesAreKeptForEverAndThePageIsAskedForAgain) {
  EXPECT_THAT(get("assets/app-1a.js").extra_headers, HasSubstr("immutable"));
  EXPECT_THAT(get("").extra_headers, HasSubstr("Cache-Control: no-cache"));
}

TEST(Assets, WhatTheBrowserHasIsNotSentAgain) {
  const http::Response response = get("index.html", {{"If-None-Match", "W/\"cccc\""}});
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
}

TEST(Assets, RoutesOfTheFrontEndAreItsPage) {
  for (const std::string_view route : {"", "tables", "tables/Music/items", "tables/music.v2"}) {
    EXPECT_EQ(get(route).body, "<html>") << route;
    EXPECT_EQ(get(route).content_type, "text/html; charset=utf-8") << route;
  }
}

TEST(Assets, FilesThatAreNotThereAreNotThePage) {
  for (const std::string_view path : {"assets/app-2b.js", "../etc/passwd.txt", "assets/..%2findex.html"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

TEST(Assets, OnlyReadingIsAllowed) { EXPECT_EQ(get("index.html", {}, "POST").status, 405); }

TEST(Assets, EveryAnswerCarriesThePolicy) {
  for (const std::string_view path : {"", "assets/app-1a.js", "missing.js"}) {
    EXPECT_THAT(get(path).extra_headers, HasSubstr("frame-ancestors 'none'")) << path;
    EXPECT_THAT(get(path).extra_headers, HasSubstr("script-src 'self';")) << path;
    EXPECT_THAT(get(path).extra_headers, Not(HasSubstr("unsafe-eval"))) << path;
  }
}

TEST(Assets, WithoutAFrontEndThePageSaysHowToBuildIt) {
  http::Request request;
  request.method = "GET";
  const http::Response response = serve_asset(request, "", {});
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.body, HasSubstr("./dev build"));
}

}  // namespace
}  // namespace armature::console
