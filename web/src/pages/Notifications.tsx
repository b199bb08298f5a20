// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Alert32Regular } from "@fluentui/react-icons";
import { useAllNotices, useReadNotices } from "../api/notices";
import { PageTitle } from "../parts/PageTitle";
import { Empty, Failed, Refused, SkeletonRows } from "../parts/states";
import { texts } from "../texts";
import { Choices } from "./notices/Choices";
import { NoticeRow } from "./notices/NoticeRow";
import "./notices/bell.css";

export default function Notifications() {
  const query = useAllNotices();
  const read = useReadNotices();
  const notices = query.data?.pages.flatMap(({ value }) => value);
  const unread = query.data?.pages[0]?.unread ?? 0;
  return (
    <>
      <PageTitle
        title={texts.bell.title}
        actions={<Button disabled={unread === 0 || read.isPending} onClick={() => read.mutate({ all: true })}>{texts.bell.readAll}</Button>}
      >
        {texts.bell.intro}
      </PageTitle>
      <div className="stack">
        <Failed query={query} />
        <Refused error={read.error} />
        <div className={query.error && notices ? "card notices-page stale" : "card notices-page"}>
          {!notices ? query.isPending && <SkeletonRows rows={5} />
            : notices.length === 0 ? <Empty icon={<Alert32Regular />} title={texts.bell.nothing}>{texts.bell.nothingWhy}</Empty>
            : <ul className="notices">{notices.map((notice) => <NoticeRow key={notice.id} notice={notice} onRead={() => read.mutate({ ids: [notice.id] })} />)}</ul>}
          {query.hasNextPage && (
            <div className="notices-foot"><Button appearance="subtle" disabled={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>{texts.bell.more}</Button></div>
          )}
        </div>
        <Choices />
      </div>
    </>
  );
}
