// SPDX-License-Identifier: Apache-2.0
export default function Regenerate() {
  return null;
}
