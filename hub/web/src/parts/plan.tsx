import type { AlertView, SiteView } from "@openkerb/contract";
import { type RefObject, useEffect, useId, useRef, useState } from "react";
import { texts } from "../language/language.ts";
import { type Drawing, drawingOf, inward, labelSpot, middleOf, type PlanLine, type Point } from "../plan-shape.ts";
import { desk } from "../route.ts";
import type { Crossing } from "../street.ts";
import { Link } from "../use-route.tsx";
import { alertTitle, className, severityName, wayName } from "../words.ts";
import { useScreen } from "./live.tsx";
import * as said from "./texts.ts";
import { still } from "./tick.tsx";

const path = (points: readonly Point[]): string =>
  points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("");

type Props = {
  readonly site: SiteView;
  readonly alerts?: readonly AlertView[];
  readonly chosen?: string | undefined;
  readonly small?: boolean;
};

/** A place drawn from its site file, never from its pictures: roads, lines, zones, cameras, and what is wrong where. */
export function Plan({ site, alerts = [], chosen, small = false }: Props) {
  const drawing = drawingOf(site);
  const screen = useScreen();
  const figure = useRef<HTMLElement>(null);
  const wide = useWidth(figure);
  // Words and strokes keep their size on the screen, however large the place and however small the screen.
  const unit = (drawing.width / Math.min(wide, (380 * drawing.width) / drawing.height)) * 6.6;
  const names = !small && wide > 420;
  const title = useId();
  const busy = [
    ...drawing.lines.flatMap((l) => [l.from, l.to, middleOf([l.from, l.to])]),
    ...drawing.zones.flatMap((z) => [middleOf(z.points), ...z.points]),
  ];
  // Where a marker stands, the list beside says what the place is called.
  const quietZones = drawing.zones.filter((z) => !alerts.some((v) => v.alert.place.zone === z.id));
  // A road that shares its name with a line on it is named by the line.
  const roads = drawing.roads.filter((r) => !drawing.lines.some((l) => l.name === r.name));
  return (
    <figure className="plan" ref={figure}>
      <svg
        viewBox={`${-unit} ${-unit} ${drawing.width + 2 * unit} ${drawing.height + 2 * unit}`}
        // What holds links is a group; a picture's content would be hidden from who cannot see it.
        role={alerts.length > 0 ? "group" : "img"}
        aria-labelledby={title}
      >
        <title id={title}>{describe(site, drawing)}</title>
        {drawing.roads.map((road) => (
          <path key={road.name} d={path(road.points)} className={`road ${road.use}`} strokeWidth={road.width} />
        ))}
        {drawing.zones.map((zone) => (
          <path key={zone.id} d={`${path(zone.points)}Z`} className="zone" strokeWidth={unit * 0.25} />
        ))}
        {names && roads.map((road) => <RoadName key={road.name} road={road} unit={unit} busy={busy} />)}
        {names &&
          quietZones.map((zone) => (
            <Words key={zone.id} at={middleOf(zone.points)} unit={unit} text={zone.name} soft />
          ))}
        {drawing.cameras.map((camera) => (
          <CameraShape key={camera.id} at={camera.at} heading={camera.heading} unit={unit} />
        ))}
        {drawing.lines.map((line) => (
          <LineShape key={line.id} line={line} last={screen.street.last(line.id)} unit={unit} named={!small} />
        ))}
        {alerts.map((view) => (
          <AlertShape key={view.alert.id} view={view} drawing={drawing} unit={unit} chosen={view.alert.id === chosen} />
        ))}
      </svg>
      {!drawing.measured && <figcaption className="muted">{texts(said).notToScale}</figcaption>}
    </figure>
  );
}

/** The width of an element, followed as it changes. */
function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(540);
  useEffect(() => {
    const at = of.current;
    if (!at) return undefined;
    const watch = new ResizeObserver(() => setWidth(Math.max(120, at.clientWidth)));
    watch.observe(at);
    return () => watch.disconnect();
  }, [of]);
  return width;
}

const describe = (site: SiteView, d: Drawing): string =>
  texts(said).planOf(site.name, d.lines.length, d.zones.length, d.cameras.length);

type RoadNameProps = { road: Drawing["roads"][number]; unit: number; busy: readonly Point[] };
function RoadName({ road, unit, busy }: RoadNameProps) {
  const { at, angle } = labelSpot(road.points, busy);
  // Wide enough for the name to lie on the road, else it lies beside it.
  const beside = road.width < unit * 3.2 ? -(road.width / 2 + unit * 0.9) : unit * 0.7;
  return (
    <text
      className="road-name"
      fontSize={unit * 1.9}
      textAnchor="middle"
      transform={`translate(${at[0]} ${at[1]}) rotate(${angle}) translate(0 ${beside})`}
    >
      {road.name}
    </text>
  );
}

