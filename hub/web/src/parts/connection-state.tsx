import { Button } from "react-aria-components";
import { breakWords } from "../connection.ts";
import { texts } from "../language/language.ts";
import { clock, moment, span } from "../words.ts";
import { useNow, useScreen } from "./live.tsx";
import * as said from "./texts.ts";

/** How fresh this page is: a shape and words, always in the same corner. */
export function ConnectionState({ wake }: { wake: () => void }) {
  const connection = useScreen().connection();
  const now = useNow();
  const say = texts(said).connection;
  switch (connection.state) {
    case "connecting":
    case "catching-up":
    case "live":
      return <State name={connection.state} {...say[connection.state]} />;
    case "stale": {
      const { since, why, nextTry } = connection;
      const left = nextTry === undefined ? 0 : nextTry - now;
      return (
        <div className="connection-stale">
          <State
            name="stale"
            words={say.staleSince(clock(since, now))}
            title={say.nothingSince(moment(since), breakWords(why))}
          />
          <Button className="button quiet small" onPress={wake}>
            {say.tryNow}
            {left > 1000 ? <span className="muted"> · {span(left)}</span> : null}
          </Button>
        </div>
      );
    }
    default:
      return connection satisfies never;
  }
}

function State({ name, words, title }: { name: string; words: string; title: string }) {
  return (
    <span className={`connection ${name}`} role="status" title={title}>
      <svg aria-hidden="true" viewBox="0 0 12 12" width="12" height="12">
        {name === "live" && <circle cx="6" cy="6" r="4.5" className="solid" />}
        {name === "catching-up" && <path d="M6 1.5a4.5 4.5 0 1 1-4.5 4.5" />}
        {name === "connecting" && <circle cx="6" cy="6" r="4" />}
        {name === "stale" && <path className="solid" d="M6 1l5.5 10h-11z" />}
      </svg>
      {words}
    </span>
  );
}

/** Across the content while the page shows old data: how old, why, and that it comes back by itself. */
export function StaleBanner() {
  const connection = useScreen().connection();
  const now = useNow();
  if (connection.state !== "stale" || now - connection.since < 4000) return null;
  const say = texts(said).connection;
  return (
    <div className="banner" role="alert">
      <strong>{say.seenFrom(clock(connection.since, now))}</strong> {breakWords(connection.why)} {say.byItself}
    </div>
  );
}
