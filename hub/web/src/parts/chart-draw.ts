import type uPlot from "uplot";
import { timeFormat } from "../words.ts";

export type Ink = { readonly strong: string; readonly soft: string; readonly line: string; readonly hatch: string };

/** The theme's colours as a canvas needs them: resolved, which custom properties with light-dark() are not. */
export function inkOf(element: HTMLElement): Ink {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const ink = { strong: read("--ink"), soft: read("--ink-3"), line: read("--line"), hatch: read("--hatch") };
  probe.remove();
  return ink;
}

/** Keeps a drawing as wide as its place; what it gives back ends both. */
export function fitted(made: uPlot, at: HTMLElement, height: number): () => void {
  const grow = new ResizeObserver(() => made.setSize({ width: at.clientWidth, height }));
  grow.observe(at);
  return () => {
    grow.disconnect();
    made.destroy();
  };
}

export type Part = { readonly min: number; readonly max: number };

/** Draws new data. A part that was chosen stays: nobody is thrown out of what they are looking at. */
export function renew(u: uPlot, data: uPlot.AlignedData, chosen: Part | undefined): void {
  u.batch(() => {
    u.setData(data, chosen === undefined);
    if (chosen) u.setScale("x", chosen);
  });
}

/** What the time axis shows; nothing before it has been drawn for the first time, when uPlot says null. */
export function partOf(u: uPlot): Part | undefined {
  const { min, max } = u.scales.x ?? {};
  return typeof min === "number" && typeof max === "number" ? { min, max } : undefined;
}

/** Draws diagonal lines over the part of each bin that nobody watched. Seconds on x, shares in `watched`. */
export const hatchUnwatched =
  (span: number, watched: () => readonly (number | null)[], colour: string) =>
  (u: uPlot): void => {
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    ctx.save();
    ctx.beginPath();
    const shares = watched();
    for (const [i, share] of shares.entries()) {
      const at = u.data[0][i];
      if (share === null || share >= 0.98 || at === undefined) continue;
      // Which part was watched is not known; after a blind bin it is most likely the later one.
      const late = shares[i - 1] === 0;
      const from = u.valToPos(late ? at : at + span * share, "x", true);
      const to = u.valToPos(late ? at + span * (1 - share) : at + span, "x", true);
      ctx.rect(from, top, to - from, height);
    }
    ctx.clip();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    ctx.strokeStyle = colour;
    ctx.lineWidth = devicePixelRatio;
    const gap = 6 * devicePixelRatio;
    ctx.beginPath();
    for (let x = left - height; x < left + width; x += gap) {
      ctx.moveTo(x, top + height);
      ctx.lineTo(x + height, top);
    }
    ctx.stroke();
    ctx.restore();
  };

const time = timeFormat({ hour: "2-digit", minute: "2-digit" });
const second = timeFormat({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = timeFormat({ weekday: "short", day: "numeric" });

/** Axis times: `12:03`; where a new day begins, the day. */
export function axisTimes(splits: readonly number[]): string[] {
  const close = (splits[1] ?? 0) - (splits[0] ?? 0) < 60;
  return splits.map((s) => {
    const at = new Date(s * 1000);
    if (close) return second(s * 1000);
    return at.getHours() === 0 && at.getMinutes() === 0 ? day(s * 1000) : time(s * 1000);
  });
}
