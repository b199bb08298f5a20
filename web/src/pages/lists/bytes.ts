// SPDX-License-Identifier: Apache-2.0

const units = ["B", "kB", "MB", "GB", "TB"];

/** "418 MB", "1.2 GB": as disks are sold, in steps of 1,000. */
export function bytes(size: number): string {
  let value = size;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; ++unit) value /= 1000;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}
