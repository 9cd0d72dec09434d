// A small Matrix client for tests, written against the specification and independent of src/, so that a mistake
// there cannot hide here. It does not retry: a test sees each answer as it came. What it saw, it remembers.

import { setTimeout as pause } from "node:timers/promises";
import { patienceMs } from "../patience.ts";

const longPollMs = 30_000;
const recentInMessage = 8;

export type Content = Readonly<Record<string, unknown>>;

export interface MatrixEvent {
  readonly type: string;
  readonly sender: string;
  readonly content: Content;
  /** Absent from the few state events that come with an invitation. */
  readonly event_id?: string;
  readonly state_key?: string;
  readonly origin_server_ts?: number;
  readonly unsigned?: Content;
}

export interface SeenEvent {
  readonly event: MatrixEvent;
  readonly roomId: string;
  /** `performance.now()` when its /sync answer arrived. */
  readonly at: number;
}

export interface RoomOptions {
  readonly version?: string;
  readonly preset?: "private_chat" | "public_chat" | "trusted_private_chat";
  readonly name?: string;
  readonly invite?: readonly string[];
  readonly alias?: string;
  /** Overrides what the server would write, key by key. */
  readonly powerLevels?: Content;
  readonly initialState?: readonly {
    readonly type: string;
    readonly state_key?: string;
    readonly content: Content;
  }[];
  readonly creationContent?: Content;
}

export interface UntilOptions {
  /** What is awaited, for the message when it does not come. */
  readonly what?: string;
  readonly timeoutMs?: number;
}

export interface MessagesPage {
  readonly chunk: readonly MatrixEvent[];
  readonly start: string;
  readonly end?: string;
}

/** The server said no. */
export class RequestFailed extends Error {
  readonly status: number;
  readonly errcode: string | undefined;
  readonly body: Content;

