// What somebody may have meant: the names nearest to one that does not exist. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace armature::connector {

// At most three of `names`, nearest first: those a few slips of the pen away, in any case, or that contain `wanted`.
std::vector<std::string_view> near_names(std::string_view wanted, std::span<const std::string_view> names);

// "did you mean maxAttempts or maxPagesPerRun?", or "there are a, b and c" when nothing is near.
std::string did_you_mean(std::string_view wanted, std::span<const std::string_view> names);

}  // namespace armature::connector
