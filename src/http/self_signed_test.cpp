// Goal: a first certificate that clients can be told to trust. Method: it is made in a directory of the
// test's own and read back by OpenSSL.
// SPDX-License-Identifier: Apache-2.0
#include "http/self_signed.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

namespace latchkey::http {
namespace {

namespace fs = std::filesystem;

class SelfSigned : public testing::Test {
 protected:
  SelfSigned() : folder_((fs::temp_directory_path() / "latchkey-XXXXXX").string()) {
    if (!mkdtemp(folder_.data())) ADD_FAILURE() << "no temporary directory";
    files_ = {folder_ + "/c.pem", folder_ + "/k.pem"};
  }
  ~SelfSigned() override { fs::remove_all(folder_); }

  [[nodiscard]] std::shared_ptr<X509> certificate() const {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(files_.certificate.c_str(), "r"),
                                                               &std::fclose);
    return {file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free};
  }
  [[nodiscard]] std::shared_ptr<EVP_PKEY> key() const {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(files_.key.c_str(), "r"),
                                                               &std::fclose);
    return {file ? PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr) : nullptr, &EVP_PKEY_free};
  }

  std::string folder_;
  TlsFiles files_;
  const Time now_ = *parse_time("2026-11-24T07:55:23.5Z");
};

TEST_F(SelfSigned, names_its_hosts_and_addresses_and_fits_its_key) {
  make_self_signed(files_, {"localhost", "127.0.0.1", "::1", "git.example.com"}, now_);
  const auto made = certificate();
  ASSERT_TRUE(made && key());
  EXPECT_EQ(X509_check_private_key(made.get(), key().get()), 1);
  EXPECT_EQ(X509_verify(made.get(), key().get()), 1);
  EXPECT_EQ(X509_check_host(made.get(), "git.example.com", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(made.get(), "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(made.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(made.get(), "::1", 0), 1);
  EXPECT_EQ(X509_check_host(made.get(), "example.com", 0, 0, nullptr), 0);
}

TEST_F(SelfSigned, is_good_from_now_for_825_days) {
  make_self_signed(files_, {"localhost"}, now_);
  const auto made = certificate();
  ASSERT_TRUE(made);
  const auto second = [&](auto offset) {
    return std::chrono::duration_cast<std::chrono::seconds>((now_ + offset).time_since_epoch()).count();
  };
  EXPECT_EQ(ASN1_TIME_cmp_time_t(X509_get0_notBefore(made.get()), second(std::chrono::seconds(0))), 0);
  EXPECT_EQ(ASN1_TIME_cmp_time_t(X509_get0_notAfter(made.get()), second(std::chrono::days(825))), 0);
}

TEST_F(SelfSigned, key_is_its_owners_alone_whatever_stood_there) {
  std::ofstream(files_.key) << "old";
  fs::permissions(files_.key, fs::perms::all);
  make_self_signed(files_, {"localhost"}, now_);
  EXPECT_EQ(fs::status(files_.key).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(key());
}

TEST_F(SelfSigned, says_what_can_not_be_written) {
  files_.key = folder_ + "/missing/k.pem";
  EXPECT_THROW(make_self_signed(files_, {"localhost"}, now_), std::runtime_error);
}

}  // namespace
}  // namespace latchkey::http
