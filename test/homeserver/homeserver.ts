/**
 * A scripted Matrix homeserver without a transport: `handle` is what HTTP would do, everything else
 * sets the scene and looks at the world at once, without latency.
 */
import type { Settings } from "./call.ts";
import type { EventListener } from "./changes.ts";
import type { HomeserverClock } from "./clock.ts";
import { createRoom, type RoomPlan } from "./create-room.ts";
import { deviceFor, newToken } from "./device-routes.ts";
import { DeviceScript } from "./device-script.ts";
import { clientEvent, type ClientEvent, type Content, type EventDraft, type StoredEvent } from "./event.ts";
import type { Fault, Loss, Weather } from "./faults.ts";
import { Front } from "./front.ts";
import { generateRooms, type RoomsPlan } from "./generate-rooms.ts";
import { asString } from "./json.ts";
import { Load, type LoadOptions } from "./load.ts";
import { manners, type ServerKind } from "./manners.ts";
import { changeMembership, type MembershipAction } from "./membership.ts";
import { addReport } from "./report-routes.ts";
import type { LoggedRequest } from "./request-log.ts";
import { addRules, type NewRule } from "./rules.ts";
import { record, submit, withFrozenContent } from "./submit.ts";
import { type User, World } from "./world.ts";
import type { WriteLimitOptions } from "./write-limit.ts";

export type { HomeserverClock } from "./clock.ts";

export interface HomeserverOptions extends LoadOptions, Partial<Omit<Settings, "manners">> {
  readonly clock: HomeserverClock;
  readonly serverName?: string;
  readonly defaultRoomVersion?: "11" | "12";
  readonly seed?: number;
  /** Whose manners it has; Synapse's unless said otherwise. */
  readonly like?: ServerKind;
}

export interface HomeserverRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly signal?: AbortSignal;
}

export interface HomeserverResponse {
  status: number;
  headers: Record<string, string>;
  /** A JSON value sharing its contents, frozen, with the server. */
  body: unknown;
}

export interface NewUser {
  readonly userId: string;
  readonly accessToken: string;
  readonly deviceId: string;
}

export class Homeserver {
  readonly settings: Settings;
  /** Encryption: what devices have, and trouble with it. */
  readonly devices: DeviceScript;
  readonly #world: World;
  readonly #load: Load;
  readonly #front: Front;

