#include "model/capacity.h"

#include <algorithm>

namespace armature {
namespace {

std::uint64_t blocks(std::size_t size_bytes, std::size_t block_bytes) {
  return std::max<std::uint64_t>(1, (size_bytes + block_bytes - 1) / block_bytes);
}

std::uint64_t half_units_per_block(ReadKind kind) {
  switch (kind) {
    case ReadKind::kEventuallyConsistent: return 1;
    case ReadKind::kStronglyConsistent: return 2;
    case ReadKind::kTransactional: return 4;
  }
  __builtin_unreachable();
}

}  // namespace

std::uint64_t read_half_units(std::size_t size_bytes, ReadKind kind) {
  return blocks(size_bytes, kReadBlockBytes) * half_units_per_block(kind);
}

std::uint64_t write_units(std::size_t size_bytes, WriteKind kind) {
  return blocks(size_bytes, kWriteBlockBytes) * (kind == WriteKind::kTransactional ? 2 : 1);
}

}  // namespace armature
