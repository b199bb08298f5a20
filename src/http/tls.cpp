// SPDX-License-Identifier: Apache-2.0
#include "http/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <new>
#include <stdexcept>

#include "base/check.hpp"

namespace latchkey::http {
namespace {

[[noreturn]] void fail(const std::string& what) {
  std::string reason;
  if (const char* text = ERR_reason_error_string(ERR_peek_error())) reason = std::string(" (") + text + ")";
  ERR_clear_error();
  throw std::runtime_error(what + reason);
}

std::shared_ptr<SSL_CTX> load(const TlsFiles& files) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) fail("TLS can't be set up");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(),
                      SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1) {
    fail("the certificate " + files.certificate +
         " can't be read: name a PEM file with the server's certificate first");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    fail("the key " + files.key +
         " can't be used: name the PEM file of the key that belongs to the certificate");
  }
  return context;
}

}  // namespace

Tls::Tls(SSL_CTX* context) : ssl_(SSL_new(context)), in_(BIO_new(BIO_s_mem())), out_(BIO_new(BIO_s_mem())) {
  if (!ssl_ || in_ == nullptr || out_ == nullptr) {
    BIO_free(in_);
    BIO_free(out_);
    throw std::bad_alloc();
  }
  SSL_set_bio(ssl_.get(), in_, out_);
  SSL_set_accept_state(ssl_.get());
}

void Tls::feed(std::string_view sealed) {
  const int size = static_cast<int>(sealed.size());
  if (BIO_write(in_, sealed.data(), size) != size) throw std::bad_alloc();
}

std::optional<std::size_t> Tls::read(std::span<char> plain) {
  ERR_clear_error();
  const int got = SSL_read(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
  if (got > 0) return static_cast<std::size_t>(got);
  if (SSL_get_error(ssl_.get(), got) == SSL_ERROR_WANT_READ) return std::nullopt;
  ERR_clear_error();
  return 0;
}

bool Tls::write(std::string_view plain) {
  LATCHKEY_ASSERT(plain.size() <= record_max);
  ERR_clear_error();
  const int size = static_cast<int>(plain.size());
  return SSL_write(ssl_.get(), plain.data(), size) == size;
}

void Tls::close_notify() {
  if (SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string_view Tls::outgoing() const {
  char* data = nullptr;
  const long size = BIO_get_mem_data(out_, &data);
  return size > 0 ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
}

void Tls::consume_outgoing() { static_cast<void>(BIO_reset(out_)); }

TlsContext::TlsContext(TlsFiles files) : files_(std::move(files)), current_(load(files_)) {}

void TlsContext::reload() {
  auto fresh = load(files_);
  const Lock lock(mutex_);
  current_ = std::move(fresh);
}

std::unique_ptr<Tls> TlsContext::make() {
  const Lock lock(mutex_);
  return std::make_unique<Tls>(current_.get());
}

}  // namespace latchkey::http
