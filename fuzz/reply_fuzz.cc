// links: armature_connector
// What a server may answer a client, and files a client reads: any bytes, in any pieces, are a reply, an error or
// nothing. The same bytes read in two pieces are the same reply.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "connector/aws_profiles.h"
#include "connector/client.h"
#include "connector/copy_table.h"
#include "connector/response_reader.h"
#include "connector/saved_connection.h"
#include "connector/saved_query.h"
#include "connector/table_keys.h"
#include "connector/xml_text.h"

using namespace armature;
using namespace armature::connector;

namespace {

using State = ResponseReader::State;

void require(bool condition) {
  if (!condition) std::abort();
}

void read_reply(std::string_view bytes, std::size_t cut) {
  ResponseReader whole, pieces;
  State state = whole.received(bytes);
  State again = pieces.received(bytes.substr(0, cut));
  if (again == State::kMore) again = pieces.received(bytes.substr(cut));
  // Bytes behind a whole reply are only seen when they come with it.
  if (state == State::kMore) state = whole.closed(), again = again == State::kMore ? pieces.closed() : again;
  if (state != State::kComplete) return;
  require(again == State::kComplete && whole.reply().status == pieces.reply().status &&
          whole.reply().body == pieces.reply().body);
  static_cast<void>(read_service_error(whole.reply()).text());
}

void read_documents(std::string_view text) {
  HttpReply reply;
  reply.status = 400;
  reply.body = text;
  static_cast<void>(read_service_error(reply).text());
  static_cast<void>(xml_text(text, "Arn"));
  static_cast<void>(xml_members(text, "member"));
  static_cast<void>(read_table_keys(text));
  static_cast<void>(create_request_like(text, "copy"));
  if (const auto state = read_copy_state(text)) require(read_copy_state(copy_state_json(*state)).has_value());

  Arena arena;
  const auto json = wire::parse_json(text, &arena);
  if (!json) return;
  static_cast<void>(read_query(**json));
  auto connection = read_connection(**json);
  if (!connection) return;
  trim(&*connection);
  static_cast<void>(validate(*connection));
  static_cast<void>(warnings(*connection));
  const std::string written = connection_json(*connection, Secrets::kWith);
  const auto parsed = wire::parse_json(written, &arena);
  require(parsed && read_connection(**parsed).has_value());
}

void read_profiles(std::string_view text) {
  AwsConfiguration configuration;
  configuration.config = parse_ini(text);
  configuration.credentials = configuration.config;
  for (const std::string& name : profile_names(configuration)) {
    const auto connection = connection_of_profile(configuration, name);
    if (connection) static_cast<void>(validate(*connection));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size > 0) read_reply(text.substr(1), std::min<std::size_t>(data[0], size - 1));
  read_documents(text);
  read_profiles(text);
  return 0;
}
