// CSV with types, so that a table survives the way to a file and back. Source: RFC 4180.
//
// The header names attributes: `name` holds texts, `name:N` numbers, `name:BOOL` true and false, `name:B` base64, and
// `name:JSON` plain JSON (plain_json.h) of any type. A name that ends like a type is written with `:S`. A cell without
// anything is an attribute the item does not have; "" in quotes is an empty text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"
#include "wire/json.h"

namespace armature::connector {

enum class CsvType : unsigned char { kString, kNumber, kBoolean, kBinary, kJson };

struct CsvColumn {
  std::string name;
  CsvType type = CsvType::kString;
};

struct CsvField {
  std::string text;
  bool quoted = false;
};

// One record from the front of `*text`, which is advanced past it. nullopt: there is none (the end), or, when
// `more_may_come`, none that is complete yet. Line ends are \n or \r\n; a quote inside an unquoted field is a
// character.
std::optional<std::vector<CsvField>> take_csv_record(std::string_view* text, bool more_may_come);

std::vector<CsvColumn> csv_columns(const std::vector<CsvField>& header);
// The item of a record, DynamoDB JSON. Fails (kValidation) on values a column's type cannot have and on surplus fields.
Result<std::string> csv_item(const std::vector<CsvColumn>& columns, const std::vector<CsvField>& record);

// `items` (DynamoDB JSON) with a header; `first` are the columns to begin with.
std::string csv_of_items(const std::vector<const wire::Json*>& items, const std::vector<std::string>& first);

// For writers that see items one at a time: first all columns are learnt, then lines are written.
class CsvColumns {
 public:
  void learn(const wire::Json& item);
  void begin_with(const std::vector<std::string>& names);
  std::string header() const;
  std::string line(const wire::Json& item) const;

 private:
  struct Column {
    std::string name;
    std::optional<CsvType> type;
  };
  std::vector<Column> columns_;
};

}  // namespace armature::connector
