import type { ReviewItem } from "@openkerb/contract";
import { BackIcon, QuietIcon } from "../../../parts/icons.tsx";
import { useKeys } from "../../../parts/keys.tsx";
import { Notice } from "../../../parts/states.tsx";
import { air } from "../../../route.ts";
import { go, Link } from "../../../use-route.tsx";
import { useReviews, useStations } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { FlagMark } from "../parts/marks.tsx";
import { metricName } from "../parts/names.ts";
import { type AirPageProps, isOfficer } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer, Choice } from "../parts/states.tsx";
import { Doubt } from "./doubt.tsx";
import * as texts from "./texts.ts";
import { Validate } from "./validate.tsx";

const states = ["open", "decided", "all"] as const;

/** The queue of doubted readings: a list on the left, the doubt and its evidence on the right. */
export function ReviewPage({ route, session }: AirPageProps) {
  const t = useTexts(texts);
  const say = useSpeech();
  const state = states.find((s) => s === route.asked.state) ?? "open";
  const site = route.asked.site;
  const id = route.id !== undefined && /^[1-9]\d{0,9}$/.test(route.id) ? Number(route.id) : undefined;
  const reviews = useReviews(state, site);
  const stations = useStations().data?.stations ?? [];
  const items = reviews.data?.items ?? [];
  const at = items.findIndex((i) => i.id === id);
  const asked = (words: Record<string, string | undefined>): Record<string, string> =>
    Object.fromEntries(Object.entries({ ...route.asked, ...words }).filter((e): e is [string, string] => !!e[1]));
  const show = (item: ReviewItem | undefined): void => {
    if (!item) return;
    go(air("review", route.asked, String(item.id)), { replace: id !== undefined });
    document.getElementById(`doubt-${item.id}`)?.scrollIntoView({ block: "nearest" });
  };
  useKeys({
    j: () => show(items[Math.min(items.length - 1, at + 1)]),
    k: () => show(items[Math.max(0, at < 0 ? 0 : at - 1)]),
    Escape: () => id !== undefined && go(air("review", route.asked)),
  });
  return (
    <div className={id === undefined ? "review" : "review with-doubt"}>
      <section className="review-queue" aria-label={t.queue}>
        <header className="review-head">
          <h1>{t.title}</h1>
          <p className="muted">{t.lead}</p>
          <div className="air-choices">
            <Choice
              label={t.state}
              value={state}
              options={[
                { id: "open", name: t.open },
                { id: "decided", name: t.decided },
                { id: "all", name: t.all },
              ]}
              onChange={(s) => go(air("review", asked({ state: s === "open" ? undefined : s })))}
            />
            <Choice
              label={t.everywhere}
              value={site ?? ""}
              options={[
                { id: "", name: t.everywhere },
                ...stations.map((s) => ({ id: s.site as string, name: s.name })),
              ]}
              onChange={(s) => go(air("review", asked({ site: s })))}
              hidden
            />
          </div>
          <div className="review-sum">
            <span>{reviews.data && t.openCount(say.count(reviews.data.open))}</span>
            {isOfficer(session) && <Validate session={session} />}
          </div>
        </header>
        <AirAnswer of={reviews} what={t.what}>
          {() =>
            items.length === 0 ? (
              <div className="quiet-queue">
                <QuietIcon />
                <p className="quiet-title">{state === "decided" ? t.emptyDecided : t.empty}</p>
                <p className="muted">{state === "decided" ? t.emptyDecidedWhy : t.emptyWhy}</p>
              </div>
            ) : (
              <ol className="rows">
                {items.map((item) => (
                  <li key={item.id}>
                    <Row
                      item={item}
                      chosen={item.id === id}
                      asked={route.asked}
                      place={stations.find((s) => s.site === item.channel.site)?.name}
                    />
                  </li>
                ))}
              </ol>
            )
          }
        </AirAnswer>
      </section>
      <section className="review-detail" aria-label={t.detail}>
        {id === undefined ? (
          <Notice title={t.choose}>
            <p>{t.chooseWhy}</p>
          </Notice>
        ) : (
          <>
            <Link to={air("review", route.asked)} className="back">
              <BackIcon /> {t.back}
            </Link>
            <Doubt key={id} id={id} session={session} />
          </>
        )}
      </section>
    </div>
  );
}

function Row({
  item,
  chosen,
  asked,
  place,
}: {
  item: ReviewItem;
  chosen: boolean;
  asked: Readonly<Record<string, string>>;
  place: string | undefined;
}) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const words = { open: "", accepted: t.accepted, overridden: t.overridden };
  return (
    <Link
      id={`doubt-${item.id}`}
      className="row"
      to={air("review", asked, String(item.id))}
      aria-current={chosen ? "true" : undefined}
    >
      <FlagMark flag={item.decision?.flag ?? item.flag} />
      <span className="row-title">
        {t.row(
          metricName(language, item.channel.metric),
          item.tests.map((x) => t.testNames[x.test]?.name ?? x.test),
        )}
      </span>
      <span className="row-age">{say.date(item.from)}</span>
      <span className="row-where">
        {place ?? item.channel.site} · {item.channel.sensor}
      </span>
      <span className="row-state">{words[item.state] || t.readings(say.count(item.readings))}</span>
    </Link>
  );
}
