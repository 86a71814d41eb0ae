import type { LedgerRow } from "@openkerb/contract";
import { useState } from "react";
import { Button } from "react-aria-components";
import { HubWords } from "../../../parts/hub-words.tsx";
import { useLanguage, useTexts } from "../parts/language.ts";
import { VerdictMark } from "../parts/marks.tsx";
import { figure, lawName, lawUnit, levelName, metricName, statisticName } from "../parts/names.ts";
import { Rows } from "../parts/row-table.tsx";
import { useSpeech } from "../parts/speech.ts";
import type { Texts } from "./texts.ts";
import * as texts from "./texts.ts";

const byMean = ({ limit }: LedgerRow): boolean => limit.statistic === "year" || limit.statistic === "season";
const keyOf = ({ limit }: LedgerRow): string =>
  [limit.law, limit.pollutant, limit.statistic, limit.level, limit.value, limit.from].join(" ");

/** One row per figure, the worst verdict first. */
export function LedgerTable({ name, rows }: { name: string; rows: readonly LedgerRow[] }) {
  const order = { exceeded: 0, within: 1, "not-available": 2 };
  const sorted = [...rows].sort((a, b) => order[a.verdict] - order[b.verdict]);
  return (
    <section className="ledger" aria-label={name}>
      <h2>{name}</h2>
      <ul>
        {sorted.map((row) => (
          <Figure key={keyOf(row)} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Figure({ row }: { row: LedgerRow }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const [open, setOpen] = useState(false);
  const { limit, verdict } = row;
  const unit = lawUnit(limit.pollutant);
  const mark = { exceeded: "bad", within: "good", "not-available": "unknown" } as const;
  const word = { exceeded: t.exceeded, within: t.within, "not-available": t.notAvailable };
  const details = row.exceedances.length + row.turned.length > 0;
  return (
    <li className={`ledger-row ${verdict}`}>
      <div className="ledger-figure">
        <strong>
          {metricName(language, limit.pollutant)} · {statisticName(language, limit.statistic)}
        </strong>
        <span className="muted">
          {lawName(language, limit.law)} · {levelName(language, limit.level)} {say.count(limit.value)} {unit}
        </span>
        {(limit.to !== undefined || limit.from.slice(0, 4) >= "2026") && (
          <span className="muted">
            {limit.to === undefined
              ? t.from(say.calendarDay(limit.from))
              : t.fromTo(say.calendarDay(limit.from), say.calendarDay(limit.to))}
          </span>
        )}
      </div>
      <div className="ledger-verdict">
        <span className={`verdict-${mark[verdict]}`}>
          <VerdictMark verdict={mark[verdict]} /> {word[verdict]}
        </span>
        {row.why && (
          <span className="muted">
            <HubWords>{row.why}</HubWords>
          </span>
        )}
      </div>
      {byMean(row) ? <Mean row={row} unit={unit} /> : <Account row={row} />}
      <div className="ledger-basis muted">
        <span>{t.valid(say.count(row.valid), say.count(row.of), countedIn(row, t))}</span>
        {byMean(row)
          ? row.mean !== undefined && <span>{row.provisional > 0 ? t.provisionalMean : ""}</span>
          : row.used > 0 && (
              <span>
                {row.provisional === 0
                  ? t.provisionalNone
                  : row.provisional === row.used
                    ? t.provisionalAll
                    : t.provisionalSome(say.count(row.provisional), say.count(row.used))}
              </span>
            )}
        {row.percentile && (
          <span>{t.percentile(say.count(row.percentile.percent), `${figure(row.percentile.value, say)} ${unit}`)}</span>
        )}
      </div>
      {details && (
        <div className="ledger-more">
          <Button className="button quiet small" aria-expanded={open} onPress={() => setOpen(!open)}>
            <svg
              aria-hidden="true"
              viewBox="0 0 12 12"
              width="12"
              height="12"
              className={open ? "icon turned" : "icon"}
            >
              <path d="M4.5 2.5L8 6l-3.500 3.5" />
            </svg>
            {t.show(row.exceedances.length)}
            {row.turned.length > 0 && ` · ${t.turned} ${row.turned.length}`}
            <span className="hidden">
              : {metricName(language, limit.pollutant)} {statisticName(language, limit.statistic)}{" "}
              {lawName(language, limit.law)} {levelName(language, limit.level)}
            </span>
          </Button>
        </div>
      )}
      {open && <Details row={row} unit={unit} />}
    </li>
  );
}

const countedIn = ({ limit }: LedgerRow, t: Texts): string =>
  ["day", "mda8", "8h", "season"].includes(limit.statistic) ||
  (limit.statistic === "year" && limit.law.startsWith("gb-"))
    ? t.units.day
    : t.units.hour;

/** Used and left as a bar; what is beyond the permitted is hatched as well as coloured. */
function Account({ row }: { row: LedgerRow }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const { used, permitted, left } = row;
  const whole = Math.max(used, permitted, 1);
  const words = permitted === 0 ? t.usedNone(say.count(used)) : t.usedOf(say.count(used), say.count(permitted));
  return (
    <div className="ledger-account">
      <svg
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        className="ledger-bar"
        role="img"
        aria-label={t.bar(say.count(used), say.count(permitted))}
      >
        <rect className="bar-ground" width="100" height="8" />
        <rect className="bar-used" width={(Math.min(used, permitted) / whole) * 100} height="8" />
        {used > permitted && (
          <rect
            className="bar-over"
            x={(permitted / whole) * 100}
            width={((used - permitted) / whole) * 100}
            height="8"
          />
        )}
        {used > permitted && permitted > 0 && (
          <rect className="bar-edge" x={(permitted / whole) * 100 - 0.4} width="0.8" height="8" />
        )}
      </svg>
      <span>
        {words}
        {permitted > 0 && (
          <span className={used > permitted ? "verdict-bad" : "muted"}>
            {" · "}
            {used > permitted ? t.over(say.count(used - permitted)) : t.left(say.count(left))}
          </span>
        )}
      </span>
    </div>
  );
}

function Mean({ row, unit }: { row: LedgerRow; unit: string }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const { mean, limit } = row;
  if (mean === undefined) return <div className="ledger-account muted">{t.noMean}</div>;
  const whole = Math.max(mean, limit.value) * 1.1;
  const label = `${t.mean(`${figure(mean, say)} ${unit}`)} · ${t.meanOf(say.count(limit.value))}`;
  return (
    <div className="ledger-account">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" className="ledger-bar" role="img" aria-label={label}>
        <rect className="bar-ground" width="100" height="8" />
        <rect className={mean > limit.value ? "bar-over" : "bar-used"} width={(mean / whole) * 100} height="8" />
        <rect className="bar-edge" x={(limit.value / whole) * 100 - 0.4} width="0.8" height="8" />
      </svg>
      <span>{label}</span>
    </div>
  );
}

function Details({ row, unit }: { row: LedgerRow; unit: string }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const days = ["day", "mda8", "8h"].includes(row.limit.statistic);
  const when = (at: number): string => (days ? say.date(at) : say.whole(at));
  const value = (v: number | undefined): string => (v === undefined ? "–" : `${figure(v, say)} ${unit}`);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it has to be reachable by keyboard
    <section className="ledger-details" tabIndex={0} aria-label={t.show(row.exceedances.length)}>
      {row.exceedances.length > 0 && (
        <Rows
          rows={row.exceedances}
          keyOf={(e) => e.at}
          columns={[
            { head: t.when, cell: (e) => when(e.at) },
            { head: t.value, number: true, cell: (e) => value(e.value) },
            { head: t.status, cell: (e) => (e.status === "validated" ? t.validated : t.provisional) },
          ]}
        />
      )}
      {row.turned.length > 0 && (
        <Rows
          caption={t.turned}
          rows={row.turned}
          keyOf={(e) => e.at}
          columns={[
            { head: t.when, cell: (e) => when(e.at) },
            { head: t.was, number: true, cell: (e) => value(e.from) },
            { head: t.now, number: true, cell: (e) => value(e.to) },
            { head: t.effect, cell: (e) => (e.now === "counts" ? t.counts : t.countsNot) },
            { head: t.why, cell: (e) => <HubWords withReasons>{e.why}</HubWords> },
          ]}
        />
      )}
    </section>
  );
}
