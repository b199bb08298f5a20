// SPDX-License-Identifier: Apache-2.0
#include "authority/long_requests.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace latchkey::authority {

void LongRequests::tell(std::span<const store::Change> changes, store::Position first, store::Position last) {
  const Lock lock(mutex_);
  for (auto& [request, state] : listed_) {
    const auto touches = [&one = *request](const store::Change& change) { return one.depends_on(change); };
    if (!std::ranges::any_of(changes, touches)) continue;
    if (!state.first_told) state.first_told = first;
    state.last_told = last;
    request->touched_();
  }
}

void LongRequests::wait_for_windows(store::Position position) {
  const Lock lock(mutex_);
  while (has_window_touched_by(position)) changed_.wait(mutex_);
}

bool LongRequests::has_window_touched_by(store::Position position) const {
  for (const auto& [request, state] : listed_)
    if (state.window && state.first_told && *state.first_told <= position) return true;
  return false;
}

LongRequest::LongRequest(LongRequests& list, const Subjects& subjects, std::function<bool()> accepted,
                         std::function<void()> touched)
    : list_(list), subjects_(subjects), accepted_(std::move(accepted)), touched_(std::move(touched)) {
  const Lock lock(list_.mutex_);
  list_.listed_.try_emplace(this);
}

LongRequest::~LongRequest() {
  const Lock lock(list_.mutex_);
  list_.listed_.erase(this);
  list_.changed_.notify_all();
}

bool LongRequest::still_accepted() {
  std::optional<store::Position> told;
  {
    const Lock lock(list_.mutex_);
    told = list_.listed_.at(this).last_told;
  }
  if (!accepted_()) return false;
  const Lock lock(list_.mutex_);
  auto& state = list_.listed_.at(this);
  if (state.last_told != told) return true;  // of more meanwhile: asked again for that
  state.first_told = state.last_told = std::nullopt;
  list_.changed_.notify_all();
  return true;
}

bool LongRequest::open_window() {
  {
    const Lock lock(list_.mutex_);
    list_.listed_.at(this).window = true;
  }
  const bool accepted = still_accepted();
  if (!accepted) shut_window();
  return accepted;
}

void LongRequest::shut_window() {
  const Lock lock(list_.mutex_);
  list_.listed_.at(this).window = false;
  list_.changed_.notify_all();
}

bool LongRequest::window_is_open() const {
  const Lock lock(list_.mutex_);
  return list_.listed_.at(this).window;
}

bool LongRequest::depends_on(const store::Change& change) const {
  if (const auto* secret = std::get_if<store::SecretChange>(&change))
    return secret->digest == subjects_.presented;
  if (const auto* owner = std::get_if<store::OwnerChange>(&change)) return owner->id == subjects_.owner;
  return std::get<store::OrganizationChange>(change).id == subjects_.organization;
}

}  // namespace latchkey::authority
