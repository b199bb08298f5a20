// SPDX-License-Identifier: Apache-2.0
#include "authority/proven_passwords.hpp"

#include <algorithm>
#include <cstring>

#include "base/random.hpp"
#include "base/refusal.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t places = 4096;

}  // namespace

// Waits until nobody else checks the same pair; then it is checked by who made this, until it goes.
class ProvenPasswords::Check {
 public:
  Check(ProvenPasswords& passwords, const std::optional<Digest>& pair) : passwords_(passwords), pair_(pair) {
    const Lock lock(passwords_.mutex_);
    if (passwords_.waiting_ == checks_most)
      throw Refusal(RefusalCode::busy, "Too many passwords are being checked. Repeat the request.");
    ++passwords_.waiting_;
    while (pair_ && passwords_.is_checked(*pair_)) passwords_.changed_.wait(passwords_.mutex_);
    if (pair_) passwords_.checked_.push_back(*pair_);
  }
  ~Check() {
    const Lock lock(passwords_.mutex_);
    --passwords_.waiting_;
    if (pair_) passwords_.checked_.erase(std::ranges::find(passwords_.checked_, *pair_));
    passwords_.changed_.notify_all();
  }
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

 private:
  ProvenPasswords& passwords_;
  const std::optional<Digest> pair_;
};

ProvenPasswords::ProvenPasswords() : places_(places) { fill_random(key_); }

Digest ProvenPasswords::pair(std::string_view kept, const Secret& password) const {
  std::string text;
  text.reserve(key_.size() + kept.size() + 1 + password.reveal().size());
  text.append(reinterpret_cast<const char*>(key_.data()), key_.size());
  text.append(kept).append(1, '\0').append(password.reveal());
  const Digest digest = Digest::of(text);
  wipe(text);
  return digest;
}

bool ProvenPasswords::prove(Time now, const std::optional<Digest>& pair, const std::function<bool()>& check) {
  const auto remembered = [&] {
    const Lock lock(mutex_);
    return pair && remembers(*pair, now);
  };
  if (remembered()) return true;
  const Check turn(*this, pair);
  if (remembered()) return true;  // by who checked it meanwhile
  if (!check()) return false;
  if (!pair) return false;
  const Lock lock(mutex_);
  places_[place_of(*pair)] = {.pair = *pair, .until = now + remembered_for};
  return true;
}

std::size_t ProvenPasswords::place_of(const Digest& pair) noexcept {
  std::size_t value{};
  std::memcpy(&value, pair.bytes().data(), sizeof value);
  return value % places;
}

bool ProvenPasswords::remembers(const Digest& pair, Time now) const {
  const Place& place = places_[place_of(pair)];
  return place.pair == pair && now < place.until;
}

bool ProvenPasswords::is_checked(const Digest& pair) const {
  return std::ranges::find(checked_, pair) != checked_.end();
}

}  // namespace latchkey::authority
