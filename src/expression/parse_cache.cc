#include "expression/parse_cache.h"

#include <list>
#include <string>
#include <unordered_map>
#include <utility>

#include "expression/parser.h"

namespace armature::expression {
namespace {

constexpr Grammar grammar_of(Parameter parameter) {
  switch (parameter) {
    case Parameter::kCondition:
    case Parameter::kFilter:
    case Parameter::kKeyCondition: return Grammar::kCondition;
    case Parameter::kProjection: return Grammar::kProjection;
    case Parameter::kUpdate: return Grammar::kUpdate;
  }
  return Grammar::kCondition;
}

class ParseCache {
 public:
  const SyntaxTree* find(std::string_view text) {
    const auto found = by_text_.find(text);
    if (found == by_text_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->tree;
  }

  const SyntaxTree* insert(std::string_view text, SyntaxTree tree) {
    entries_.push_front({std::string(text), std::move(tree)});
    by_text_.emplace(entries_.front().text, entries_.begin());
    bytes_ += cost(entries_.front());
    while (bytes_ > kParseCacheBytes / kGrammars && entries_.size() > 1) evict();
    return &entries_.front().tree;
  }

  static constexpr std::size_t kGrammars = 3;

 private:
  struct Entry {
    std::string text;
    SyntaxTree tree;
  };

  static std::size_t cost(const Entry& entry) {
    constexpr std::size_t kBookkeepingBytes = sizeof(Entry) + 100;  // The list's and the map's nodes.
    return kBookkeepingBytes + entry.text.capacity() + entry.tree.memory_bytes();
  }

  void evict() {
    bytes_ -= cost(entries_.back());
    by_text_.erase(entries_.back().text);
    entries_.pop_back();
  }

  std::list<Entry> entries_;  // Most recently used first.
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;
  std::size_t bytes_ = 0;
};

}  // namespace

Unexpected<Error> invalid_expression(Parameter parameter, std::string_view text) {
  std::string message = "Invalid ";
  message.append(parameter_name(parameter)).append(": ").append(text);
  return invalid(std::move(message));
}

Result<const SyntaxTree*> parse_cached(std::string_view text, Parameter parameter) {
  thread_local ParseCache caches[ParseCache::kGrammars];
  const Grammar grammar = grammar_of(parameter);
  ParseCache& cache = caches[static_cast<std::size_t>(grammar)];
  if (const SyntaxTree* tree = cache.find(text)) return tree;
  Expected<SyntaxTree, std::string> parsed = parse(text, grammar);
  if (!parsed) return invalid_expression(parameter, parsed.error());
  return cache.insert(text, std::move(parsed).value());
}

}  // namespace armature::expression
