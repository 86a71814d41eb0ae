import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import { type CameraId, type ConfigVersion, type SecretSource, type SensorId, Site, Trouble } from "@openkerb/contract";
import { readAuthority } from "./authority.ts";
import type { Login } from "./frames/rtsp/login.ts";
import { readSecret } from "./secret.ts";
import { configVersion, parseSite } from "./site-file.ts";
import type { HubAddress } from "./uplink/connection.ts";

/** Everything an agent has to know, checked; secrets are read and stand apart from the site. */
export type AgentConfig = {
  readonly site: Site;
  readonly version: ConfigVersion;
  readonly logins: ReadonlyMap<CameraId, Login>;
  /** Certificates (PEM) of the authorities that cameras' certificates must be signed by; the machine's own when absent. */
  readonly authorities?: ReadonlyMap<CameraId, string>;
  /** Passwords of sensors' brokers and tokens of their addresses; none when absent. */
  readonly sensorSecrets?: ReadonlyMap<SensorId, string>;
  readonly hub: HubAddress;
  /** Folder of the outbox. */
  readonly data: string;
};

/** What may be said on the command line. */
export type AgentOptions = {
  readonly site?: string | undefined;
  readonly camera?: string | undefined;
  readonly cameraPasswordFile?: string | undefined;
  readonly cameraCa?: string | undefined;
  readonly city?: string | undefined;
  readonly device?: string | undefined;
  readonly hub?: string | undefined;
  readonly hubUser?: string | undefined;
  readonly hubPasswordFile?: string | undefined;
  readonly hubCa?: string | undefined;
  readonly hubCertificate?: string | undefined;
  readonly hubKey?: string | undefined;
  readonly hubWithoutTls?: boolean | undefined;
  readonly data: string;
};

/** Reads and checks everything before anything starts. Throws Trouble. */
export function readConfig(options: AgentOptions): AgentConfig {
  const { data } = options;
  const known = options.site === undefined ? siteOfCamera(options) : siteOfFile(options.site, options);
  const { site } = known;
  return { ...known, version: configVersion(site), hub: hubOf(options, site.device), data: resolve(data) };
}

function siteOfFile(
  file: string,
  { camera, city, device }: AgentOptions,
): Pick<AgentConfig, "site" | "logins" | "authorities" | "sensorSecrets"> {
  for (const [name, value] of Object.entries({ camera, city, device })) {
    if (value !== undefined) throw new Trouble(`--${name} and --site cannot both be used: the site file says it all`);
  }
  const site = parseSite(textOf(file, "the site file"), file);
  const logins = new Map<CameraId, Login>();
  for (const { id, login } of site.cameras) {
    if (!login) continue;
    const password = readSecret(login.password, dirname(resolve(file)), `the password of camera ${id}`);
    logins.set(id, { user: login.user, password });
  }
  const authorities = new Map<CameraId, string>();
  for (const { id, authority } of site.cameras) {
    if (authority === undefined) continue;
    authorities.set(id, readAuthority(authority, dirname(resolve(file)), `the authority of camera ${id}`));
  }
  const sensorSecrets = new Map<SensorId, string>();
  for (const { id, bus } of site.sensors ?? []) {
    const source = bus.kind === "push" ? bus.token : bus.kind === "mqtt" ? bus.login?.password : undefined;
    const what = bus.kind === "push" ? "token" : "password";
    if (source) sensorSecrets.set(id, readSecret(source, dirname(resolve(file)), `the ${what} of sensor ${id}`));
  }
  return { site, logins, authorities, sensorSecrets };
}

