import { useSpeech } from "./speech.ts";

export type ScatterLine = {
  readonly gain: number;
  readonly offset: number;
  readonly name: string;
  readonly dash?: boolean;
};

/** About four round marks between two numbers. */
function marksBetween(low: number, high: number): number[] {
  const raw = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((f) => f * power >= raw) ?? 10);
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step + 1.001) }, (_, i) =>
    Number((first + i * step).toPrecision(12)),
  );
}

const size = { left: 52, right: 12, top: 12, bottom: 44 };

/** Points of two quantities with lines through them; `same` gives both axes one scale. */
export function Scatter({
  points,
  lines,
  across,
  up,
  same = false,
  title,
}: {
  points: readonly { readonly x: number; readonly y: number }[];
  lines: readonly ScatterLine[];
  across: string;
  up: string;
  same?: boolean;
  title: string;
}) {
  const { tag } = useSpeech();
  const [width, height] = same ? [420, 420] : [520, 340];
  const range = (values: readonly number[]): [number, number] => {
    const low = Math.min(0, ...values);
    const high = values.reduce((a, b) => Math.max(a, b), low + 1);
    return [low, high * 1.04];
  };
  const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
  const both = range([...xs, ...ys]);
  const [x0, x1] = same ? both : range(xs);
  const [y0, y1] = same ? both : range(ys);
  const x = (v: number): number => size.left + ((v - x0) / (x1 - x0)) * (width - size.left - size.right);
  const y = (v: number): number => height - size.bottom - ((v - y0) / (y1 - y0)) * (height - size.top - size.bottom);
  const bottom = height - size.bottom;
  const clip = `field-${same ? "same" : "free"}`;
  return (
    <svg className="scatter" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      <clipPath id={clip}>
        <rect x={size.left} y={size.top} width={width - size.left - size.right} height={bottom - size.top} />
      </clipPath>
      {marksBetween(y0, y1).map((v) => (
        <g key={v}>
          <path className="grid" d={`M${size.left} ${y(v)}H${width - size.right}`} />
          <text x={size.left - 6} y={y(v) + 4} textAnchor="end">
            {v.toLocaleString(tag)}
          </text>
        </g>
      ))}
      {marksBetween(x0, x1).map((v) => (
        <g key={v}>
          <path className="grid" d={`M${x(v)} ${size.top}V${bottom}`} />
          <text x={x(v)} y={bottom + 16} textAnchor="middle">
            {v.toLocaleString(tag)}
          </text>
        </g>
      ))}
      <g clipPath={`url(#${clip})`}>
        <path className="dots" d={points.map((p) => `M${x(p.x).toFixed(1)} ${y(p.y).toFixed(1)}h0`).join("")} />
        {lines.map(({ gain, offset, name, dash }) => (
          <path
            key={name}
            className={dash ? "line dash" : "line"}
            d={`M${x(x0)} ${y(offset + gain * x0)}L${x(x1)} ${y(offset + gain * x1)}`}
          />
        ))}
      </g>
      <text className="axis" x={(size.left + width - size.right) / 2} y={height - 8} textAnchor="middle">
        {across}
      </text>
      <text className="axis" transform={`translate(14 ${(size.top + bottom) / 2}) rotate(-90)`} textAnchor="middle">
        {up}
      </text>
    </svg>
  );
}
