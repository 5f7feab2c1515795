// CRC-32C (Castagnoli), the checksum of RocksDB's logs.
//
// Debian's RocksDB is built for every x86-64 processor and computes it from tables, which cost a tenth of the
// committer's own time. On x86-64, crc32c.cc therefore also defines `rocksdb::crc32c::Extend`: the library calls its
// function by that name through the dynamic linker, which finds ours first. Should a later library call it another way,
// it uses its own again, and nothing but speed changes. docs/adr/0018-checksums-in-hardware.md.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace armature::storage {

// Of what came before, whose checksum is `crc` (0: nothing), and `bytes` behind it.
std::uint32_t extend_crc32c(std::uint32_t crc, BytesView bytes);

// By tables alone: for processors that cannot do better, and to compare with.
std::uint32_t extend_crc32c_by_table(std::uint32_t crc, BytesView bytes);

}  // namespace armature::storage
