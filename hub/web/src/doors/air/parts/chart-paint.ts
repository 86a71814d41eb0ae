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

/** Limits as labelled lines. */
export function drawLevels(
  u: uPlot,
  levels: readonly { readonly value: number; readonly name: string }[],
  ink: ChartInk,
): void {
  const { ctx } = u;
  const { left, width, top } = u.bbox;
  const px = devicePixelRatio;
  ctx.save();
  ctx.font = ink.font.replace("12px", `${12 * px}px`);
  ctx.textAlign = "right";
  const taken: number[] = [];
  for (const { value, name } of levels) {
    const y = u.valToPos(value, "y", true);
    if (y < top) continue;
    // Where two limits lie close together the second has its name below its line.
    const below = taken.some((other) => Math.abs(other - y) < 16 * px);
    const base = below ? y + 13 * px : y - 4 * px;
    taken.push(y);
    ctx.strokeStyle = ink.bad;
    ctx.lineWidth = px;
    ctx.setLineDash([6 * px, 4 * px]);
    ctx.beginPath();
    ctx.moveTo(left, y);
    ctx.lineTo(left + width, y);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * px;
    ctx.lineJoin = "round";
    ctx.strokeStyle = ink.ground;
    ctx.strokeText(name, left + width - 4 * px, base);
    ctx.fillStyle = ink.bad;
    ctx.fillText(name, left + width - 4 * px, base);
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
