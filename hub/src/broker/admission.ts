import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { DeviceId, type HubConfig } from "@openkerb/contract";
import type { CutReason } from "../journal.ts";
import { callerOf } from "./caller.ts";
import { passwordChecks } from "./credential.ts";
import { loginGuard } from "./login-guard.ts";

export type Admitted =
  | { readonly kind: "device"; readonly device: DeviceId }
  | {
      readonly kind: "refused";
      readonly why: Extract<CutReason, "unknown-name" | "login-refused" | "too-many-logins">;
    };

/**
 * Decides who a connection is. With a certificate its common name is the device and no password is asked. With
 * credentials configured the user is the device. With neither (only possible on loopback) the client id is believed.
 * In every case the client id is the device id, so that a second connection of a box replaces the first.
 */
export function admission(devices: HubConfig["devices"]) {
  const check = passwordChecks(new Map(devices.map(({ device, password }) => [device, password])), loginGuard());
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
    if (user !== clientId) return { kind: "refused", why: "login-refused" };
    switch (await check(clientId, password?.toString() ?? "", callerOf(socket.remoteAddress))) {
      case "right":
        return admitted;
      case "wrong":
        return { kind: "refused", why: "login-refused" };
      case "too-many":
        return { kind: "refused", why: "too-many-logins" };
    }
  };
}
