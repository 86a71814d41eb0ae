import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** As much as a local socket holds at most on Linux, so that one read takes all there is. */
const bufferSize = 262_144;

/**
 * A pipe for a child's output that is read into one buffer again and again. A pipe as Node makes it gives each 64 KB in
 * new memory, and raw pictures would keep the garbage collector busy with hundreds of megabytes a minute.
 * `far` is meant for the child's stdio and to be destroyed here once the child has it. What `read` is given is only
 * valid during the call.
 */
export async function oneBufferPipe(read: (chunk: Uint8Array) => void): Promise<{ near: Socket; far: Socket }> {
  // A folder of our own: nobody else on the machine may connect in between and be the one who is read or heard.
  const folder = await mkdtemp(join(tmpdir(), "pipe-"));
  const server = createServer({ pauseOnConnect: true });
  try {
    const path = join(folder, "s");
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const near = connect({
      path,
      onread: {
        buffer: Buffer.allocUnsafeSlow(bufferSize),
        callback: (bytes, buffer) => {
          read(buffer.subarray(0, bytes));
          return true;
        },
      },
    });
    await new Promise<void>((resolve, reject) => {
      near.once("connect", resolve);
      near.once("error", reject);
    });
    return { near, far: await accepted };
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
