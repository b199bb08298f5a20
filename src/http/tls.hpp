// TLS as a filter from bytes to bytes, over memory BIOs: no socket in sight (TLS 1.2 and 1.3).
// Threads: a TlsContext may be used by any; a Tls belongs to its connection.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/mutex.hpp"
#include "http/server.hpp"

namespace latchkey::http {

// One connection's TLS. Ciphertext goes in by feed() and comes out by drain(); the handshake happens on the
// way.
class Tls {
 public:
  static constexpr std::size_t record_max = std::size_t{16} * 1024;

  // Throws std::bad_alloc.
  explicit Tls(SSL_CTX* context);

  void feed(std::string_view sealed);
  // The next plain bytes: nothing: more must be fed; 0: the peer has ended, or broke the protocol.
  [[nodiscard]] std::optional<std::size_t> read(std::span<char> plain);
  // Seals up to record_max bytes. False: the connection can't be used any more.
  [[nodiscard]] bool write(std::string_view plain);
  // Says that nothing more will be written.
  void close_notify();
  // Ciphertext to send; empty: none. Valid until the next call.
  [[nodiscard]] std::string_view outgoing() const;
  void consume_outgoing();

 private:
  struct Free {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  };
  std::unique_ptr<SSL, Free> ssl_;
  BIO *in_, *out_;  // owned by ssl_
};

// Certificate and key, which can be read again while connections use the old ones.
class TlsContext {
 public:
  // Throws std::runtime_error with one sentence when certificate and key can't be read or don't belong
  // together.
  explicit TlsContext(TlsFiles files);

  void reload();  // throws as the constructor does, and keeps the old ones
  [[nodiscard]] std::unique_ptr<Tls> make();

 private:
  const TlsFiles files_;
  Mutex mutex_;
  std::shared_ptr<SSL_CTX> current_ LATCHKEY_GUARDED_BY(mutex_);
};

}  // namespace latchkey::http
