// SPDX-License-Identifier: Apache-2.0
import { Fragment, useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { Activity } from "../../api/audit";
import { dayAndTime, shortDate, weekdayAndTime } from "../../dates";
import { useWidth } from "../../parts/media";
import { governance } from "../../texts.governance";
import type { Span } from "./period";

const t = governance.audit;
const top = 22; // for the scale's label
const height = 80;
const bottom = 20; // for the times
const hour = 3_600_000;

/** From which bar to before which. */
interface Range { from: number; to: number }

interface Props { activity: Activity; part: Span | undefined; onPart: (part: Span | undefined) => void }

/** Entries over time as bars. A part of the time is chosen by dragging, or by its two ends with the arrow keys. */
export function ActivityChart({ activity: { startTime, endTime, counts, refusals }, part, onPart }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const begin = Date.parse(startTime);
  const each = (Date.parse(endTime) - begin) / counts.length;
  const at = (index: number) => begin + index * each;
  const all: Range = { from: 0, to: counts.length };
  const given: Range = part
    ? { from: clamp(Math.round((part.from - begin) / each), 0, counts.length - 1), to: clamp(Math.round((part.to - begin) / each), 1, counts.length) }
    : all;
  // What is being dragged or moved; the list follows when the hand rests.
  const [moving, setMoving] = useState<Range>();
  const range = moving ?? given;
  const anchor = useRef<number>();
  const most = Math.max(0, ...counts);
  const x = (index: number) => (index * width) / counts.length;

  useEffect(() => {
    if (!moving || anchor.current !== undefined) return;
    const timer = setTimeout(() => commit(moving), 400);
    return () => clearTimeout(timer);
    // Each move starts the wait anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [moving]);
  const commit = (chosen: Range) => {
    setMoving(undefined);
    onPart(chosen.from === 0 && chosen.to === counts.length ? undefined : { from: at(chosen.from), to: at(chosen.to) });
  };
  const barUnder = (event: PointerEvent<HTMLElement>) =>
    clamp(Math.floor(((event.clientX - event.currentTarget.getBoundingClientRect().left) / width) * counts.length), 0, counts.length - 1);
  const drag = (bar: number) => {
    const from = anchor.current ?? bar;
    setMoving({ from: Math.min(from, bar), to: Math.max(from, bar) + 1 });
  };

  return (
    <div className="activity" ref={frame}>
      {width > 0 && (
        <>
          <svg width={width} height={top + height + bottom} role="img" aria-label={sentence(counts, refusals, at)}>
            {most > 0 && (
              <>
                <text x={width} y={12} textAnchor="end" className="chart-label">{t.most(most, t.rate[Math.round(each / hour)])}</text>
                <line x1={0} x2={width} y1={top - 0.5} y2={top - 0.5} className="chart-scale" />
              </>
            )}
            {counts.map((count, index) => {
              const room = width / counts.length;
              const wide = Math.max(2, Math.min(28, Math.round(room * 0.7)));
              const refused = refusals[index] ?? 0;
              const tallOf = (number: number) => (number === 0 ? 0 : Math.max(2, Math.round((number / most) * (height - 4))));
              const done = tallOf(count - refused);
              const bar = { x: Math.round(x(index) + (room - wide) / 2), width: wide, rx: 2, "data-out": index < range.from || index >= range.to };
              // What was refused stands on what was done, a little apart.
              const red = tallOf(refused);
              return (
                <Fragment key={index}>
                  {done > 0 && <rect {...bar} y={top + height - done} height={done} className="bar-accepted" />}
                  {red > 0 && <rect {...bar} y={top + height - done - (done > 0 ? 2 : 0) - red} height={red} className="bar-refused" />}
                </Fragment>
              );
            })}
            <line x1={0} x2={width} y1={top + height - 0.5} y2={top + height - 0.5} className="chart-ground" />
            <Times counts={counts.length} at={at} width={width} each={each} />
          </svg>
          <div
            className="brush"
            onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); anchor.current = barUnder(event); drag(anchor.current); }}
            onPointerMove={(event) => { if (anchor.current !== undefined) drag(barUnder(event)); }}
            onPointerUp={() => { anchor.current = undefined; if (moving) commit(moving); }}
            onPointerCancel={() => { anchor.current = undefined; setMoving(undefined); }}
          >
            {counts.map((count, index) => <i key={index} title={t.bar(dayAndTime(new Date(at(index))), t.entries(count, refusals[index] ?? 0))} />)}
          </div>
          {(part || moving) && <div className="brush-part" style={{ left: x(range.from), width: x(range.to) - x(range.from) }} />}
          <Handle name={t.start} value={range.from} least={0} most={range.to - 1} left={x(range.from)} text={dayAndTime(new Date(at(range.from)))} onMove={(from) => setMoving({ ...range, from })} />
          <Handle name={t.end} value={range.to} least={range.from + 1} most={counts.length} left={x(range.to)} text={dayAndTime(new Date(at(range.to)))} onMove={(to) => setMoving({ ...range, to })} />
        </>
      )}
      <table className="hidden">
        <caption>{t.figures}</caption>
        <thead><tr><th scope="col">{t.time}</th><th scope="col">{t.title}</th><th scope="col">{t.refusals}</th></tr></thead>
        <tbody>{counts.map((count, index) => <tr key={index}><th scope="row">{dayAndTime(new Date(at(index)))}</th><td>{count}</td><td>{refusals[index] ?? 0}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

interface HandleProps { name: string; value: number; least: number; most: number; left: number; text: string; onMove: (to: number) => void }

/** One end of the chosen time. */
function Handle({ name, value, least, most, left, text, onMove }: HandleProps) {
  const move = (event: KeyboardEvent) => {
    const to = {
      ArrowRight: value + 1, ArrowUp: value + 1, ArrowLeft: value - 1, ArrowDown: value - 1, PageUp: value + 6, PageDown: value - 6, Home: least, End: most,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onMove(clamp(to, least, most));
  };
  return <div role="slider" tabIndex={0} className="brush-end" style={{ left }} aria-label={name} aria-valuemin={least} aria-valuemax={most} aria-valuenow={value} aria-valuetext={text} onKeyDown={move} />;
}

function Times({ counts, at, width, each }: { counts: number; at: (index: number) => number; width: number; each: number }) {
  const parts = width < 420 ? 2 : 4;
  const days = (each * counts) / (24 * hour);
  return Array.from({ length: parts + 1 }, (_, part) => {
    const index = (counts * part) / parts;
    const time = new Date(at(index));
    const anchor = part === 0 ? "start" : part === parts ? "end" : "middle";
    return <text key={part} x={(width * part) / parts} y={top + height + 16} textAnchor={anchor} className="chart-label">{days > 8 ? shortDate(time) : days > 3 ? dayAndTime(time) : weekdayAndTime(time)}</text>;
  });
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

export const sumOf = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);

function sentence(counts: number[], refusals: number[], at: (index: number) => number): string {
  const total = sumOf(counts);
  if (total === 0) return t.chartNone;
  const most = Math.max(...counts);
  return t.chart(total, sumOf(refusals), most, dayAndTime(new Date(at(counts.indexOf(most)))));
}
