// Ports that nobody listens on.

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** All are held until all are known, so that they differ. Somebody else may still take one before it is used. */
export async function freePorts(address: string, count: 1): Promise<[number]>;
export async function freePorts(address: string, count: 2): Promise<[number, number]>;
export async function freePorts(address: string, count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, address);
    await once(server, "listening");
    ports.push((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
