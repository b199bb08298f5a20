// SPDX-License-Identifier: Apache-2.0
import { Calendar, DayOfWeek } from "@fluentui/react-calendar-compat";
import { utcMidnight } from "../../dates";

interface Props { day: Date | undefined; earliest?: Date; latest: string | undefined; onDay: (day: Date) => void }

// The calendar knows days of the reader's zone; a token ends with a day of UTC. Only year, month and day cross over.
const shown = (utc: Date) => new Date(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate());
const meant = (local: Date) => new Date(Date.UTC(local.getFullYear(), local.getMonth(), local.getDate()));

/** A day from tomorrow, or the earliest, to a year from now, or the last one allowed. */
export default function DayCalendar({ day, earliest = utcMidnight(1), latest, onDay }: Props) {
  const last = latest === undefined ? utcMidnight(365) : new Date(latest);
  return (
    <Calendar
      showGoToToday={false}
      isMonthPickerVisible={false}
      highlightSelectedMonth={false}
      firstDayOfWeek={firstDay()}
      minDate={shown(earliest)}
      maxDate={shown(last)}
      value={shown(day ?? utcMidnight(30))}
      onSelectDate={(date) => onDay(meant(date))}
    />
  );
}

function firstDay(): DayOfWeek {
  const locale: Intl.Locale & { weekInfo?: { firstDay: number }; getWeekInfo?: () => { firstDay: number } } = new Intl.Locale(navigator.language);
  const first = (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
  return first === 7 ? DayOfWeek.Sunday : first === 6 ? DayOfWeek.Saturday : DayOfWeek.Monday;
}
