/**
 * Sends what the engine wants sent: keys, claims, to-device messages. One round at a time; what the homeserver did not take
 * is wanted again in the next one.
 */
import { asObject, type JsonObject } from "../../kit/json.ts";
import { path, type RestClient } from "../http/client.ts";
import { MatrixFault } from "../http/errors.ts";
import type { Engine, OutgoingRequest, SyncNews } from "./engine.ts";

/**
 * How long our homeserver may wait for others when it looks up devices; by default 10 s, and a moderator waits for the
 * answer ("POST /keys/query").
 */
const queryTimeoutMs = 3_000;
/** Rounds that follow one another at once: what is answered leads to further requests, two or three times. */
const mostRounds = 5;

export interface OutgoingRequestsOptions {
  readonly engine: Engine;
  readonly client: RestClient;
  /** The homeserver refuses an upload of keys for good. The other requests go on. */
  readonly refused: (fault: MatrixFault) => void;
}

export class OutgoingRequests {
  readonly #engine: Engine;
  readonly #client: RestClient;
  readonly #refused: (fault: MatrixFault) => void;
  #isRefused = false;
  #round: Promise<void> | undefined;
  /** Ends when nobody makes or uploads keys. */
  #keys: Promise<unknown> = Promise.resolve();

  constructor({ engine, client, refused }: OutgoingRequestsOptions) {
    this.#engine = engine;
    this.#refused = refused;
    this.#client = client.with({ retries: 0, on429: "fail" });
  }

  /**
   * Sends all that is wanted now. Whoever comes while a round goes on waits for that one and one more. Rejects with the
   * first fault; the others were tried all the same.
   */
  async round(): Promise<void> {
    await this.#round?.catch(() => {});
    this.#round ??= this.#run().finally(() => (this.#round = undefined));
    await this.#round;
  }

  /**
   * Tells the engine what an answer of `/sync` brought. It makes keys of that, and takes all keys that it has made for
   * published as soon as an upload is answered: a fallback key that came in between was on no homeserver for a week.
   */
  receive(news: SyncNews): ReturnType<Engine["receive"]> {
    return this.#alone(() => this.#engine.receive(news));
  }

  async #run(): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      const [uploaded, wanted] = await this.#alone(() => this.#upload());
      if (wanted.length + uploaded.length === 0) return;
      const results = [
        ...uploaded,
        ...(await Promise.allSettled(wanted.map((request) => this.send(request)))),
      ];
      const failed = results.find((one) => one.status === "rejected");
      if (failed) throw failed.reason;
    }
  }

  /** Uploads our keys where that is wanted; gives how that ended, and what else is wanted. */
  async #upload(): Promise<[readonly PromiseSettledResult<unknown>[], readonly OutgoingRequest[]]> {
    const wanted = await this.#engine.requests();
    const uploads = wanted.filter(({ kind }) => kind === "keys-upload" && !this.#isRefused);
    const rest = wanted.filter(({ kind }) => kind !== "keys-upload");
    return [await Promise.allSettled(uploads.map((request) => this.#tryUpload(request))), rest];
  }

  async #tryUpload(request: OutgoingRequest): Promise<void> {
    try {
      await this.send(request);
    } catch (fault) {
      if (!(fault instanceof MatrixFault) || fault.status !== 400) throw fault;
      this.#isRefused = true;
      this.#refused(fault);
    }
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#keys.then(work);
    this.#keys = turn.catch(() => {});
    return turn;
  }

  /** Resolves when the engine knows the answer. Rejects with a `MatrixFault`. */
  async send(request: OutgoingRequest): Promise<JsonObject> {
    const answer = await this.#exchange(request);
    const { id, kind } = request;
    if (id !== undefined) await this.#engine.sent({ id, kind, answer });
    return answer;
  }

  #exchange({ kind, body, eventType = "", transactionId = "" }: OutgoingRequest): Promise<JsonObject> {
    switch (kind) {
      case "keys-upload":
        return this.#client.call("POST", "/_matrix/client/v3/keys/upload", { body });
      case "keys-query":
        return this.#client.call("POST", "/_matrix/client/v3/keys/query", {
          body: { ...body, timeout: queryTimeoutMs },
        });
      case "keys-claim":
        return this.#client.call("POST", "/_matrix/client/v3/keys/claim", {
          body: { ...body, timeout: queryTimeoutMs },
        });
      case "to-device":
        return this.#client.call("PUT", path`/_matrix/client/v3/sendToDevice/${eventType}/${transactionId}`, {
          body,
        });
      case "signatures-upload":
        return this.#signed(body);
    }
  }

  /** The homeserver takes what it likes and answers 200; what it refused stands in `failures`. */
  async #signed(body: JsonObject): Promise<JsonObject> {
    const answer = await this.#client.call("POST", "/_matrix/client/v3/keys/signatures/upload", { body });
    if (Object.keys(asObject(answer["failures"]) ?? {}).length > 0)
      throw new MatrixFault(400, "M_INVALID_SIGNATURE", "the homeserver refused the signature of our device");
    return answer;
  }
}
