// NextToken: where a SELECT goes on, as opaque text. It names the statement and the parameters it belongs to, and
// carries a digest, so that a token that was cut, changed or made up is told from one of another statement. It is no
// secret and grants nothing: all it holds could be said in an ExclusiveStartKey, and every page is authorized anew.
// Pure functions; safe from any thread.
// Source: API Reference, "ExecuteStatement" (NextToken).
//
//   base64 of  0x01 | digest, 16 bytes | statement, 16 bytes | position
//   digest     SHA-256 of what follows it, cut
//   statement  digest_of(), cut
//   position   first part, varint | count, varint | parts
//   part       0x00 not begun, 0x01 behind (length, varint | start key as an item, model/item.h), 0x02 done
#pragma once

#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/error.h"
#include "model/value.h"
#include "partiql/select.h"

namespace armature::partiql {

// Source: API Reference, "PartiQLNextToken".
inline constexpr std::size_t kMaxNextTokenBytes = 32'768;

// SHA-256 of a statement with its parameters. Equal parameters have equal digests, however they were written.
Bytes digest_of(std::string_view statement, std::span<const Value> parameters);

// kValidation: the position is too large for a token (a merge of many collections with long keys).
Result<Bytes> make_next_token(const SelectPosition& position, BytesView statement_digest);

// "Invalid NextToken"; "NextToken does not match request". Start keys live in the arena.
Result<SelectPosition> read_next_token(std::string_view token, BytesView statement_digest, Arena* arena);

}  // namespace armature::partiql
