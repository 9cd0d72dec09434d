// A past on a real Synapse, made by an application service: it may say when its events were sent (Application Service
// API, "Timestamp massaging").

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Deeds } from "../shipped-cases.ts";
import { TestClient } from "./client.ts";

type Content = Readonly<Record<string, unknown>>;

const registration = {
  id: "past",
  url: null,
  as_token: "token-of-the-past",
  hs_token: "token-of-the-homeserver",
  sender_localpart: "past",
  rate_limited: false,
  namespaces: { users: [{ regex: "@past-.*", exclusive: true }], aliases: [], rooms: [] },
};

/** Writes the registration into the folder; gives the config with which Synapse reads it. */
export async function registerPast(
  folder: string,
): Promise<{ readonly app_service_config_files: readonly string[] }> {
  const file = join(folder, "registration.yaml");
  await writeFile(file, JSON.stringify(registration));
  return { app_service_config_files: [file] };
}

/** Times are ms from when it was made, below zero; zero is the present. */
export class Past {
  readonly #client: TestClient;
  readonly #now = Date.now();
  #sent = 0;

  constructor(url: string) {
    this.#client = new TestClient(url, registration.as_token);
  }

  /** Somebody who came then. */
  async comes(localpart: string, room: string, at: number): Promise<string> {
    const userId = await this.made(`past-${localpart}`);
    await this.isMember(userId, room, at, { membership: "join" });
    return userId;
  }

  async says(userId: string, room: string, at: number, body: string): Promise<string> {
    return this.sends(userId, room, at, { type: "m.room.message", content: { msgtype: "m.text", body } });
  }

  sends(
    userId: string,
    room: string,
    at: number,
    event: { type: string; content: Content },
  ): Promise<string> {
    const path = `${pathOf(room)}/send/${event.type}/past-${(this.#sent += 1)}`;
    return this.#put(userId, at, path, event.content);
  }

  isMember(userId: string, room: string, at: number, content: Content): Promise<string> {
    return this.#put(
      userId,
      at,
      `${pathOf(room)}/state/m.room.member/${encodeURIComponent(userId)}`,
      content,
    );
  }

  /** A new account. */
  async made(username: string): Promise<string> {
    const body = { type: "m.login.application_service", username, inhibit_login: true };
    return String((await this.#client.request("POST", "/register", body))["user_id"]);
  }

  async #put(userId: string, at: number, path: string, content: Content): Promise<string> {
    const as = `user_id=${encodeURIComponent(userId)}&ts=${at === 0 ? Date.now() : Math.round(this.#now + at)}`;
    return String((await this.#client.request("PUT", `${path}?${as}`, content))["event_id"]);
  }
}

function pathOf(room: string): string {
  return `/rooms/${encodeURIComponent(room)}`;
}

/** People who do something now; each is made when they are first heard of. */
export class Guests implements Deeds {
  readonly #past: Past;
  readonly #made = new Set<string>();

  constructor(past: Past) {
    this.#past = past;
  }

  send(room: string, who: string, type: string, content: Content): Promise<string> {
    return this.#past.sends(who, room, 0, { type, content });
  }

  async join(room: string, who: string, content: Content = {}): Promise<string> {
    if (!this.#made.has(who)) await this.#past.made(who.slice(1, who.indexOf(":")));
    this.#made.add(who);
    return this.#past.isMember(who, room, 0, { ...content, membership: "join" });
  }

  leave(room: string, who: string): Promise<string> {
    return this.#past.isMember(who, room, 0, { membership: "leave" });
  }

  setState(): never {
    throw new Error("the guests have no power");
  }

  forceSend(): never {
    throw new Error("a real homeserver refuses it");
  }

  sendLate(room: string, who: string, agoMs: number, body: string): Promise<string> {
    return this.#past.says(who, room, -agoMs, body);
  }
}
