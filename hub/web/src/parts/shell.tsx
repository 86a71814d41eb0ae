import type { Session } from "@openkerb/contract";
import { type ReactNode, useRef, useState } from "react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { chooseLanguage, type Language, languages, texts, useLanguage } from "../language/language.ts";
import { useAlerts, useDevices, useSites } from "../queries.ts";
import { air, desk, type Range, type Route, ranges } from "../route.ts";
import { shellTexts } from "../shell-texts.ts";
import { nextTheme, useTheme } from "../theme.ts";
import { go, Link } from "../use-route.tsx";
import { ConnectionState, StaleBanner } from "./connection-state.tsx";
import { AirIcon, BoxesIcon, DeskIcon, LanguageIcon, OpenIcon, PersonIcon, ThemeIcon } from "./icons.tsx";
import { KeysHelp, useKeys } from "./keys.tsx";
import { PlaceSearch } from "./place-search.tsx";

/** Which doors a person may see. Who is not logged in has the open one. */
export const doorsOf = (session: Session | undefined) => ({
  desk: session?.roles.includes("operator") ?? false,
  air: session?.roles.includes("officer") ?? false,
  boxes: session?.roles.some((r) => r === "technician" || r === "operator") ?? false,
});

const none: never[] = [];

type Props = {
  readonly session: Session | undefined;
  readonly route: Route;
  readonly wake: () => void;
  readonly leave: () => void;
  readonly children: ReactNode;
};

/** Rail, top line and content: the frame of every door. */
export function Shell({ session, route, wake, leave, children }: Props) {
  const doors = doorsOf(session);
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => search.current?.focus(), "?": () => setHelp(true) });
  const inside = doors.desk || doors.air || doors.boxes;
  const say = texts(shellTexts);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {say.skip}
      </a>
      <Rail session={session} route={route} leave={leave} />
      <header className="top">
        <Searching desks={doors.desk} boxes={doors.boxes} input={search} />
        <div className="top-right">
          {inside && (route.door === "desk" || (route.door === "boxes" && route.device)) && (
            <RangeChoice range={route.range} choose={(range) => go({ ...route, range }, { replace: true })} />
          )}
          {inside && (
            <Button className="button quiet icon-only keys-button" aria-label={say.keys} onPress={() => setHelp(true)}>
              <span className="kbd" aria-hidden="true">
                ?
              </span>
            </Button>
          )}
          {inside && <ConnectionState wake={wake} />}
        </div>
      </header>
      <main id="content" className="content" tabIndex={-1}>
        {inside && <StaleBanner />}
        {children}
      </main>
      <KeysHelp route={route} open={help} onChange={setHelp} />
    </div>
  );
}

type SearchProps = { desks: boolean; boxes: boolean; input: React.RefObject<HTMLInputElement | null> };
/** The search with what it can find; who may not see boxes and alerts does not ask for them. */
function Searching({ desks, boxes, input }: SearchProps) {
  const sites = useSites().data ?? none;
  const devices = useDevices(boxes).data ?? none;
  const alerts = useAlerts("open", desks).data ?? none;
  return <PlaceSearch sites={sites} devices={devices} alerts={alerts} desks={desks} boxes={boxes} input={input} />;
}

function RangeChoice({ range, choose }: { range: Range; choose: (range: Range) => void }) {
  return (
    <ToggleButtonGroup
      className="segments"
      aria-label={texts(shellTexts).range}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[range]}
      onSelectionChange={(keys) => {
        const chosen = ranges.find((r) => keys.has(r));
        if (chosen) choose(chosen);
      }}
    >
      {ranges.map((r) => (
        <ToggleButton key={r} id={r} className="segment">
          {texts(shellTexts).ranges[r]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** The other language. With a third one this becomes a choice. */
const other: Record<Language, Language> = { en: "zh", zh: "en" };

function Rail({ session, route, leave }: { session: Session | undefined; route: Route; leave: () => void }) {
  const doors = doorsOf(session);
  const theme = useTheme();
  const language = useLanguage();
  const say = texts(shellTexts);
  const item = (to: Route, name: string, icon: ReactNode) => (
    <Link to={to} className="rail-item" aria-current={route.door === to.door ? "page" : undefined}>
      {icon}
      {name}
    </Link>
  );
  return (
    <nav className="rail" aria-label={say.doors}>
      <Link to={{ door: "home" }} className="brand" aria-label={say.start}>
        <svg aria-hidden="true" viewBox="0 0 32 32" width="28" height="28">
          <path d="M4 21h24" strokeWidth="3" />
          <path d="M16 5v12" strokeWidth="3" strokeDasharray="4 3" />
          <path d="M4 27h24" strokeWidth="1.5" opacity="0.6" />
        </svg>
      </Link>
      {doors.desk && item(desk, say.desk, <DeskIcon />)}
      {doors.air && item(air("stations"), say.air, <AirIcon />)}
      {doors.boxes && item({ door: "boxes", device: undefined, range: "1h" }, say.boxes, <BoxesIcon />)}
      {item({ door: "open", site: undefined }, say.open, <OpenIcon />)}
      <div className="rail-end">
        <Button className="rail-item" onPress={nextTheme} aria-label={say.changeTheme(say.themes[theme])}>
          <ThemeIcon theme={theme} />
          {say.themes[theme]}
        </Button>
        <Button
          className="rail-item"
          onPress={() => chooseLanguage(other[language])}
          aria-label={say.changeLanguage(languages[language], languages[other[language]])}
        >
          <LanguageIcon />
          <span lang={other[language] === "zh" ? "zh-Hans" : "en"}>
            {other[language] === "zh" ? "中文" : "English"}
          </span>
        </Button>
        {session?.loginNeeded && session.person && (
          <Button className="rail-item" onPress={leave}>
            <PersonIcon />
            <span className="who">{session.person}</span>
            <span className="hidden">: {say.logOut}</span>
          </Button>
        )}
        {session?.loginNeeded && !session.person && (
          <Link to={desk} className="rail-item">
            <PersonIcon />
            {say.logIn}
          </Link>
        )}
      </div>
    </nav>
  );
}
