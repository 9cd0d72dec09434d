/** One login and its engine: requests go out with the token, and what touches the engine goes one after another. */
import * as sdk from "@matrix-org/matrix-sdk-crypto-wasm";
import { asObject } from "../../homeserver/json.ts";
import type { Engine, Wanted } from "./engine.ts";
import { type Call, type Link, Refused } from "./link.ts";

export interface Login {
  readonly link: Link;
  readonly userId: string;
  readonly deviceId: string;
  readonly accessToken: string;
  readonly password?: string;
}

export class Session {
  readonly login: Login;
  readonly engine: Engine;
  /** What the homeserver refused of what the engine wanted sent. */
  readonly refused: Refused[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(login: Login, engine: Engine) {
    this.login = login;
    this.engine = engine;
  }

  request(call: Call): Promise<unknown> {
    return this.login.link({ ...call, token: this.login.accessToken });
  }

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Resolves when nothing touches the engine any more. */
  async rest(): Promise<void> {
    await this.#turn;
  }

  // In turn, all of them

  async send(request: Wanted): Promise<void> {
    const answer = await this.request(callOf(request));
    // Signatures that are refused come with status 200.
    const failures = asObject(asObject(answer)["failures"]);
    if (request instanceof sdk.SignatureUploadRequest && Object.keys(failures).length > 0)
      throw new Error(`refused signatures: ${JSON.stringify(failures)}`);
    await this.engine.sent(request, answer);
  }

  /** One round of what the engine wants: what is refused is wanted again next time. */
  async sendWanted(): Promise<void> {
    for (const request of await this.engine.wants()) {
      try {
        await this.send(request);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.refused.push(error);
      }
    }
  }

  /** Asks for the keys of a person anew. */
  async lookAt(userId: string): Promise<void> {
    await this.engine.track([userId]);
    await this.send(this.engine.query([userId]));
    await this.sendWanted();
  }
}

const places: Readonly<Partial<Record<sdk.RequestType, string>>> = {
  [sdk.RequestType.KeysUpload]: "upload",
  [sdk.RequestType.KeysQuery]: "query",
  [sdk.RequestType.KeysClaim]: "claim",
  [sdk.RequestType.SignatureUpload]: "signatures/upload",
};

function callOf(request: Wanted): Call {
  const body = JSON.parse(request.body) as unknown;
  if (request instanceof sdk.ToDeviceRequest) {
    const path = `client/v3/sendToDevice/${request.event_type}/${encodeURIComponent(request.txn_id)}`;
    return { method: "PUT", path, body };
  }
  const place = places[request.type];
  if (place === undefined) throw new Error(`nobody sends requests of type ${request.type}`);
  return { method: "POST", path: `client/v3/keys/${place}`, body };
}
