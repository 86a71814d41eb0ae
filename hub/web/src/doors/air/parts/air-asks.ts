import {
  AirAnomalies,
  AirAssociation,
  AirForecast,
  AirLedger,
  AirNoise,
  AirStationList,
  ColocationDetail,
  ColocationList,
  type ColocationOrder,
  CorrectionList,
  type CorrectionOrder,
  type ReviewDecision,
  ReviewDetail,
  ReviewList,
  type Session,
  type Validation,
  ValidationList,
} from "@openkerb/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { ask, query, sending } from "../../../api.ts";
import { useNow } from "../../../parts/live.tsx";

type Words = Record<string, string | number | undefined>;

/** Asks once and again when what it depends on changes; the answer before stays until the new one is there. */
function useAsked<S extends z.ZodType>(
  schema: S,
  path: string,
  words: Words,
  more: { on?: boolean; every?: number | ((answer: z.infer<S> | undefined) => number | false) } = {},
) {
  const { every } = more;
  return useQuery<z.infer<S>>({
    queryKey: ["air", path, words],
    queryFn: ({ signal }) => ask(schema, `/air/${path}?${query(words)}`, { signal }),
    enabled: more.on ?? true,
    ...(every !== undefined && {
      refetchInterval:
        typeof every === "number"
          ? every
          : ({ state }: { state: { data?: z.infer<S> | undefined } }) => every(state.data),
    }),
  });
}

const minute = 60_000;
const hour = 60 * minute;

export const useStations = () => useAsked(AirStationList, "stations", {}, { every: 5 * minute });
export const useLedger = (site: string | undefined, year: number, law: string | undefined) =>
  useAsked(AirLedger, "ledger", { site, year, law }, { on: site !== undefined, every: 10 * minute });
export const useNoise = (site: string | undefined, from: string, to: string) =>
  useAsked(AirNoise, "noise", { site, from, to }, { on: site !== undefined, every: 10 * minute });
export const useForecast = (site: string | undefined) =>
  useAsked(AirForecast, "forecast", { site }, { on: site !== undefined, every: 5 * minute });
export const useReviews = (state: "open" | "decided" | "all", site: string | undefined) =>
  useAsked(ReviewList, "review", { state, site, limit: 500 }, { every: minute });
export const useReview = (id: number | undefined) =>
  useAsked(ReviewDetail, `review/${id}`, {}, { on: id !== undefined });
export const useValidations = (channel: number | undefined) =>
  useAsked(ValidationList, "validations", { channel }, { on: channel !== undefined });
export const useColocations = () => useAsked(ColocationList, "colocations", {});
export const useColocation = (id: number | undefined) =>
  useAsked(ColocationDetail, `colocations/${id}`, {}, { on: id !== undefined });
/** Asked again soon while hours are being computed. */
export const useCorrections = (channel: number | undefined) =>
  useAsked(
    CorrectionList,
    "corrections",
    { channel },
    { every: (list) => (list?.uses.some((use) => use.making) ? 2000 : false) },
  );

/** The last `span` milliseconds, moving on with every whole hour. */
function useUntilNow(span: number): { from: number; to: number } {
  const to = Math.ceil(useNow() / hour) * hour;
  return { from: Math.max(0, to - span), to };
}
export const useAssociation = (site: string | undefined, metric: string | undefined, span: number) =>
  useAsked(
    AirAssociation,
    "association",
    { site, metric, ...useUntilNow(span) },
    { on: site !== undefined && metric !== undefined },
  );
export const useAnomalies = (channel: number | undefined, span: number) =>
  useAsked(AirAnomalies, "anomalies", { channel, ...useUntilNow(span) }, { on: channel !== undefined });

/** Sends an officer's decision; whatever it may have changed is asked for anew. */
function useSent<S extends z.ZodType, B>(schema: S, session: Session | undefined, path: (body: B) => string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ to, body }: { to: B; body: unknown }) =>
      ask(schema, `/air/${path(to)}`, sending(body, session?.csrf ?? "")),
    onSettled: () => queries.invalidateQueries({ queryKey: ["air"] }),
  });
}

export function useDecide(session: Session | undefined) {
  const sent = useSent(ReviewDetail, session, (id: number) => `review/${id}`);
  return { ...sent, decide: (id: number, body: ReviewDecision) => sent.mutateAsync({ to: id, body }) };
}
export function useValidate(session: Session | undefined) {
  const sent = useSent(ValidationList, session, (path: string) => `validations${path}`);
  return {
    ...sent,
    validate: (body: Validation) => sent.mutateAsync({ to: "", body }),
    withdraw: (id: number, reason: string) => sent.mutateAsync({ to: `/${id}/withdraw`, body: { reason } }),
  };
}
export function useColocate(session: Session | undefined) {
  const sent = useSent(ColocationDetail, session, () => "colocations");
  return { ...sent, colocate: (body: ColocationOrder) => sent.mutateAsync({ to: undefined, body }) };
}
export function useCorrect(session: Session | undefined) {
  const sent = useSent(CorrectionList, session, (path: string) => `corrections${path}`);
  return {
    ...sent,
    apply: (body: CorrectionOrder) => sent.mutateAsync({ to: "", body }),
    end: (id: number, reason: string) => sent.mutateAsync({ to: `/${id}/end`, body: { reason } }),
  };
}
