// Turns: an order among those who keep losing.
//
// Commits are optimistic: whoever lost to another decides again, and nobody waits for anybody (table/retry.h). That is
// fast and fair enough until many want the same item. So who has lost some times asks for a turn, and those with turns
// try one after the other, in the order they asked. They still compete with newcomers, who need not ask: on an engine
// that shows writes before they are durable, newcomers then go on sharing syncs. Only when the one whose turn it is
// goes on losing is the place closed: from then on everybody asks for a turn first, until that one has got through. So
// nobody starves, however many there are.
//
// Turns are taken at places, many places to a table and all items of an item collection at one. Whoever needs several
// takes them in the order of places, and all at once, so that nobody waits in a circle. They order one process; those
// of other processes are competition like newcomers.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/async_mutex.h"
#include "base/task.h"
#include "storage/storage.h"

namespace armature {

class Turns {
 public:
  using Place = std::uint32_t;

  Turns() : places_(std::make_unique<PlaceState[]>(kPlaces)) {}

  // Where the keys belong, in order, each once. Keys begin with a token (model/key_codec.h).
  static std::vector<Place> places_of(std::span<const storage::ReadKey> keys);

  // Whether newcomers have to ask for a turn at one of the places of `keys`. Cheap while none is closed anywhere.
  bool is_closed(std::span<const storage::ReadKey> keys) const;

  // A turn at some places, over when it is destroyed. Movable.
  class Turn {
   public:
    Turn(Turn&&) noexcept = default;
    Turn& operator=(Turn&&) = delete;
    ~Turn();

    // Closes the places until the turn is over.
    void close();

   private:
    friend class Turns;
    Turn(Turns* turns, std::vector<Place> places) : turns_(turns), places_(std::move(places)) {}

    Turns* turns_;
    std::vector<Place> places_;  // Empty once moved from.
    std::vector<AsyncMutex::Lock> locks_;
    bool closed_ = false;
  };
  // Waits for it. `places` as of places_of().
  Task<Turn> take(std::vector<Place> places);

 private:
  static constexpr std::size_t kPlaces = 1024;

  struct PlaceState {
    AsyncMutex turn;
    std::atomic<bool> closed{false};  // Changed by the one whose turn it is.
  };

  const std::unique_ptr<PlaceState[]> places_;
  std::atomic<int> closed_places_{0};
};

}  // namespace armature
