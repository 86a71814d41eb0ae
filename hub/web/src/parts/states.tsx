import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { texts } from "../language/language.ts";
import { HubWords } from "./hub-words.tsx";
import * as said from "./texts.ts";

/** What a view says when it has nothing to show, and the way out. */
export function Notice({
  title,
  children,
  mark,
  action,
  tone = "plain",
  whole = false,
}: {
  title: string;
  children?: ReactNode;
  mark?: ReactNode;
  action?: ReactNode;
  tone?: "plain" | "failed";
  /** It stands for the whole page, so its title is the page's. */
  whole?: boolean;
}) {
  const Title = whole ? "h1" : "h2";
  return (
    <section className={`message ${tone}`} role={tone === "failed" ? "alert" : undefined} aria-label={title}>
      {mark}
      <Title>{title}</Title>
      {children && <div className="message-text">{children}</div>}
      {action && <div className="message-action">{action}</div>}
    </section>
  );
}

/** The shape of what is coming. Words come only when it takes long enough for a person to wonder. */
export function Loading({ what, lines = 5 }: { what: string; lines?: number }) {
  return (
    <div className="loading" role="status">
      <span className="loading-words">{texts(said).loading(what)}</span>
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no identity
        <span key={i} className="bar" style={{ width: `${[72, 54, 88, 61, 40][i % 5]}%` }} />
      ))}
    </div>
  );
}

/** A question the hub did not answer: what, why in its words, and another try. */
export function Failed({ what, error, again }: { what: string; error: Error; again: () => void }) {
  return (
    <Notice
      tone="failed"
      title={texts(said).failed(what)}
      action={
        <Button className="button" onPress={again}>
          {texts(said).again}
        </Button>
      }
    >
      <p>
        <HubWords>{error.message}</HubWords>
      </p>
    </Notice>
  );
}

type Asked<T> = {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
};

/** Shows an answer, or that it is on its way, or why not. An old answer is better than an error in its place. */
export function Answer<T>({
  of,
  what,
  lines,
  children,
}: {
  of: Asked<T>;
  what: string;
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) return <Failed what={what} error={of.error} again={() => void of.refetch()} />;
  return <Loading what={what} {...(lines === undefined ? {} : { lines })} />;
}
