/**
 * A moderator's client that encrypts, as Element does as far as it can be had here. It follows /sync, gives keys to devices
 * that their owners have signed, and shows what it could open, with its shield.
 */
import * as sdk from "@matrix-org/matrix-sdk-crypto-wasm";
import type { Content } from "../../homeserver/event.ts";
import { asObject, asString } from "../../homeserver/json.ts";
import { Engine, type Secrets } from "./engine.ts";
import { adoptIdentity, makeIdentity, signDevice, verifyPerson } from "./identity.ts";
import type { Refused } from "./link.ts";
import type { Opened, RawEvent } from "./opened.ts";
import { Rooms } from "./rooms.ts";
import { type Login, Session } from "./session.ts";
import { Timeline } from "./timeline.ts";

/** Where its identity comes from: made here, given by another device of the person, or none: then it is unsigned. */
export type IdentityFrom = "made" | "none" | Secrets;

const pollMs = 30_000;

export class EncryptingClient {
  readonly userId: string;
  readonly deviceId: string;
  readonly timeline: Timeline;
  readonly #session: Session;
  readonly #rooms = new Rooms();
  #since: string | undefined;
  #transactions = 0;
  #following: AbortController | undefined;

  constructor(session: Session) {
    this.userId = session.login.userId;
    this.deviceId = session.login.deviceId;
    this.#session = session;
    this.timeline = new Timeline(session.engine);
  }

  /** Looks at everything once, uploads its keys, and has itself signed where it can. */
  static async enter(
    login: Login,
    { identity = "made" }: { readonly identity?: IdentityFrom } = {},
  ): Promise<EncryptingClient> {
    const isStrict = identity !== "none";
    const engine = await Engine.start(login.userId, login.deviceId, { isStrict });
    const client = new EncryptingClient(new Session(login, engine));
    await client.sync();
    if (identity === "made") await client.makeIdentity();
    else if (identity !== "none") await adoptIdentity(client.#session, identity);
    return client;
  }

  /** With a password, as a new device unless one is named. */
  static async login(
    entry: Pick<Login, "link" | "userId" | "password"> & { readonly deviceId?: string },
    options: { readonly identity?: IdentityFrom } = {},
  ): Promise<EncryptingClient> {
    const { link, userId, password = "password" } = entry;
    const identifier = { type: "m.id.user", user: userId };
    const body = { type: "m.login.password", identifier, password, device_id: entry.deviceId };
    const answer = asObject(await link({ method: "POST", path: "client/v3/login", body }));
    const deviceId = asString(answer["device_id"])!;
    const accessToken = asString(answer["access_token"])!;
    return EncryptingClient.enter({ link, userId, password, deviceId, accessToken }, options);
  }

  /** The same person on another device, which this one vouches for unless said otherwise. */
  async newDevice({ isSigned = true }: { readonly isSigned?: boolean } = {}): Promise<EncryptingClient> {
    const identity = isSigned ? await this.secrets() : "none";
    return EncryptingClient.login(this.#sameAccount(), { identity });
  }

  #sameAccount(): Pick<Login, "link" | "userId" | "password"> {
    const { link, userId, password = "password" } = this.#session.login;
    return { link, userId, password };
  }

  get accessToken(): string {
    return this.#session.login.accessToken;
  }

  get fingerprint(): string {
    return this.#session.engine.fingerprint;
  }

  /** What the homeserver refused of what the engine wanted sent. */
  get refused(): readonly Refused[] {
    return this.#session.refused;
  }

  // Speaking

  /** Encrypted where the room is. Resolves with the event's id. */
  say(roomId: string, body: string, more: Content = {}): Promise<string> {
    return this.send(roomId, "m.room.message", { msgtype: "m.text", body, ...more });
  }

  /** In clear, whatever the room is. */
  sayInClear(roomId: string, body: string): Promise<string> {
    return this.#put(roomId, "m.room.message", { msgtype: "m.text", body });
  }

  edit(roomId: string, eventId: string, body: string): Promise<string> {
    return this.say(roomId, `* ${body}`, {
      "m.new_content": { msgtype: "m.text", body },
      "m.relates_to": { rel_type: "m.replace", event_id: eventId },
    });
  }

  reply(roomId: string, eventId: string, body: string): Promise<string> {
    return this.say(roomId, body, { "m.relates_to": { "m.in_reply_to": { event_id: eventId } } });
  }

  /** Never encrypted: homeservers have to count them. */
  react(roomId: string, eventId: string, key: string): Promise<string> {
    const relation = { rel_type: "m.annotation", event_id: eventId, key };
    return this.#put(roomId, "m.reaction", { "m.relates_to": relation });
  }

  async send(roomId: string, type: string, content: Content): Promise<string> {
    if (!this.#rooms.of(roomId).isEncrypted) return this.#put(roomId, type, content);
    return this.#put(roomId, "m.room.encrypted", await this.seal(roomId, type, content));
  }

  /** The cipher of whatever one would like to say, without saying it. The keys to it are given out. */
  seal(roomId: string, type: string, content: Content): Promise<Content> {
    const { engine } = this.#session;
    return this.#session.inTurn(async () => {
      const { readers: users, visibility } = this.#rooms.of(roomId);
      await engine.track(users);
      await this.#session.sendWanted();
      const claim = await engine.missingSessions(users);
      if (claim !== undefined) await this.#session.send(claim);
      for (const request of await engine.share({ roomId, users, visibility }))
        await this.#session.send(request);
      return engine.encrypt(roomId, type, content);
    });
  }

