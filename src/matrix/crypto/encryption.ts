/**
 * Encryption as the rest of Tyr knows it: begun when a room needs it, told of each answer of `/sync`, asked to open and to
 * seal. Where it cannot be had, Tyr goes on without it.
 */
import { asString, type JsonObject } from "../../kit/json.ts";
import type { EncryptionHealth } from "../../model/health.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import type { WorldView } from "../../model/world/view.ts";
import { MatrixFault } from "../http/errors.ts";
import { decodeTimelineEvent } from "../sync/decode-timeline.ts";
import { advice } from "./advice.ts";
import { algorithm, type Opened } from "./decrypt.ts";
import type { Audience } from "./encrypt.ts";
import { EngineLife, messageOf, type EngineLifeOptions, type Running } from "./engine-life.ts";
import { EngineDied, EngineLost, type SealedFile, type SessionNews, type SyncNews } from "./engine.ts";
import { OldKeys } from "./old-keys.ts";
import { newsIn } from "./sync-news.ts";

export interface EncryptionOptions extends EngineLifeOptions {
  readonly world: WorldView;
  /** Encrypted protected rooms are read and written to as well. */
  readonly readsProtectedRooms: boolean;
  readonly deliver: (seen: readonly Seen[]) => void;
}

/** What is said or read waits for the engine so long, and goes on without it. */
const patienceMs = 10_000;
/**
 * The sync loop waits so long until what came is on the disk, and all rooms with it: then the homeserver forgets it. Where it
 * takes longer, only a crash at that very moment loses it.
 */
const keptWithinMs = 3_000;
/** Answers of `/sync` whose keys could not be kept, and are tried again: hours of a full disk. */
const mostUnreceived = 500;
/** Devices of somebody whose words are not signed are asked for so often. */
const askAgainMs = 60_000;
/** Moderators are few and have to be answered: a homeserver that invents devices of theirs must not silence us so easily. */
const moreForModerators = 10;
/** Who can read what is said from now on, by the room's history visibility. */
const audiences = { joined: ["join"], others: ["join", "invite"] } as const;

export class Encryption {
  readonly #options: EncryptionOptions;
  readonly #life: EngineLife;
  readonly #oldKeys: OldKeys;
  #lastNews: SyncNews | undefined;
  /** Resolves when the engine has all that `/sync` brought. */
  #received: Promise<void> = Promise.resolve();
  /** What `/sync` brought and the engine does not have, the oldest first. */
  readonly #unreceived: SyncNews[] = [];
  #isLeftOut = false;
  /** Why the oldest of it could not be kept. */
  #notKept: string | undefined;
  /** Who is known to the engine as being in the management room. */
  #tracked = "";
  readonly #askedAt = new Map<string, number>();
  /** The engine was waited for as long as anybody waits. */
  #isOpeningSlow = false;
  #isReceivingSlow = false;

