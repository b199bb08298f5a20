// The small set of errors that leave store/. An engine's own text may hold values, so it never leaves: only
// the kind and the name of the constraint do. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>

namespace latchkey::store {

enum class ErrorKind : std::uint8_t {
  taken = 1,    // a unique key is there already; `constraint` names its columns
  missing,      // a foreign key leads nowhere
  busy,         // a lock was not had in time; repeat
  full,         // the disk is full; rolled back
  unavailable,  // the database can't be reached, or may have committed: repeat to know
  disk,         // it can't be read or written; from a commit: only a restart can tell what it holds
  broken,       // everything else: a check failed, the file is damaged, a statement is wrong
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& what, std::string constraint = {})
      : std::runtime_error(what), kind_(kind), constraint_(std::move(constraint)) {}
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& constraint() const noexcept { return constraint_; }

 private:
  ErrorKind kind_;
  std::string constraint_;
};

}  // namespace latchkey::store
