import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

/** A place to get the demo clip from. `fetch` puts it somewhere in the folder and answers its path, or throws. */
export type Source = {
  readonly name: string;
  readonly fetch: (folder: string, signal: AbortSignal, onProgress: (text: string) => void) => Promise<string>;
};

const run = promisify(execFile);

/** Without a word for so long, the other side is taken for dead. */
const patience = 20_000;

/** One file out of a Debian package, without root: apt-get puts the package into the folder, tar takes the file out. */
export function fromDebian({ name, file }: { readonly name: string; readonly file: string }): Source {
  return {
    name: `Debian's package ${name}`,
    async fetch(folder, signal) {
      const words = ["-o", "Acquire::Retries=1", "-o", `Acquire::http::Timeout=${patience / 1000}`, "download", name];
      await run("apt-get", words, { cwd: folder, signal, env: { ...process.env, LC_ALL: "C" } }).catch((err) => {
        signal.throwIfAborted();
        throw new Error(err.code === "ENOENT" ? "there is no apt-get here" : said(err.stderr), { cause: err });
      });
      const found = (await readdir(folder)).find((entry) => entry.endsWith(".deb"));
      if (!found) throw new Error("apt-get downloaded nothing");
      return unpacked(join(folder, found), file, folder, signal);
    },
  };
}

/** Takes one file out of a package; the rest of it, a hundred megabytes, is never written. */
async function unpacked(archive: string, file: string, folder: string, signal: AbortSignal): Promise<string> {
  const path = join(folder, basename(file));
  const opened = spawn("dpkg-deb", ["--fsys-tarfile", archive], { stdio: ["ignore", "pipe", "ignore"], signal });
  const taken = spawn("tar", ["-x", "-O", "-f", "-", `./${file}`], { stdio: ["pipe", "pipe", "ignore"], signal });
  const failed = [once(opened, "close"), once(taken, "close")].map((closed) =>
    closed.then(
      ([code]) => code !== 0,
      () => true,
    ),
  );
  await Promise.all([
    // tar stops reading when it has its file only by ending; a broken pipe then is no fault of the package.
    pipeline(opened.stdout, taken.stdin).catch(() => undefined),
    pipeline(taken.stdout, createWriteStream(path)),
  ]);
  if ((await Promise.all(failed)).some(Boolean)) throw new Error(`the package holds no ${basename(file)}`);
  return path;
}

/** A file from the net. */
export function fromAddress(address: string, silence = patience): Source {
  return {
    name: new URL(address).host,
    async fetch(folder, signal) {
      const quiet = new AbortController();
      const timer = setTimeout(() => quiet.abort(new Error(`no answer for ${silence / 1000} s`)), silence);
      const heard = (): void => void timer.refresh();
      const path = join(folder, basename(new URL(address).pathname));
      try {
        const stop = AbortSignal.any([signal, quiet.signal]);
        const answer = await fetch(address, { signal: stop }).catch((err: unknown) => {
          stop.throwIfAborted();
          throw new Error("it cannot be reached from here", { cause: err });
        });
        if (!answer.ok || !answer.body) throw new Error(`it answered ${answer.status} ${answer.statusText}`);
        const bytes = Readable.fromWeb(answer.body);
        bytes.on("data", heard);
        await pipeline(bytes, createWriteStream(path), { signal: stop });
        return path;
      } catch (err) {
        quiet.signal.throwIfAborted();
        throw err;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** The first complaint of apt-get without its prefix. */
function said(stderr: unknown): string {
  const line = String(stderr ?? "")
    .split("\n")
    .find((text) => text.startsWith("E:"));
  return line ? line.slice(2).trim() : "apt-get could not download it";
}
