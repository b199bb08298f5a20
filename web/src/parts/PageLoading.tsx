// SPDX-License-Identifier: Apache-2.0
import { SkeletonRows } from "./states";

/** In the place of a page whose code or first answer is on its way. */
export function PageLoading() {
  return <div className="card page-loading"><SkeletonRows rows={6} /></div>;
}
