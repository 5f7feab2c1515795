// Whether this is a build with AddressSanitizer. Places that keep freed memory to use it again must not there: what is
// used after its end, or beyond its bounds, is found only in memory that really came from malloc and went back.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define ARMATURE_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARMATURE_ADDRESS_SANITIZER 1
#endif
#endif
#if !defined(ARMATURE_ADDRESS_SANITIZER)
#define ARMATURE_ADDRESS_SANITIZER 0
#endif
