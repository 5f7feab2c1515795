#include "engine/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "engine/engines.h"
#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::storage {
namespace {

constexpr int kReportFd = 9;
constexpr const char* kDirectoryVariable = "ARMATURE_TEST_DIRECTORY";

RocksdbOptions options_of_child() {
  const char* directory = std::getenv(kDirectoryVariable);
  if (directory == nullptr) ::_exit(1);
  RocksdbOptions options;
  options.directory = directory;
  return options;
}

// The two below are what children do. Disabled, so that only ChildProcess starts them.

TEST(ChildProcess, DISABLED_OpensTheDirectory) {
  auto opened = open_rocksdb(options_of_child());
  if (opened) ::_exit(0);
  const bool in_use = opened.error().code == StorageErrorCode::kUnavailable &&
                      opened.error().message.find("another process is using") != std::string::npos;
  ::_exit(in_use ? kRefusedAsInUse : 1);
}

TEST(ChildProcess, DISABLED_WritesUntilItIsKilled) {
  auto opened = open_rocksdb(options_of_child());
  if (!opened) ::_exit(1);
  ThreadExecutor executor;
  for (int i = 0;; ++i) {
    const std::string key = item_key(i);
    if (!executor.run_until(commit_write(**opened, put(kTable, key, "v")))) ::_exit(1);
    if (::write(kReportFd, &i, sizeof i) != sizeof i) ::_exit(1);
  }
}

}  // namespace

ChildProcess::ChildProcess(const char* what, const std::string& directory) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  reports_ = ends[0];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], kReportFd);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const std::string filter = std::string("--gtest_filter=ChildProcess.") + what;
  const std::string variable = std::string(kDirectoryVariable) + "=" + directory;
  std::vector<char*> arguments = {const_cast<char*>("child"), const_cast<char*>(filter.c_str()),
                                  const_cast<char*>("--gtest_also_run_disabled_tests"), nullptr};
  std::vector<char*> environment;
  for (char** each = environ; *each != nullptr; ++each) environment.push_back(*each);
  environment.push_back(const_cast<char*>(variable.c_str()));
  environment.push_back(nullptr);
  const int error = ::posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (error != 0) throw std::runtime_error("posix_spawn");
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    kill();
    wait();
  }
  ::close(reports_);
}

int ChildProcess::next_report() {
  int number = -1;
  return ::read(reports_, &number, sizeof number) == sizeof number ? number : -1;
}

void ChildProcess::kill() { ::kill(pid_, SIGKILL); }

int ChildProcess::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace armature::storage