  constructor(options: EncryptionOptions) {
    this.#options = options;
    this.#life = new EngineLife(options);
    this.#oldKeys = new OldKeys({
      clock: options.clock,
      keepDays: options.bounds.keepKeysDays,
      removeSetAside: options.keys.removeSetAside,
    });
  }

  get health(): EncryptionHealth {
    const { health } = this.#life;
    return health.kind === "on" && this.#notKept !== undefined
      ? { ...health, notKept: this.#notKept }
      : health;
  }

  /** What `/sync` brings is to be looked at by us. */
  get isAtWork(): boolean {
    return this.health.kind === "on" || this.health.kind === "starting";
  }

  /** The engine has everything up to the last answer: without it a restart must ask for that once more. */
  get hasReceivedAll(): boolean {
    return this.#unreceived.length === 0 && !this.#isLeftOut;
  }

  /** Whether we read and write encrypted messages there. */
  opens(room: RoomId): boolean {
    const { world, readsProtectedRooms } = this.#options;
    if (room === world.settings.managementRoom || world.stored.cases.appealIn(room)) return true;
    return readsProtectedRooms && world.isProtected(room);
  }

  /** Resolves when it is known whether we can read and write there, or when that takes too long. */
  settled(): Promise<void> {
    return this.#patiently(this.#life.ready);
  }

  /** Begins as soon as a room needs it, and keeps up with whoever is in the management room. Called after each answer. */
  keepUp(): void {
    if (this.health.kind === "idle" && this.#isNeeded()) this.#life.begin();
    const { running } = this.#life;
    const { managementRoom } = this.#options.world.settings;
    if (!running || !managementRoom) return;
    this.#life.inBackground(this.#oldKeys.forget(running.engine));
    const { users } = this.#audience(managementRoom);
    if (this.#tracked === users.join(" ")) return;
    this.#tracked = users.join(" ");
    this.#life.inBackground(running.engine.track(users).then(() => this.#life.sendWanted()));
  }

  /** Resolves when what the answers brought is on disk, or when that takes too long; that is waited for once. */
  async receive(answer: JsonObject): Promise<void> {
    if (!this.isAtWork) return;
    const news = newsIn(answer, this.#lastNews);
    if (news) {
      this.#lastNews = news;
      this.#unreceived.push(news);
      // What is left out is asked for anew by the next start, as the token stays behind it.
      if (this.#unreceived.length > mostUnreceived) this.#isLeftOut = this.#unreceived.pop() !== undefined;
    }
    if (this.#unreceived.length === 0) return;
    let isOver = false;
    const received = (this.#received = this.#received.then(() => this.#takeAll()));
    void received.then(() => {
      isOver = true;
      if (this.#received === received) this.#isReceivingSlow = false;
    });
    if (this.#isReceivingSlow) return;
    await this.#patiently(received, keptWithinMs);
    this.#isReceivingSlow = !isOver;
  }

  /** Undefined where it is not for us to open. Never rejects. */
  async openEvent(room: RoomId, raw: JsonObject): Promise<Opened | undefined> {
    if (!this.opens(room)) return undefined;
    await this.#openedSoon();
    const { running } = this.#life;
    if (!running) return this.isAtWork ? { raw, sealed: { closed: "other", why: advice.notYet } } : undefined;
    const { opening, encrypting } = running;
    try {
      const opened = await opening.open(room, raw);
      const isCommanding = room === this.#options.world.settings.managementRoom;
      if (!isCommanding || !("by" in opened.sealed)) return opened;
      // The answer then need not wait until everybody has the key.
      if (this.health.kind === "on") this.#life.inBackground(encrypting.prepare(this.#audience(room)));
      if (opened.sealed.by === "signed") return opened;
      // Its owner may have signed the device a moment ago, or begun to use it.
      const hasAsked = await this.#hasAskedFor(asString(raw["sender"]), running);
      return hasAsked ? await opening.open(room, raw) : opened;
    } catch (error) {
      this.#life.couldNot(error);
      return { raw, sealed: { closed: "other", why: messageOf(error) } };
    }
  }

  /** What is sent in place of the message. Rejects with a `MatrixFault`. */
  async seal(message: {
    readonly room: RoomId;
    readonly type: string;
    readonly content: JsonObject;
  }): Promise<{ readonly type: string; readonly content: JsonObject }> {
    const { room, type, content } = message;
    const running = type === "m.reaction" ? undefined : await this.#sealingIn(room);
    if (!running) return { type, content };
    const sealed = await this.#orFault(running.encrypting.seal(this.#audience(room), { type, content }));
    return { type: "m.room.encrypted", content: sealed };
  }

  /** Undefined where files of that room are sent in clear. Rejects with a `MatrixFault`. */
  async sealFile(room: RoomId, bytes: Uint8Array): Promise<SealedFile | undefined> {
    const running = await this.#sealingIn(room);
    return running && this.#orFault(running.engine.encryptFile(bytes));
  }

  /** Undefined where it cannot be opened, or is not what was sent. */
  async openFile(file: SealedFile): Promise<Uint8Array | undefined> {
    try {
      return await this.#life.running?.engine.decryptFile(file);
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    await this.#life.stop();
  }

  /** Waited for once: each of a hundred events would hold up what is read as long. */
  async #openedSoon(): Promise<void> {
    if (this.#life.running || this.#isOpeningSlow) return;
    await this.#patiently(this.#life.opened);
    this.#isOpeningSlow = !this.#life.running && this.isAtWork;
  }

  #isNeeded(): boolean {
    const { world } = this.#options;
    const { managementRoom } = world.settings;
    const rooms = [
      ...(managementRoom ? [managementRoom] : []),
      ...world.stored.cases.appealRooms(),
      ...world.protectedIds(),
    ];
    return rooms.some((room) => this.opens(room) && world.rooms.get(room)?.isEncrypted === true);
  }

  /** What could not be kept, as on a full disk, comes before the next news. */
  async #takeAll(): Promise<void> {
    await this.#life.opened;
    const { running } = this.#life;
    if (!running) return void this.#unreceived.splice(0);
    while (this.#unreceived.length > 0) {
      try {
        await this.#take(running, this.#unreceived[0]!);
        this.#notKept = undefined;
      } catch (error) {
        this.#life.couldNot(error);
        // What the engine dies of is not given to it once more.
        if (!(error instanceof EngineDied || error instanceof EngineLost)) {
          this.#notKept = messageOf(error);
          return;
        }
      }
      this.#unreceived.shift();
    }
  }

  async #take(running: Running, news: SyncNews): Promise<void> {
    const { keys, begunAnew } = await running.outgoing.receive(news);
    running.encrypting.beginAnewWith(begunAnew);
    await this.#tellReopened(running, keys);
    this.#life.sendWanted();
  }

  async #tellReopened({ opening }: Running, keys: readonly SessionNews[]): Promise<void> {
    if (keys.length === 0) return;
    const seen = (await opening.reopened(keys)).flatMap(({ room, raw, sealed }): Seen[] => {
      const one = decodeTimelineEvent(room as RoomId, raw, { late: false, sealed });
      return one?.kind === "message" ? [{ kind: "opened", room: one.room, event: one.event }] : [];
    });
    if (seen.length > 0) this.#options.deliver(seen);
  }

  /** Whether the devices of the person were asked for just now. */
  async #hasAskedFor(user: string | undefined, { engine, outgoing }: Running): Promise<boolean> {
    const now = this.#options.clock.now();
    const before = user === undefined ? now : this.#askedAt.get(user);
    if (user === undefined || (before !== undefined && Math.abs(now - before) < askAgainMs)) return false;
    // Only people in the management room come here.
    this.#askedAt.set(user, now);
    return outgoing.send(await engine.query([user])).then(
      () => true,
      () => false,
    );
  }

  /** Undefined where messages of that room are sent in clear. */
  async #sealingIn(id: RoomId): Promise<Running | undefined> {
    const { world } = this.#options;
    const room = world.rooms.get(id);
    if (!room?.isEncrypted) return undefined;
    if (!this.opens(id)) throw new MatrixFault(403, "ENCRYPTED", advice.notRead);
    const asked = asString(room.event("m.room.encryption")?.content["algorithm"]) ?? algorithm;
    if (asked !== algorithm) throw new MatrixFault(403, "ENCRYPTED", advice.unknownAlgorithm);
    this.#life.begin();
    await this.#patiently(this.#life.ready);
    if (this.health.kind === "on") return this.#life.running;
    if (this.health.kind === "starting") throw new MatrixFault(503, "ENCRYPTED", advice.starting);
    // Moderators have to hear of it, and know that it is not encrypted.
    if (id === world.settings.managementRoom) return undefined;
    throw new MatrixFault(403, "ENCRYPTED", advice.notWritten);
  }

  #audience(id: RoomId): Audience {
    const { world, bounds } = this.#options;
    const isManagement = id === world.settings.managementRoom;
    const content = world.rooms.get(id)?.event("m.room.history_visibility")?.content ?? {};
    const historyVisibility = asString(content["history_visibility"]) ?? "shared";
    const where = historyVisibility === "joined" ? audiences.joined : audiences.others;
    const users = new Set([...world.members.membersOf(id, where), world.self]);
    const mostDevices = bounds.mostDevices * (isManagement ? moreForModerators : 1);
    return { room: id, users: [...users].sort(), historyVisibility, mostDevices };
  }

  async #orFault<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      if (error instanceof MatrixFault) throw error;
      this.#life.couldNot(error);
      throw new MatrixFault(503, "ENCRYPTED", messageOf(error));
    });
  }

  async #patiently(work: Promise<void>, ms = patienceMs): Promise<void> {
    const enough = new AbortController();
    await Promise.race([work, this.#options.clock.sleep(ms, enough.signal)]);
    enough.abort();
  }
}
