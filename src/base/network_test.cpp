// SPDX-License-Identifier: Apache-2.0
#include "base/network.hpp"

#include <gtest/gtest.h>

namespace latchkey {
namespace {

bool contains(std::string_view network, std::string_view address) {
  return Network::parse(network).value().contains(Network::parse_address(address).value());
}

TEST(Network, ContainsWhatLiesInItAndNothingElse) {
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(contains("10.0.0.0/9", "10.127.0.1"));
  EXPECT_FALSE(contains("10.0.0.0/9", "10.128.0.1"));
  EXPECT_TRUE(contains("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(contains("192.0.2.7", "192.0.2.8"));
  EXPECT_TRUE(contains("0.0.0.0/0", "203.0.113.9"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(Network, TakesMappedAddressesForWhatTheyMap) {
  EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contains("::/0", "10.1.2.3"));
}

TEST(Network, ReadsNothingElse) {
  for (const auto* text : {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8",
                           "::/129", "localhost", "10.0.0.0/8/8", " 10.0.0.1"})
    EXPECT_FALSE(Network::parse(text)) << text;
  EXPECT_FALSE(Network::parse_address("10.0.0.0/8"));
  EXPECT_FALSE(Network::parse_address(std::string_view("10.0.0.1\0x", 10)));
}

}  // namespace
}  // namespace latchkey