/** A site without a file: one camera, a line across its middle and the whole picture as a zone. */
function siteOfCamera(options: AgentOptions): Pick<AgentConfig, "site" | "logins" | "authorities"> {
  if (options.camera === undefined) {
    throw new Trouble("nothing to watch", "name a camera with --camera rtsp://… or a site file with --site");
  }
  const { url, user, password } = apart(options.camera, ["rtsp:", "rtsps:"], "--camera");
  const secret = password ?? secretOf(options.cameraPasswordFile, "OPENKERB_CAMERA_PASSWORD", "the camera's password");
  const parsed = Site.safeParse({
    version: 1,
    city: options.city ?? "demo",
    site: "first-site",
    name: "First site",
    device: options.device ?? slug(hostname()),
    cameras: [
      {
        id: "camera-1",
        name: "Camera 1",
        url,
        lines: [{ id: "middle", name: "Middle of the picture", from: [0, 0.5], to: [1, 0.5] }],
        zones: [
          {
            id: "picture",
            name: "Whole picture",
            polygon: [
              [0, 0],
              [1, 0],
              [1, 1],
              [0, 1],
            ],
          },
        ],
      },
    ],
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const option = issue?.path[0] === "cameras" ? "camera" : String(issue?.path[0]);
    throw new Trouble(`--${option} cannot be used: ${issue?.message}`);
  }
  const logins = new Map<CameraId, Login>();
  const [camera] = parsed.data.cameras;
  if (camera && user !== undefined) logins.set(camera.id, { user, password: secret ?? "" });
  const authorities = new Map<CameraId, string>();
  if (camera && options.cameraCa !== undefined) {
    if (!url.startsWith("rtsps:")) throw new Trouble("--camera-ca is for rtsps:// cameras: no other has a certificate");
    authorities.set(camera.id, readAuthority(options.cameraCa, process.cwd(), "the authority of --camera-ca"));
  }
  return { site: parsed.data, logins, authorities };
}

function hubOf(options: AgentOptions, device: string): HubAddress {
  if (options.hub === undefined) {
    throw new Trouble(
      "no hub to bring events to",
      "name it with --hub mqtts://host, or mqtt://127.0.0.1 on this machine",
    );
  }
  const { url, host, user, password } = apart(options.hub, ["mqtt:", "mqtts:"], "--hub");
  if (url.startsWith("mqtt:") && !isLoopback(host) && options.hubWithoutTls !== true) {
    throw new Trouble(
      `--hub ${url} would send everything readable through the network to ${host}`,
      "use mqtts://, or add --hub-without-tls when a tunnel protects the line",
    );
  }
  const secret = password ?? secretOf(options.hubPasswordFile, "OPENKERB_HUB_PASSWORD", "the hub's password");
  const pem = (file: string | undefined, what: string): string | undefined =>
    file === undefined ? undefined : textOf(file, what);
  const authority = pem(options.hubCa, "the certificate of --hub-ca");
  const certificate = pem(options.hubCertificate, "the certificate of --hub-certificate");
  const key = options.hubKey === undefined ? undefined : secretOf(options.hubKey, "", "the key of --hub-key");
  return {
    url,
    // Every hub of ours knows a device by its id.
    ...(secret === undefined ? {} : { user: options.hubUser ?? user ?? device, password: secret }),
    ...(authority === undefined ? {} : { authority }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Takes user and password out of an address, so that what goes on is fit to be seen. */
export function apart(
  text: string,
  protocols: readonly string[],
  option: string,
): { url: string; host: string; user?: string; password?: string } {
  const said = text.replace(/^([a-z]+:\/\/)?.*@/is, "$1…@");
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Trouble(`${option} ${said} is not an address`, `write it as ${protocols[0]}//host:port/…`);
  }
  if (!protocols.includes(url.protocol) || url.hostname === "") {
    throw new Trouble(`${option} ${said} is not an address this can use`, `write it as ${protocols.join("// or ")}//…`);
  }
  const { username, password, hostname: host } = url;
  url.username = "";
  url.password = "";
  return {
    url: url.href,
    host,
    ...(username === "" ? {} : { user: decoded(username) }),
    ...(password === "" ? {} : { password: decoded(password) }),
  };
}

/** A password with a % that nobody encoded is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function secretOf(file: string | undefined, env: string, what: string): string | undefined {
  const source: SecretSource | undefined =
    file !== undefined ? { file } : env !== "" && process.env[env] ? { env } : undefined;
  return source && readSecret(source, process.cwd(), what);
}

function textOf(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (err) {
    const code = err instanceof Error && "code" in err ? ` (${String(err.code)})` : "";
    throw new Trouble(`${what} ${file} cannot be read${code}`, undefined, { cause: err });
  }
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .slice(0, 32) || "box";
