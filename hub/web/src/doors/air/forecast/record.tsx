import type { HorizonForecast, WarningRecord } from "@openkerb/contract";
import { TableHead } from "../../../parts/table-head.tsx";
import { useTexts } from "../parts/language.ts";
import { VerdictMark } from "../parts/marks.tsx";
import { figure } from "../parts/names.ts";
import { type Speech, useSpeech } from "../parts/speech.ts";
import type { Texts } from "./texts.ts";
import * as texts from "./texts.ts";

type Row = {
  readonly name: string;
  readonly soft: boolean;
  readonly overPersistence: number | undefined;
  readonly overDamped: number | undefined;
  readonly rmse: number;
  readonly own: WarningRecord;
  readonly other: WarningRecord;
  readonly held: number;
  readonly hours: number;
};

/** How good such forecasts are: on hours kept apart, and as they really were. */
export function Record({ horizons, unit }: { horizons: readonly HorizonForecast[]; unit: string }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const tested = Math.max(0, ...horizons.map((h) => h.tested));
  return (
    <section aria-label={t.record}>
      <h2>{t.record}</h2>
      <p className="muted">{t.recordLead(say.count(tested))}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it has to be reachable by keyboard */}
      <section className="wide-table" aria-label={t.recordTable} tabIndex={0}>
        <table>
          <TableHead
            columns={[
              t.horizon,
              ...[t.skillP, t.skillD, t.rmse, t.pod, t.far, t.csi, t.held, t.tested].map((number) => ({ number })),
            ]}
          />
          <tbody>
            {horizons
              .flatMap((h) => rowsOf(h, t))
              .map((row) => (
                <Cells key={row.name} row={row} unit={unit} say={say} />
              ))}
          </tbody>
        </table>
      </section>
      <p className="muted forecast-explain">{t.explain}</p>
    </section>
  );
}

function rowsOf(h: HorizonForecast, t: Texts): Row[] {
  const tested: Row = {
    name: t.ahead(h.horizon),
    soft: false,
    overPersistence: h.skillOverPersistence,
    overDamped: h.skillOverDampedPersistence,
    rmse: h.rmse,
    own: h.warnings,
    other: h.warningsOfPersistence,
    held: h.held,
    hours: h.tested,
  };
  const { lived } = h;
  if (!lived) return [tested];
  return [
    tested,
    {
      name: t.livedRow(h.horizon),
      soft: true,
      overPersistence: lived.skillOverPersistence,
      overDamped: lived.skillOverDampedPersistence,
      rmse: lived.rmse,
      own: lived.warnings,
      other: lived.warningsOfPersistence,
      held: lived.held,
      hours: lived.hours,
    },
  ];
}

function Cells({ row, unit, say }: { row: Row; unit: string; say: Speech }) {
  const t = useTexts(texts);
  const share = (n: number | undefined): string => (n === undefined ? "–" : say.percent(n));
  const skill = (n: number | undefined) =>
    n === undefined ? (
      "–"
    ) : (
      <span className="skill">
        {!row.soft && <VerdictMark verdict={n > 0 ? "good" : "bad"} />}
        {say.fixed(n, 2)} <span className="hidden">{n > 0 ? t.better : t.worse}</span>
      </span>
    );
  return (
    <tr className={row.soft ? "lived" : undefined}>
      <th scope="row">{row.name}</th>
      <td className="number">{skill(row.overPersistence)}</td>
      <td className="number">{skill(row.overDamped)}</td>
      <td className="number">
        {figure(row.rmse, say)} {unit}
      </td>
      <td className="number">{share(row.own.pod)}</td>
      <td className="number">{share(row.own.far)}</td>
      <td className="number">
        {row.own.csi === undefined && row.other.csi === undefined
          ? "–"
          : t.csiOf(share(row.own.csi), share(row.other.csi))}
      </td>
      <td className="number">{t.heldOf(say.fixed(row.held, 1))}</td>
      <td className="number">{say.count(row.hours)}</td>
    </tr>
  );
}
