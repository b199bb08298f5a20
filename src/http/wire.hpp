// Wire: one connection's socket and its TLS, as plain bytes both ways, without ever waiting. What can't be
// sent at once is kept, and its owner reads no more until it has gone (back-pressure). Belongs to its
// reactor.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/process.hpp"
#include "http/buffer.hpp"
#include "http/tls.hpp"

namespace latchkey::http {

class Wire {
 public:
  // `tls` may be null. `sealed` is room for ciphertext that the reactor lends to all its wires.
  Wire(Descriptor socket, std::unique_ptr<Tls> tls, std::span<char> sealed);

  // Takes in what the edge-triggered epoll set says, and sends what waits: true when some of it went.
  bool note(std::uint32_t events);
  // The next plain bytes; nothing: none now; 0: the end, or the socket is broken.
  [[nodiscard]] std::optional<std::size_t> receive(std::span<char> plain);
  void send(std::string_view plain);
  // Ends our direction, after what waits; the peer sees a clean end.
  void finish();
  // True once finish() is through: all is sent.
  [[nodiscard]] bool finished() const noexcept { return finished_; }
  // Closes at once; what waits is lost. `reset`: so that the peer sees an error, not an end.
  void close(bool reset) noexcept;

  [[nodiscard]] int fd() const noexcept { return socket_.get(); }
  [[nodiscard]] bool open() const noexcept { return socket_.get() >= 0; }
  [[nodiscard]] bool readable() const noexcept { return more_ || opened_; }  // receive() is worth a try
  [[nodiscard]] bool blocked() const noexcept { return !waiting_.empty(); }
  [[nodiscard]] bool broken() const noexcept { return broken_; }  // nothing can be sent any more
  [[nodiscard]] bool gone() const noexcept {
    return hung_up_ || broken_ || !open();
  }  // the peer sends nothing more

 private:
  [[nodiscard]] std::optional<std::size_t> receive_raw(std::span<char> bytes);
  void send_raw(std::string_view bytes);
  void send_sealed();
  bool flush();
  void shut_down();

  Descriptor socket_;
  std::unique_ptr<Tls> tls_;
  std::span<char> sealed_;
  Buffer waiting_;
  bool more_ = false;     // an edge was seen whose bytes are not all taken
  bool opened_ = false;   // TLS may hold more that it was fed
  bool hung_up_ = false;  // its edge comes once, and a short read would hide the end
  bool ended_ = false;    // receive() has seen the end
  bool broken_ = false;
  bool finishing_ = false, finished_ = false;
};

}  // namespace latchkey::http
