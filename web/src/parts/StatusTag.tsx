// SPDX-License-Identifier: Apache-2.0
import {
  CalendarCancel16Filled, CheckmarkCircle16Filled, Clock16Filled, PauseCircle16Regular, Prohibited16Regular,
} from "@fluentui/react-icons";
import type { Status } from "../api/types";
import { texts } from "../texts";

const icons: Record<Status, typeof Clock16Filled> = {
  active: CheckmarkCircle16Filled,
  expiresSoon: Clock16Filled,
  inactive: PauseCircle16Regular,
  expired: CalendarCancel16Filled,
  revoked: Prohibited16Regular,
};

/** A token's state as icon and word: colour is never the only sign. */
export function StatusTag({ status }: { status: Status }) {
  const Icon = icons[status];
  return <span className="status" data-status={status}><Icon aria-hidden="true" />{texts.status[status]}</span>;
}
