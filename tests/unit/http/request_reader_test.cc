#include "http/request_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace armature::http {
namespace {

using State = RequestReader::State;
using Failure = RequestReader::Failure;

State feed(RequestReader& reader, std::string_view bytes, std::size_t step = 1 << 20) {
  while (!bytes.empty() && reader.state() != State::kComplete && reader.state() != State::kFailed) {
    const auto room = reader.room();
    const std::size_t count = std::min({room.size(), bytes.size(), step});
    std::memcpy(room.data(), bytes.data(), count);
    bytes.remove_prefix(count);
    reader.received(count);
  }
  return reader.state();
}

Failure failure_of(std::string_view bytes, ReaderLimits limits = {}) {
  RequestReader reader(limits);
  feed(reader, bytes);
  return reader.state() == State::kFailed ? reader.failure() : Failure::kNone;
}

bool is_complete(std::string_view bytes) {
  RequestReader reader({});
  return feed(reader, bytes) == State::kComplete;
}

TEST(RequestReader, ARequestIsTheSameHoweverItIsCutIntoReads) {
  const std::string bytes =
      "POST /path?q=1 HTTP/1.1\r\nHost: here\r\nX-Blank:   padded\t \r\nX-Empty:\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    RequestReader reader({});
    ASSERT_EQ(feed(reader, bytes, step), State::kComplete) << step;
    EXPECT_EQ(reader.method(), "POST");
    EXPECT_EQ(reader.target(), "/path?q=1");
    EXPECT_EQ(reader.body(), "hello");
    ASSERT_EQ(reader.headers().size(), 4U);
    EXPECT_EQ(reader.headers()[1].name, "X-Blank");
    EXPECT_EQ(reader.headers()[1].value, "padded");
    EXPECT_EQ(reader.headers()[2].value, "");
  }
}

TEST(RequestReader, ChunkedBodiesAreJoinedHoweverTheyAreCutIntoReads) {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n1;name=value\r\n,\r\nA\r\n wide worl\r\n1\r\nd\r\n0\r\nX-Trailer: ignored\r\n\r\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    RequestReader reader({});
    ASSERT_EQ(feed(reader, bytes, step), State::kComplete) << step;
    EXPECT_EQ(reader.body(), "hello, wide world");
    EXPECT_EQ(reader.headers().size(), 2U);
  }
}

TEST(RequestReader, PipelinedRequestsComeOneByOne) {
  const std::string bytes =
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
      "POST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
      "POST /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyzGET /4 HT";
  RequestReader reader({});
  EXPECT_EQ(feed(reader, bytes), State::kComplete);
  EXPECT_EQ(reader.target(), "/1");
  EXPECT_EQ(reader.next(), State::kComplete);
  EXPECT_EQ(reader.target(), "/2");
  EXPECT_EQ(reader.body(), "abc");
  EXPECT_EQ(reader.next(), State::kComplete);
  EXPECT_EQ(reader.target(), "/3");
  EXPECT_EQ(reader.body(), "xyz");
  EXPECT_EQ(reader.next(), State::kHeaders);
  EXPECT_EQ(feed(reader, "TP/1.1\r\nHost: h\r\n\r\n"), State::kComplete);
  EXPECT_EQ(reader.target(), "/4");
  EXPECT_EQ(reader.next(), State::kIdle);
}

TEST(RequestReader, ALargeBodyGrowsTheBufferAndForgettingItGivesTheMemoryBack) {
  RequestReader reader({});
  const std::size_t before = reader.capacity();
  const std::string body(1'000'000, 'x');
  EXPECT_EQ(feed(reader, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + body, 10'000),
            State::kComplete);
  EXPECT_EQ(reader.body(), body);
  EXPECT_EQ(reader.next(), State::kIdle);
  EXPECT_EQ(reader.capacity(), before);
}

TEST(RequestReader, AnAnnouncedLengthAloneTakesNoMemory) {
  RequestReader reader({});
  feed(reader, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 16000000\r\n\r\nx");
  (void)reader.room();
  EXPECT_LT(reader.capacity(), 64U * 1024);
}

TEST(RequestReader, WhateverTwoServersCouldReadDifferentlyIsRefused) {
  const char* const requests[] = {
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\nhello",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\nhello",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x5\r\n\r\nhello",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\nhello",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\nHost: h\n\n",
      "POST / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nX: a\rContent-Length: 3\r\n\r\nabc",
      "POST / HTTP/1.1\r\nHost: h\r\nX: folded\r\n value\r\n\r\n",
      "POST / HTTP/1.1\r\n Host: h\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
      "POST / HTTP/1.1\r\n\r\n",
      "POST  / HTTP/1.1\r\nHost: h\r\n\r\n",
      "POST /  HTTP/1.1\r\nHost: h\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nNo colon\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\n: no name\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nX: nul\1\r\n\r\n",
      "CONNECT a:1 HTTP/1.1\r\nHost: h\r\n\r\n",
      "NONSENSE / HTTP/1.1\r\nHost: h\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01",
  };
  for (const char* const request : requests) EXPECT_EQ(failure_of(request), Failure::kMalformed) << request;
}

TEST(RequestReader, MalformedChunksAreRefused) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string chunks :
       {"x\r\n", "\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n", "-1\r\n", "fffffffffffffffff\r\n",
        "5 \r\nhello\r\n", "5\r\nhello\n0\r\n\r\n", " 5\r\nhello"}) {
    EXPECT_EQ(failure_of(head + chunks), Failure::kMalformed) << chunks;
  }
}

