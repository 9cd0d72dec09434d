/**
 * The life of the engine: opened with our device's keys, looked at before anything is uploaded, made known to the
 * homeserver, and signed. Where one of these cannot be, it says why.
 */
import type { Clock } from "../../kit/clock.ts";
import type { Log } from "../../kit/log.ts";
import type { EncryptionHealth } from "../../model/health.ts";
import type { UserId } from "../../model/ids.ts";
import type { RestClient } from "../http/client.ts";
import { MatrixFault } from "../http/errors.ts";
import { untilReachable } from "../http/until-reachable.ts";
import { advice } from "./advice.ts";
import { Opening } from "./decrypt.ts";
import { lookAtDevice } from "./device.ts";
import { Encrypting } from "./encrypt.ts";
import { EngineLost, type Engine, type OpenEngine } from "./engine.ts";
import { readyIdentity, type IdentitySource } from "./identity.ts";
import { OutgoingRequests } from "./outgoing-requests.ts";

export interface EngineLifeOptions {
  readonly self: UserId;
  readonly client: RestClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly enabled: boolean;
  readonly bounds: EncryptionBounds;
  readonly keys: KeyFiles;
  /** Our device, as the homeserver says; undefined where the access token has none. Waits for the homeserver. */
  readonly device: () => Promise<string | undefined>;
  readonly identity: IdentitySource;
  /** Undefined where there is no password: gives up this device and logs in as a new one. */
  readonly logInAnew: (() => void) | undefined;
  readonly signal: AbortSignal;
}

/** What is on our disk. */
export interface KeyFiles {
  /** The engine with the keys of this device; those of another device that are in its place are put aside. */
  readonly open: (device: string) => ReturnType<OpenEngine>;
  /** Told what our device is, so that others can compare. */
  readonly keep: (device: { readonly device: string; readonly fingerprint: string }) => void;
  /** Removes what was put aside long ago. */
  readonly removeSetAside: (at: number) => void;
}

export interface EncryptionBounds {
  /** Of a room to which we write. */
  readonly mostDevices: number;
  /** After so many days what was said can be read no more. */
  readonly keepKeysDays: number;
}

/** What is there once the engine is open. */
export interface Running {
  readonly engine: Engine;
  readonly device: string;
  readonly outgoing: OutgoingRequests;
  readonly encrypting: Encrypting;
  readonly opening: Opening;
}

/** What is being opened is waited for so long, to be closed again. */
const stopsInMs = 5_000;
/** Where the homeserver limits us and does not say for how long. */
const limitedMs = 5_000;

export class EngineLife {
  readonly #options: EngineLifeOptions;
  #health: EncryptionHealth = { kind: "idle" };
  /** What does not work although encryption does, in a sentence or two. */
  #trouble: string | undefined;
  #running: Running | undefined;
  /** To be closed, also where it was opened too late to be used. */
  #engine: Engine | undefined;
  #isOver = false;
  #closed: Promise<void> | undefined;
  #opened: Promise<void> = Promise.resolve();
  #ready: Promise<void> = Promise.resolve();

  constructor(options: EngineLifeOptions) {
    this.#options = options;
    if (!options.enabled) this.#health = { kind: "off", why: advice.disabled };
  }