  /** `/discardsession`: the next word begins a new one, which is shared anew. */
  discardSession(roomId: string): Promise<void> {
    return this.#session.inTurn(() => this.#session.engine.discardSession(roomId));
  }

  async #put(roomId: string, type: string, content: Content): Promise<string> {
    this.#transactions += 1;
    const path = `client/v3/rooms/${encodeURIComponent(roomId)}/send/${type}/t${this.#transactions}`;
    const answer = await this.#session.request({ method: "PUT", path, body: content });
    return asString(asObject(answer)["event_id"])!;
  }

  // Files

  async sendFile(roomId: string, name: string, bytes: Uint8Array): Promise<string> {
    const { encryptedData: body, mediaEncryptionInfo } = sdk.Attachment.encrypt(bytes);
    const answer = await this.#session.request({ method: "POST", path: "media/v3/upload", body });
    const file = { ...asObject(JSON.parse(mediaEncryptionInfo!)), url: asObject(answer)["content_uri"] };
    return this.send(roomId, "m.room.message", { msgtype: "m.file", body: name, file });
  }

  async readFile(event: Opened): Promise<Uint8Array> {
    const file = asObject(event.content["file"]);
    const path = `client/v1/media/download/${asString(file["url"])!.slice("mxc://".length)}`;
    const bytes = (await this.#session.request({ method: "GET", path })) as Uint8Array;
    return sdk.Attachment.decrypt(new sdk.EncryptedAttachment(bytes, JSON.stringify(file)));
  }

  // Hearing

  /** Asks /sync once, without waiting for news. */
  async sync(): Promise<void> {
    await this.#syncOnce(0);
  }

  /** Follows /sync from now on, until `stop`. */
  follow(): void {
    if (this.#following !== undefined) return;
    const { signal } = (this.#following = new AbortController());
    const loop = async (): Promise<void> => {
      while (!signal.aborted) await this.#syncOnce(pollMs, signal);
    };
    void loop().catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  stop(): void {
    this.#following?.abort(new Error("the client stops"));
    this.#following = undefined;
  }

  /** Its keys go with it. */
  async close(): Promise<void> {
    this.stop();
    await this.#session.rest();
    this.#session.engine.close();
  }

  async #syncOnce(timeout: number, signal?: AbortSignal): Promise<void> {
    const query = {
      timeout: String(timeout),
      filter: JSON.stringify({ room: { timeline: { limit: 100 } } }),
      ...(this.#since === undefined ? {} : { since: this.#since }),
    };
    const call = { method: "GET", path: "client/v3/sync", query } as const;
    const answer = asObject(await this.#session.request(signal === undefined ? call : { ...call, signal }));
    await this.#session.inTurn(() => this.#take(answer));
  }

  /** Keys before the events that need them, and the token last. */
  async #take(answer: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#session.engine.receive(answer);
    const rooms = Object.entries(asObject(asObject(answer["rooms"])["join"]));
    for (const [roomId, room] of rooms)
      for (const event of [...eventsOf(room, "state"), ...eventsOf(room, "timeline")])
        this.#rooms.see(roomId, event);
    await this.#session.engine.track(this.#rooms.readers);
    await this.#session.sendWanted();
    await this.timeline.openAgain();
    for (const [roomId, room] of rooms)
      for (const event of eventsOf(room, "timeline")) await this.timeline.add(roomId, event);
    this.#since = asString(answer["next_batch"]);
  }

  // Identity

  /** A new one, in place of any other. */
  makeIdentity(): Promise<void> {
    return makeIdentity(this.#session);
  }

  /** What another device of the person needs to be signed, and to sign. */
  secrets(): Promise<Secrets> {
    return this.#session.inTurn(() => this.#session.engine.secrets());
  }

  /** Signs a device of the same person. */
  sign(deviceId: string): Promise<void> {
    return signDevice(this.#session, deviceId);
  }

  /** Signs the identity of somebody else. */
  verify(userId: string): Promise<void> {
    return verifyPerson(this.#session, userId);
  }

  isVerified(userId: string): Promise<boolean> {
    return this.#session.inTurn(() => this.#session.engine.isVerified(userId));
  }

  /** Whether its owner has signed the device, as this client sees it; undefined where it knows of none. */
  knowsAsSigned(userId: string, deviceId: string): Promise<boolean | undefined> {
    return this.#session.inTurn(() => this.#session.engine.isDeviceSigned(userId, deviceId));
  }
}

function eventsOf(room: unknown, part: "state" | "timeline"): readonly RawEvent[] {
  return (asObject(asObject(room)[part])["events"] ?? []) as readonly RawEvent[];
}
