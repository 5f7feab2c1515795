// What only reads, of the services that are not tables. Of DynamoDB's operations connector/call_rules.h knows.
#pragma once

#include <string_view>

namespace armature::console {

// Whether an action of "iam" or "sts" may change anything. Actions of STS that hand out credentials count as changing.
bool changes_identities(std::string_view service, std::string_view action);

}  // namespace armature::console
