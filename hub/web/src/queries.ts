import type { AlertDetail, AlertStep, Counts, Session } from "@openkerb/contract";
import { QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type AlertAnswer, ApiError, api, type Bin, hubNow } from "./api.ts";
import { upsert } from "./queue.ts";
import type { QueueName } from "./route.ts";

/** The stream keeps answers fresh, so none of them grows old by itself. */
export const makeQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        networkMode: "always",
        retry: (failures, err) => err instanceof ApiError && err.passing && failures < 2,
        retryDelay: (attempt) => 400 * 2 ** attempt,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });

export const useSession = () => useQuery({ queryKey: ["session"], queryFn: api.session });
export const useSites = () => useQuery({ queryKey: ["sites"], queryFn: api.sites, select: (d) => d.sites });
export const useDevices = (enabled = true) =>
  useQuery({ queryKey: ["devices"], queryFn: api.devices, select: (d) => d.devices, enabled });
export const usePeople = () => useQuery({ queryKey: ["people"], queryFn: api.people, select: (d) => d.people });
export const useAlerts = (queue: QueueName, enabled = true) =>
  useQuery({
    queryKey: ["alerts", queue],
    queryFn: (stop) => api.alerts(queue, stop),
    select: (d: AlertAnswer) => d.alerts,
    enabled,
  });
export const useAlert = (id: string) =>
  useQuery({ queryKey: ["alert", id], queryFn: (stop) => api.alert(id, stop), placeholderData: (was) => was });

/**
 * Counts of a place from `from` (a whole bin) until now. `to` is not part of the key: the answer grows with the clock
 * and is asked for anew when a minute has been counted.
 */
export const useCounts = (site: string, bin: Bin, from: number, until?: number) =>
  useQuery<Counts>({
    queryKey: ["counts", site, bin, from, until ?? "now"],
    queryFn: (stop) => api.counts(site, bin, from, until ?? hubNow(), stop),
    placeholderData: (was) => (was?.site === site ? was : undefined),
    enabled: until === undefined || until > from,
    // Without a minute event (a box that is down) the bins still have to move on.
    refetchInterval: bin === "minute" ? 65_000 : 600_000,
  });

/** The newest events of a place, for what happened just before this page was opened. */
export const useRecentEvents = (site: string, enabled: boolean) =>
  useQuery({ queryKey: ["events", site], queryFn: (stop) => api.events(site, stop), enabled });

/** A step on an alert. Only acknowledging is shown before the hub has agreed: it harms nobody when it is taken back. */
export function useStep(id: string, session: Session | undefined) {
  const queries = useQueryClient();
  const lists = ["open", "shelved", "closed"];
  return useMutation({
    mutationFn: (step: AlertStep) => api.step(id, step, session?.csrf ?? ""),
    onMutate: (step) => {
      if (step.do !== "acknowledge") return undefined;
      const before = queries.getQueryData<AlertDetail>(["alert", id]);
      if (!before) return undefined;
      const acknowledged = { by: session?.person ?? "local", at: Math.round(hubNow()) as never };
      queries.setQueryData<AlertDetail>(["alert", id], { ...before, alert: { ...before.alert, acknowledged } });
      return before;
    },
    onError: (_err, _step, before) => {
      if (before) queries.setQueryData(["alert", id], before);
    },
    onSuccess: (detail) => {
      queries.setQueryData(["alert", id], detail);
      for (const queue of lists)
        queries.setQueryData<AlertAnswer>(
          ["alerts", queue],
          (list) => list && { alerts: upsert(list.alerts, { alert: detail.alert, words: detail.words }) },
        );
    },
  });
}
