// Requests signed by another implementation (tools/make_sigv4_vectors.py) have to pass, and ours have to equal them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "auth/sigv4/authorization.h"
#include "auth/sigv4/canonical_request.h"
#include "auth/sigv4/signer.h"
#include "auth/sigv4/timestamp.h"
#include "auth/sigv4/verifier.h"

namespace armature::auth::sigv4 {
namespace {

struct Vector {
  std::string name, now, access_key_id, secret, session_token, region, service, method, target, body, canonical;
  std::vector<std::pair<std::string, std::string>> header_lines;

  std::int64_t now_s() const { return *parse_timestamp(now); }
  std::vector<Header> headers() const {
    std::vector<Header> views;
    for (const auto& [name, value] : header_lines) views.push_back({name, value});
    return views;
  }
  bool is_presigned() const { return target.find("X-Amz-Signature") != std::string::npos; }
};

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

Vector read_vector(const std::filesystem::path& path) {
  Vector vector;
  vector.name = path.stem();
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    const std::string field = line.substr(0, line.find(": "));
    const std::string value = line.substr(field.size() + 2);
    if (field == "now") vector.now = value;
    if (field == "access_key_id") vector.access_key_id = value;
    if (field == "secret") vector.secret = value;
    if (field == "session_token") vector.session_token = value;
    if (field == "region") vector.region = value;
    if (field == "service") vector.service = value;
    if (field == "method") vector.method = value;
    if (field == "target") vector.target = value;
    if (field == "body") vector.body = from_hex(value);
    if (field == "canonical") vector.canonical += (vector.canonical.empty() ? "" : "\n") + value;
    if (field == "header") {
      const std::string name = value.substr(0, value.find(": "));
      vector.header_lines.emplace_back(name, value.substr(name.size() + 2));
    }
  }
  return vector;
}

std::vector<Vector> all_vectors() {
  const auto directory = std::filesystem::path(ARMATURE_TESTS_DIRECTORY) / "vectors" / "sigv4";
  std::vector<Vector> vectors;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) vectors.push_back(read_vector(entry.path()));
  return vectors;
}

// The one key of a vector.
class VectorStore final : public CredentialStore {
 public:
  explicit VectorStore(const Vector& vector) : vector_(vector) {}
  std::shared_ptr<const Identity> find(std::string_view access_key_id, std::string_view session_token) const override {
    if (access_key_id != vector_.access_key_id || session_token != vector_.session_token) return nullptr;
    return std::make_shared<const Identity>(
        Identity{.access_key_id = vector_.access_key_id,
                 .secret = Secret(vector_.secret),
                 .kind = vector_.session_token.empty() ? PrincipalKind::kUser : PrincipalKind::kSession});
  }

 private:
  const Vector& vector_;
};

TEST(SigV4Vectors, AreThere) { EXPECT_GE(all_vectors().size(), 24u); }

TEST(SigV4Vectors, AreAccepted) {
  for (const Vector& vector : all_vectors()) {
    const auto headers = vector.headers();
    const VectorStore store(vector);
    const ManualClock clock(vector.now_s() * 1000);
    Arena arena;
    const auto result = Verifier(store, clock)
                            .authenticate({vector.method, vector.target, headers, vector.body}, vector.service, &arena);
    ASSERT_TRUE(result) << vector.name << ": " << result.error().message;
    EXPECT_EQ(result->region, vector.region);
    EXPECT_EQ(result->service, vector.service);
    EXPECT_EQ(result->date, "20150830");
    EXPECT_EQ(result->identity->access_key_id, vector.access_key_id);
  }
}

TEST(SigV4Vectors, HaveOurCanonicalRequest) {
  for (const Vector& vector : all_vectors()) {
    const auto headers = vector.headers();
    const SignedRequest request{vector.method, vector.target, headers, vector.body};
    Arena arena;
    const auto authorization = read_authorization(request, &arena);
    ASSERT_TRUE(authorization) << vector.name;
    Bytes canonical;
    append_canonical_request(request, authorization->query,
                             canonical_header_names(authorization->signed_headers, &arena), &canonical);
    EXPECT_EQ(canonical, vector.canonical) << vector.name;
  }
}

TEST(SigV4Vectors, AreSignedTheSameByUs) {
  for (const Vector& vector : all_vectors()) {
    if (vector.is_presigned()) continue;
    std::vector<Header> headers;
    std::string sent;
    for (const Header& header : vector.headers()) {
      if (header.name == "Authorization") sent = header.value;
      if (header.name != "Authorization" && header.name != "X-Amz-Date" && header.name != "X-Amz-Security-Token") {
        headers.push_back(header);
      }
    }
    const AccessKey key{vector.access_key_id, Secret(vector.secret), vector.session_token};
    const auto signed_with = sign({vector.method, vector.target, headers, vector.body}, key,
                                  {vector.region, vector.service}, vector.now_s());
    EXPECT_EQ(signed_with.authorization, sent) << vector.name;
    EXPECT_EQ(signed_with.amz_date, vector.now);
    EXPECT_EQ(signed_with.security_token, vector.session_token);
  }
}

}  // namespace
}  // namespace armature::auth::sigv4
