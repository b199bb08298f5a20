// Body: a request's body on its way to Git. Inflates it, bounds it, and checks what Git would keep in memory
// without bound. Pure; any thread, one at a time.
//
// A fetch is wants and haves: they are bounded as a whole, after inflation. A push is a list of commands up
// to the first flush packet, which is bounded and checked line by line, and then a pack, which Git bounds
// itself (receive.maxInputSize). SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "git/git.hpp"

namespace latchkey::git {

enum class BodyFault : std::uint8_t { malformed = 1, too_large };

// The packet lines at the head of a push, up to the first flush.
class Commands {
 public:
  // False: a packet line's length can't be.
  [[nodiscard]] bool feed(std::string_view bytes);
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  // Whether the client reads messages beside the report (side-band-64k).
  [[nodiscard]] bool side_band() const noexcept { return side_band_; }

 private:
  [[nodiscard]] bool begin_line();
  void end_line();

  std::string length_, line_;
  std::size_t left_ = 0;  // of the line that is being read
  bool ended_ = false, side_band_ = false, capabilities_seen_ = false;
};

class Inflater {
 public:
  Inflater();
  // Adds what `bytes` inflate to, until `into` has more than `size_max`. False: no gzip, or bytes after its
  // end.
  [[nodiscard]] bool feed(std::string_view bytes, std::string& into, std::size_t size_max);
  [[nodiscard]] bool ended() const noexcept { return ended_; }

 private:
  struct Stream;
  struct Closer {
    void operator()(Stream* stream) const noexcept;
  };
  std::unique_ptr<Stream, Closer> stream_;
  bool ended_ = false;
};

class Body {
 public:
  // What a fetch, or the commands of a push, may have.
  static constexpr std::size_t lines_max = std::size_t{16} << 20;

  Body(Service service, bool gzip, std::uint64_t pack_max);

  // What goes on to Git for these bytes; good until the next call.
  [[nodiscard]] std::expected<std::string_view, BodyFault> feed(std::string_view bytes);
  // At the end of the body: false if it was cut off in its commands or its compression.
  [[nodiscard]] bool whole() const noexcept;
  [[nodiscard]] bool side_band() const noexcept { return commands_.side_band(); }

 private:
  Service service_;
  std::uint64_t left_;  // of all that may come
  std::unique_ptr<Inflater> inflater_;
  std::string inflated_;
  Commands commands_;
  std::size_t commands_left_ = lines_max;
};

}  // namespace latchkey::git
