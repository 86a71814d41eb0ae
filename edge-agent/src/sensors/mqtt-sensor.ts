import { randomBytes } from "node:crypto";
import type { DeviceProfile, SiteSensor } from "@openkerb/contract";
import { connect, type MqttClient } from "mqtt";
import type { Decoded } from "./bytes.ts";
import { decode } from "./decode.ts";
import { mailbox } from "./mailbox.ts";
import { judge, type Manner } from "./sensor.ts";
import { SensorError } from "./sensor-error.ts";

export type MqttBus = Extract<SiteSensor["bus"], { kind: "mqtt" }>;

/** A report is some hundred bytes. */
const longest = 65_536;

/**
 * The report in a message, as JSON, or nothing when the message is not for this profile. With a + in the topic each message
 * is one value (ESPHome: kerb/sensor/+/state), which stands in the report under the name that the + stands for.
 */
export function reportIn(filter: string, topic: string, text: string, { codec }: DeviceProfile): string | undefined {
  const place = filter.split("/").indexOf("+");
  if (place < 0) return text;
  const name = topic.split("/")[place] ?? "";
  if (codec.kind !== "json" || !codec.fields.some(({ path }) => path[0] === name)) return undefined;
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // A text such as nan stays one and is refused by the profile.
  }
  return JSON.stringify({ [name]: value });
}

/**
 * What a sensor says on a broker of the box's network, until it fails. A message that the broker had kept is not taken: it
 * is as old as it likes. Throws SensorError when the broker does not let the box in or nothing comes for `patience`.
 */
export async function* saidOverMqtt(
  { url, topic, login }: MqttBus,
  password: string | undefined,
  profile: DeviceProfile,
  manner: Manner,
): AsyncGenerator<Decoded, void> {
  const { patience, signal } = manner;
  const bearable = judge(manner);
  const box = mailbox<Decoded>();
  signal.throwIfAborted();
  const client = connect(url, {
    ...{ protocolVersion: 4, clientId: `openkerb-${randomBytes(6).toString("hex")}`, clean: true, keepalive: 30 },
    // Coming back is decided by whoever watches the sensor.
    ...{
      reconnectPeriod: 0,
      connectTimeout: patience,
      resubscribe: false,
      queueQoSZero: false,
      rejectUnauthorized: true,
    },
    ...(login === undefined ? {} : { username: login.user, password: password ?? "" }),
  });
  client.on("error", (err) => box.close(errorOf(err)));
  client.on("close", () => box.close(new SensorError("unplugged", "the connection to the broker ended")));
  client.on("connect", () => void listen(client, topic).catch((err: unknown) => box.close(errorOf(err))));
  client.on("message", (where, payload, { retain }) => {
    if (retain) return;
    const text = payload.length > longest ? "" : payload.toString("utf8");
    const report = reportIn(topic, where, text, profile);
    if (report !== undefined) box.put(decode(profile, { text: report }));
  });
  try {
    for (;;) {
      const answer = await box.take(patience, signal);
      yield answer;
      bearable(answer);
    }
  } finally {
    client.end(true);
  }
}

async function listen(client: MqttClient, topic: string): Promise<void> {
  const granted = await client.subscribeAsync(topic, { qos: 1 });
  if (granted.some(({ qos }) => qos > 2))
    throw new SensorError("refused", `the broker does not let the box listen to ${topic}`);
}

function errorOf(err: unknown): SensorError {
  if (err instanceof SensorError) return err;
  const code = err instanceof Error && "code" in err ? err.code : undefined;
  // 4 and 5 are MQTT's answers to a wrong login and to one that may not, 128 to a topic that may not be listened to.
  if (code === 128)
    return new SensorError("refused", "the broker does not let the box listen to its topic", { cause: err });
  return code === 4 || code === 5
    ? new SensorError("refused", "the broker does not accept the login of the site file", { cause: err })
    : new SensorError("unplugged", "the broker cannot be reached", { cause: err });
}
