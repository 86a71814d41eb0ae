import { join } from "node:path";
import { parseArgs } from "node:util";
import { siteSchema } from "@openkerb/contract";
import { homeFolder } from "@openkerb/machine";
import { runAgent } from "../agent.ts";
import { type AgentOptions, readConfig } from "../config.ts";
import { forbidCoreDumps } from "../core-dumps.ts";
import { journal, openLog } from "../journal.ts";

export const summary = "watches cameras and tells a hub what happens, without pictures";

export const help = `
openkerb agent --camera rtsp://user:pass@host/stream --hub mqtts://host
openkerb agent --site FILE --hub mqtts://host

Watches one camera, or all cameras of a site file, and brings counts and events to the hub. Pictures never leave this
process. What the hub has not yet confirmed is kept in a folder on this machine and sent when the hub is back. Stop
with ctrl-c.

  --site FILE                  the site, in YAML or JSON: cameras, lines, zones
  --camera URL                 instead of a file: one camera, a line across its middle, its whole picture as a zone
  --camera-password-file FILE  the camera's password; or OPENKERB_CAMERA_PASSWORD
  --camera-ca FILE             certificate (PEM) that signed an rtsps camera's; what this machine trusts when absent
  --city NAME                  with --camera (default demo)
  --device NAME                with --camera (default this machine's name)

  --hub URL                    mqtts://host[:port], or mqtt:// on this machine
  --hub-user NAME              default the device's name
  --hub-password-file FILE     this device's password at the hub; or OPENKERB_HUB_PASSWORD
  --hub-ca FILE                certificate (PEM) of the authority that signed the hub's; default the system's
  --hub-certificate FILE       certificate (PEM) of this device, where the hub asks for one
  --hub-key FILE               its key (PEM)
  --hub-without-tls            allow mqtt:// to another machine, for lines that are protected otherwise

  --data FOLDER                where unconfirmed events are kept (default .openkerb/agent)
  --log LEVEL                  debug, info, warn or error (default info)
  --check                      read and check everything, start nothing
  --print-schema               print the JSON Schema of site files, for editors
`;

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      site: { type: "string" },
      camera: { type: "string" },
      "camera-password-file": { type: "string" },
      "camera-ca": { type: "string" },
      city: { type: "string" },
      device: { type: "string" },
      hub: { type: "string" },
      "hub-user": { type: "string" },
      "hub-password-file": { type: "string" },
      "hub-ca": { type: "string" },
      "hub-certificate": { type: "string" },
      "hub-key": { type: "string" },
      "hub-without-tls": { type: "boolean" },
      data: { type: "string" },
      log: { type: "string", default: "info" },
      check: { type: "boolean" },
      "print-schema": { type: "boolean" },
    },
  });
  if (values["print-schema"]) {
    console.log(JSON.stringify(siteSchema(), null, 2));
    return;
  }
  // The arguments stand in the process list for everybody; a name in their place takes a password out of it.
  process.title = "openkerb agent";
  const options: AgentOptions = {
    site: values.site,
    camera: values.camera,
    cameraPasswordFile: values["camera-password-file"],
    cameraCa: values["camera-ca"],
    city: values.city,
    device: values.device,
    hub: values.hub,
    hubUser: values["hub-user"],
    hubPasswordFile: values["hub-password-file"],
    hubCa: values["hub-ca"],
    hubCertificate: values["hub-certificate"],
    hubKey: values["hub-key"],
    hubWithoutTls: values["hub-without-tls"],
    data: values.data ?? join(homeFolder(), "agent"),
  };
  const config = readConfig(options);
  if (values.check) {
    const { site, version } = config;
    console.log(`${site.name}: ${site.cameras.length} camera(s), config ${version}: nothing is wrong with it`);
    return;
  }
  const told = journal(openLog(process.stdout, values.log));
  if (!(await forbidCoreDumps())) told.coreDumpsStay();
  if (holdsPassword(values.camera) || holdsPassword(values.hub)) told.passwordOnCommandLine();
  if (values.site === undefined) told.drawYourOwn();
  await runAgent(config, told, signal);
}

const holdsPassword = (url: string | undefined): boolean =>
  url !== undefined && URL.canParse(url) && new URL(url).password !== "";
