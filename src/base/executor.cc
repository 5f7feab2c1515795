#include "base/executor.h"

namespace armature {
namespace {
thread_local Executor* current_executor = nullptr;
}

Executor* Executor::current() { return current_executor; }

Executor::Scope::Scope(Executor* executor) : previous_(current_executor) { current_executor = executor; }
Executor::Scope::~Scope() { current_executor = previous_; }

}  // namespace armature
