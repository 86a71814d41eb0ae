/** What is used of the package, which brings no types of its own. */
declare module "i2c-bus" {
  interface PromisifiedBus {
    i2cWrite(address: number, length: number, bytes: Buffer): Promise<{ bytesWritten: number }>;
    i2cRead(address: number, length: number, bytes: Buffer): Promise<{ bytesRead: number }>;
    close(): Promise<void>;
  }
  export function openPromisified(bus: number): Promise<PromisifiedBus>;
}
