// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, type ReactNode } from "react";
import { hasMoved, usePlace } from "../router";
import { texts } from "../texts";

/** Names the browser's tab: "Tokens – halden – Latchkey". */
export function useTitle(title: string): void {
  const { segments } = usePlace();
  const organization = segments[0]?.startsWith("_") ? undefined : segments[0];
  useEffect(() => {
    document.title = [title, organization, texts.product].filter(Boolean).join(" – ");
  }, [title, organization]);
}

interface PageTitleProps {
  title: string;
  /** For the tab, where it is not the heading's text. */
  tab?: string;
  /** Beside the heading, such as a status. */
  tag?: ReactNode;
  children?: ReactNode;
  /** Under the heading, on phones too. */
  below?: ReactNode;
  actions?: ReactNode;
}

/** A page's heading with its introduction and actions. Takes the focus when the reader has come from another page. */
export function PageTitle({ title, tab, tag, children, below, actions }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(tab ?? title);
  useEffect(() => {
    if (hasMoved() && !document.querySelector("[role=dialog],[role=alertdialog]")) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="page-title">
      <div>
        {tag ? <div className="title-line"><h1 ref={heading} tabIndex={-1}>{title}</h1>{tag}</div> : <h1 ref={heading} tabIndex={-1}>{title}</h1>}
        {children && <p>{children}</p>}
        {below}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  );
}