TEST(RequestReader, HttpVersionsOtherThanOneAreUnsupported) {
  EXPECT_EQ(failure_of("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), Failure::kVersionUnsupported);
  EXPECT_EQ(failure_of("GET / HTTP/0.9\r\nHost: h\r\n\r\n"), Failure::kVersionUnsupported);
  EXPECT_EQ(failure_of("GET / HTTP/1.2\r\nHost: h\r\n\r\n"), Failure::kVersionUnsupported);
  EXPECT_EQ(failure_of("GET / HTTP/1.1 \r\nHost: h\r\n\r\n"), Failure::kVersionUnsupported);
  EXPECT_EQ(failure_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Failure::kMalformed);
}

TEST(RequestReader, AnUpgradeOfferIsIgnored) {
  EXPECT_TRUE(is_complete("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"));
}

TEST(RequestReader, HeaderLimitCountsHeadersWithoutTheTarget) {
  const ReaderLimits limits{.header_bytes = 200, .target_bytes = 100, .body_bytes = 10};
  const std::string target = "/" + std::string(99, 't');
  EXPECT_EQ(failure_of("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n", limits), Failure::kNone);
  EXPECT_EQ(failure_of("GET " + target + "t HTTP/1.1\r\nHost: h\r\n\r\n", limits), Failure::kTargetTooLarge);
  EXPECT_EQ(failure_of("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(160, 'v') + "\r\n\r\n", limits),
            Failure::kNone);
  EXPECT_EQ(failure_of("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(200, 'v') + "\r\n\r\n", limits),
            Failure::kHeadersTooLarge);
}

TEST(RequestReader, HeadersWithoutEndAreRefusedBeforeTheyEnd) {
  EXPECT_EQ(failure_of("GET /" + std::string(20'000, 'a')), Failure::kTargetTooLarge);
  EXPECT_EQ(failure_of("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a')), Failure::kHeadersTooLarge);
  EXPECT_EQ(failure_of(std::string(20'000, '\n')), Failure::kHeadersTooLarge);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 1000; ++i) many += "a:b\r\n";
  EXPECT_EQ(failure_of(many), Failure::kHeadersTooLarge);
}

TEST(RequestReader, BodyLimitHoldsForBothFramings) {
  const ReaderLimits limits{.header_bytes = 1000, .target_bytes = 1000, .body_bytes = 10};
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(failure_of(head + "Content-Length: 10\r\n\r\n0123456789", limits), Failure::kNone);
  EXPECT_EQ(failure_of(head + "Content-Length: 11\r\n\r\n", limits), Failure::kBodyTooLarge);
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(failure_of(chunked + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", limits), Failure::kNone);
  EXPECT_EQ(failure_of(chunked + "5\r\n01234\r\n6\r\n567890\r\n0\r\n\r\n", limits), Failure::kBodyTooLarge);
}

TEST(RequestReader, ChunkFramingWithoutContentIsBounded) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(failure_of(head + "1;" + std::string(100'000, 'e')), Failure::kMalformed);
  EXPECT_EQ(failure_of(head + "0\r\nX: " + std::string(100'000, 't')), Failure::kMalformed);
}

TEST(RequestReader, ExpectationIsKnownUntilTheBodyBegins) {
  RequestReader reader({});
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
  EXPECT_EQ(feed(reader, head), State::kBody);
  EXPECT_TRUE(reader.wants_continue());
  EXPECT_EQ(feed(reader, "a"), State::kBody);
  EXPECT_FALSE(reader.wants_continue());
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n"), Failure::kExpectationUnknown);
}

TEST(RequestReader, KeepAliveFollowsVersionAndConnectionHeader) {
  const auto keeps = [](std::string_view bytes) {
    RequestReader reader({});
    EXPECT_EQ(feed(reader, bytes), State::kComplete) << bytes;
    return reader.keep_alive();
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

}  // namespace
}  // namespace armature::http
