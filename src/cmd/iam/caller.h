// What the commands that manage identities share: whom they ask, with which keys, and how they print.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "cmd/iam/aws_profile.h"
#include "connector/client.h"
#include "connector/loop_thread.h"
#include "connector/socket_transport.h"
#include "wire/json.h"

namespace CLI {
class App;
}

namespace armature::cmd {

struct CallerOptions {
  std::string endpoint;  // Empty: AWS_ENDPOINT_URL, the profile's, or http://127.0.0.1:8000.
  std::string region;    // Empty: AWS_REGION, AWS_DEFAULT_REGION, the profile's, or us-east-1.
  std::string profile;   // Empty: the environment's keys, AWS_PROFILE, "default", or those a local server wrote.
  std::string ca_file;
  bool json = false;
};
void add_caller_options(CLI::App* command, CallerOptions* options);

using Parameters = std::vector<std::pair<std::string, std::string>>;

// What went wrong, as people and scripts need it.
struct CommandError {
  std::string type;     // "NoSuchEntity"; "" when no call was made.
  std::string message;  // A sentence, with what to do next where that is known.
};
template <class T>
using CommandResult = Expected<T, CommandError>;

// The XML answer of an IAM or STS call.
class XmlReply {
 public:
  explicit XmlReply(std::string xml) : xml_(std::move(xml)) {}
  const std::string& xml() const { return xml_; }
  // The text of the first element of that name; empty: none.
  std::string text(std::string_view element) const;
  // The members of the first list of that name.
  std::vector<XmlReply> members(std::string_view list) const;

 private:
  std::string xml_;
};

class Caller {
 public:
  static CommandResult<std::unique_ptr<Caller>> open(const CallerOptions& options);

  CommandResult<XmlReply> iam(std::string action, Parameters parameters);
  CommandResult<XmlReply> sts(std::string action, Parameters parameters);
  // All pages of a list, one after the other.
  CommandResult<std::vector<XmlReply>> iam_list(const std::string& action, Parameters parameters,
                                                std::string_view list);
  // An operation in JSON.
  CommandResult<std::string> json(connector::Service service, std::string operation, std::string body);

  const std::string& endpoint() const { return endpoint_; }
  const std::string& region() const { return region_; }
  // Of the keys in use; asked for once.
  CommandResult<std::string> account_id();

 private:
  Caller(const connector::Endpoint& endpoint, std::string endpoint_text, std::string region, auth::AccessKey key,
         const std::string& ca_file);
  CommandError explain(const connector::CallError& error) const;

  const SystemClock clock_;
  const std::string endpoint_;
  const std::string region_;
  connector::LoopThread loop_;
  connector::SocketTransport transport_;
  connector::FixedCredentials credentials_;
  connector::Client client_;
  std::string account_id_;
};

// Prints the error to standard error; returns 1.
int report(std::string_view command, const CommandError& error);

// Runs `body(Caller*)`, which returns CommandResult<void>; the exit status.
template <class Body>
int with_caller(std::string_view command, const CallerOptions& options, Body body) {
  auto caller = Caller::open(options);
  if (!caller) return report(command, caller.error());
  const CommandResult<void> done = body(caller->get());
  return done ? 0 : report(command, done.error());
}

// Rows under headings, in columns as wide as they need to be; with --json an array of objects.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print(bool json) const;

 private:
  const std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

// Decodes %XX, as policies come in replies.
std::string percent_decoded(std::string_view text);
// The text of a file, or of standard input for "-".
CommandResult<std::string> read_text(const std::string& file);

}  // namespace armature::cmd
