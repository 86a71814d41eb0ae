import { connect as open } from "mqtt";
import { HubError, hubError } from "./hub-error.ts";

/** Where the hub's broker is and who we are there. */
export type HubAddress = {
  /** `mqtt://` or `mqtts://`, without user and password. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** PEM of the authority that signed the hub's certificate; the system's own when absent. */
  readonly authority?: string;
  /** PEMs that prove this device, where the hub asks for them. */
  readonly certificate?: string;
  readonly key?: string;
};

export type Will = { readonly topic: string; readonly payload: string };

/** One connection, which ends once and is never mended. */
export interface Connection extends AsyncDisposable {
  /** Aborted with a HubError when the connection ends. */
  readonly ended: AbortSignal;
  /** Resolves when the broker has it. Throws HubError at once when the connection has ended: nothing queues here. */
  publish(topic: string, payload: string, options?: { readonly retain?: boolean }): Promise<void>;
  /** Says something that may be lost. */
  mention(topic: string, payload: string): void;
}

export type ConnectOptions = {
  readonly clientId: string;
  readonly will: Will;
  readonly listen: readonly string[];
  readonly onMessage: (topic: string, payload: Buffer) => void;
  readonly signal: AbortSignal;
};

/** Connects and listens. Throws HubError, or the signal's reason. */
export async function connect(hub: HubAddress, options: ConnectOptions): Promise<Connection> {
  const { clientId, will, listen, onMessage, signal } = options;
  signal.throwIfAborted();
  const ended = new AbortController();
  const client = open(hub.url, {
    protocolVersion: 4,
    clientId,
    clean: true,
    keepalive: 30,
    connectTimeout: 10_000,
    // Everything about coming back is decided by the stage: the library must neither retry nor queue.
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
    will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: true },
    ...(hub.user === undefined ? {} : { username: hub.user }),
    ...(hub.password === undefined ? {} : { password: hub.password }),
    ...(hub.authority === undefined ? {} : { ca: hub.authority }),
    ...(hub.certificate === undefined ? {} : { cert: hub.certificate }),
    ...(hub.key === undefined ? {} : { key: hub.key }),
    rejectUnauthorized: true,
  });
  const end = (err: unknown): void => {
    if (!ended.signal.aborted) ended.abort(hubError(err));
  };
  client.on("error", end);
  client.on("close", () => end(new HubError("lost", "the connection to the hub ended")));
  client.on("message", onMessage);

  /** Rejects with why the connection ended, should that come first. */
  const unlessEnded = <T>(work: Promise<T>, also?: AbortSignal): Promise<T> =>
    new Promise((resolve, reject) => {
      const signals = also ? [ended.signal, also] : [ended.signal];
      const stops = signals.map((s) => ({ s, stop: () => settle(() => reject(s.reason)) }));
      const settle = (then: () => void): void => {
        for (const { s, stop } of stops) s.removeEventListener("abort", stop);
        then();
      };
      for (const { s, stop } of stops) {
        if (s.aborted) return stop();
        s.addEventListener("abort", stop);
      }
      work.then(
        (value) => settle(() => resolve(value)),
        (err) => settle(() => reject(hubError(err))),
      );
    });

  try {
    await unlessEnded(new Promise<void>((done) => client.once("connect", () => done())), signal);
    const granted = await unlessEnded(client.subscribeAsync([...listen], { qos: 1 }), signal);
    if (granted.length < listen.length || granted.some(({ qos }) => qos > 2)) {
      throw new HubError("not-allowed", "the hub does not let this device listen to its own topics");
    }
  } catch (err) {
    client.end(true);
    throw err;
  }
  return {
    ended: ended.signal,
    publish: async (topic, payload, { retain = false } = {}) => {
      ended.signal.throwIfAborted();
      if (!client.connected) throw new HubError("lost", "the connection to the hub ended");
      await unlessEnded(client.publishAsync(topic, payload, { qos: 1, retain }));
    },
    mention: (topic, payload) => {
      if (client.connected && !ended.signal.aborted) client.publish(topic, payload, { qos: 0 });
    },
    [Symbol.asyncDispose]: async () => {
      // An orderly DISCONNECT, so that no will is published; a dead line is dropped.
      const gone = client.endAsync(ended.signal.aborted);
      await Promise.race([gone, new Promise((done) => setTimeout(done, 500))]);
      client.end(true);
    },
  };
}
