#include "connector/file_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/random.h"
#include "base/thread_executor.h"
#include "connector/private_file.h"
#include "connector/sealed_box.h"
#include "support/temporary_directory.h"

namespace armature::connector {
namespace {

class FileStore : public testing::Test {
 protected:
  static SavedConnection connection(std::string name) {
    SavedConnection made;
    made.name = std::move(name);
    made.region = "eu-west-1";
    made.access_key_id = "AKID";
    made.secret_access_key = Secret("a-very-secret-key");
    return made;
  }
  std::string path(const char* name) const { return directory_ + "/" + name; }
  const test::TemporaryDirectory parent_;
  const std::string directory_ = parent_ / "store";  // The store makes it.
};

TEST_F(FileStore, KeepsConnectionsEncryptedAndPrivate) {
  FileConnectionStore store(directory_);
  ASSERT_TRUE(sync_wait(store.put(connection("b"))));
  ASSERT_TRUE(sync_wait(store.put(connection("a"))));
  const auto bytes = read_file(path("connections"));
  ASSERT_TRUE(bytes && *bytes);
  EXPECT_EQ((*bytes)->find("a-very-secret-key"), std::string::npos);
  EXPECT_EQ((*bytes)->find("AKID"), std::string::npos);
  struct stat status {};
  for (const char* name : {"connections", "connector.key"}) {
    ASSERT_EQ(stat(path(name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << name;
  }

  FileConnectionStore again(directory_);
  const auto all = sync_wait(again.list());
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(all->front().name, "a");
  EXPECT_EQ(all->front().secret_access_key.reveal(), "a-very-secret-key");
  EXPECT_TRUE(*sync_wait(again.remove("a")));
  EXPECT_FALSE(*sync_wait(again.remove("a")));
}

TEST_F(FileStore, AChangedFileIsRefused) {
  FileConnectionStore store(directory_);
  ASSERT_TRUE(sync_wait(store.put(connection("a"))));
  Bytes bytes = **read_file(path("connections"));
  bytes[bytes.size() / 2] ^= 1;
  ASSERT_TRUE(replace_file(path("connections"), bytes));
  const auto all = sync_wait(store.list());
  ASSERT_FALSE(all);
  EXPECT_THAT(all.error().message, testing::HasSubstr("damaged"));
}

TEST_F(FileStore, QueriesGetAnId) {
  FileQueryStore store(directory_);
  SavedQuery query;
  query.name = "q";
  query.language = QueryLanguage::kPartiQl;
  query.body = "SELECT * FROM t";
  const auto stored = sync_wait(store.put(query));
  ASSERT_TRUE(stored);
  EXPECT_FALSE(stored->id.empty());
  const auto found = sync_wait(store.find(stored->id));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->body, query.body);
}

TEST(SealedBox, OpensWithItsKeyOnly) {
  const Secret key(secure_random_bytes(kBoxKeyBytes));
  const Bytes box = seal(key, "plain");
  EXPECT_EQ(open_box(key, box)->reveal(), "plain");
  EXPECT_FALSE(open_box(Secret(secure_random_bytes(kBoxKeyBytes)), box));
  EXPECT_FALSE(open_box(key, box.substr(1)));
  EXPECT_NE(seal(key, "plain"), box);
}

}  // namespace
}  // namespace armature::connector
