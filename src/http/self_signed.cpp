// SPDX-License-Identifier: Apache-2.0
#include "http/self_signed.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "base/check.hpp"
#include "base/random.hpp"

namespace latchkey::http {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const noexcept {
    release(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using File = std::unique_ptr<BIO, Release<BIO_free>>;

constexpr std::chrono::days validity{825};

bool is_address(const std::string& host) {
  in6_addr ignored{};
  return inet_pton(AF_INET, host.c_str(), &ignored) == 1 || inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
    throw std::runtime_error("can't make a certificate for these hosts: \"" + value + "\" can't be in one");
}

std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string names;
  for (const std::string& host : hosts)
    names += (names.empty() ? "" : ",") + std::string(is_address(host) ? "IP:" : "DNS:") + host;
  return names;
}

void set_serial(X509* certificate) {
  std::int64_t serial{};
  fill_random(std::as_writable_bytes(std::span(&serial, 1)));
  ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial & 0x7FFFFFFFFFFFFFFF);
}

Certificate make_certificate(EVP_PKEY* key, const std::vector<std::string>& hosts, Time now) {
  Certificate made(X509_new());
  LATCHKEY_ASSERT(made);
  X509* certificate = made.get();
  const auto second = [](Time time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  };
  X509_set_version(certificate, X509_VERSION_3);
  set_serial(certificate);
  ASN1_TIME_set(X509_getm_notBefore(certificate), second(now));
  ASN1_TIME_set(X509_getm_notAfter(certificate), second(now + validity));
  X509_NAME* name = X509_get_subject_name(certificate);
  std::string subject = hosts.front();
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char*>(subject.data()),
                             static_cast<int>(subject.size()), -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  add_extension(certificate, NID_subject_alt_name, alternative_names(hosts));
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(certificate, NID_ext_key_usage, "serverAuth");
  if (X509_sign(certificate, key, EVP_sha256()) == 0) throw std::runtime_error("can't sign the certificate");
  return made;
}

File create(const std::string& path, mode_t mode) {
  std::remove(path.c_str());
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) throw std::runtime_error("can't write " + path + ": " + std::generic_category().message(errno));
  return File(BIO_new_fd(fd, BIO_CLOSE));
}

}  // namespace

void make_self_signed(const TlsFiles& files, const std::vector<std::string>& hosts, Time now) {
  LATCHKEY_ASSERT(!hosts.empty());
  const Key key(EVP_EC_gen("P-256"));
  LATCHKEY_ASSERT(key);
  const Certificate certificate = make_certificate(key.get(), hosts, now);
  const File key_file = create(files.key, 0600), certificate_file = create(files.certificate, 0600);
  const bool written =
      PEM_write_bio_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
      PEM_write_bio_X509(certificate_file.get(), certificate.get()) == 1;
  if (!written) throw std::runtime_error("can't write the key or the certificate: is the disk full?");
}

}  // namespace latchkey::http
