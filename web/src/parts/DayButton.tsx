// SPDX-License-Identifier: Apache-2.0
import { Button, Popover, PopoverSurface, PopoverTrigger } from "@fluentui/react-components";
import { CalendarLtr16Regular } from "@fluentui/react-icons";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { governance } from "../texts.governance";
import "./day.css";

const loadCalendar = () => import("../pages/form/DayCalendar");
const DayCalendar = lazy(loadCalendar);

interface Props {
  /** What begins or ends on that day. */
  label: string;
  /** The day in words. */
  text: string;
  day: Date | undefined;
  earliest: Date;
  latest?: Date;
  /** Gives the first instant of the day in UTC. */
  onDay: (day: Date) => void;
  /** Further choices under the calendar. */
  more?: (close: () => void) => ReactNode;
}

/** A day as a button that opens a calendar. */
export function DayButton({ label, text, day, earliest, latest, onDay, more }: Props) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const near = () => { loadCalendar().catch(() => undefined); };
  return (
    <Popover open={open} onOpenChange={(_, { open: wanted }) => setOpen(wanted)} trapFocus positioning="below-start">
      <PopoverTrigger disableButtonEnhancement>
        <Button className="day-button" appearance="subtle" size="small" icon={<CalendarLtr16Regular />} iconPosition="after" aria-label={governance.days.choose(label, text)} onMouseEnter={near} onFocus={near}>
          {text}
        </Button>
      </PopoverTrigger>
      <PopoverSurface className="day-popover" aria-label={label}>
        <Suspense fallback={<div className="day-room" />}>
          <DayCalendar day={day} earliest={earliest} latest={latest?.toISOString()} onDay={(chosen) => { onDay(chosen); close(); }} />
        </Suspense>
        {more && <div className="day-more">{more(close)}</div>}
      </PopoverSurface>
    </Popover>
  );
}
