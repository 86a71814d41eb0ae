import type { AlertView, DeviceView, SiteView } from "@openkerb/contract";
import { type RefObject, useMemo, useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { texts, useLanguage } from "../language/language.ts";
import { desk, type Route } from "../route.ts";
import { go } from "../use-route.tsx";
import { alertTitle } from "../words.ts";
import { SearchIcon } from "./icons.tsx";
import * as said from "./texts.ts";

type Found = { readonly id: string; readonly name: string; readonly what: string; readonly to: Route };

/** Everything that can be gone to by name. */
function findable(
  sites: readonly SiteView[],
  devices: readonly DeviceView[],
  alerts: readonly AlertView[],
  desks: boolean,
  boxes: boolean,
): Found[] {
  const say = texts(said).search;
  const place = (site: SiteView): Route => (desks ? { ...desk, site: site.site } : { door: "open", site: site.site });
  return [
    ...(desks
      ? alerts.map(({ alert, words }) => ({
          id: `alert ${alert.id}`,
          name: alertTitle({ alert, words }),
          what: say.alertAt(words.where),
          to: { ...desk, alert: alert.id } as Route,
        }))
      : []),
    ...sites.map((s) => ({ id: `site ${s.site}`, name: s.name, what: say.place, to: place(s) })),
    ...sites.flatMap((s) =>
      s.cameras.flatMap((c) =>
        c.lines.map((l) => ({ id: `line ${l.id} ${s.site}`, name: l.name, what: say.lineAt(s.name), to: place(s) })),
      ),
    ),
    ...(boxes
      ? devices.map((d) => ({
          id: `box ${d.device}`,
          name: d.device,
          what: say.boxAt(sites.find((s) => s.site === d.site)?.name ?? d.site),
          to: { door: "boxes", device: d.device, range: "1h" } as Route,
        }))
      : []),
  ];
}

type Props = {
  readonly sites: readonly SiteView[];
  readonly devices: readonly DeviceView[];
  readonly alerts: readonly AlertView[];
  readonly desks: boolean;
  readonly boxes: boolean;
  readonly input: RefObject<HTMLInputElement | null>;
};

/** Goes to a place, line, box or alert by typing part of its name. */
export function PlaceSearch({ sites, devices, alerts, desks, boxes, input }: Props) {
  const [text, setText] = useState("");
  const language = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is found is named in the language of the screen
  const all = useMemo(
    () => findable(sites, devices, alerts, desks, boxes),
    [sites, devices, alerts, desks, boxes, language],
  );
  const say = texts(said).search;
  const asked = text.trim().toLowerCase();
  const found = all.filter((f) => `${f.name} ${f.what}`.toLowerCase().includes(asked)).slice(0, 12);
  return (
    <ComboBox
      className="search"
      items={found}
      inputValue={text}
      onInputChange={setText}
      value={null}
      onChange={(key) => {
        const chosen = all.find((f) => f.id === key);
        if (!chosen) return;
        setText("");
        input.current?.blur();
        go(chosen.to);
      }}
      menuTrigger="focus"
      allowsEmptyCollection
    >
      <Label className="hidden">{say.places}</Label>
      <SearchIcon />
      <Input ref={input} placeholder={desks ? say.all : say.places} />
      <span className="kbd" aria-hidden="true">
        /
      </span>
      <Popover className="popover" offset={4}>
        <ListBox<Found> className="list" renderEmptyState={() => <p className="muted pad">{say.nothing}</p>}>
          {(item) => (
            <ListBoxItem id={item.id} textValue={item.name} className="list-item">
              <Text slot="label">{item.name}</Text>
              <Text slot="description" className="muted">
                {item.what}
              </Text>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
