import { type ReactNode, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { locale, texts } from "../language/language.ts";
import { useShade } from "../theme.ts";
import { clock, moment } from "../words.ts";
import { axisTimes, fitted, hatchUnwatched, inkOf, type Part, partOf, renew } from "./chart-draw.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { TableHead } from "./table-head.tsx";
import * as said from "./texts.ts";

export type ChartSeries = {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** `down` is drawn below the axis, so that two directions share one chart. */
  readonly draw: "up" | "down" | "line";
  /** A quieter ink, for what is background to the counts. */
  readonly soft?: boolean;
  readonly words?: (value: number) => string;
};

type ChartData = {
  readonly at: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Part of each bin that was watched; absent for what is not watched but reported. */
  readonly watched?: readonly (number | null)[];
  readonly span: number;
  readonly from: number;
  readonly to: number;
  /** The upper end of the scale where it has one of its own, such as 100 %. */
  readonly top?: number;
};

type Props = {
  /** What is drawn, its unit and its averaging time. */
  readonly title: string;
  readonly label?: ReactNode;
  readonly data: ChartData;
  readonly height?: number;
  /** Charts with the same name move their cursors together. */
  readonly sync?: string;
  readonly empty?: string;
};

const columns = (data: ChartData): uPlot.AlignedData => [
  data.at.map((t) => t / 1000),
  ...data.series.map((s) => (s.draw === "down" ? s.values.map((v) => (v === null ? null : -v)) : [...s.values])),
];

/** Room for the values and never less than four, so that a single step does not look like a crowd. */
function heights(data: ChartData): [number, number] {
  if (data.top !== undefined) return [0, data.top * 1.1];
  const top = (draw: readonly string[]): number =>
    Math.max(0, ...data.series.filter((s) => draw.includes(s.draw)).flatMap((s) => s.values.map((v) => v ?? 0)));
  const up = Math.max(4, top(["up", "line"]) * 1.2);
  const down = data.series.some((s) => s.draw === "down") ? Math.max(4, top(["down"]) * 1.3) : 0;
  return [-down, up];
}

/** The largest of 1, 2, 5, 10, 20 … that is not above `n`. */
function roundBelow(n: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, n)));
  return ([5, 2, 1].find((f) => f * power <= n) ?? 1) * power;
}

/** Three marks are enough on a small chart: nothing, and one round figure each way. */
function marks(data: ChartData): number[] {
  const [low, high] = heights(data);
  return [...(low < 0 ? [-roundBelow(-low)] : []), 0, roundBelow(high)];
}

const differs = (part: Part | undefined, whole: Part): boolean =>
  part !== undefined && (part.min !== whole.min || part.max !== whole.max);

