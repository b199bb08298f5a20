// SPDX-License-Identifier: Apache-2.0
#include "http/listener.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace latchkey::http {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0) {
    throw std::runtime_error("the host " + host + " can't be resolved (" + ::gai_strerror(code) +
                             "); name an address of this machine with --listen");
  }
  return {found, ::freeaddrinfo};
}

[[noreturn]] void fail(int error, const std::string& host, std::uint16_t port) {
  const auto where = "port " + std::to_string(port);
  if (error == EADDRINUSE) {
    throw std::runtime_error(where + " is taken by another program; choose another with --listen");
  }
  if (error == EACCES) {
    throw std::runtime_error(where +
                             " needs the right to use ports below 1024; choose another with --listen");
  }
  if (error == EADDRNOTAVAIL) {
    throw std::runtime_error("this machine has no address " + host + "; choose another with --listen");
  }
  throw std::system_error(error, std::generic_category(), "can't listen on " + host + " " + where);
}

void turn_on(int socket, int level, int option) {
  const int on = 1;
  ::setsockopt(socket, level, option, &on, sizeof on);
}

// The port of a bound socket.
std::uint16_t port_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
  // Both families have it at the same place.
  return ntohs(reinterpret_cast<const sockaddr_in&>(bound).sin_port);
}

void set_port(sockaddr* address, std::uint16_t port) {
  reinterpret_cast<sockaddr_in*>(address)->sin_port = htons(port);
}

Descriptor bound_socket(const addrinfo& address, bool shared) {
  Descriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return {};
  turn_on(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  turn_on(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  if (shared) turn_on(socket.get(), SOL_SOCKET, SO_REUSEPORT);
  if (::bind(socket.get(), address.ai_addr, address.ai_addrlen) != 0) return {};
  return socket;
}

}  // namespace

Listeners listen_on(const std::string& host, std::uint16_t port, unsigned count) {
  const auto addresses = resolve(host, port);
  Listeners listeners;
  // The first takes the port without sharing it, so that it fails where another program, or a second server
  // of ours, listens; only then is the port opened to the others.
  for (unsigned i = 0; i < count; ++i) {
    auto socket = bound_socket(*addresses, i > 0);
    if (socket.get() < 0 || ::listen(socket.get(), SOMAXCONN) != 0) fail(errno, host, port);
    if (i == 0) {
      turn_on(socket.get(), SOL_SOCKET, SO_REUSEPORT);
      listeners.port = port_of(socket.get());
      set_port(addresses->ai_addr, listeners.port);
    }
    listeners.sockets.push_back(std::move(socket));
  }
  return listeners;
}

}  // namespace latchkey::http