  get health(): EncryptionHealth {
    const health = this.#health;
    return health.kind === "on" && this.#trouble !== undefined
      ? { ...health, trouble: this.#trouble }
      : health;
  }

  /** From when the engine is open until it is closed or lost. */
  get running(): Running | undefined {
    return this.#running;
  }

  /** Resolves when the engine is open, or cannot be. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  /** Resolves when others can know our device and identity, or why that cannot be. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  begin(): void {
    if (this.#health.kind !== "idle") return;
    this.#health = { kind: "starting" };
    const opening = this.#open();
    this.#opened = opening.then(
      () => {},
      () => {},
    );
    this.#ready = opening
      .then((running) => running && this.#settle(running))
      .catch((error: unknown) => this.failed(error));
  }

  /** It broke in a way that waiting does not heal. */
  failed(error: unknown): void {
    if (this.#health.kind !== "off") this.#off(advice.failed(messageOf(error)));
  }

  /** What the engine was asked for it could not do. Only where it is lost there is no use in asking again. */
  couldNot(error: unknown): void {
    if (error instanceof EngineLost) this.failed(error);
    else this.#options.log.warn({ err: error }, "the engine of encryption could not do what it was asked");
  }

  /** A request that fails is wanted again after the next answer of `/sync`. */
  inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof MatrixFault)) this.couldNot(error);
    });
  }

  /** What the engine wants sent, but nothing before our device was looked at: an upload may take another's place. */
  sendWanted(): void {
    if (this.#running && this.#health.kind === "on") this.inBackground(this.#running.outgoing.round());
  }

  /** Resolves when nobody uses the store any more, or when that takes too long. */
  async stop(): Promise<void> {
    this.#running = undefined;
    this.#isOver = true;
    this.#closed ??= this.#opened.then(() => this.#engine?.close().catch(() => {}));
    const enough = new AbortController();
    await Promise.race([this.#closed, this.#options.clock.sleep(stopsInMs, enough.signal)]);
    enough.abort();
  }

  async #open(): Promise<Running | undefined> {
    const { client, clock } = this.#options;
    const device = await this.#options.device();
    if (device === undefined) return this.#off(advice.noDevice);
    const engine = (this.#engine = await this.#options.keys.open(device));
    if (this.#isOver) return undefined;
    const refused = (fault: MatrixFault) => this.#keysRefused(device, fault);
    const outgoing = new OutgoingRequests({ engine, client, refused });
    const encrypting = new Encrypting({ engine, outgoing });
    const opening = new Opening(engine, () => clock.now());
    this.#running = { engine, device, outgoing, encrypting, opening };
    return this.#running;
  }

  /** Our device and its owner, as the homeserver and others know them. */
  async #settle(running: Running): Promise<void> {
    const { client, self, identity, keys, logInAnew, log } = this.#options;
    const { engine, device, outgoing } = running;
    const account = { client, engine, self, device };
    const state = await this.#reached(() => lookAtDevice(account));
    if (state === "foreign" || state === "gone") {
      logInAnew?.();
      return this.#off(advice[state](device));
    }
    const { ed25519: fingerprint } = await engine.ownDevice();
    keys.keep({ device, fingerprint });
    await this.#reached(() => outgoing.round());
    const why = await this.#reached(() => readyIdentity({ ...account, outgoing, source: identity }));
    if (why !== undefined) return this.#off(why);
    this.#health = { kind: "on", device, fingerprint };
    this.sendWanted();
    log.info({ device }, "encrypted rooms can be read and written to");
  }

  /** It has others under the same names, as after an older store was put back: it will never take these. */
  #keysRefused(device: string, { message }: MatrixFault): void {
    const { logInAnew, log } = this.#options;
    log.warn({ device, reason: message }, "the homeserver refuses new keys of our device");
    this.#trouble = advice.keysRefused;
    logInAnew?.();
  }

  #reached<T>(attempt: () => Promise<T>): Promise<T> {
    const { clock, signal, log } = this.#options;
    const told = (fault: MatrixFault) =>
      log.warn({ reason: fault.message }, "encryption waits for the homeserver");
    const patiently = async (): Promise<T> => {
      for (;;)
        try {
          return await attempt();
        } catch (fault) {
          if (!(fault instanceof MatrixFault) || !fault.isLimited || signal.aborted) throw fault;
          await clock.sleep(fault.retryAfterMs ?? limitedMs, signal);
          if (signal.aborted) throw fault;
        }
    };
    return untilReachable(patiently, { clock, signal, told });
  }

  #off(why: string): undefined {
    const { signal, log } = this.#options;
    this.#health = { kind: "off", why };
    void this.stop();
    if (!signal.aborted) log.warn({ why }, "encrypted rooms cannot be read");
    return undefined;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