  constructor(request: string, status: number, body: Content) {
    super(`${request}: ${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.errcode = typeof body.errcode === "string" ? body.errcode : undefined;
    this.body = body;
  }
}

interface Waiter {
  readonly offer: (seen: SeenEvent) => void;
  readonly fail: (error: Error) => void;
}

export class TestClient {
  readonly url: string;
  readonly accessToken: string;
  /** Everything that came through /sync since `watch`, oldest first. */
  readonly seen: SeenEvent[] = [];
  #since: string | undefined;
  #watching: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  readonly #waiters = new Set<Waiter>();
  #nextTransaction = 0;

  constructor(url: string, accessToken: string) {
    this.url = url;
    this.accessToken = accessToken;
  }

  // Rooms

  async createRoom(options: RoomOptions = {}): Promise<string> {
    const answer = await this.request("POST", "/createRoom", {
      preset: options.preset ?? "public_chat",
      room_version: options.version,
      name: options.name,
      invite: options.invite,
      room_alias_name: options.alias,
      power_level_content_override: options.powerLevels,
      initial_state: options.initialState,
      creation_content: options.creationContent,
    });
    return String(answer.room_id);
  }

  /** `via` names servers that know the room, for rooms of other servers. */
  async join(roomIdOrAlias: string, via: readonly string[] = []): Promise<string> {
    const query = via.map((server) => `via=${encodeURIComponent(server)}`).join("&");
    const answer = await this.request("POST", `/join/${encode(roomIdOrAlias)}?${query}`, {});
    return String(answer.room_id);
  }

  async leave(roomId: string): Promise<void> {
    await this.request("POST", `/rooms/${encode(roomId)}/leave`, {});
  }

  async invite(roomId: string, userId: string): Promise<void> {
    await this.request("POST", `/rooms/${encode(roomId)}/invite`, { user_id: userId });
  }

  async kick(roomId: string, userId: string, reason?: string): Promise<void> {
    await this.request("POST", `/rooms/${encode(roomId)}/kick`, { user_id: userId, reason });
  }

  async ban(roomId: string, userId: string, reason?: string): Promise<void> {
    await this.request("POST", `/rooms/${encode(roomId)}/ban`, { user_id: userId, reason });
  }

  async unban(roomId: string, userId: string): Promise<void> {
    await this.request("POST", `/rooms/${encode(roomId)}/unban`, { user_id: userId });
  }

  async joinedRooms(): Promise<readonly string[]> {
    return (await this.request("GET", "/joined_rooms")).joined_rooms as string[];
  }

  // Events

  async sendText(roomId: string, body: string): Promise<string> {
    return this.sendEvent(roomId, "m.room.message", { msgtype: "m.text", body });
  }

  async sendEvent(roomId: string, type: string, content: Content, transactionId?: string): Promise<string> {
    const path = `/rooms/${encode(roomId)}/send/${encode(type)}/${encode(transactionId ?? this.#transaction())}`;
    return String((await this.request("PUT", path, content)).event_id);
  }

  async sendState(roomId: string, type: string, stateKey: string, content: Content): Promise<string> {
    const path = `/rooms/${encode(roomId)}/state/${encode(type)}/${encode(stateKey)}`;
    return String((await this.request("PUT", path, content)).event_id);
  }

  async redact(roomId: string, eventId: string, reason?: string): Promise<string> {
    const path = `/rooms/${encode(roomId)}/redact/${encode(eventId)}/${encode(this.#transaction())}`;
    return String((await this.request("PUT", path, { reason })).event_id);
  }

  async getEvent(roomId: string, eventId: string): Promise<MatrixEvent> {
    return (await this.request(
      "GET",
      `/rooms/${encode(roomId)}/event/${encode(eventId)}`,
    )) as unknown as MatrixEvent;
  }

  async getState(roomId: string): Promise<readonly MatrixEvent[]> {
    return (await this.request("GET", `/rooms/${encode(roomId)}/state`)) as unknown as MatrixEvent[];
  }

  /** The content of one state event, or undefined when the room has none. */
  async getStateEvent(roomId: string, type: string, stateKey = ""): Promise<Content | undefined> {
    const path = `/rooms/${encode(roomId)}/state/${encode(type)}/${encode(stateKey)}`;
    return absentIfNotFound(this.request("GET", path));
  }

  /** Membership by user, of everybody the room knows about. */
  async members(roomId: string): Promise<ReadonlyMap<string, string>> {
    const { chunk } = (await this.request("GET", `/rooms/${encode(roomId)}/members`)) as {
      chunk: MatrixEvent[];
    };
    return new Map(chunk.map((event) => [event.state_key ?? "", String(event.content.membership)]));
  }

  async messages(
    roomId: string,
    options: { readonly dir?: "b" | "f"; readonly from?: string; readonly limit?: number } = {},
  ): Promise<MessagesPage> {
    const query = new URLSearchParams({ dir: options.dir ?? "b", limit: String(options.limit ?? 50) });
    if (options.from !== undefined) query.set("from", options.from);
    const answer = await this.request("GET", `/rooms/${encode(roomId)}/messages?${query.toString()}`);
    return answer as unknown as MessagesPage;
  }

  // The account

  async whoami(): Promise<{ readonly userId: string; readonly deviceId: string | undefined }> {
    const answer = await this.request("GET", "/account/whoami");
    const { user_id, device_id } = answer as { user_id: string; device_id?: string };
    return { userId: user_id, deviceId: device_id };
  }

  async setDisplayName(displayName: string): Promise<void> {
    const { userId } = await this.whoami();
    await this.request("PUT", `/profile/${encode(userId)}/displayname`, { displayname: displayName });
  }

  async setAccountData(type: string, content: Content): Promise<void> {
    const { userId } = await this.whoami();
    await this.request("PUT", `/user/${encode(userId)}/account_data/${encode(type)}`, content);
  }

  async getAccountData(type: string): Promise<Content | undefined> {
    const { userId } = await this.whoami();
    return absentIfNotFound(this.request("GET", `/user/${encode(userId)}/account_data/${encode(type)}`));
  }

  // Watching

  /** Begins to follow /sync. Resolves when everything up to now has been seen; ends with `close`. */
  async watch(): Promise<void> {
    if (this.#watching !== undefined) return;
    const abort = new AbortController();
    this.#watching = { abort, ended: Promise.resolve() };
    await this.#sync(abort.signal, 0);
    this.#watching = { abort, ended: this.#follow(abort.signal) };
  }

  async close(): Promise<void> {
    const watching = this.#watching;
    this.#watching = undefined;
    watching?.abort.abort();
    await watching?.ended;
  }

  /** The first event, seen already or yet to come, for which `matches` holds. Needs `watch`. */
  async until(
    matches: (event: MatrixEvent, roomId: string) => boolean,
    options: UntilOptions = {},
  ): Promise<SeenEvent> {
    if (this.#watching === undefined) throw new Error("TestClient.until: call watch() first");
    const already = this.seen.find(({ event, roomId }) => matches(event, roomId));
    return already ?? this.#next(matches, options);
  }

  /** The seen events for which `matches` holds, for counting and for what must not have happened. */
  allSeen(matches: (event: MatrixEvent, roomId: string) => boolean): readonly SeenEvent[] {
    return this.seen.filter(({ event, roomId }) => matches(event, roomId));
  }

  #next(matches: (event: MatrixEvent, roomId: string) => boolean, options: UntilOptions): Promise<SeenEvent> {
    const { what = "the awaited event", timeoutMs = patienceMs } = options;
    // Made here, so that the stack of the error leads to the test.
    const tooLate = new Error();
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        offer: (seen) => {
          if (!matches(seen.event, seen.roomId)) return;
          settle();
          resolve(seen);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        tooLate.message = `${what} did not come within ${timeoutMs} ms.\n${this.#recently()}`;
        waiter.fail(tooLate);
      }, timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  #recently(): string {
    const lines = this.seen
      .slice(-recentInMessage)
      .map(
        ({ event, roomId }) => `  ${roomId} ${event.type} ${event.sender} ${JSON.stringify(event.content)}`,
      );
    return [`The last of ${this.seen.length} events seen:`, ...lines].join("\n");
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#sync(signal, longPollMs);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof RequestFailed && error.status === 401) {
          for (const waiter of this.#waiters) waiter.fail(error);
          return;
        }
        // The server is being restarted by the test.
        await pause(50);
      }
    }
  }

  async #sync(signal: AbortSignal, timeoutMs: number): Promise<void> {
    const query = new URLSearchParams({ timeout: String(timeoutMs), filter: syncFilter });
    if (this.#since !== undefined) query.set("since", this.#since);
    const answer = await this.request("GET", `/sync?${query.toString()}`, undefined, signal);
    const at = performance.now();
    this.#since = String(answer.next_batch);
    for (const [roomId, event] of eventsIn(answer.rooms as SyncRooms | undefined)) {
      const seen = { event, roomId, at };
      this.seen.push(seen);
      for (const waiter of this.#waiters) waiter.offer(seen);
    }
  }

  // Plumbing

  /** `path` follows `/_matrix/client/v3`, unless it begins with an underscore part of its own. */
  async request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Content> {
    const endpoint = this.url + (path.startsWith("/_") ? path : `/_matrix/client/v3${path}`);
    const response = await fetch(endpoint, {
      method,
      headers: { authorization: `Bearer ${this.accessToken}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
    const text = await response.text();
    const answer = parse(text);
    if (!response.ok) throw new RequestFailed(`${method} ${path}`, response.status, answer);
    return answer;
  }

  #transaction(): string {
    return `test-${process.pid}-${Date.now()}-${this.#nextTransaction++}`;
  }
}

/** The body of a message, or an empty string for whatever is not one. */
export function textOf(event: MatrixEvent): string {
  return event.type === "m.room.message" && typeof event.content.body === "string" ? event.content.body : "";
}

const syncFilter = JSON.stringify({
  presence: { types: [] },
  account_data: { types: [] },
  room: {
    timeline: { limit: 1000 },
    ephemeral: { types: [] },
    account_data: { types: [] },
    include_leave: true,
  },
});

interface EventList {
  readonly events?: readonly MatrixEvent[];
}

interface SyncRoom {
  readonly state?: EventList;
  readonly timeline?: EventList;
  readonly invite_state?: EventList;
  readonly knock_state?: EventList;
}

type SyncRooms = Readonly<
  Partial<Record<"join" | "invite" | "knock" | "leave", Readonly<Record<string, SyncRoom>>>>
>;

function* eventsIn(rooms: SyncRooms | undefined): Generator<[string, MatrixEvent]> {
  for (const section of [rooms?.join, rooms?.invite, rooms?.knock, rooms?.leave]) {
    for (const [roomId, room] of Object.entries(section ?? {})) {
      for (const list of [room.invite_state, room.knock_state, room.state, room.timeline]) {
        for (const event of list?.events ?? []) yield [roomId, event];
      }
    }
  }
}

async function absentIfNotFound(request: Promise<Content>): Promise<Content | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof RequestFailed && error.errcode === "M_NOT_FOUND") return undefined;
    throw error;
  }
}

function parse(text: string): Content {
  try {
    return JSON.parse(text) as Content;
  } catch {
    // A proxy's page, or nothing at all.
    return { error: text };
  }
}

function encode(part: string): string {
  return encodeURIComponent(part);
}
