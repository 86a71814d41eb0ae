import type { LineId, RoadClass, SiteView } from "@openkerb/contract";
import { useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { midnight, stretch, watchedShare } from "../../counts.ts";
import { texts } from "../../language/language.ts";
import { Chart } from "../../parts/chart.tsx";
import { useNow } from "../../parts/live.tsx";
import { Plan } from "../../parts/plan.tsx";
import { Failed, Loading } from "../../parts/states.tsx";
import { useCounts } from "../../queries.ts";
import { atLeast, inTens, openClasses, openCount, openSum, openWords } from "../../small-counts.ts";
import { className, listed, percent, timeFormat, wayName } from "../../words.ts";
import { sensed } from "./sensed.ts";
import * as said from "./texts.ts";

const hour = 3_600_000;
const since = timeFormat({ weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });

/** One place as its residents may know it. */
export function OpenPlace({ site }: { site: SiteView }) {
  const now = useNow();
  const say = texts(said);
  const from = midnight(now) - 6 * 24 * hour;
  const counts = useCounts(site.site, "hour", from - (from % hour));
  const bins = counts.data?.bins ?? [];
  const first = bins.find((b) => b.watched > 0)?.from;
  const over = now - (now % hour);
  const share = first === undefined || first >= over ? undefined : watchedShare(bins, first, over);
  const models = [...new Set(site.cameras.map((c) => c.model))];
  return (
    <>
      <h1>{site.name}</h1>
      <p className="lead">{site.open?.purpose ?? say.noPurpose}</p>
      <div className="open-top">
        <Plan site={site} />
        <dl className="open-facts">
          <div>
            <dt>{say.what}</dt>
            <dd>{sensed(site)}</dd>
          </div>
          <div>
            <dt>{say.kept}</dt>
            <dd>{site.open ? say.keptDays(site.open.keptDays) : say.notStated}</dd>
          </div>
          <div>
            <dt>{say.good}</dt>
            <dd>
              {share === undefined
                ? say.tooShort
                : say.watched(percent(share), first === undefined ? say.since : since(first))}{" "}
              {models.length > 0 && say.countedBy(listed(models))}
            </dd>
          </div>
          <div>
            <dt>{say.who}</dt>
            <dd>{site.open?.operator ?? say.notStated}</dd>
          </div>
          <div>
            <dt>{say.how}</dt>
            <dd>{site.open ? say.write(site.open.contact) : say.noContact}</dd>
          </div>
        </dl>
      </div>
      <section aria-labelledby="per-hour">
        <header className="section-head">
          <h2 id="per-hour">{say.perHour}</h2>
          <span className="muted">{say.tens}</span>
        </header>
        {counts.data === undefined ? (
          counts.error ? (
            <Failed what={say.counts} error={counts.error} again={() => void counts.refetch()} />
          ) : (
            <Loading what={say.counts} lines={3} />
          )
        ) : site.cameras.every((c) => c.lines.length === 0) ? (
          <p className="muted">{say.noLine}</p>
        ) : (
          site.cameras
            .flatMap((c) => c.lines)
            .map((line) => <OpenLine key={line.id} line={line} bins={counts.data.bins} now={now} />)
        )}
      </section>
    </>
  );
}

type LineProps = {
  readonly line: { readonly id: LineId; readonly name: string };
  readonly bins: NonNullable<ReturnType<typeof useCounts>["data"]>["bins"];
  readonly now: number;
};

function OpenLine({ line, bins, now }: LineProps) {
  const say = texts(said);
  const [chosen, choose] = useState<RoadClass | undefined>(undefined);
  const classes = openClasses(bins, line.id);
  const cls = chosen ?? classes[0] ?? "person";
  const today = bins.filter((b) => b.from >= midnight(now));
  // The last two days: long enough to compare a day with the one before, short enough for a phone.
  const to = now - (now % hour) + hour;
  const part = stretch({ bins, from: midnight(now) - 24 * hour, to, span: hour, narrowest: 24 * hour });
  const shown = bins.filter((b) => b.from >= part.from && b.from < to);
  const of = (bin: (typeof bins)[number], way: "in" | "out"): number =>
    bin.lines.find((l) => l.line === line.id && l.class === cls)?.[way] ?? 0;
  const series = (way: "in" | "out") => ({
    name: wayName(way),
    // A hidden count is drawn as nothing; the words say what it is.
    values: shown.map((b) => (b.watched === 0 ? null : inTens(of(b, way)))),
    draw: way === "in" ? ("up" as const) : ("down" as const),
    words: (v: number) => say.way(openWords(openCount(v, 1)), wayName(way)),
  });
  const data = {
    at: shown.map((b) => b.from),
    series: [series("in"), series("out")],
    watched: shown.map((b) => (b.from + b.span > now ? null : b.watched)),
    span: hour,
    ...part,
  };
  return (
    <div className="open-line">
      <header className="open-line-head">
        <h3>{line.name}</h3>
        {classes.length > 1 && (
          <ToggleButtonGroup
            className="segments"
            aria-label={say.shownFor(line.name)}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[cls]}
            onSelectionChange={(keys) => choose(classes.find((c) => keys.has(c)))}
          >
            {classes.map((c) => (
              <ToggleButton key={c} id={c} className="segment">
                {className(c).many}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        )}
        <span className="muted">{say.today(className(cls).many, atLeast(openSum(today, line.id, cls)))}</span>
      </header>
      <Chart
        title={say.chart(className(cls).many)}
        data={data}
        height={120}
        {...(classes.length === 0 ? { empty: say.tooFew } : {})}
      />
    </div>
  );
}
