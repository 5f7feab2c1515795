#include "console/process.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>

namespace armature::console {

std::int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages_in_all = 0;
  std::int64_t pages_resident = 0;
  if (!(statm >> pages_in_all >> pages_resident)) return 0;
  return pages_resident * sysconf(_SC_PAGESIZE);
}

std::optional<DiskSpace> disk_space(const std::string& directory) {
  struct statvfs status {};
  if (statvfs(directory.c_str(), &status) != 0) return std::nullopt;
  const auto block_bytes = static_cast<std::int64_t>(status.f_frsize);
  return DiskSpace{static_cast<std::int64_t>(status.f_bavail) * block_bytes,
                   static_cast<std::int64_t>(status.f_blocks) * block_bytes};
}

std::optional<std::int64_t> certificate_expiry_s(const std::string& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> input(std::fopen(file.c_str(), "re"), std::fclose);
  if (input == nullptr) return std::nullopt;
  const std::unique_ptr<X509, void (*)(X509*)> certificate(PEM_read_X509(input.get(), nullptr, nullptr, nullptr),
                                                           X509_free);
  if (certificate == nullptr) return std::nullopt;
  std::tm expiry{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &expiry) != 1) return std::nullopt;
  return timegm(&expiry);
}

}  // namespace armature::console
