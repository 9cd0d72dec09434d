// A real Synapse for a test: on loopback, with its own empty database, gone afterwards. What is prepared once per
// machine is in environment.ts and template.ts, what the server is told in config.ts.

import { createHmac } from "node:crypto";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SynapseConfig, logConfig, synapseConfig } from "./config.ts";
import { sharedSecret, signingKey } from "./keys.ts";
import { freePorts } from "./ports.ts";
import { type SynapseProcess, launch } from "./process.ts";
import { type SynapseTemplate, synapseTemplate } from "./template.ts";

const launchAttempts = 3;

export interface SynapseOptions {
  /** The part after the colon of its users; with `federation` it is always address and port. */
  readonly serverName?: string;
  /** "none" (the default) lifts every limit, "default" keeps those a new installation has. */
  readonly rateLimits?: "none" | "default";
  readonly defaultRoomVersion?: "11" | "12";
  /** Any of 127.0.0.0/8. Federating servers need different ones: server ACLs do not look at ports. */
  readonly bindAddress?: string;
  /** Also listens for other servers, with TLS, and is named `address:port` so that they find it without DNS. */
  readonly federation?: boolean;
  readonly experimentalFeatures?: Readonly<Record<string, unknown>>;
  /** Top-level keys of homeserver.yaml; these win. */
  readonly config?: SynapseConfig;
}

export interface RegisteredUser {
  readonly userId: string;
  readonly localpart: string;
  readonly accessToken: string;
  readonly deviceId: string;
  readonly password: string;
}

export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** As Synapse says it. */
const noLimit: RateLimit = { perSecond: 0, burst: 0 };

export interface Synapse {
  readonly url: string;
  readonly serverName: string;
  readonly dataFolder: string;
  readonly logFile: string;
  /** Its `registration_shared_secret`. */
  readonly sharedSecret: string;
  registerUser(localpart: string, options?: { readonly admin?: boolean }): Promise<RegisteredUser>;
  /** Lifts the rate limits of one user, as an administrator would for a bot. */
  setRateLimitFree(userId: string): Promise<void>;
  /** Another limit of theirs on what they write, in place of the server's. */
  setRateLimit(userId: string, limit: RateLimit): Promise<void>;
  /** The opposite: from here on the server's limits hold for the user, who has used up nothing yet. */
  setRateLimited(userId: string): Promise<void>;
  /** Ends it and removes its data, unless it crashed or KEEP_SYNAPSE is set. Can be called twice. */
  stop(): Promise<void>;
  /** Ends it as a power cut would; `restart` brings it back with its data. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export async function startSynapse(options: SynapseOptions = {}): Promise<Synapse> {
  const template = await synapseTemplate();
  for (let attempt = 1; ; attempt++) {
    const prepared = await prepareFolder(template, options);
    try {
      return serve(prepared, await launch(prepared));
    } catch (error) {
      // Between choosing a port and listening on it somebody else may have taken it.
      const isPortTaken = String(error).includes("Address already in use");
      if (!isPortTaken || attempt === launchAttempts) throw error;
      await rm(prepared.folder, { recursive: true, force: true });
    }
  }
}

interface Prepared {
  readonly python: string;
  readonly folder: string;
  readonly configFile: string;
  readonly logFile: string;
  readonly url: string;
  readonly serverName: string;
  readonly secret: string;
}

async function prepareFolder(template: SynapseTemplate, options: SynapseOptions): Promise<Prepared> {
  const folder = await mkdtemp(join(tmpdir(), "tyr-synapse-"));
  const bindAddress = options.bindAddress ?? "127.0.0.1";
  const [clientPort, federationPort] = await freePorts(bindAddress, 2);
  const hasFederation = options.federation ?? false;
  const serverName = hasFederation ? `${bindAddress}:${federationPort}` : (options.serverName ?? "tyr.test");
  const secret = sharedSecret();
  const { certificate, certificateKey } = template;
  const config = synapseConfig({
    folder,
    serverName,
    bindAddress,
    clientPort,
    federation: hasFederation ? { port: federationPort, certificate, key: certificateKey } : undefined,
    sharedSecret: secret,
    rateLimits: options.rateLimits ?? "none",
    defaultRoomVersion: options.defaultRoomVersion ?? "11",
    experimentalFeatures: options.experimentalFeatures ?? {},
  });
  const configFile = join(folder, "homeserver.json");
  await Promise.all([
    copyFile(template.database, join(folder, "homeserver.db")),
    writeFile(configFile, JSON.stringify({ ...config, ...options.config }, null, 2)),
    writeFile(join(folder, "log.yaml"), JSON.stringify(logConfig)),
    writeFile(join(folder, "signing.key"), signingKey()),
  ]);
  const logFile = join(folder, "synapse.log");
  const url = `http://${bindAddress}:${clientPort}`;
  return { python: template.python, folder, configFile, logFile, url, serverName, secret };
}

function serve(prepared: Prepared, launched: SynapseProcess): Synapse {
  const { url, serverName, folder, logFile } = prepared;
  let synapse = launched;
  let isDown = false;
  let administrator: Promise<RegisteredUser> | undefined;

  async function overrideRateLimit(
    userId: string,
    method: "POST" | "DELETE",
    { perSecond, burst } = noLimit,
  ): Promise<void> {
    administrator ??= register(prepared, "synapse-administrator", true);
    const { accessToken } = await administrator;
    const path = `/_synapse/admin/v1/users/${encodeURIComponent(userId)}/override_ratelimit`;
    await send(method, url + path, { messages_per_second: perSecond, burst_count: burst }, accessToken);
  }

  return {
    url,
    serverName,
    dataFolder: folder,
    logFile,
    sharedSecret: prepared.secret,
    registerUser: (localpart, { admin = false } = {}) => register(prepared, localpart, admin),
    setRateLimitFree: (userId) => overrideRateLimit(userId, "POST"),
    setRateLimit: (userId, limit) => overrideRateLimit(userId, "POST", limit),
    setRateLimited: (userId) => overrideRateLimit(userId, "DELETE"),
    async stop() {
      const hasCrashed = !isDown && !synapse.isRunning();
      isDown = true;
      // Nobody will read its data again, so it need not take its second to close them properly.
      await synapse.kill();
      if (hasCrashed) throw new Error(`Synapse had ended on its own; see ${logFile}`);
      if (process.env.KEEP_SYNAPSE === undefined) await rm(folder, { recursive: true, force: true });
    },
    async kill() {
      isDown = true;
      await synapse.kill();
    },
    async restart() {
      await synapse.stop();
      synapse = await launch(prepared);
      isDown = false;
    },
  };
}

async function register(
  { url, secret }: Prepared,
  localpart: string,
  admin: boolean,
): Promise<RegisteredUser> {
  const endpoint = `${url}/_synapse/admin/v1/register`;
  const { nonce } = (await (await fetch(endpoint)).json()) as { nonce: string };
  const password = `password of ${localpart}`;
  const mac = createHmac("sha1", secret)
    .update([nonce, localpart, password, admin ? "admin" : "notadmin"].join("\0"))
    .digest("hex");
  const answer = await send("POST", endpoint, { nonce, username: localpart, password, admin, mac });
  const { user_id, access_token, device_id } = answer as Record<
    "user_id" | "access_token" | "device_id",
    string
  >;
  return { userId: user_id, localpart, accessToken: access_token, deviceId: device_id, password };
}

async function send(method: string, endpoint: string, body: unknown, accessToken?: string): Promise<unknown> {
  const response = await fetch(endpoint, {
    method,
    headers: accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${endpoint}: ${response.status} ${await response.text()}`);
  return response.json();
}
