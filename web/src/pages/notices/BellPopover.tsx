// SPDX-License-Identifier: Apache-2.0
import { Button, Popover, PopoverSurface } from "@fluentui/react-components";
import { Settings20Regular } from "@fluentui/react-icons";
import { useEffect, useRef } from "react";
import { useReadNotices, type useNewestNotices } from "../../api/notices";
import { Failed, SkeletonRows } from "../../parts/states";
import { useFocusBack } from "../../parts/useFocusBack";
import { Go, usePlace } from "../../router";
import { useOrganization } from "../../session";
import { texts } from "../../texts";
import { NoticeRow } from "./NoticeRow";

interface Props { query: ReturnType<typeof useNewestNotices>; at: HTMLElement | null; onClose: () => void }

export default function BellPopover({ query, at, onClose }: Props) {
  useFocusBack();
  const organization = useOrganization();
  const read = useReadNotices();
  const { path } = usePlace();
  const opened = useRef(path);
  // A link in it leads away, and takes it along.
  useEffect(() => { if (path !== opened.current) onClose(); }, [path, onClose]);
  const all = `/${encodeURIComponent(organization)}/_usersSettings/notifications`;
  const notices = query.data?.value;
  return (
    <Popover open trapFocus onOpenChange={(_, { open }) => { if (!open) onClose(); }} positioning={{ target: at?.closest(".top-actions") ?? at, position: "below", align: "end", offset: 6 }}>
      <PopoverSurface className="bell-popover" aria-labelledby="bell-title">
        <div className="bell-head">
          <h2 id="bell-title">{texts.bell.title}</h2>
          <Button appearance="subtle" size="small" disabled={read.isPending || !query.data?.unread} onClick={() => read.mutate({ all: true })}>{texts.bell.readAll}</Button>
          <Go to={all} className="icon-link" aria-label={texts.bell.settings} title={texts.bell.settings} onClick={onClose}><Settings20Regular /></Go>
        </div>
        <Failed query={query} />
        {!notices && query.isPending && <SkeletonRows rows={3} />}
        {notices?.length === 0 && <div className="bell-empty"><strong>{texts.bell.nothing}</strong><p className="hint">{texts.bell.nothingWhy}</p></div>}
        {notices && notices.length > 0 && (
          <ul className="notices">
            {notices.slice(0, 5).map((notice) => <NoticeRow key={notice.id} notice={notice} onRead={() => read.mutate({ ids: [notice.id] })} />)}
          </ul>
        )}
        <div className="bell-foot"><Go to={all} className="link" onClick={onClose}>{texts.bell.all}</Go></div>
      </PopoverSurface>
    </Popover>
  );
}
