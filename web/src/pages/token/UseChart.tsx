// SPDX-License-Identifier: Apache-2.0
import { useRef } from "react";
import type { Uses } from "../../api/types";
import { dayAndMonth } from "../../dates";
import { useWidth } from "../../parts/media";
import { texts } from "../../texts";

type Day = Uses["days"][number];

const top = 22; // for the scale's label
const height = 96;
const bottom = 20; // for the days

/** Accepted and refused requests of each day as bars; the same figures follow as a table for who cannot see them. */
export function UseChart({ days, sentence }: { days: Day[]; sentence: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const most = Math.max(0, ...days.map((day) => day.accepted + day.refused));
  return (
    <div className="use-chart" ref={frame}>
      {width > 0 && (
        <svg width={width} height={top + height + bottom} role="img" aria-label={sentence}>
          {most > 0 && (
            <>
              <text x={width} y={12} textAnchor="end" className="chart-label">{texts.detail.aDay(most)}</text>
              <line x1={0} x2={width} y1={top - 0.5} y2={top - 0.5} className="chart-scale" />
            </>
          )}
          {days.map((day, index) => <Bar key={day.day} day={day} left={(index * width) / days.length} room={width / days.length} most={most} />)}
          <line x1={0} x2={width} y1={top + height - 0.5} y2={top + height - 0.5} className="chart-ground" />
          <DayLabels days={days} width={width} />
        </svg>
      )}
      <Figures days={days} />
    </div>
  );
}

function Bar({ day, left, room, most }: { day: Day; left: number; room: number; most: number }) {
  const wide = Math.max(2, Math.min(28, Math.round(room * 0.7)));
  const x = Math.round(left + (room - wide) / 2);
  // A day with anything at all is seen, however small beside the greatest.
  const scale = (figure: number) => (figure === 0 ? 0 : Math.max(2, Math.round((figure / most) * (height - 2))));
  const accepted = scale(day.accepted);
  const refused = scale(day.refused);
  const gap = accepted && refused ? 2 : 0;
  return (
    <g>
      {accepted > 0 && <rect x={x} y={top + height - accepted} width={wide} height={accepted} rx={2} className="bar-accepted" />}
      {refused > 0 && (
        <rect x={x} y={Math.max(top, top + height - accepted - gap - refused)} width={wide} height={refused} rx={2} className="bar-refused" />
      )}
      <rect x={left} y={top} width={room} height={height} className="bar-touch">
        <title>{texts.detail.dayTip(dayAndMonth(day.day), day.accepted, day.refused)}</title>
      </rect>
    </g>
  );
}

function DayLabels({ days, width }: { days: Day[]; width: number }) {
  const last = days.length - 1;
  const parts = width < 420 ? 2 : 3;
  return Array.from({ length: parts + 1 }, (_, part) => {
    const index = Math.round((last * part) / parts);
    const day = days[index];
    if (!day) return null;
    const [x, anchor] = part === 0 ? [0, "start" as const] : part === parts ? [width, "end" as const] : [((index + 0.5) * width) / days.length, "middle" as const];
    return <text key={index} x={x} y={top + height + 16} textAnchor={anchor} className="chart-label">{dayAndMonth(day.day)}</text>;
  });
}

function Figures({ days }: { days: Day[] }) {
  return (
    <table className="hidden">
      <caption>{texts.detail.figures}</caption>
      <thead>
        <tr><th scope="col">{texts.detail.day}</th><th scope="col">{texts.detail.accepted}</th><th scope="col">{texts.detail.refused}</th></tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr key={day.day}><th scope="row">{dayAndMonth(day.day)}</th><td>{day.accepted}</td><td>{day.refused}</td></tr>
        ))}
      </tbody>
    </table>
  );
}
