import type { AirStation } from "@openkerb/contract";
import type { ReactNode } from "react";
import { Notice } from "../../../parts/states.tsx";
import { useStations } from "./air-asks.ts";
import { useTexts } from "./language.ts";
import { AirAnswer, Choice } from "./states.tsx";
import * as texts from "./texts.ts";

type Props = {
  readonly site: string | undefined;
  readonly choose: (site: string) => void;
  /** What else is chosen, in the same line. */
  readonly beside?: ReactNode | ((station: AirStation) => ReactNode);
  /** Which places have something for this page; they come first. */
  readonly fits?: (station: AirStation) => boolean;
  readonly children: (station: AirStation) => ReactNode;
};

/** A page about one place: what it is, which place, and what there is to say of it. */
export const PlacePage = ({ title, lead, ...of }: Props & { readonly title: string; readonly lead: string }) => (
  <div className="pane air-page">
    <h1>{title}</h1>
    <p className="lead muted">{lead}</p>
    <ForStation {...of} />
  </div>
);

/** The place a page is about: chosen, the first one, or what to do when there is none. */
export function ForStation({ site, choose, beside, fits = () => true, children }: Props) {
  const t = useTexts(texts);
  const stations = useStations();
  return (
    <AirAnswer of={stations} what={t.place}>
      {({ stations: all }) => {
        const sorted = [...all.filter(fits), ...all.filter((s) => !fits(s))];
        const station = site === undefined ? sorted[0] : all.find((s) => s.site === site);
        if (all.length === 0)
          return (
            <Notice title={t.noPlace}>
              <p>{t.noPlaceWhy}</p>
            </Notice>
          );
        return (
          <>
            <div className="air-choices">
              <Choice
                label={t.place}
                value={station?.site}
                options={sorted.map((s) => ({ id: s.site as string, name: s.name }))}
                onChange={choose}
              />
              {station && (typeof beside === "function" ? beside(station) : beside)}
            </div>
            {station ? (
              children(station)
            ) : (
              <Notice title={t.unknownPlace(site ?? "")}>
                <p>{t.unknownPlaceWhy}</p>
              </Notice>
            )}
          </>
        );
      }}
    </AirAnswer>
  );
}
