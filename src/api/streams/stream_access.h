// What the operations on streams share: naming one.
#pragma once

#include <string_view>

#include "api/context.h"
#include "api/services.h"
#include "api/shape.h"
#include "catalog/catalog.h"
#include "model/error.h"

namespace armature::api {

inline constexpr Constraint kStreamArn{.required = true, .minimum = 37, .maximum = 1024};
inline constexpr Constraint kShardId{.minimum = 28, .maximum = 65};

// The stream of an ARN, if the caller may do the operation of `context` on it and it can be read: kValidation for what
// is not the ARN of a stream, `Requested resource not found: Stream: <arn> not found`.
Result<StreamRef> readable_stream(const Services& services, const RequestContext& context, std::string_view arn);

}  // namespace armature::api
