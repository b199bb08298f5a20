// Goal: digests are SHA-256 and compare by every byte. Method: the vectors of FIPS 180-4, and each bit
// flipped in turn.
// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/encoding.hpp"

namespace latchkey {
namespace {

TEST(Digest, is_sha_256) {
  EXPECT_EQ(hex(Digest::of("").bytes()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(Digest::of("abc").bytes()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(Digest::of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").bytes()),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Digest, is_the_same_when_made_of_its_own_bytes) {
  const Digest digest = Digest::of("abc");
  EXPECT_TRUE(Digest(digest.bytes()) == digest);
}

TEST(Digest, differs_when_any_bit_differs) {
  const Digest digest = Digest::of("abc");
  for (std::size_t bit = 0; bit < 8 * Digest::size; ++bit) {
    std::array<std::byte, Digest::size> bytes{};
    std::ranges::copy(digest.bytes(), bytes.begin());
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(Digest(bytes) == digest) << bit;
  }
}

TEST(DigestDeathTest, takes_exactly_32_bytes) {
  const std::array<std::byte, 31> bytes{};
  EXPECT_DEATH(static_cast<void>(Digest(bytes)), "bytes.size\\(\\) == size");
}

}  // namespace
}  // namespace latchkey
