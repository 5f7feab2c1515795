#include "http/event_loop.h"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>
#include <utility>

namespace armature::http {

namespace asio = boost::asio;

// The hint 1 tells Asio that one thread runs the context, which spares locks there; posting from others stays safe.
EventLoop::EventLoop() : context_(std::make_unique<asio::io_context>(1)) {}

EventLoop::~EventLoop() = default;

void EventLoop::post(std::coroutine_handle<> handle) { post_all({&handle, 1}); }

void EventLoop::post_all(std::span<const std::coroutine_handle<>> handles) {
  if (handles.empty()) return;
  if (runs_on_this_thread()) {
    local_.insert(local_.end(), handles.begin(), handles.end());
    schedule_local();
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    const bool wake_up_pending = !shared_.empty();
    shared_.insert(shared_.end(), handles.begin(), handles.end());
    if (wake_up_pending) return;
  }
  asio::post(*context_, [this] { run_shared(); });
}

void EventLoop::schedule_local() {
  if (local_scheduled_) return;
  local_scheduled_ = true;
  asio::post(*context_, [this] { run_local(); });
}

void EventLoop::run_local() {
  // What these post goes into the next batch, behind the sockets that became ready meanwhile.
  local_scheduled_ = false;
  local_batch_.swap(local_);
  for (const auto handle : local_batch_) handle.resume();
  local_batch_.clear();
}

void EventLoop::run_shared() {
  {
    const std::lock_guard lock(mutex_);
    shared_batch_.swap(shared_);
  }
  for (const auto handle : shared_batch_) handle.resume();
  shared_batch_.clear();
}

void EventLoop::post_after(std::chrono::nanoseconds delay, std::function<void()> work) {
  auto timer = std::make_unique<asio::steady_timer>(*context_);
  asio::steady_timer& armed = *timer;
  armed.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(delay));
  armed.async_wait([timer = std::move(timer), work = std::move(work)](const boost::system::error_code& error) {
    if (!error) work();
  });
}

void EventLoop::post_work(std::function<void()> work) { asio::post(*context_, std::move(work)); }

void EventLoop::run() {
  const Scope scope(this);
  const auto keep_running = asio::make_work_guard(*context_);
  context_->run();
}

void EventLoop::stop() { context_->stop(); }

EventLoops::EventLoops(std::size_t count) {
  if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i) loops_.push_back(std::make_unique<EventLoop>());
  for (std::size_t i = 0; i < count; ++i) {
    threads_.emplace_back([loop = loops_[i].get()] { loop->run(); });
    pthread_setname_np(threads_.back().native_handle(), ("loop-" + std::to_string(i)).c_str());
  }
}

EventLoops::~EventLoops() { stop(); }

void EventLoops::stop() {
  for (auto& loop : loops_) loop->stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace armature::http
