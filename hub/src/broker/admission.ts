import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { DeviceId, type HubConfig } from "@openkerb/contract";
import type { CutReason } from "../journal.ts";
import { passwordChecks } from "./credential.ts";

export type Admitted =
  | { readonly kind: "device"; readonly device: DeviceId }
  | { readonly kind: "refused"; readonly why: CutReason };

/**
 * Decides who a connection is. With a certificate its common name is the device and no password is asked. With
 * credentials configured the user is the device. With neither (only possible on loopback) the client id is believed.
 * In every case the client id is the device id, so that a second connection of a box replaces the first.
 */
export function admission(devices: HubConfig["devices"]) {
  const check = passwordChecks(new Map(devices.map(({ device, password }) => [device, password])));
  return async (
    socket: Socket,
    clientId: string,
    user: string | undefined,
    password: Buffer | undefined,
    open: boolean,
  ): Promise<Admitted> => {
    const device = DeviceId.safeParse(clientId);
    if (!device.success) return { kind: "refused", why: "unknown-name" };
    const admitted: Admitted = { kind: "device", device: device.data };
    if (socket instanceof TLSSocket) {
      const { subject } = socket.getPeerCertificate();
      if (subject !== undefined)
        return socket.authorized && subject.CN === clientId ? admitted : { kind: "refused", why: "login-refused" };
    }
    if (open) return admitted;
    const right = user === clientId && (await check(clientId, password?.toString() ?? ""));
    return right ? admitted : { kind: "refused", why: "login-refused" };
  };
}
