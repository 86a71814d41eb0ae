import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CameraId, CameraTrouble, DeviceTrouble } from "@openkerb/contract";
import { z } from "zod";

const File = z.strictObject({
  v: z.literal(1),
  device: z.array(DeviceTrouble).max(32),
  cameras: z.array(z.strictObject({ camera: CameraId, trouble: CameraTrouble })).max(256),
});

/** Who suffers: a camera, or the device itself. */
export type Trouble =
  | { readonly camera: CameraId; readonly trouble: CameraTrouble }
  | { readonly camera?: undefined; readonly trouble: DeviceTrouble };

/**
 * The troubles whose beginning the hub was told of and not yet their end. They outlive the process: whatever ended
 * while it was down is said to have ended when it is seen to be well, or an alert would stay open for ever.
 */
export type OpenTroubles = {
  /** Whether that changes anything. Begins are noted before they are said, ends after. */
  readonly begin: (trouble: Trouble) => boolean;
  readonly end: (trouble: Trouble) => boolean;
  /** Those noted before this process, of one camera or of the device, that this process has not seen itself. */
  readonly inherited: (camera?: CameraId) => readonly Trouble[];
};

export function openTroubles(folder: string): OpenTroubles {
  const path = join(folder, "troubles.json");
  const key = ({ camera, trouble }: Trouble): string => `${camera ?? ""} ${trouble}`;
  const old = new Map(read(path).map((trouble) => [key(trouble), trouble]));
  const open = new Map(old);

  function note(): void {
    const all = [...open.values()];
    const file: z.infer<typeof File> = {
      v: 1,
      device: all.flatMap((one) => (one.camera === undefined ? [one.trouble] : [])),
      cameras: all.flatMap((one) => (one.camera === undefined ? [] : [{ camera: one.camera, trouble: one.trouble }])),
    };
    try {
      writeFileSync(`${path}.new`, JSON.stringify(file), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch {
      // A full disk: at worst an end is said twice or an alert is closed by hand.
    }
  }

  return {
    begin: (trouble) => {
      old.delete(key(trouble));
      if (open.has(key(trouble))) return false;
      open.set(key(trouble), trouble);
      note();
      return true;
    },
    end: (trouble) => {
      old.delete(key(trouble));
      if (!open.delete(key(trouble))) return false;
      note();
      return true;
    },
    inherited: (camera) => [...old.values()].filter((trouble) => trouble.camera === camera),
  };
}

function read(path: string): readonly Trouble[] {
  try {
    const { device, cameras } = File.parse(JSON.parse(readFileSync(path, "utf8")));
    return [...device.map((trouble) => ({ trouble })), ...cameras];
  } catch {
    return [];
  }
}
