// SPDX-License-Identifier: Apache-2.0
#include "http/wire.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace latchkey::http {
namespace {

// As recv() and send(), which the C library makes points where a thread can be cancelled: four atomic
// exchanges for each request, and no thread of ours is ever cancelled.
ssize_t receive_from(int socket, std::span<char> bytes) noexcept {
  return ::syscall(SYS_recvfrom, socket, bytes.data(), bytes.size(), 0, nullptr, nullptr);
}
ssize_t send_to(int socket, std::string_view bytes) noexcept {
  return ::syscall(SYS_sendto, socket, bytes.data(), bytes.size(), MSG_NOSIGNAL, nullptr, 0);
}

}  // namespace

Wire::Wire(Descriptor socket, std::unique_ptr<Tls> tls, std::span<char> sealed)
    : socket_(std::move(socket)),
      tls_(std::move(tls)),
      sealed_(sealed.first(std::min(sealed.size(), Tls::record_max))) {}

bool Wire::note(std::uint32_t events) {
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) hung_up_ = true;
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) more_ = true;
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0 && blocked()) return flush();
  return false;
}

std::optional<std::size_t> Wire::receive_raw(std::span<char> bytes) {
  if (!more_) return std::nullopt;
  const ssize_t got = receive_from(socket_.get(), bytes);
  if (got < 0 && errno == EAGAIN) {
    more_ = false;
    return std::nullopt;
  }
  if (got <= 0) {
    ended_ = true;
    broken_ = broken_ || got < 0;
    return 0;
  }
  // A short read: nothing is left, and the next bytes are a new edge. After a hang-up there is none.
  more_ = hung_up_ || static_cast<std::size_t>(got) == bytes.size();
  return static_cast<std::size_t>(got);
}

std::optional<std::size_t> Wire::receive(std::span<char> plain) {
  if (ended_ || !open()) return 0;
  if (!tls_) return receive_raw(plain);
  for (;;) {
    const auto got = tls_->read(plain);
    send_sealed();  // the handshake's side of it
    opened_ = got.has_value();
    if (got) {
      ended_ = ended_ || *got == 0;
      return got;
    }
    const auto raw = receive_raw(sealed_);
    if (!raw || *raw == 0) return raw;
    tls_->feed({sealed_.data(), *raw});
  }
}

void Wire::send(std::string_view plain) {
  if (!tls_) return send_raw(plain);
  while (!plain.empty() && !broken_) {
    const auto record = plain.substr(0, Tls::record_max);
    broken_ = !tls_->write(record);
    send_sealed();
    plain.remove_prefix(record.size());
  }
}

void Wire::send_sealed() {
  if (const auto bytes = tls_->outgoing(); !bytes.empty()) {
    send_raw(bytes);
    tls_->consume_outgoing();
  }
}

void Wire::send_raw(std::string_view bytes) {
  if (broken_ || !open()) return;
  if (!blocked()) {
    const ssize_t sent = send_to(socket_.get(), bytes);
    if (sent < 0 && errno != EAGAIN) {
      broken_ = true;
      return;
    }
    bytes.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
  }
  if (!bytes.empty()) waiting_.append(bytes);
}

bool Wire::flush() {
  const auto bytes = waiting_.view();
  const ssize_t sent = send_to(socket_.get(), bytes);
  if (sent > 0) waiting_.consume(static_cast<std::size_t>(sent));
  if (sent < 0 && errno != EAGAIN) {
    broken_ = true;
    waiting_.clear();
  }
  if (finishing_) shut_down();
  return sent > 0;
}

void Wire::finish() {
  if (finishing_) return;
  finishing_ = true;
  if (tls_) {
    tls_->close_notify();
    send_sealed();
  }
  shut_down();
}

void Wire::shut_down() {
  if (blocked() || finished_) return;
  finished_ = true;
  if (open()) ::shutdown(socket_.get(), SHUT_WR);
}

void Wire::close(bool reset) noexcept {
  if (reset && open()) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  socket_.reset();
  waiting_.clear();
}

}  // namespace latchkey::http
