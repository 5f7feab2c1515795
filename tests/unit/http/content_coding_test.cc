#include "http/content_coding.h"

#include <gtest/gtest.h>
#include <libdeflate.h>
#include <zlib.h>

#include "testing.h"

namespace armature::http {
namespace {

// Packs with zlib; `window_bits` chooses the format: 31 gzip, 15 zlib, -15 bare deflate.
Bytes packed(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

constexpr int kGzip = 31;
constexpr int kZlib = 15;
constexpr int kBare = -15;

std::string post(std::string_view body, std::string_view encoding) {
  return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nContent-Encoding: " + std::string(encoding) + "\r\n\r\n" + std::string(body);
}

TEST(Unpack, ReadsGzipZlibAndBareDeflate) {
  const std::string text(100'000, 'a');
  Bytes out;
  EXPECT_EQ(unpack(ContentCoding::kGzip, packed(text, kGzip), 1 << 20, &out), UnpackResult::kOk);
  EXPECT_EQ(out, text);
  EXPECT_EQ(unpack(ContentCoding::kDeflate, packed(text, kZlib), 1 << 20, &out), UnpackResult::kOk);
  EXPECT_EQ(out, text);
  EXPECT_EQ(unpack(ContentCoding::kDeflate, packed(text, kBare), 1 << 20, &out), UnpackResult::kOk);
  EXPECT_EQ(out, text);
}

TEST(Unpack, SeveralGzipMembersAreOneBody) {
  Bytes out;
  EXPECT_EQ(unpack(ContentCoding::kGzip, packed("one ", kGzip) + packed("", kGzip) + packed("two", kGzip), 1000, &out),
            UnpackResult::kOk);
  EXPECT_EQ(out, "one two");
}

TEST(Unpack, BrokenInputIsBroken) {
  const Bytes whole = packed("some text to pack", kGzip);
  Bytes out;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(unpack(ContentCoding::kGzip, whole.substr(0, size), 1000, &out), UnpackResult::kBroken) << size;
  }
  EXPECT_EQ(unpack(ContentCoding::kGzip, whole + "x", 1000, &out), UnpackResult::kBroken);
  EXPECT_EQ(unpack(ContentCoding::kGzip, "plain text", 1000, &out), UnpackResult::kBroken);
  EXPECT_EQ(unpack(ContentCoding::kDeflate, packed("a", kZlib) + "x", 1000, &out), UnpackResult::kBroken);
}

TEST(Unpack, TheLimitIsExact) {
  Bytes out;
  const std::string text(1000, 'a');
  EXPECT_EQ(unpack(ContentCoding::kGzip, packed(text, kGzip), 1000, &out), UnpackResult::kOk);
  EXPECT_EQ(unpack(ContentCoding::kGzip, packed(text, kGzip), 999, &out), UnpackResult::kTooLarge);
}

TEST(Unpack, ABombIsStoppedAtTheLimit) {
  Bytes out;
  EXPECT_EQ(unpack(ContentCoding::kGzip, packed(std::string(50'000'000, '0'), kGzip), 1'000'000, &out),
            UnpackResult::kTooLarge);
  EXPECT_LE(out.size(), 1'000'001U);
}

TEST(ContentEncoding, NamesAreParsedInAnyCase) {
  EXPECT_EQ(parse_content_encoding(""), ContentCoding::kIdentity);
  EXPECT_EQ(parse_content_encoding("Identity"), ContentCoding::kIdentity);
  EXPECT_EQ(parse_content_encoding("GZIP"), ContentCoding::kGzip);
  EXPECT_EQ(parse_content_encoding("deflate"), ContentCoding::kDeflate);
  EXPECT_EQ(parse_content_encoding("br"), ContentCoding::kUnknown);
  EXPECT_EQ(parse_content_encoding("gzip, gzip"), ContentCoding::kUnknown);
}

TEST(AcceptEncoding, GzipIsUsedOnlyWhenItIsAccepted) {
  for (const char* yes : {"gzip", "deflate, GZip", "gzip;q=0.5, identity", " br , gzip ;q=1"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const char* no : {"", "identity", "gzip;q=0", "gzip; q=0.0", "deflate", "gzipped"}) {
    EXPECT_FALSE(accepts_gzip(no)) << no;
  }
}

TEST_F(ServerTest, PackedRequestsReachTheHandlerUnpackedAndAsSigned) {
  serve([](const Request& request) {
    return reply(std::string(request.body) + "|" + std::to_string(request.raw_body.size()));
  });
  Client client(server->port());
  const std::string text(5000, 'z');
  for (const auto& [body, encoding] : {std::pair{packed(text, kGzip), "gzip"}, {packed(text, kZlib), "deflate"}}) {
    EXPECT_EQ(client.ask(post(body, encoding)).body, text + "|" + std::to_string(body.size()));
  }
  EXPECT_EQ(client.ask(post("as is", "identity")).body, "as is|5");
}

TEST_F(ServerTest, BrokenUnknownAndExplodingBodiesGetTheirReplies) {
  options.max_body_bytes = 100'000;
  options.broken_encoding_reply = {500, "application/json", "{\"broken\":1}"};
  options.unknown_encoding_reply = {415, "application/json", "{\"unknown\":1}"};
  serve();
  Client client(server->port());
  EXPECT_EQ(client.ask(post("not gzip at all", "gzip")).body, "{\"broken\":1}");
  EXPECT_EQ(client.ask(post("x", "br")).status, 415);
  EXPECT_EQ(client.ask(post(packed(std::string(1'000'000, '0'), kGzip), "gzip")).status, 413);
  EXPECT_EQ(client.ask(post("fine", "identity")).body, "POST / fine");
}

TEST_F(ServerTest, LargeTextIsPackedForClientsThatAcceptIt) {
  const std::string text(100'000, 'q');
  serve([&](const Request&) { return reply(text); });
  Client client(server->port());
  const Reply small = client.ask("GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip, deflate\r\n\r\n");
  EXPECT_EQ(small.header("Content-Encoding"), "gzip");
  EXPECT_LT(small.body.size(), 2000U);
  EXPECT_EQ(small.header("x-amz-crc32"), std::to_string(libdeflate_crc32(0, small.body.data(), small.body.size())));
  Bytes unpacked;
  EXPECT_EQ(unpack(ContentCoding::kGzip, small.body, 1 << 20, &unpacked), UnpackResult::kOk);
  EXPECT_EQ(unpacked, text);
  const Reply plain = client.ask("GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: identity\r\n\r\n");
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  EXPECT_EQ(plain.body, text);
}

TEST_F(ServerTest, WhatIsSmallOrPackedAlreadyIsNotPacked) {
  serve([](const Request& request) -> Task<Response> {
    Response response{.content_type = "text/plain", .body = std::string(10'000, 'q')};
    if (request.target == "/small") response.body.resize(100);
    if (request.target == "/picture") response.content_type = "image/png";
    if (request.target == "/packed") response.extra_headers = "Content-Encoding: br\r\n";
    co_return response;
  });
  Client client(server->port());
  for (const std::string target : {"/small", "/picture", "/packed"}) {
    const Reply reply = client.ask("GET " + target + " HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n");
    EXPECT_NE(reply.header("Content-Encoding"), "gzip") << target;
  }
}

}  // namespace
}  // namespace armature::http
