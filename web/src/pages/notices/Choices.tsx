// SPDX-License-Identifier: Apache-2.0
import { Button, Switch } from "@fluentui/react-components";
import { useChooseNotices, useEndCalendarLink, useMakeCalendarLink, useNoticeChoices } from "../../api/choices";
import type { NoticeChoices } from "../../api/types";
import { shortDate } from "../../dates";
import { CopyButton } from "../../parts/CopyButton";
import { Preference } from "../../parts/Preference";
import { Failed, Refused, SkeletonRows } from "../../parts/states";
import { texts } from "../../texts";
import "../sessions/sessions.css";

const { choices: words } = texts;
type Kind = NoticeChoices["unwanted"][number];
const kinds: Kind[] = ["expiresSoon", "expired", "restsSoon", "policyWarning", "streamDisabled"];

/** Which notices are mailed, and the calendar of one's tokens' ends. */
export function Choices() {
  const query = useNoticeChoices();
  const choose = useChooseNotices();
  const chosen = query.data;
  if (!chosen) return query.error ? <Failed query={query} /> : <SkeletonRows rows={3} />;
  const { unwanted, weeklyDigest } = chosen;
  const put = (kind: Kind, wanted: boolean) =>
    choose.mutate({ unwanted: wanted ? unwanted.filter((one) => one !== kind) : [...unwanted, kind], ...(weeklyDigest !== undefined && { weeklyDigest }) });
  return (
    <>
      <section className="card sessions">
        <header><h2>{words.mail}</h2></header>
        <Refused error={choose.error} />
        {kinds.filter((kind) => kind !== "streamDisabled" || weeklyDigest !== undefined).map((kind) => (
          <Preference key={kind} title={words.kinds[kind].title} why={words.kinds[kind].why}>
            <Switch aria-label={words.kinds[kind].title} checked={!unwanted.includes(kind)} disabled={choose.isPending} onChange={(_, { checked }) => put(kind, checked)} />
          </Preference>
        ))}
        {weeklyDigest !== undefined && (
          <Preference title={words.digest} why={words.digestWhy}>
            <Switch aria-label={words.digest} checked={weeklyDigest} disabled={choose.isPending} onChange={(_, { checked }) => choose.mutate({ unwanted, weeklyDigest: checked })} />
          </Preference>
        )}
        <Preference title={words.security} why={words.securityWhy}>
          <Switch aria-label={words.security} checked disabled />
        </Preference>
      </section>
      <Calendar madeAt={chosen.calendar?.createdAt} />
    </>
  );
}

function Calendar({ madeAt }: { madeAt: string | undefined }) {
  const make = useMakeCalendarLink();
  const end = useEndCalendarLink();
  const busy = make.isPending || end.isPending;
  const url = madeAt === undefined ? undefined : make.data?.url;
  return (
    <section className="card sessions">
      <header><h2>{words.calendar}</h2></header>
      <Refused error={make.error ?? end.error} />
      <Preference title={madeAt === undefined ? words.noLink : words.link(shortDate(madeAt))} why={words.calendarWhy}>
        <div className="calendar-acts">
          <Button disabled={busy} onClick={() => make.mutate()}>{madeAt === undefined ? words.makeLink : words.makeAnother}</Button>
          {madeAt !== undefined && <Button disabled={busy} onClick={() => end.mutate()}>{words.endLink}</Button>}
        </div>
      </Preference>
      {url !== undefined && (
        <div className="preference" role="status">
          <div><h3>{words.new}</h3><code className="calendar-link">{url}</code></div>
          <CopyButton text={() => url} label={words.copy} />
        </div>
      )}
    </section>
  );
}
