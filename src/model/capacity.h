// What reads and writes cost, in whole numbers so that sums are exact: reads in half read capacity units (an eventually
// consistent read of one block costs half a unit), writes in write capacity units.
// Source: Developer Guide, "DynamoDB read and write operations", and "Managing complex workflows with DynamoDB
// transactions". Pure functions; safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace armature {

inline constexpr std::size_t kReadBlockBytes = 4 * 1024;
inline constexpr std::size_t kWriteBlockBytes = 1024;

enum class ReadKind : std::uint8_t { kEventuallyConsistent, kStronglyConsistent, kTransactional };
enum class WriteKind : std::uint8_t { kStandard, kTransactional };

// Of one unit of work that read `size_bytes` in all: an item, or a whole page of a query or scan. A missing item has no
// bytes and still costs one block.
std::uint64_t read_half_units(std::size_t size_bytes, ReadKind kind);

// Of one write whose larger image, before or after, has `size_bytes`; one block at least. Index entries of a
// transaction are written at the standard price.
std::uint64_t write_units(std::size_t size_bytes, WriteKind kind = WriteKind::kStandard);

// Half units as the capacity units clients see; exact.
inline double to_capacity_units(std::uint64_t half_units) { return static_cast<double>(half_units) / 2; }

}  // namespace armature
