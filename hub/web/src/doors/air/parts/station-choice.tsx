import type { AirStation } from "@openkerb/contract";
import type { ReactNode } from "react";
import { Notice } from "../../../parts/states.tsx";
import { useStations } from "./air-asks.ts";
import { useTexts } from "./language.ts";
import { AirAnswer, Choice } from "./states.tsx";
import * as texts from "./texts.ts";

/** The place a page is about: chosen, the first one, or what to do when there is none. */
export function ForStation({
  site,
  choose,
  beside,
  fits = () => true,
  children,
}: {
  site: string | undefined;
  choose: (site: string) => void;
  /** What else is chosen, in the same line. */
  beside?: ReactNode;
  /** Which places have something for this page; they come first. */
  fits?: (station: AirStation) => boolean;
  children: (station: AirStation) => ReactNode;
}) {
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
              {station && beside}
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
