// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Alert20Regular } from "@fluentui/react-icons";
import { lazy, Suspense, useRef, useState } from "react";
import { useNewestNotices } from "../api/notices";
import { texts } from "../texts";
import "./notices/bell.css";

const load = () => import("./notices/BellPopover");
const BellPopover = lazy(load);
const fetchPopover = () => { load().catch(() => undefined); };

/** The bell with the number of unread notices; what it opens comes when it is reached for. */
export default function Bell() {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const notices = useNewestNotices();
  const unread = notices.data?.unread ?? 0;
  const shown = unread >= 100 ? "99+" : String(unread);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <Button
        ref={button}
        className="bell"
        appearance="subtle"
        aria-label={texts.bell.open(shown)}
        title={texts.bell.title}
        aria-haspopup="dialog"
        aria-expanded={open}
        icon={<span className="bell-icon"><Alert20Regular />{unread > 0 && <span className="bell-badge" aria-hidden="true">{shown}</span>}</span>}
        onMouseEnter={fetchPopover}
        onFocus={fetchPopover}
        onClick={() => setOpen(!open)}
      />
      {open && <Suspense fallback={null}><BellPopover query={notices} at={button.current} onClose={close} /></Suspense>}
    </>
  );
}