/** One chart: drag to zoom, double click back, arrow keys move the cursor, T shows its table. */
export function Chart({ title, label, data, height = 120, sync, empty }: Props) {
  const shade = useShade();
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(data);
  latest.current = data;
  /** What uPlot was last given as the whole of the time; anything else on its scale is a zoom. */
  const whole = useRef({ min: 0, max: 0 });
  const [zoomed, setZoomed] = useState(false);
  const [cursor, setCursor] = useState<number | undefined>(undefined);
  const [table, setTable] = useState(false);
  const shape = data.series.map((s) => s.draw).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page when it changes
  useEffect(() => {
    const at = holder.current;
    if (!at || table) return;
    const ink = inkOf(at);
    const hatch = hatchUnwatched(latest.current.span / 1000, () => latest.current.watched ?? [], ink.hatch);
    const font = "500 12px 'Inter Variable', system-ui, sans-serif";
    const axis = { stroke: ink.soft, font, ticks: { show: false }, border: { show: false } };
    const drawn = latest.current.series.map((s): uPlot.Series => {
      if (s.draw === "line") return { stroke: ink.strong, width: 1.5, points: { show: false }, spanGaps: false };
      const fill = s.draw === "down" || s.soft ? ink.soft : ink.strong;
      const paths = uPlot.paths.bars?.({ size: [0.72, 40], align: 1 });
      return { fill, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
    });
    const options: uPlot.Options = {
      width: at.clientWidth,
      height,
      padding: [8, 20, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false },
        ...(sync === undefined ? {} : { sync: { key: sync } }),
      },
      scales: {
        x: {
          time: true,
          range: (u, min, max) => {
            const times = u.data[0];
            if (min !== times[0] || max !== times.at(-1)) return [min, max];
            whole.current = { min: latest.current.from / 1000, max: latest.current.to / 1000 };
            return [whole.current.min, whole.current.max];
          },
        },
        y: { range: () => heights(latest.current) },
      },
      axes: [
        { ...axis, grid: { show: false }, size: 28, values: (_u, splits) => axisTimes(splits), space: 72 },
        {
          ...axis,
          size: 44,
          splits: () => marks(latest.current),
          grid: { stroke: ink.line, width: 1 },
          values: (_u, splits) => splits.map((v) => Math.abs(v).toLocaleString(locale())),
        },
      ],
      series: [{}, ...drawn],
      hooks: {
        drawClear: [hatch],
        setCursor: [(u) => setCursor(u.cursor.idx ?? undefined)],
        setScale: [(u, key) => key === "x" && setZoomed(differs(partOf(u), whole.current))],
      },
    };
    const made = new uPlot(options, columns(latest.current), at);
    plot.current = made;
    const end = fitted(made, at, height);
    return () => {
      end();
      plot.current = undefined;
    };
  }, [shade, table, height, sync, shape]);

  useEffect(() => {
    const u = plot.current;
    if (!u) return;
    const part = partOf(u);
    renew(u, columns(data), differs(part, whole.current) ? part : undefined);
  }, [data]);

  /** Half of what is shown, around the cursor or its end. */
  const zoomIn = (): void => {
    const u = plot.current;
    const part = u && partOf(u);
    if (!part) return;
    const { min, max } = part;
    const middle = u.posToVal(u.cursor.left !== undefined && u.cursor.left >= 0 ? u.cursor.left : u.width, "x");
    const quarter = Math.max((max - min) / 4, data.span / 500);
    const at = Math.min(max - quarter, Math.max(min + quarter, middle));
    u.setScale("x", { min: at - quarter, max: at + quarter });
  };
  const showAll = (): void => plot.current?.setData(columns(data), true);

  const step = (by: 1 | -1): void => {
    const u = plot.current;
    if (!u) return;
    const last = data.at.length - 1;
    const idx = Math.min(last, Math.max(0, (u.cursor.idx ?? last + (by < 0 ? 1 : 0)) + by));
    const at = data.at[idx];
    if (at !== undefined) u.setCursor({ left: u.valToPos((at + data.span * 0.3) / 1000, "x"), top: 0 });
  };

  const shown = cursor !== undefined && data.at[cursor] !== undefined ? cursor : undefined;
  return (
    <ChartFrame
      title={title}
      label={label}
      readout={shown === undefined ? "" : readout(data, shown)}
      rows={() => <ChartRows data={data} />}
      {...{ zoomed, zoomIn, showAll, step, table, setTable, holder, height }}
    >
      {empty && <p className="muted chart-empty">{empty}</p>}
    </ChartFrame>
  );
}

const word = (s: ChartSeries, i: number): string => {
  const v = s.values[i];
  if (v === null || v === undefined) return texts(said).chart.noData;
  return s.words ? s.words(v) : `${v.toLocaleString(locale())} ${s.name}`;
};

function readout(data: ChartData, i: number): string {
  const say = texts(said).chart;
  const time = clock(data.at[i] ?? 0, data.to);
  const watched = data.watched?.[i];
  if (watched === 0) return say.readout(time, [say.notWatched]);
  const whole = watched === undefined || (watched !== null && watched >= 0.98);
  const part = whole ? [] : [watched === null ? say.soFar : say.partWatched(Math.round(watched * 100))];
  return say.readout(time, [...data.series.map((s) => word(s, i)), ...part]);
}

function ChartRows({ data }: { data: ChartData }) {
  const say = texts(said).chart;
  const rows = data.at.map((at, i) => ({ at, i })).reverse();
  return (
    <>
      <TableHead
        columns={[
          say.from,
          ...data.series.map((s) => ({ number: s.name })),
          ...(data.watched ? [{ number: say.watched }] : []),
        ]}
      />
      <tbody>
        {rows.map(({ at, i }) => (
          <tr key={at}>
            <th scope="row">{moment(at)}</th>
            {data.series.map((s) => (
              <td key={s.name} className="number">
                {s.words ? word(s, i) : (s.values[i]?.toLocaleString(locale()) ?? "–")}
              </td>
            ))}
            {data.watched && <td className="number">{watchedWords(data.watched[i])}</td>}
          </tr>
        ))}
      </tbody>
    </>
  );
}

function watchedWords(share: number | null | undefined): string {
  const say = texts(said).chart;
  if (share === null || share === undefined) return say.notOver;
  return share === 0 ? say.notWatched : `${Math.round(share * 100)} %`;
}
