// Goal: streams lead to the public network by https, unless the file says otherwise. Method: tables of
// addresses and URLs. SPDX-License-Identifier: Apache-2.0
#include "authority/outgoing.hpp"

#include <gtest/gtest.h>

namespace latchkey::authority {
namespace {

TEST(Outgoing, allows_public_addresses_alone) {
  const Outgoing outgoing;
  for (const auto* address :
       {"8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"})
    EXPECT_TRUE(outgoing.allows(address)) << address;
  for (const auto* address : {"127.0.0.1",
                              "127.255.0.1",
                              "10.1.2.3",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "0.0.0.0",
                              "224.0.0.1",
                              "255.255.255.255",
                              "198.18.0.1",
                              "::",
                              "::1",
                              "::7f00:1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "fe80::1",
                              "fc00::1",
                              "fd12::1",
                              "ff02::1",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "2001:db8::1",
                              "",
                              "localhost",
                              "8.8.8.8/8"})
    EXPECT_FALSE(outgoing.allows(address)) << address;
}

TEST(Outgoing, allows_the_networks_of_the_file) {
  const Outgoing outgoing{.allowed_networks = {*Network::parse("10.1.0.0/16"), *Network::parse("::1")}};
  EXPECT_TRUE(outgoing.allows("10.1.2.3"));
  EXPECT_TRUE(outgoing.allows("::ffff:10.1.2.3"));
  EXPECT_TRUE(outgoing.allows("::1"));
  EXPECT_FALSE(outgoing.allows("10.2.0.1"));
  EXPECT_FALSE(outgoing.allows("127.0.0.1"));
}

TEST(OutgoingUrl, is_read_strictly) {
  const auto url = parse_outgoing_url("https://siem.example.com/events?x=1");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->secure);
  EXPECT_EQ(url->host, "siem.example.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->path, "/events?x=1");
  EXPECT_EQ(parse_outgoing_url("HTTP://[2001:db8::1]:8088")->port, 8088);
  EXPECT_EQ(parse_outgoing_url("HTTP://[2001:db8::1]:8088")->host, "2001:db8::1");
  for (const auto* text :
       {"", "https://", "ftp://a/", "file:///etc/passwd", "https://user@a/", "https://a:b@c/", "https://a:0/",
        "https://a:70000/", "https://a#x", "https://a/x y", "https://a\r\nX: y/", "https://[::1",
        "https://[a]/", "https://::1/", "https://a\\b/", "javascript:1", "//a/", "https:/a", "https://a:1x/"})
    EXPECT_FALSE(parse_outgoing_url(text)) << text;
}

}  // namespace
}  // namespace latchkey::authority
