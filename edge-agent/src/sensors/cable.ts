import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** For tests: a pair of pseudo-terminals. What is written into one end comes out of the other. */
export type Cable = AsyncDisposable & {
  /** The path of the box's end. */
  readonly box: string;
  /** The path of the sensor's end. */
  readonly device: string;
  /** Both ends are gone, as when somebody pulls the plug. */
  readonly pull: () => void;
};

/** A cable in a folder of its own, or anew at the same paths in the folder of another. */
export async function cable(folder?: string): Promise<Cable> {
  const place = folder ?? (await mkdtemp(join(tmpdir(), "openkerb-cable-")));
  const [box, device] = [join(place, "box"), join(place, "device")];
  const socat = spawn("socat", [`pty,raw,echo=0,link=${box}`, `pty,raw,echo=0,link=${device}`]);
  while (!existsSync(box) || !existsSync(device)) {
    if (socat.exitCode !== null) throw new Error("socat cannot make a pair of pseudo-terminals");
    await wait(10);
  }
  return {
    box,
    device,
    pull: () => socat.kill(),
    async [Symbol.asyncDispose]() {
      socat.kill();
      await rm(place, { recursive: true, force: true });
    },
  };
}