function Words({ at, unit, text, soft = false }: { at: Point; unit: number; text: string; soft?: boolean }) {
  return (
    <text x={at[0]} y={at[1] + unit * 0.7} fontSize={unit * 1.9} textAnchor="middle" className={soft ? "soft" : ""}>
      {text}
    </text>
  );
}

function CameraShape({ at, heading, unit }: { at: Point; heading: number; unit: number }) {
  const reach = unit * 9;
  const half = 0.42;
  return (
    <g transform={`translate(${at[0]} ${at[1]}) rotate(${heading})`} className="camera">
      <path
        className="view"
        d={`M0 0L${-Math.sin(half) * reach} ${-Math.cos(half) * reach}A${reach} ${reach} 0 0 1 ${Math.sin(half) * reach} ${-Math.cos(half) * reach}Z`}
      />
      <path d={`M${-unit} ${unit}h${2 * unit}v${-1.5 * unit}l${-unit} ${-unit}l${-unit} ${unit}z`} />
    </g>
  );
}

/** How long a step stays on the plan, milliseconds: long enough to be seen, short enough to be now. */
const lit = 900;

function LineShape({
  line,
  last,
  unit,
  named,
}: {
  line: PlanLine;
  last: Crossing | undefined;
  unit: number;
  named: boolean;
}) {
  const pulse = useRef<SVGGElement>(null);
  const seen = useRef(last?.id);
  const [nx, ny] = inward(line);
  const [mx, my] = middleOf([line.from, line.to]);
  useEffect(() => {
    if (last === undefined || last.id === seen.current) return;
    seen.current = last.id;
    const side = last.direction === "in" ? 1 : -1;
    const at = (d: number): string => `translate(${nx * d * unit * side}px, ${ny * d * unit * side}px)`;
    // The dot steps over the line the way the street user did; under reduced motion it only appears and goes.
    const moves = still()
      ? [
          { opacity: 1, transform: at(2) },
          { opacity: 1, transform: at(2) },
        ]
      : [
          { opacity: 1, transform: at(-2), offset: 0 },
          { opacity: 1, transform: at(2), offset: 150 / lit },
          { opacity: 1, transform: at(2), offset: 1 - 150 / lit },
          { opacity: 0, transform: at(2), offset: 1 },
        ];
    pulse.current?.animate(moves, { duration: lit });
  }, [last, nx, ny, unit]);
  const end: Point = [mx + nx * unit * 2.6, my + ny * unit * 2.6];
  const wing = (turn: number): string => {
    const a = Math.atan2(-ny, -nx) + turn;
    return `M${end[0]} ${end[1]}l${Math.cos(a) * unit * 1.1} ${Math.sin(a) * unit * 1.1}`;
  };
  // The name stands at the line's upper end, away from the arrow.
  const top = line.from[1] <= line.to[1] ? line.from : line.to;
  return (
    <g className="count-line">
      <path className="stroke" d={path([line.from, line.to])} strokeWidth={unit * 0.55} />
      <path className="arrow" d={`${path([[mx, my], end])}${wing(0.5)}${wing(-0.5)}`} strokeWidth={unit * 0.35} />
      <g ref={pulse} className="pulse" opacity="0">
        <circle cx={mx} cy={my} r={unit * 1.15} />
      </g>
      {named && <Words at={[top[0], top[1] - unit * 1.8]} unit={unit} text={line.name} />}
    </g>
  );
}

function AlertShape({
  view,
  drawing,
  unit,
  chosen,
}: {
  view: AlertView;
  drawing: Drawing;
  unit: number;
  chosen: boolean;
}) {
  const { alert } = view;
  const zone = drawing.zones.find((z) => z.id === alert.place.zone);
  const camera = drawing.cameras.find((c) => c.id === alert.place.camera) ?? drawing.cameras[0];
  const [x, y] = zone ? middleOf(zone.points) : (camera?.at ?? [drawing.width / 2, drawing.height / 2]);
  const size = unit * (chosen ? 2.4 : 1.9);
  const top = Math.max(y - unit * 2.4, size * 0.9);
  return (
    <Link
      to={{ ...desk, alert: alert.id }}
      aria-label={texts(said).markerOf(severityName(alert.severity), alertTitle(view))}
    >
      <g transform={`translate(${x} ${top}) scale(${size})`} className={`alert-marker ${alert.severity}`}>
        {chosen && <circle r="1.45" className="halo" />}
        {alert.severity === "critical" && <path d="M-.42-1h.84l.58.58v.84l-.58.58h-.84l-.58-.58v-.84z" />}
        {alert.severity === "warning" && <path d="M0-1l1.05 1.8h-2.1z" />}
        {alert.severity === "notice" && <circle r=".9" />}
      </g>
    </Link>
  );
}

/** `Person in`, for lists beside the plan. */
export const stepWords = (c: Crossing): string => `${className(c.class).one} ${wayName(c.direction)}`;
