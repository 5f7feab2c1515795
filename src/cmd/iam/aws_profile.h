// Keys and settings from the AWS configuration files. Source: SDKs and Tools Reference Guide, "Shared config and
// credentials files".
#pragma once

#include <string>

#include "auth/credentials.h"

namespace armature::cmd {

struct AwsProfile {
  auth::AccessKey key;  // Empty id: the profile holds none.
  std::string region;
  std::string endpoint_url;
};

// `name` from AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials, and AWS_CONFIG_FILE or ~/.aws/config. What is not
// there is empty.
AwsProfile read_aws_profile(const std::string& name);

// The root keys a server on this machine wrote to `file`; an empty id when there is none, or it may not be read.
auth::AccessKey read_server_credentials(const std::string& file);

}  // namespace armature::cmd
