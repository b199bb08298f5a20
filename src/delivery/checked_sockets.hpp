// The sockets of one curl handle, each of whose addresses is checked when it is opened, so that no name can
// lead elsewhere meanwhile (security.md, Outgoing). One thread at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <curl/curl.h>

#include <string>

#include "authority/outgoing.hpp"

namespace latchkey::delivery {

class CheckedSockets {
 public:
  // `outgoing`: outlives it.
  explicit CheckedSockets(const authority::Outgoing& outgoing) : outgoing_(outgoing) {}
  CheckedSockets(const CheckedSockets&) = delete;
  CheckedSockets& operator=(const CheckedSockets&) = delete;

  // All that the handle opens from now on; it is gone before this is.
  void watch(CURL* curl);
  // Why one was refused since the last forget(); empty: none was.
  [[nodiscard]] std::string refusal() const;
  void forget() { refused_.clear(); }

 private:
  static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* address);

  const authority::Outgoing& outgoing_;
  std::string refused_;
};

}  // namespace latchkey::delivery