  constructor(options: HomeserverOptions) {
    this.settings = {
      manners: manners[options.like ?? "synapse"],
      ignoresSenderFilter: options.ignoresSenderFilter ?? false,
      encryptsRooms: options.encryptsRooms ?? "off",
      supportsStateAfter: options.supportsStateAfter ?? false,
      accountModeration: options.accountModeration,
    };
    this.#world = new World({
      clock: options.clock,
      serverName: options.serverName ?? "hs.test",
      defaultRoomVersion: options.defaultRoomVersion ?? "11",
      seed: options.seed ?? 1,
    });
    this.#load = new Load(options.clock, { ...options, mixesUpSends: this.settings.manners.mixesUpSends });
    this.#front = new Front(this.#world, this.#load, this.settings);
    this.devices = new DeviceScript(this.#world, this.#front.faults);
  }

  get serverName(): string {
    return this.#world.serverName;
  }

  handle(request: HomeserverRequest): Promise<HomeserverResponse> {
    return this.#front.handle(request);
  }

  // Users

  createUser(localpart: string, options: { admin?: boolean; password?: string } = {}): NewUser {
    const userId = `@${localpart}:${this.#world.serverName}`;
    const user: User = {
      id: userId,
      localpart,
      isAdmin: options.admin ?? false,
      standing: "good",
      isDeactivated: false,
      isErased: false,
      password: options.password ?? "password",
      displayName: localpart,
      avatarUrl: undefined,
      filters: [],
      accountData: new Map(),
      forgotten: new Set(),
      devices: new Map(),
      logins: 0,
      identity: { keys: new Map(), signatures: [] },
    };
    this.#world.users.set(userId, user);
    const device = deviceFor(user);
    return { userId, accessToken: newToken(this.#world, user, device), deviceId: device.id };
  }

  /** An administrator of the server locks or suspends the account, or frees it. */
  setStanding(userId: string, standing: "good" | "locked" | "suspended"): void {
    const user = this.#world.users.get(userId);
    if (user !== undefined) user.standing = standing;
  }

  /** What administrators have done to the account. */
  standingOf(userId: string): "good" | "locked" | "suspended" | "deactivated" | "erased" | undefined {
    const user = this.#world.users.get(userId);
    if (user?.isErased) return "erased";
    return user?.isDeactivated ? "deactivated" : user?.standing;
  }

  /** The user, or another server, has put a file under this address. */
  addMedia(uri: string, { user, isSafe = false }: { user?: string; isSafe?: boolean } = {}): string {
    this.#world.media.set(uri, { user, isSafe, quarantinedBy: undefined });
    return uri;
  }

  /** The user has uploaded a text. */
  addFile(user: string, text: string): string {
    const uri = `mxc://${this.#world.serverName}/file${this.#world.media.size}`;
    this.#world.media.set(uri, {
      user,
      isSafe: false,
      quarantinedBy: undefined,
      bytes: Buffer.from(text, "utf8"),
    });
    return uri;
  }

  isQuarantined(uri: string): boolean {
    return this.#world.media.get(uri)?.quarantinedBy !== undefined;
  }

  setAdmin(userId: string, isAdmin: boolean): void {
    const user = this.#world.users.get(userId);
    if (user !== undefined) user.isAdmin = isAdmin;
  }

  isBlocked(roomId: string): boolean {
    return this.#world.blockedRooms.has(roomId);
  }

  hasRoom(roomId: string): boolean {
    return this.#world.rooms.has(roomId);
  }

  isListed(roomId: string): boolean {
    return this.#world.room(roomId).isPublished;
  }

  aliasTarget(alias: string): string | undefined {
    return this.#world.aliases.get(alias);
  }

  /** Another access token for an account that is there: of a new device, or of the one that is named. */
  newToken(userId: string, deviceId?: string): string {
    const user = this.#world.users.get(userId);
    if (user === undefined) throw new Error(`no account: ${userId}`);
    return newToken(this.#world, user, deviceFor(user, { id: deviceId }));
  }

  revokeToken(token: string): void {
    this.#world.tokens.delete(token);
  }

  /** All access tokens of a user, those of logins included. */
  tokensOf(userId: string): readonly string[] {
    return [...this.#world.tokens].filter(([, login]) => login.userId === userId).map(([token]) => token);
  }

  accountData(userId: string, type: string, roomId?: string): Content | undefined {
    return this.#world.users.get(userId)?.accountData.get(`${roomId ?? ""}|${type}`)?.content;
  }

  setAccountData(userId: string, type: string, content: Content): void {
    const position = this.#world.nextPosition();
    const data = { type, roomId: undefined, content, position };
    this.#world.users.get(userId)?.accountData.set(`|${type}`, data);
    this.#world.changes.announce((other) => other === userId);
  }

  // Rooms

  createRoom(plan: RoomPlan): string {
    return createRoom(this.#world, plan).id;
  }

  generateRooms(plan: RoomsPlan): readonly string[] {
    return generateRooms(this.#world, plan);
  }

  setAlias(alias: string, roomId: string | undefined): void {
    if (roomId === undefined) this.#world.aliases.delete(alias);
    else this.#world.aliases.set(alias, roomId);
  }

  // Acting as any user, remote ones included. Refusals throw a MatrixError.

  send(roomId: string, sender: string, type: string, content: Content): string {
    return submit(this.#world, { roomId, sender, type, content }).eventId;
  }

  /** A message that was long on its way, as its server says. */
  sendLate(roomId: string, sender: string, agoMs: number, body: string): string {
    const content = { msgtype: "m.text", body };
    return submit(this.#world, { roomId, sender, type: "m.room.message", content, agoMs }).eventId;
  }

  /** Only in the profile: the member events of the rooms stay as they are. */
  /** Name and picture of an account. */
  profileOf(userId: string): readonly [name: string | undefined, picture: string | undefined] {
    const { displayName, avatarUrl } = this.#world.users.get(userId)!;
    return [displayName, avatarUrl];
  }

  setDisplayName(userId: string, displayName: string): void {
    this.#world.users.get(userId)!.displayName = displayName;
  }

  /** The person's client tells that they have read so far. */
  read(roomId: string, user: string, event: string, type = "m.read"): void {
    this.#world.putReceipt({ room: roomId, user, event, type });
  }

  sendText(roomId: string, sender: string, body: string): string {
    return this.send(roomId, sender, "m.room.message", { msgtype: "m.text", body });
  }

  /** A user reports an event to this homeserver. */
  report(room: string, event: string, { by, reason }: { by: string; reason: string }): void {
    addReport(this.#world, { room, event, by, reason });
  }

  redact(roomId: string, sender: string, eventId: string, reason?: string): string {
    const content = reason === undefined ? {} : { reason };
    const draft = { roomId, sender, type: "m.room.redaction", content, redacts: eventId };
    return submit(this.#world, draft).eventId;
  }

  setState(roomId: string, sender: string, type: string, stateKey: string, content: Content): string {
    return submit(this.#world, { roomId, sender, type, stateKey, content }).eventId;
  }

  /** Asks nobody. `silent`: a state reset, which changes current state and no timeline. */
  forceState(
    roomId: string,
    sender: string,
    type: string,
    stateKey: string,
    content: Content,
    options: { silent?: boolean } = {},
  ): string {
    const room = this.#world.room(roomId);
    const frozen = withFrozenContent({ roomId, sender, type, content });
    const draft = { ...frozen, stateKey };
    if (options.silent === true) return this.#world.reset(room, draft).eventId;
    return record(this.#world, room, draft).eventId;
  }

  /** A state reset to an event the room once had, or to nothing. */
  resetState(roomId: string, type: string, stateKey: string, toEventId?: string): void {
    const room = this.#world.room(roomId);
    const event = toEventId === undefined ? undefined : room.event(toEventId);
    this.#world.resetTo(room, type, stateKey, event);
  }

  /** A message no rule was asked about: malformed content, a sender outside the room. */
  forceSend(roomId: string, sender: string, type: string, content: Content): string {
    const draft = withFrozenContent({ roomId, sender, type, content });
    return record(this.#world, this.#world.room(roomId), draft).eventId;
  }

  /**
   * An event of another server reaches us, by the ordinary rules. `agoMs`: sent so long ago, it says. `isLeaked`: by way of
   * servers that do not enforce the server ACL.
   */
  arrives(event: EventDraft & { readonly isLeaked?: boolean }): string {
    const { isLeaked = false, ...draft } = event;
    return submit(this.#world, draft, { isLeaked }).eventId;
  }

  addRules(
    roomId: string,
    sender: string,
    count: number,
    make?: (index: number) => NewRule,
  ): readonly string[] {
    return addRules(this.#world, roomId, sender, count, make);
  }

  /** Several calls as one change: long polls wake only when all is done. */
  inOneGo<T>(work: () => T): T {
    return this.#world.inOneGo(work);
  }

  join(roomId: string, userId: string, content?: Content): string {
    return this.#member("join", roomId, userId, userId, content);
  }

  leave(roomId: string, userId: string, reason?: string): string {
    return this.#member("leave", roomId, userId, userId, withReason(reason));
  }

  knock(roomId: string, userId: string, reason?: string): string {
    return this.#member("knock", roomId, userId, userId, withReason(reason));
  }

  invite(roomId: string, sender: string, target: string, reason?: string): string {
    return this.#member("invite", roomId, sender, target, withReason(reason));
  }

  kick(roomId: string, sender: string, target: string, reason?: string): string {
    return this.#member("kick", roomId, sender, target, withReason(reason));
  }

  ban(roomId: string, sender: string, target: string, reason?: string): string {
    return this.#member("ban", roomId, sender, target, withReason(reason));
  }

  unban(roomId: string, sender: string, target: string, reason?: string): string {
    return this.#member("unban", roomId, sender, target, withReason(reason));
  }

  // Looking

  state(roomId: string, type: string, stateKey = ""): ClientEvent | undefined {
    return this.#show(this.#world.room(roomId).state(type, stateKey));
  }

  stateOfType(roomId: string, type: string): readonly ClientEvent[] {
    return this.#showAll(this.#world.room(roomId).stateOfType(type));
  }

  membership(roomId: string, userId: string): string | undefined {
    return this.#world.room(roomId).membership(userId);
  }

  /** User ids by membership, "join" unless said otherwise. */
  members(roomId: string, membership = "join"): readonly string[] {
    return [...this.#world.room(roomId).stateOfType("m.room.member")]
      .filter((event) => event.content["membership"] === membership)
      .map((event) => event.stateKey ?? "");
  }

  joinedCount(roomId: string): number {
    return this.#world.room(roomId).joinedCount;
  }

  /** The timeline, oldest first. */
  events(roomId: string): readonly ClientEvent[] {
    return this.#showAll(this.#world.room(roomId).timeline);
  }

  event(roomId: string, eventId: string): ClientEvent | undefined {
    return this.#show(this.#world.room(roomId).event(eventId));
  }

  /** Bodies of the room's messages, oldest first. */
  texts(roomId: string, sender?: string): readonly string[] {
    return this.#world
      .room(roomId)
      .timeline.filter((event) => event.type === "m.room.message")
      .filter((event) => sender === undefined || event.sender === sender)
      .map((event) => asString(event.content["body"]) ?? "");
  }

  joinedRooms(userId: string): readonly string[] {
    return this.#world.joinedRoomsOf(userId).map((room) => room.id);
  }

  /** How far the stream has come; every event has a position in it. */
  get position(): number {
    return this.#world.position;
  }

  get requests(): readonly LoggedRequest[] {
    return this.#front.log.newest;
  }

  /** Requests so far by kind, such as "PUT state m.room.member" or "POST ban". */
  get requestCounts(): Readonly<Record<string, number>> {
    return this.#front.log.counts;
  }

  clearRequests(): void {
    this.#front.log.clear();
  }

  // Waiting

  /** Resolves as soon as the predicate holds after some change; nothing is polled by time. */
  until(predicate: (homeserver: this) => boolean, what: string): Promise<void> {
    return this.#world.changes.until(() => predicate(this), what);
  }

  /** What the unresolved calls of `until` wait for. */
  get waitingFor(): readonly string[] {
    return this.#world.changes.waitingFor;
  }

  onEvent(listener: (event: ClientEvent) => void): () => void {
    const show: EventListener = (event) => {
      listener(clientEvent(event, { now: this.#world.clock.now() }));
    };
    return this.#world.changes.listen(show);
  }

  // Trouble

  setRoomLatency(roomId: string, ms: number | undefined): void {
    this.#load.setRoomLatency(roomId, ms);
  }

  limitWrites(rate: WriteLimitOptions | undefined): void {
    this.#front.limit.set(rate);
  }

  exemptFromLimits(userId: string, isExempt = true): void {
    this.#front.limit.setExempt(userId, isExempt);
  }

  failNext(fault: Fault): void {
    this.#front.faults.failNext(fault);
  }

  /** What becomes of every request to the room from now on. */
  setRoomLoss(roomId: string, loss: Loss | undefined): void {
    this.#front.faults.setRoomLoss(roomId, loss);
  }

  /** Asked about each request that nothing else has failed. */
  setWeather(weather: Weather | undefined): void {
    this.#front.faults.setWeather(weather);
  }

  /** Ends every trouble with requests. */
  clearFaults(): void {
    this.#front.faults.clear();
  }

  /** The next syncs of a user are answered as if asked from where `back` syncs earlier was asked: old news come again. */
  repeatSync(userId: string, { back = 1, times = 1 }: { back?: number; times?: number } = {}): void {
    this.#front.syncScript.repeatNext(userId, { back, times });
  }

  /** The next syncs with news tell of these rooms (of all rooms) no more than the newest event. */
  skipInSync(rooms: readonly string[] | "all", times = 1): void {
    this.#front.syncScript.skipNext(rooms, times);
  }

  /** Whether a sync to come will skip something. */
  get isSkipping(): boolean {
    return this.#front.syncScript.isSkipping;
  }

  /** Stops and starts at once: connections are cut, what was being written is lost, rate limits are forgotten. */
  restart(): void {
    this.#front.faults.cutAll();
    this.#load.restart();
    this.#front.limit.restart();
  }

  /** What was uploaded. */
  media(uri: string): string | undefined {
    const bytes = this.mediaBytes(uri);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
  }

  mediaBytes(uri: string): Uint8Array | undefined {
    return this.#world.media.get(uri)?.bytes;
  }

  goDown(): void {
    this.#front.faults.goDown();
  }

  comeUp(): void {
    this.#front.faults.comeUp();
  }

  #member(
    action: MembershipAction,
    roomId: string,
    sender: string,
    target: string,
    content: Content | undefined,
  ): string {
    return changeMembership(this.#world, { roomId, sender, target, action, content }).eventId;
  }

  #show(event: StoredEvent | undefined): ClientEvent | undefined {
    return event === undefined ? undefined : clientEvent(event, { now: this.#world.clock.now() });
  }

  #showAll(events: Iterable<StoredEvent>): readonly ClientEvent[] {
    const reader = { now: this.#world.clock.now() };
    return [...events].map((event) => clientEvent(event, reader));
  }
}

function withReason(reason: string | undefined): Content {
  return reason === undefined ? {} : { reason };
}
