// SPDX-License-Identifier: Apache-2.0
import { useId, type ReactNode } from "react";

/** One thing to choose: what it is, what it means, and what it is chosen with. */
export function Preference({ title, why, children }: { title: string; why: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <div className="preference" role="group" aria-labelledby={id}>
      <div><h3 id={id}>{title}</h3><p className="hint">{why}</p></div>
      <div>{children}</div>
    </div>
  );
}
