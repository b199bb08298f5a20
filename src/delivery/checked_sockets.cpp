// SPDX-License-Identifier: Apache-2.0
#include "delivery/checked_sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <new>

namespace latchkey::delivery {
namespace {

std::string address_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof six);
    inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

}  // namespace

void CheckedSockets::watch(CURL* curl) {
  if (curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &CheckedSockets::open) != CURLE_OK ||
      curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this)) != CURLE_OK)
    throw std::bad_alloc();
}

std::string CheckedSockets::refusal() const {
  if (refused_.empty()) return {};
  return refused_ +
         " is in a private network. The server's own file can allow that: allowed_networks in [outgoing]";
}

curl_socket_t CheckedSockets::open(void* self, curlsocktype, curl_sockaddr* address) {
  auto& sockets = *static_cast<CheckedSockets*>(self);
  const auto text = address_text(address->addr);
  if (!sockets.outgoing_.allows(text)) {
    sockets.refused_ = text;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace latchkey::delivery
