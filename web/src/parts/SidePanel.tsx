// SPDX-License-Identifier: Apache-2.0
import { Button, OverlayDrawer } from "@fluentui/react-components";
import { Dismiss20Regular } from "@fluentui/react-icons";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { texts } from "../texts";
import { useTitle } from "./PageTitle";
import { useFocusBack } from "./useFocusBack";
import "./panel.css";

interface Props {
  title: string;
  subtitle?: ReactNode;
  width: 640 | 920;
  onClose: () => void;
  footer?: ReactNode;
  /** A column at the right, under the content where there is no room. */
  aside?: ReactNode;
  /** The title takes the focus unless a field inside asks for it (autoFocus). */
  children: ReactNode;
}

/** A panel from the right, over the page; fills a phone. Esc and the cross close it. */
export function SidePanel({ title, subtitle, width, onClose, footer, aside, children }: Props) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useFocusBack();
  useEffect(() => {
    // After Fluent has moved the focus to the first control, which is the cross.
    const frame = requestAnimationFrame(() => {
      const panel = heading.current?.closest("[role=dialog]");
      (panel?.querySelector<HTMLElement>("[data-autofocus] input, input[data-autofocus]") ?? heading.current)?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, []);

  return (
    <OverlayDrawer
      open
      position="end"
      className="panel"
      data-width={width}
      aria-labelledby={id}
      onOpenChange={(_, { open }) => { if (!open) onClose(); }}
    >
      <div className="panel-head">
        <div>
          <h2 id={id} ref={heading} tabIndex={-1}>{title}</h2>
          {subtitle && <p className="hint">{subtitle}</p>}
        </div>
        <Button appearance="subtle" icon={<Dismiss20Regular />} aria-label={texts.common.close} onClick={onClose} />
      </div>
      <div className="panel-body">
        <div className="panel-main">{children}</div>
        {aside && <aside className="panel-aside">{aside}</aside>}
      </div>
      {footer !== undefined && <div className="panel-foot">{footer}</div>}
    </OverlayDrawer>
  );
}
