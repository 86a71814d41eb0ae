import type { QualityFlag } from "@openkerb/contract";
import { type ReactNode, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { fitted, partOf, renew } from "../../../parts/chart-draw.ts";
import { ChartFrame } from "../../../parts/chart-frame.tsx";
import { TableHead } from "../../../parts/table-head.tsx";
import { useShade } from "../../../theme.ts";
import { type ChartInk, chartInk, drawFlags, drawLevels, drawSpans, levelRoom } from "./chart-paint.ts";
import { useLanguage, useTexts } from "./language.ts";
import { flags as flagNames } from "./names.ts";
import { type Speech, useSpeech } from "./speech.ts";
import * as texts from "./texts.ts";
import { axisMarks, axisWords, zoneName } from "./times.ts";

type Value = number | null | undefined;
export type TimeLine = {
  readonly name: string;
  readonly values: readonly Value[];
  readonly ink?: "strong" | "soft";
  readonly dash?: boolean;
  /** Only dots, as for values that stand for themselves. */
  readonly dots?: boolean;
};
export type TimeData = {
  /** Milliseconds, rising. */
  readonly at: readonly number[];
  readonly lines: readonly TimeLine[];
  /** Filled between two lines. */
  readonly band?: { readonly name: string; readonly low: readonly Value[]; readonly high: readonly Value[] };
  /** A flag for each moment, drawn as its shape on the first line. */
  readonly flags?: readonly QualityFlag[];
  /** Lines with their value at the end; the legend says by `name` what each of them is, and the value again. */
  readonly levels?: readonly { readonly value: number; readonly name: string }[];
  /** Hatched stretches. */
  readonly spans?: readonly { readonly from: number; readonly to: number }[];
  readonly from: number;
  readonly to: number;
  /** More of each moment, for the table. */
  readonly columns?: readonly { readonly name: string; readonly cells: readonly string[] }[];
  /** The lowest end of the scale; else it begins at nothing, or below what is below nothing. */
  readonly floor?: number;
};
type Props = {
  readonly title: string;
  readonly label?: ReactNode;
  readonly data: TimeData;
  readonly height?: number;
  readonly words: (value: number) => string;
  /** What each value stands for: a moment, a day of the place, or a day of UTC, by which the hub keeps its days. */
  readonly times?: "hours" | "days" | "utc-days";
  /** Charts with the same name move their cursors together. */
  readonly sync?: string;
  /** Told of a stretch that was chosen, instead of showing it alone; nothing means back to before. */
  readonly onZoom?: ((from?: number, to?: number) => void) | undefined;
};

const bare = (values: readonly Value[]): (number | null)[] => values.map((v) => v ?? null);
const columnsOf = ({ at, lines, band }: TimeData): uPlot.AlignedData => [
  at.map((t) => t / 1000),
  ...lines.map((l) => bare(l.values)),
  ...(band ? [bare(band.high), bare(band.low)] : []),
];

function heights({ lines, band, levels = [], floor }: TimeData): [number, number] {
  const all = [...lines.flatMap((l) => l.values), ...(band ? [...band.low, ...band.high] : [])]
    .filter((v): v is number => typeof v === "number")
    .concat(levels.map((l) => l.value));
  let low = floor ?? 0;
  let high = 1;
  if (all.length > 0) {
    high = all.reduce((a, b) => Math.max(a, b));
    low = Math.min(
      low,
      all.reduce((a, b) => Math.min(a, b)),
    );
  }
  return [low, high + Math.max(high - low, 1) * 0.12];
}

/** A limit as it stands beside the chart: three digits tell one from another. */
const levelLabel = (value: number, say: Speech): string => say.count(Number(value.toPrecision(3)));

/** A day by UTC, which the moment begins. */
const utcDay =
  (say: Speech) =>
  (at: number): string =>
    say.calendarDay(new Date(at).toISOString().slice(0, 10));
/** Whether this reader's clock tells another time than the place's. */
const isElsewhere = ({ offset }: Speech, at: number): boolean => new Date(at).getTimezoneOffset() !== -60 * offset;

/** Values over time with flags, limits, an interval and gaps: drag to zoom, arrow keys, a table behind it. */
export function TimeChart({ title, label, data, height = 200, words, times = "hours", sync, onZoom }: Props) {
  const t = useTexts(texts);
  const say = useSpeech();
  const shade = useShade();
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(data);
  latest.current = data;
  const chosen = useRef(onZoom);
  chosen.current = onZoom;
  const [cursor, setCursor] = useState<number | undefined>(undefined);
  const [zoomed, setZoomed] = useState(false);
  const [table, setTable] = useState(false);
  const shape = `${data.lines.map((l) => [l.ink, l.dash, l.dots].join()).join(";")}|${data.band !== undefined}`;
  const moment = { hours: say.moment, days: say.dayOf, "utc-days": utcDay(say) }[times];
  const clock =
    times === "utc-days" ? say.offset !== 0 && t.utcDays : isElsewhere(say, data.to) && t.timesIn(zoneName(say.offset));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page when it changes
  useEffect(() => {
    const at = holder.current;
    if (!at || table) return undefined;
    const made = new uPlot(
      optionsOf(
        at,
        height,
        chartInk(at),
        latest,
        say,
        {
          cursor: setCursor,
          zoom: (min, max) => setZoomed(min > latest.current.from / 1000 || max < latest.current.to / 1000),
          ...(onZoom && { chosen: (from, to) => chosen.current?.(from, to) }),
        },
        sync,
      ),
      columnsOf(latest.current),
      at,
    );
    plot.current = made;
    const end = fitted(made, at, height);
    return () => {
      end();
      plot.current = undefined;
    };
  }, [shade, table, height, shape, say]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen is kept when the data change, not the reverse
  useEffect(() => {
    const u = plot.current;
    // Where an address holds what was chosen, new data come with it.
    if (u) renew(u, columnsOf(data), zoomed && !onZoom ? partOf(u) : undefined);
  }, [data]);

  const showAll = (): void => {
    if (onZoom) onZoom();
    else plot.current?.setScale("x", { min: data.from / 1000, max: data.to / 1000 });
  };
  const zoomIn = (): void => {
    const u = plot.current;
    const { min, max } = u?.scales.x ?? {};
    if (!u || typeof min !== "number" || typeof max !== "number") return;
    const middle = u.posToVal(u.cursor.left !== undefined && u.cursor.left >= 0 ? u.cursor.left : u.width / 2, "x");
    const quarter = Math.max((max - min) / 4, 300);
    const part = { min: Math.max(data.from / 1000, middle - quarter), max: Math.min(data.to / 1000, middle + quarter) };
    if (onZoom) onZoom(part.min * 1000, part.max * 1000);
    else u.setScale("x", part);
  };
  const step = (by: 1 | -1): void => {
    const u = plot.current;
    if (!u) return;
    const last = data.at.length - 1;
    const next = Math.min(last, Math.max(0, (u.cursor.idx ?? (by < 0 ? last + 1 : -1)) + by));
    u.setCursor({ left: u.valToPos((data.at[next] ?? 0) / 1000, "x"), top: 1 });
  };

  const shown = cursor === undefined || data.at[cursor] === undefined ? undefined : cursor;
  const language = useLanguage();
  const read = (i: number): string => {
    const band = data.band;
    const [low, high] = [band?.low[i], band?.high[i]];
    const flag = data.flags?.[i];
    return [
      ...data.lines.flatMap((l) => (typeof l.values[i] === "number" ? [`${l.name} ${words(l.values[i])}`] : [])),
      ...(band && typeof low === "number" && typeof high === "number"
        ? [`${band.name} ${t.interval(words(low), words(high))}`]
        : []),
      ...(flag === undefined ? [] : [flagNames[language][flag]]),
    ].join(" · ");
  };
  return (
    <ChartFrame
      className="air-chart"
      title={clock ? `${title} · ${clock}` : title}
      label={label}
      readout={shown === undefined ? "" : `${moment(data.at[shown] ?? 0)}  ${read(shown) || t.nothing}`}
      rows={() => <TimeRows data={data} words={words} moment={moment} />}
      {...{ zoomed, zoomIn, showAll, step, table, setTable, holder, height }}
    />
  );
}

type RowsProps = Pick<Props, "data" | "words"> & { readonly moment: (at: number) => string };
function TimeRows({ data, words, moment }: RowsProps) {
  const t = useTexts(texts);
  const flagWords = flagNames[useLanguage()];
  const { heads, values } = rowsOf(data);
  return (
    <>
      <TableHead
        columns={[
          t.time,
          ...heads.map((number) => ({ number })),
          ...(data.flags ? [t.flag] : []),
          ...(data.columns ?? []).map((c) => c.name),
        ]}
      />
      <tbody>
        {data.at.map((at, i) => (
          <tr key={at}>
            <th scope="row">{moment(at)}</th>
            {heads.map((name, column) => {
              const value = values[column]?.[i];
              return (
                <td key={name} className="number">
                  {typeof value === "number" ? words(value) : "–"}
                </td>
              );
            })}
            {data.flags && <td>{flagWords[data.flags[i] ?? 9]}</td>}
            {data.columns?.map((c) => (
              <td key={c.name}>{c.cells[i]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </>
  );
}

const rowsOf = ({ lines, band }: TimeData): { heads: string[]; values: (readonly Value[])[] } => ({
  heads: [...lines.map((l) => l.name), ...(band ? [`${band.name} ↓`, `${band.name} ↑`] : [])],
  values: [...lines.map((l) => l.values), ...(band ? [band.low, band.high] : [])],
});

function optionsOf(
  at: HTMLElement,
  height: number,
  ink: ChartInk,
  latest: { readonly current: TimeData },
  say: Speech,
  tell: {
    cursor: (i: number | undefined) => void;
    zoom: (min: number, max: number) => void;
    chosen?: (from?: number, to?: number) => void;
  },
  sync: string | undefined,
): uPlot.Options {
  const { lines, band } = latest.current;
  const axis = { stroke: ink.soft, font: ink.font, ticks: { show: false }, border: { show: false } };
  return {
    width: at.clientWidth,
    height,
    padding: [8, levelRoom, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: !tell.chosen },
      ...(sync !== undefined && { sync: { key: sync, setSeries: false } }),
      ...(tell.chosen && {
        bind: {
          dblclick: () => () => {
            tell.chosen?.();
            return null;
          },
        },
      }),
    },
    scales: {
      x: {
        time: true,
        range: (u, min, max) => {
          const times = u.data[0];
          const { from, to } = latest.current;
          // Of a single moment uPlot makes a stretch of its own, years long.
          if (times.length < 2) return [from / 1000, to / 1000];
          return min === times[0] && max === times.at(-1) ? [from / 1000, to / 1000] : [min, max];
        },
      },
      y: { range: () => heights(latest.current) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        splits: (u, _axis, min, max) =>
          axisMarks(min * 1000, max * 1000, u.bbox.width / devicePixelRatio / 72, say.offset).map((at) => at / 1000),
        values: (_u, splits) =>
          axisWords(
            splits.map((s) => s * 1000),
            say.offset,
            say,
          ),
      },
      {
        ...axis,
        size: 48,
        space: 36,
        grid: { stroke: ink.line, width: 1 },
        values: (_u, splits) => splits.map((v) => v.toLocaleString(say.tag)),
      },
    ],
    series: [
      {},
      ...lines.map((l): uPlot.Series => {
        const stroke = l.ink === "soft" ? ink.soft : ink.strong;
        if (l.dots)
          return { stroke, width: 0, paths: () => null, points: { show: true, size: 5, fill: stroke, width: 0 } };
        return { stroke, width: 1.5, spanGaps: false, points: { show: false }, ...(l.dash && { dash: [4, 4] }) };
      }),
      ...(band ? [0, 1].map((): uPlot.Series => ({ stroke: ink.soft, width: 0.5, points: { show: false } })) : []),
    ],
    ...(band && { bands: [{ series: [lines.length + 1, lines.length + 2] as [number, number], fill: ink.band }] }),
    hooks: {
      drawClear: [(u) => drawSpans(u, latest.current.spans ?? [], ink)],
      draw: [
        (u) =>
          drawLevels(
            u,
            (latest.current.levels ?? []).map(({ value }) => ({ value, label: levelLabel(value, say) })),
            ink,
          ),
        (u) => drawFlags(u, latest.current.flags ?? [], ink),
      ],
      ...(tell.chosen && {
        setSelect: [
          (u: uPlot) => {
            const { left, width } = u.select;
            if (width < 4) return;
            u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            tell.chosen?.(u.posToVal(left, "x") * 1000, u.posToVal(left + width, "x") * 1000);
          },
        ],
      }),
      setCursor: [(u) => tell.cursor(u.cursor.idx ?? undefined)],
      setScale: [
        (u, key) => {
          const { min, max } = u.scales.x ?? {};
          if (key === "x" && typeof min === "number" && typeof max === "number") tell.zoom(min, max);
        },
      ],
    },
  };
}
