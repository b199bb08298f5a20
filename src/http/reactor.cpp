// SPDX-License-Identifier: Apache-2.0
#include "http/reactor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>

#include "base/log.hpp"
#include "http/answer.hpp"
#include "http/connection.hpp"

namespace latchkey::http {
namespace asio = boost::asio;
namespace {

constexpr int accepts_max = 16;         // in one turn
constexpr int looks_max = 8, busy = 4;  // events at once
constexpr std::uint32_t edges = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
constexpr std::size_t plain_size = 64 * 1024;

int new_epoll() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return fd;
}

// False when the system has no room for it; a descriptor that is watched already can always be changed.
bool watch(int epoll, int operation, int fd, std::uint32_t events, void* whom) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.ptr = whom;
  return ::epoll_ctl(epoll, operation, fd, &event) == 0;
}

std::string numeric(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text;
  return ::inet_ntop(family, address, text.data(), text.size());
}

Peer peer_of(const sockaddr_storage& from, bool secure) {
  if (from.ss_family == AF_INET) {
    const auto& address = reinterpret_cast<const sockaddr_in&>(from).sin_addr;
    return {numeric(AF_INET, &address), (ntohl(address.s_addr) >> 24) == 127, secure};
  }
  const auto& address = reinterpret_cast<const sockaddr_in6&>(from).sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    return {numeric(AF_INET, address.s6_addr + 12), address.s6_addr[12] == 127, secure};
  }
  return {numeric(AF_INET6, &address), IN6_IS_ADDR_LOOPBACK(&address) != 0, secure};
}

Reactor::Seconds steady_now() {
  return std::chrono::duration_cast<Reactor::Seconds>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

Reactor::Reactor(const ServerOptions& options, Pool& pool, TlsContext* tls, Entry entry, Descriptor listener)
    : options_(options),
      pool_(pool),
      tls_(tls),
      entry_(std::move(entry)),
      listener_(std::move(listener)),
      stamp_(stamp_of(clock_.now())),
      now_(steady_now()),
      plain_(plain_size),
      sealed_(tls ? Tls::record_max : 0),
      epoll_(context_, new_epoll()),
      timer_(context_) {
  if (!watch(epoll_.native_handle(), EPOLL_CTL_ADD, listener_.get(), EPOLLIN, nullptr)) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

Reactor::~Reactor() = default;

void Reactor::run() {
  wait_for_events();
  wait_for_tick();
  context_.run();
}

void Reactor::drain(Seconds limit) {
  post([this, limit] { begin_drain(limit); });
}

void Reactor::post(std::move_only_function<void()> job) { asio::post(context_, std::move(job)); }

void Reactor::wait_for_events() {
  epoll_.async_wait(asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
    if (error) return;
    take_events();
    wait_for_events();
  });
}

// A busy turn looks again, since more has arrived meanwhile: that costs one system call, the way through Asio
// three. It ends after looks_max, for whatever else waits in the context.
void Reactor::take_events() {
  std::array<epoll_event, 128> events;
  for (int looks = 0, count = busy; looks < looks_max && count >= busy; ++looks) {
    count = ::epoll_wait(epoll_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr == nullptr) {
        accept_some();
      } else {
        static_cast<Connection*>(event.data.ptr)->note(event.events);
      }
    }
  }
}

// Takes up to accepts_max connections; false: none is left.
bool Reactor::accept_some() {
  for (int i = 0; i < accepts_max; ++i) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int fd =
        ::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      adopt(Descriptor(fd), from);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      rest_listener();
      return false;
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return false;
    }
  }
  return true;
}

// Out of descriptors or memory: the listener would be told of again and again; it rests until the next tick.
void Reactor::rest_listener() {
  log_warning("too_many_connections", {{"advice", "raise the limit of open files (ulimit -n)"}});
  listener_rests_ = true;
  watch(epoll_.native_handle(), EPOLL_CTL_MOD, listener_.get(), 0, nullptr);
}

void Reactor::adopt(Descriptor socket, const sockaddr_storage& from) {
  const int fd = socket.get();
  Wire wire(std::move(socket), tls_ != nullptr ? tls_->make() : nullptr, sealed_);
  auto connection = std::make_unique<Connection>(*this, std::move(wire), peer_of(from, tls_ != nullptr));
  auto* const key = connection.get();
  if (watch(epoll_.native_handle(), EPOLL_CTL_ADD, fd, edges, key)) {
    connections_.emplace(key, std::move(connection));
  }
}

std::string& Reactor::fresh_answers() noexcept {
  constexpr std::size_t keep_max = 1 << 20;
  if (answers_.capacity() > keep_max) std::string().swap(answers_);
  answers_.clear();
  return answers_;
}

void Reactor::tell_again(Connection& connection) {
  watch(epoll_.native_handle(), EPOLL_CTL_MOD, connection.fd(), edges, &connection);
}

// Explicitly: a child that is being started may hold a copy of the socket, and closing ours would not end its
// events.
void Reactor::forget(int fd) noexcept { ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, fd, nullptr); }

void Reactor::release(Connection& connection) {
  auto node = connections_.extract(&connection);
  post([dead = std::move(node.mapped())] {});
  end_if_drained();
}

void Reactor::wait_for_tick() {
  timer_.expires_after(Seconds(1));
  timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    tick();
    wait_for_tick();
  });
}

void Reactor::tick() {
  now_ = steady_now();
  stamp_ = stamp_of(clock_.now());
  if (std::exchange(listener_rests_, false)) {
    watch(epoll_.native_handle(), EPOLL_CTL_MOD, listener_.get(), EPOLLIN, nullptr);
  }
  cut_late(drain_end_ && *drain_end_ <= now_);
}

void Reactor::cut_late(bool all) {
  std::vector<Connection*> late;
  for (const auto& [connection, owner] : connections_) {
    if (all || connection->is_late(now_)) late.push_back(connection);
  }
  for (auto* connection : late) connection->cut();
}

void Reactor::begin_drain(Seconds limit) {
  drain_end_ = now_ + limit;
  while (accept_some()) {
  }
  listener_rests_ = false;
  forget(listener_.get());
  listener_.reset();
  std::vector<Connection*> all;
  for (const auto& [connection, owner] : connections_) all.push_back(connection);
  for (auto* connection : all) connection->begin_drain();
  if (limit == Seconds(0)) cut_late(true);
  end_if_drained();
}

void Reactor::end_if_drained() {
  if (draining() && connections_.empty()) context_.stop();
}

}  // namespace latchkey::http
