// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import {
  Add20Regular, ArrowSync16Regular, CheckmarkCircle16Filled, Delete20Regular, Edit20Regular, PauseCircle16Regular, PlayCircle20Regular, PlugConnected20Regular, PlugConnected24Regular, Prohibited20Regular, Warning16Filled,
} from "@fluentui/react-icons";
import { useState } from "react";
import { deleteStream, setStreamStatus, useStreams, type Stream } from "../api/streams";
import { ago, localTime } from "../dates";
import { ActDialog } from "../parts/ActDialog";
import { useItemMenu, type Action } from "../parts/ItemMenu";
import { OfSwitch, useOf } from "../parts/OfSwitch";
import { PageTitle } from "../parts/PageTitle";
import { When } from "../parts/small";
import { Empty, Failed, Refused, SkeletonRows } from "../parts/states";
import { navigate, usePlace } from "../router";
import { parts } from "../routes";
import { useOrganization } from "../session";
import { governance } from "../texts.governance";
import { stateOf, targetOf, type State } from "./streams/kinds";
import "./lists/lists.css";
import "./streams/streams.css";

const t = governance.streams;
interface Asked { act: "disable" | "delete"; stream: Stream }

/** Where the audit log goes, and how that fares. */
export default function Streams() {
  const organization = useOrganization();
  const of = useOf();
  const { search } = usePlace();
  const query = useStreams(of);
  const [asked, setAsked] = useState<Asked>();
  const [refusal, setRefusal] = useState<unknown>();
  const home = `/${encodeURIComponent(organization)}/_settings/streams`;
  const rest = search.size ? `?${search.toString()}` : "";
  const open = (which: string) => navigate(`${home}/${which}${rest}`, { behind: home + rest });
  const enable = ({ id }: Stream) => {
    setRefusal(undefined);
    setStreamStatus(of, id, "enabled").catch(setRefusal);
  };
  const add = (
    <Button appearance="primary" icon={<Add20Regular />} onMouseEnter={parts.stream.fetch} onFocus={parts.stream.fetch} onClick={() => open("new")}>
      <span className="long-text">{t.add}</span><span className="short-text">{t.addShort}</span>
    </Button>
  );
  return (
    <>
      <PageTitle title={t.title} actions={<><OfSwitch label={governance.inventory.of} />{add}</>}>{of === undefined ? t.introServer : t.intro(organization)}</PageTitle>
      <div className="notes stack">
        {query.error && <Failed query={query} />}
        {refusal !== undefined && <Refused error={refusal} />}
      </div>
      <div className={query.error && query.data ? "card list stale" : "card list"}>
        {!query.data ? query.isPending && <SkeletonRows rows={3} />
          : query.data.length === 0 ? <Empty icon={<PlugConnected24Regular />} title={t.empty} actions={add}>{t.emptyWhy}</Empty>
          : <Table streams={query.data} onEdit={({ id }) => open(id)} onEnable={enable} onAsk={setAsked} />}
      </div>
      {asked?.act === "disable" && (
        <ActDialog title={t.disableTitle(asked.stream.displayName)} act={t.disableDo} keep={t.keepOn} danger perform={() => setStreamStatus(of, asked.stream.id, "disabledByUser")} onClose={() => setAsked(undefined)}><p>{t.disableWhy}</p></ActDialog>
      )}
      {asked?.act === "delete" && (
        <ActDialog title={t.removeTitle(asked.stream.displayName)} act={t.removeDo} keep={t.keep} danger perform={() => deleteStream(of, asked.stream.id)} onClose={() => setAsked(undefined)}><p>{t.removeWhy}</p></ActDialog>
      )}
    </>
  );
}

interface TableProps { streams: Stream[]; onEdit: (stream: Stream) => void; onEnable: (stream: Stream) => void; onAsk: (asked: Asked) => void }

function Table({ streams, onEdit, onEnable, onAsk }: TableProps) {
  const { button, menu } = useItemMenu<Stream>(({ displayName }) => t.actions(displayName), (stream) => {
    const actions: Action[] = [{ text: t.edit, icon: <Edit20Regular />, onPick: () => onEdit(stream) }];
    actions.push(stream.status === "disabledByUser" || stream.status === "disabledBySystem"
      ? { text: t.enable, icon: <PlayCircle20Regular />, onPick: () => onEnable(stream) }
      : { text: t.disable, icon: <Prohibited20Regular />, onPick: () => onAsk({ act: "disable", stream }) });
    actions.push({ text: t.remove, icon: <Delete20Regular />, onPick: () => onAsk({ act: "delete", stream }) });
    return actions;
  });
  return (
    <>
      <table className="table streams">
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" className="c-state">{t.state}</th>
            <th scope="col" className="c-health from-medium">{t.health}</th>
            <th scope="col" className="w-menu"><span className="hidden">{t.actionsHead}</span></th>
          </tr>
        </thead>
        <tbody>
          {streams.map((stream) => (
            <tr key={stream.id}>
              <td>
                <div className="name">
                  <PlugConnected20Regular aria-hidden="true" />
                  <span><strong>{stream.displayName}</strong><span className="two clip" title={targetOf(stream)}>{t.kinds[stream.consumerType]} · {targetOf(stream)}</span></span>
                </div>
              </td>
              <td><StateTag state={stateOf(stream)} /></td>
              <td className="from-medium"><Health stream={stream} /></td>
              <td><div className="row-actions">{button(stream)}</div></td>
            </tr>
          ))}
        </tbody>
      </table>
      {menu}
    </>
  );
}

const icons: Record<State, typeof Warning16Filled> = {
  enabled: CheckmarkCircle16Filled, behind: ArrowSync16Regular, backfilling: ArrowSync16Regular, failing: Warning16Filled, disabledBySystem: Warning16Filled, disabledByUser: PauseCircle16Regular, unknown: PauseCircle16Regular, deleted: PauseCircle16Regular,
};

function StateTag({ state }: { state: State }) {
  const Icon = icons[state];
  return <span className="status" data-stream={state}><Icon aria-hidden="true" />{t.states[state]}</span>;
}

/** How far it is, when it last delivered, and what keeps it from that. */
function Health({ stream: { health, statusReason, status } }: { stream: Stream }) {
  const { behind, failures, lastDeliveredAt, lastError, nextAttemptAt } = health;
  const trouble = [
    lastError,
    failures > 0 ? t.failures(failures) : "",
    status === "enabled" && nextAttemptAt && Date.parse(nextAttemptAt) > Date.now() ? t.next(localTime(nextAttemptAt)) : "",
  ].filter(Boolean).join(" · ");
  return (
    <>
      {behind > 0 ? t.behindBy(behind) : t.upToDate}
      {" · "}{lastDeliveredAt ? <When at={lastDeliveredAt}>{t.delivered(ago(lastDeliveredAt))}</When> : t.neverDelivered}
      {(statusReason || trouble) && <span className="two trouble" title={trouble}>{[statusReason, trouble].filter(Boolean).join(" ")}</span>}
    </>
  );
}
