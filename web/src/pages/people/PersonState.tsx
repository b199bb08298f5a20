// SPDX-License-Identifier: Apache-2.0
import { CheckmarkCircle16Filled, Mail16Regular, Prohibited16Regular } from "@fluentui/react-icons";
import type { User } from "../../api/types";
import { texts } from "../../texts";

const icons = { enabled: CheckmarkCircle16Filled, invited: Mail16Regular, disabled: Prohibited16Regular };

export function PersonState({ state }: { state: User["state"] }) {
  const Icon = icons[state];
  return <span className="person-state" data-state={state}><Icon aria-hidden="true" />{texts.users.states[state]}</span>;
}
