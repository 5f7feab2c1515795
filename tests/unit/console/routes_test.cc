#include "console/routes.h"

#include <gtest/gtest.h>

namespace armature::console {
namespace {

TEST(Routes, EachPathAndMethodIsThereOnce) {
  for (const Route& a : routes()) {
    for (const Route& b : routes()) {
      EXPECT_TRUE(&a == &b || a.method != b.method || a.path != b.path) << a.path;
    }
  }
}

// A row that another one shadows would never be asked.
TEST(Routes, EachRowIsFound) {
  for (const Route& route : routes()) EXPECT_EQ(find_route(route.method, route.path).route, &route) << route.path;
}

TEST(Routes, OnlyInfoAndSigningInAreOpen) {
  for (const Route& route : routes()) {
    const bool open = route.path == "info" || (route.path == "session" && route.method == "POST");
    EXPECT_EQ(route.access == RouteAccess::kOpen, open) << route.method << ' ' << route.path;
  }
}

TEST(Routes, UnknownOnesAreToldFromUnknownMethods) {
  EXPECT_EQ(find_route("PATCH", "session").route, nullptr);
  EXPECT_TRUE(find_route("PATCH", "session").path_known);
  EXPECT_FALSE(find_route("GET", "nothing").path_known);
  EXPECT_FALSE(find_route("GET", "session/").path_known);
  EXPECT_FALSE(find_route("GET", "../session").path_known);
}

}  // namespace
}  // namespace armature::console
