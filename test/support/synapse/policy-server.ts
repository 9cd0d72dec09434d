// A policy server for end-to-end tests: the front of another Synapse on loopback. What is asked under /_matrix/policy it
// answers itself and signs as the specification says; everything else goes on to that Synapse.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as secureRequest } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { aPolicyKey, type PolicyKey } from "../policy-signing.ts";
import { type Synapse, startSynapse } from "./synapse.ts";
import { synapseTemplate } from "./template.ts";

type Json = Readonly<Record<string, unknown>>;

export interface PolicyServerStandIn {
  /** As `via` has it. */
  readonly name: string;
  readonly key: PolicyKey;
  /** The homeserver behind it, whose users make it count in rooms. */
  readonly synapse: Synapse;
  /** Of a certificate that nobody signed. */
  readonly certificate: string;
  /** How often something was signed. */
  signed(): number;
  /** Events that are refused as spam from now on. */
  refuse(isSpam: (event: Json) => boolean): void;
  /** Nothing is signed from now on: the connection is cut. */
  goDown(): void;
  comeUp(): void;
  close(): Promise<void>;
}

export async function startPolicyServer(bindAddress: string): Promise<PolicyServerStandIn> {
  const { certificate, certificateKey } = await synapseTemplate();
  const [cert, privateKey] = await Promise.all([readFile(certificate), readFile(certificateKey)]);
  const key = aPolicyKey();
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const open = new Set<Socket>();
  let isSpam: (event: Json) => boolean = () => false;
  let isDown = false;
  let signatures = 0;
  const upstream = { host: bindAddress, port: 0 };

  const server = createServer({ cert, key: privateKey }, (incoming, answer) => {
    if (incoming.url === "/.well-known/matrix/policy_server")
      return reply(answer, 200, { public_keys: { ed25519: key.publicKey } });
    if (!incoming.url?.startsWith("/_matrix/policy/")) return forward(incoming, answer);
    if (isDown) return void incoming.socket.destroy();
    void signOne(incoming, answer);
  });
  server.on("secureConnection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  server.listen(0, bindAddress);
  await once(server, "listening");
  const name = `${bindAddress}:${(server.address() as AddressInfo).port}`;

  async function signOne(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const event = (await jsonIn(incoming)) as Json;
    if (incoming.url !== "/_matrix/policy/v1/sign")
      return reply(answer, 404, { errcode: "M_UNRECOGNIZED", error: "Unrecognized request" });
    if (isSpam(event)) return reply(answer, 400, { errcode: "M_FORBIDDEN", error: "this is spam" });
    signatures++;
    reply(answer, 200, { [name]: { "ed25519:policy_server": key.sign(redacted(event)) } });
  }

  function forward(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = "GET", url = "/", headers } = incoming;
    const outgoing = secureRequest({ ...upstream, path: url, method, headers, agent }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on("error", () => void incoming.socket.destroy());
    answer.on("close", () => void outgoing.destroy());
    incoming.pipe(outgoing);
  }

  // Its name is that of the front; what it listens on itself is told by the name that it would have had.
  const synapse = await startSynapse({ federation: true, bindAddress, config: { server_name: name } });
  upstream.port = Number(synapse.serverName.split(":")[1]);
  return {
    name,
    key,
    synapse,
    certificate,
    signed: () => signatures,
    refuse: (spam) => (isSpam = spam),
    goDown: () => (isDown = true),
    comeUp: () => (isDown = false),
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      agent.destroy();
      await Promise.all([closed, synapse.stop()]);
    },
  };
}

function reply(answer: ServerResponse, status: number, body: unknown): void {
  answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function jsonIn(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

/** What a redaction keeps of an event, and of its content (room version 11, "Redactions"): that is what is signed. */
const keptKeys = [
  ...["event_id", "type", "room_id", "sender", "state_key", "content", "hashes", "signatures", "depth"],
  ...["prev_events", "auth_events", "origin_server_ts"],
];
const keptContent: Readonly<Record<string, readonly string[] | "all">> = {
  "m.room.create": "all",
  "m.room.member": ["membership", "join_authorised_via_users_server"],
  "m.room.join_rules": ["join_rule", "allow"],
  "m.room.power_levels": [
    ...["ban", "events", "events_default", "invite", "kick", "redact", "state_default", "users"],
    "users_default",
  ],
  "m.room.history_visibility": ["history_visibility"],
  "m.room.redaction": ["redacts"],
};

function redacted(event: Json): Json {
  const kept = keptContent[String(event.type)] ?? [];
  const content = (event.content ?? {}) as Json;
  return {
    ...only(event, keptKeys),
    content: kept === "all" ? content : only(content, kept),
  };
}

function only(object: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => keys.includes(name)));
}
