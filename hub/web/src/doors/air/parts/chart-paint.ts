import type { QualityFlag } from "@openkerb/contract";
import type uPlot from "uplot";

export type ChartInk = {
  readonly strong: string;
  readonly soft: string;
  readonly line: string;
  readonly hatch: string;
  readonly band: string;
  readonly ground: string;
  readonly suspect: string;
  readonly bad: string;
  readonly font: string;
};

/** The theme's colours as a canvas needs them. */
export function chartInk(element: HTMLElement): ChartInk {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const read = (colour: string): string => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  const ink = {
    strong: read("var(--ink)"),
    soft: read("var(--ink-3)"),
    line: read("var(--line)"),
    hatch: read("var(--hatch)"),
    band: read("color-mix(in srgb, var(--ink) 12%, transparent)"),
    ground: read("var(--ground)"),
    suspect: read("var(--warning)"),
    bad: read("var(--critical)"),
    font: "500 12px 'Inter Variable', system-ui, 'Noto Sans CJK SC', sans-serif",
  };
  probe.remove();
  return ink;
}

/** Hatched stretches, in milliseconds: what a page is about, or what is not to be trusted. */
export function drawSpans(
  u: uPlot,
  spans: readonly { readonly from: number; readonly to: number }[],
  ink: ChartInk,
): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  for (const { from, to } of spans) {
    const x = Math.max(left, u.valToPos(from / 1000, "x", true));
    const end = Math.min(left + width, u.valToPos(to / 1000, "x", true));
    if (end <= x) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(x, top, end - x, height);
    ctx.clip();
    ctx.strokeStyle = ink.hatch;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (let at = x - height; at < end; at += 7 * devicePixelRatio) {
      ctx.moveTo(at, top + height);
      ctx.lineTo(at + height, top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** Room to the right of every chart of a page, so that all of them share one axis of time. Pixels of the page. */
export const levelRoom = 52;

/**
 * Where labels stand that belong at `wanted` (rising): as near to it as they can, `gap` apart and between `low` and
 * `high` as long as they fit there.
 */
export function apart(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const groups: { first: number; count: number }[] = [];
  const held = (first: number, count: number): number => Math.max(low, Math.min(first, high - (count - 1) * gap));
  for (const at of wanted) {
    let group = { first: held(at, 1), count: 1 };
    for (
      let before = groups.at(-1);
      before && before.first + before.count * gap > group.first;
      before = groups.at(-1)
    ) {
      groups.pop();
      const count = before.count + group.count;
      // The middle of both: each label asks for the place that would put the group's first one right.
      const first = (before.first * before.count + (group.first - before.count * gap) * group.count) / count;
      group = { first: held(first, count), count };
    }
    groups.push(group);
  }
  return groups.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i * gap));
}

/** Limits as lines, their values beside the chart, where no curve is. */
export function drawLevels(
  u: uPlot,
  levels: readonly { readonly value: number; readonly label: string }[],
  ink: ChartInk,
): void {
  const { ctx } = u;
  const { left, width, top, height } = u.bbox;
  const px = devicePixelRatio;
  const end = left + width;
  const drawn = [...new Map(levels.map((level) => [level.label, level])).values()]
    .map(({ value, label }) => ({ label, y: u.valToPos(value, "y", true) }))
    .filter(({ y }) => y >= top && y <= top + height)
    .sort((a, b) => a.y - b.y);
  const places = apart(
    drawn.map(({ y }) => y),
    14 * px,
    top,
    top + height,
  );
  ctx.save();
  ctx.font = ink.font.replace("12px", `${12 * px}px`);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.strokeStyle = ink.bad;
  ctx.fillStyle = ink.bad;
  ctx.lineWidth = px;
  for (const [i, { y, label }] of drawn.entries()) {
    const place = places[i] ?? y;
    ctx.setLineDash([6 * px, 4 * px]);
    ctx.beginPath();
    ctx.moveTo(left, y);
    ctx.lineTo(end, y);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(end, y);
    ctx.lineTo(end + 8 * px, place);
    ctx.stroke();
    ctx.fillText(label, end + 12 * px, place);
  }
  ctx.restore();
}

/** The shape of each flag on the first line, as the marks beside the words have it. Good readings need none. */
export function drawFlags(u: uPlot, flags: readonly QualityFlag[], ink: ChartInk): void {
  const { ctx } = u;
  const px = devicePixelRatio;
  const { left, width } = u.bbox;
  ctx.save();
  ctx.lineWidth = 1.6 * px;
  for (const [i, flag] of flags.entries()) {
    const at = u.data[0][i];
    const value = u.data[1]?.[i];
    if (flag === 1 || at === undefined || typeof value !== "number") continue;
    const x = u.valToPos(at, "x", true);
    const y = u.valToPos(value, "y", true);
    if (x < left || x > left + width) continue;
    const r = 4 * px;
    ctx.strokeStyle = flag === 3 ? ink.suspect : flag === 4 ? ink.bad : ink.soft;
    ctx.fillStyle = ctx.strokeStyle;
    ctx.beginPath();
    if (flag === 3) {
      ctx.moveTo(x, y - r * 1.2);
      ctx.lineTo(x + r * 1.1, y + r * 0.8);
      ctx.lineTo(x - r * 1.1, y + r * 0.8);
      ctx.closePath();
      ctx.fill();
    } else if (flag === 4) {
      ctx.moveTo(x - r, y - r);
      ctx.lineTo(x + r, y + r);
      ctx.moveTo(x + r, y - r);
      ctx.lineTo(x - r, y + r);
      ctx.stroke();
    } else if (flag === 2) {
      ctx.arc(x, y, r * 0.8, 0, 7);
      ctx.stroke();
    } else ctx.fillRect(x - r, y - r / 2, 2 * r, r);
  }
  ctx.restore();
}
