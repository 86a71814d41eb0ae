import type { LineId, RoadClass, SiteView } from "@openkerb/contract";
import { useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { midnight, stretch, watchedShare } from "../../counts.ts";
import { Chart } from "../../parts/chart.tsx";
import { useNow } from "../../parts/live.tsx";
import { Plan } from "../../parts/plan.tsx";
import { Failed, Loading } from "../../parts/states.tsx";
import { useCounts } from "../../queries.ts";
import { atLeast, inTens, openClasses, openCount, openSum, openWords } from "../../small-counts.ts";
import { classNames, listed, percent } from "../../words.ts";
import { sensed } from "./sensed.ts";

const hour = 3_600_000;

/** One place as its residents may know it. */
export function OpenPlace({ site }: { site: SiteView }) {
  const now = useNow();
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
      <p className="lead">
        {site.open?.purpose ?? "The purpose of this place has not been written down by its operator."}
      </p>
      <div className="open-top">
        <Plan site={site} />
        <dl className="open-facts">
          <div>
            <dt>What is measured</dt>
            <dd>{sensed(site)}</dd>
          </div>
          <div>
            <dt>How long it is kept</dt>
            <dd>
              {site.open
                ? `Single steps for ${site.open.keptDays} days. Counts per minute are kept longer: nobody can be found in them.`
                : "Not stated by the operator."}
            </dd>
          </div>
          <div>
            <dt>How good it is</dt>
            <dd>
              {share === undefined
                ? "Not measured long enough to say."
                : `${percent(share)} of the time since ${first === undefined ? "then" : new Date(first).toLocaleString("en-GB", { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" })} was really watched.`}{" "}
              {models.length > 0 &&
                `Counted by the detector ${listed(models)}, which misses some and doubles a few, more so in crowds and at night.`}
            </dd>
          </div>
          <div>
            <dt>Who answers for it</dt>
            <dd>{site.open?.operator ?? "Not stated by the operator."}</dd>
          </div>
          <div>
            <dt>How to ask or object</dt>
            <dd>
              {site.open
                ? `Write to ${site.open.contact}.`
                : "No contact has been given for this place. Ask your city's data protection officer."}
            </dd>
          </div>
        </dl>
      </div>
      <section aria-labelledby="per-hour">
        <header className="section-head">
          <h2 id="per-hour">Per hour</h2>
          <span className="muted">rounded down to tens, so that no number points at one person</span>
        </header>
        {counts.data === undefined ? (
          counts.error ? (
            <Failed what="The counts" error={counts.error} again={() => void counts.refetch()} />
          ) : (
            <Loading what="the counts" lines={3} />
          )
        ) : site.cameras.every((c) => c.lines.length === 0) ? (
          <p className="muted">No line is counted here.</p>
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
    name: way,
    // A hidden count is drawn as nothing; the words say what it is.
    values: shown.map((b) => (b.watched === 0 ? null : inTens(of(b, way)))),
    draw: way === "in" ? ("up" as const) : ("down" as const),
    words: (v: number) => `${openWords(openCount(v, 1))} ${way}`,
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
            aria-label={`What is shown for ${line.name}`}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[cls]}
            onSelectionChange={(keys) => choose(classes.find((c) => keys.has(c)))}
          >
            {classes.map((c) => (
              <ToggleButton key={c} id={c} className="segment">
                {classNames[c].many}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        )}
        <span className="muted">
          {classNames[cls].many} today: {atLeast(openSum(today, line.id, cls))}
        </span>
      </header>
      <Chart
        title={`${classNames[cls].many} per hour, in above, out below`}
        data={data}
        height={120}
        {...(classes.length === 0
          ? { empty: "Every count of the last days is fewer than 10 an hour, so no bar is drawn." }
          : {})}
      />
    </div>
  );
}
