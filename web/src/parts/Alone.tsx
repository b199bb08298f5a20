// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { useTitle } from "./PageTitle";
import { Mark } from "./small";

interface Props { title: string; tab?: string; under?: ReactNode; foot?: ReactNode; children: ReactNode }

/** A page before the sign-in: the mark, a heading, one card. */
export function Alone({ title, tab, under, foot, children }: Props) {
  useTitle(tab ?? title);
  return (
    <main className="alone">
      <div className="sign-in-head">
        <Mark size={44} />
        <h1>{title}</h1>
        {under && <p>{under}</p>}
      </div>
      <div className="card sign-in">{children}</div>
      {foot && <p className="hint sign-in-foot">{foot}</p>}
    </main>
  );
}
