// SPDX-License-Identifier: Apache-2.0
import { Switch } from "@fluentui/react-components";
import { setAppearance, useAppearance } from "../appearance";
import { exact, utcTime, zone } from "../dates";
import { PageTitle } from "../parts/PageTitle";
import { Preference } from "../parts/Preference";
import { Segmented } from "../parts/Segmented";
import { texts } from "../texts";
import "./sessions/sessions.css";

const { appearance: words } = texts;

/** How the pages look in this browser; kept in it, not on the server. */
export default function Appearance() {
  const { theme, rows, clock, shortcuts } = useAppearance();
  const now = new Date();
  return (
    <>
      <PageTitle title={texts.shell.appearance}>{words.introduction}</PageTitle>
      <section className="card sessions">
        <header><h2>{words.appearance}</h2></header>
        <Preference title={words.theme} why={words.themeWhy}>
          <Segmented label={words.theme} value={theme} onChange={(value) => setAppearance({ theme: value })}
            options={[{ value: "auto", text: words.system }, { value: "light", text: words.light }, { value: "dark", text: words.dark }]} />
        </Preference>
        <Preference title={words.rows} why={words.rowsWhy}>
          <Segmented label={words.rows} value={rows} onChange={(value) => setAppearance({ rows: value })}
            options={[{ value: "comfortable", text: words.comfortable }, { value: "compact", text: words.compact }]} />
        </Preference>
      </section>
      <section className="card sessions">
        <header><h2>{words.time}</h2></header>
        <Preference title={words.zone} why={words.zoneWhy}><strong>{zone}</strong></Preference>
        <Preference title={words.clock} why={words.now(exact(now), utcTime(now))}>
          <Segmented label={words.clock} value={clock} onChange={(value) => setAppearance({ clock: value })}
            options={[{ value: "auto", text: words.system }, { value: "24", text: words.hours24 }, { value: "12", text: words.hours12 }]} />
        </Preference>
      </section>
      <section className="card sessions">
        <header><h2>{words.keyboard}</h2></header>
        <Preference title={words.keys} why={words.keysWhy}>
          <Switch aria-label={words.keys} checked={shortcuts} onChange={(_, { checked }) => setAppearance({ shortcuts: checked })} />
        </Preference>
      </section>
    </>
  );
}
