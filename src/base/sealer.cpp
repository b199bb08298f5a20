// SPDX-License-Identifier: Apache-2.0
#include "base/sealer.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "base/encoding.hpp"
#include "base/process.hpp"
#include "base/random.hpp"

namespace latchkey {
namespace {

constexpr std::size_t key_size = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
                      nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
                      tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) noexcept { return reinterpret_cast<unsigned char*>(text.data()); }

std::string random_text(std::size_t size) {
  std::string text(size, '\0');
  fill_random(std::as_writable_bytes(std::span(text)));
  return text;
}

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw std::runtime_error("can't use the key file " + file.string() + ": " +
                           std::generic_category().message(errno));
}

Secret new_key(const std::filesystem::path& file) {
  Secret key(random_text(key_size));
  const std::string beside = file.string() + ".new";
  const Descriptor written(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (written.get() < 0 || write(written.get(), key.reveal().data(), key_size) != ssize_t{key_size} ||
      fsync(written.get()) != 0 || rename(beside.c_str(), file.c_str()) != 0)
    fail(file);
  const Descriptor folder(open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || fsync(folder.get()) != 0) fail(file);
  return key;
}

}  // namespace

std::string_view Sealer::key() {
  if (!key_.empty()) return key_.reveal();
  if (std::ifstream file(key_file_, std::ios::binary); file) {
    Secret read(std::string(std::istreambuf_iterator(file), {}));
    if (read.reveal().size() != key_size)
      throw std::runtime_error("the key file " + key_file_.string() +
                               " is no key: restore it, or remove it and give streams and mail their secrets again");
    key_ = std::move(read);
  } else {
    key_ = new_key(key_file_);
  }
  return key_.reveal();
}

std::string Sealer::seal(const Secret& secret, std::string_view owner) {
  const Lock lock(mutex_);
  const std::string_view text = secret.reveal();
  std::string sealed = random_text(nonce_size);
  sealed.resize(nonce_size + text.size() + tag_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(sealed) + nonce_size, nullptr, bytes(text), text.size(),
                                             bytes(owner), owner.size(), nullptr, bytes(sealed),
                                             bytes(key()));
  return base64url(sealed);
}

std::optional<Secret> Sealer::open(std::string_view sealed, std::string_view owner) {
  const auto raw = base64url_decoded(sealed);
  if (!raw || raw->size() < nonce_size + tag_size) return std::nullopt;
  const Lock lock(mutex_);
  std::string text(raw->size() - nonce_size - tag_size, '\0');
  const std::string_view rest = std::string_view(*raw).substr(nonce_size);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(text), nullptr, nullptr, bytes(rest), rest.size(),
                                                 bytes(owner), owner.size(), bytes(std::string_view(*raw)),
                                                 bytes(key())) != 0)
    return std::nullopt;
  return Secret(std::move(text));
}

std::string hmac_hex(const Secret& key, std::string_view text) {
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> code{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(key.reveal()), key.reveal().size());
  crypto_auth_hmacsha256_update(&state, bytes(text), text.size());
  crypto_auth_hmacsha256_final(&state, code.data());
  return hex(std::as_bytes(std::span(code)));
}

}  // namespace latchkey
