// Form: reads the parameters of an IAM or STS request as their model declares them. What is wrong with them is
// gathered, and told in AWS's words all at once by check().
//
//   Form form(call.parameters);
//   const std::string_view name = form.text("UserName", kUserName);
//   const auto path = form.optional_text("Path", kPath);
//   CO_TRY(form.check());
//
// Values read before check() has succeeded may be anything. Source: service models of IAM and STS.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/identity/entities.h"
#include "model/error.h"
#include "wire/query_protocol.h"

namespace armature::api {

// What the model says of a text.
struct TextRule {
  std::size_t min_length = 0;  // In characters.
  std::size_t max_length = std::numeric_limits<std::size_t>::max();
  bool (*matches)(std::string_view text) = nullptr;
  std::string_view pattern = {};
  bool secret = false;  // Never echoed.
};

// A page of a list.
struct Paging {
  std::string after;  // The key of the last element of the page before; empty: from the start.
  std::size_t max_items = 100;
};

class Form {
 public:
  explicit Form(const wire::QueryParameters& parameters) : parameters_(parameters) {}

  std::string_view text(std::string_view name, const TextRule& rule);
  std::optional<std::string_view> optional_text(std::string_view name, const TextRule& rule);
  std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t lowest, std::int64_t highest);
  bool flag(std::string_view name, bool if_absent = false);
  std::optional<bool> optional_flag(std::string_view name);
  // One of `values`.
  std::string_view choice(std::string_view name, std::span<const std::string_view> values);
  std::optional<std::string_view> optional_choice(std::string_view name, std::span<const std::string_view> values);
  // `member`: of a list of structures, the member that is read.
  std::vector<std::string_view> texts(std::string_view name, const TextRule& rule,
                                      std::size_t most = std::numeric_limits<std::size_t>::max(),
                                      std::string_view member = {});
  // As texts(), of a list that has to be there.
  std::vector<std::string_view> required_texts(std::string_view name, const TextRule& rule,
                                               std::size_t most = std::numeric_limits<std::size_t>::max());
  std::vector<auth::Tag> tags(std::string_view name = "Tags");
  // MaxItems and Marker.
  Paging paging();

  // Notes a violation: "Value '<value>' at '<name>' failed to satisfy constraint: <constraint>".
  void violate(std::string_view name, std::optional<std::string_view> value, std::string_view constraint);
  // kValidation, with everything noted.
  Result<void> check() const;

 private:
  void check_text(std::string_view name, std::string_view value, const TextRule& rule);

  const wire::QueryParameters& parameters_;
  std::vector<std::string> violations_;
};

// The marker of a page that ends with the element `key`.
std::string page_marker(std::string_view key);

// Appends the elements behind `paging.after`, at most `paging.max_items`, and says in the reply whether there are more.
// `list` is in the order of key(element), which is unique; write(element) writes the content of one <member>.
template <class List, class Key, class Write>
void write_page(wire::XmlWriter* writer, std::string_view list_name, const List& list, const Paging& paging, Key key,
                Write write) {
  std::size_t count = 0;
  std::string last;
  bool more = false;
  writer->open(list_name);
  for (const auto& element : list) {
    const std::string element_key(key(element));
    if (!paging.after.empty() && element_key <= paging.after) continue;
    if (count == paging.max_items) {
      more = true;
      break;
    }
    ++count;
    last = element_key;
    writer->open("member");
    write(element);
    writer->close();
  }
  writer->close();
  writer->element_bool("IsTruncated", more);
  if (more) writer->element("Marker", page_marker(last));
}

// Rules shared by several operations.
extern const TextRule kUserNameRule;          // Of a new user.
extern const TextRule kExistingUserNameRule;  // Of a user somebody may have.
extern const TextRule kGroupNameRule;
extern const TextRule kRoleNameRule;
extern const TextRule kPolicyNameRule;
extern const TextRule kPathRule;
extern const TextRule kPathPrefixRule;
extern const TextRule kPolicyPathRule;
extern const TextRule kArnRule;
extern const TextRule kAccessKeyIdRule;
extern const TextRule kPolicyDocumentRule;
extern const TextRule kDescriptionRule;
extern const TextRule kTagKeyRule;
extern const TextRule kPasswordRule;

}  // namespace armature::api
