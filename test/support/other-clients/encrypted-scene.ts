// A community whose management room a moderator's client has made encrypted, as it makes it: beside it rooms to protect
// and a policy list, in clear. The moderator's device is signed by its owner, as Tyr obeys no other.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Content, TestClient } from "../synapse/client.ts";
import { type Scene, setScene } from "../synapse/scene.ts";
import type { RegisteredUser, Synapse } from "../synapse/synapse.ts";
import { type TyrOptions, type TyrProcess, startTyr } from "../tyr-process.ts";
import { giveIdentity } from "./cross-signing.ts";
import { startMautrix } from "./mautrix.ts";
import { startNio } from "./nio.ts";
import type { Heard, OtherClient } from "./other-client.ts";

export interface Person {
  readonly user: RegisteredUser;
  readonly client: OtherClient;
  /** Signs another device of theirs, as they do who verify it. */
  readonly sign: (device: string) => Promise<void>;
}

export interface EncryptedSceneOptions {
  readonly rooms: number;
  /** The program of mautrix-go; without it the moderator has nio. */
  readonly mautrix?: string | undefined;
  /** The management room begins in clear. */
  readonly inClear?: boolean;
  /** The moderators' homeserver, where it is another one; the management room is made there. */
  readonly moderatorsAt?: Synapse;
}

export interface Answer {
  /** The command. */
  readonly event: string;
  readonly text: string;
  readonly mark: string;
}

export async function setEncryptedScene(
  synapse: Synapse,
  { rooms, mautrix, inClear = false, moderatorsAt = synapse }: EncryptedSceneOptions,
): Promise<EncryptedScene> {
  const scene = await setScene(synapse, { rooms });
  const folder = await mkdtemp(join(tmpdir(), "tyr-keys-"));
  const people = new People(moderatorsAt, folder);
  const moderator = await people.come("moderator", mautrix);
  const managementRoom = await moderator.client.create("Moderators", {
    invite: [scene.bot.userId],
    encrypted: !inClear,
  });
  await moderator.client.untilKnown(managementRoom);
  return new EncryptedScene({ synapse, moderatorsAt, scene, folder, people, moderator, managementRoom });
}

interface Parts {
  readonly synapse: Synapse;
  readonly moderatorsAt: Synapse;
  readonly scene: Scene;
  readonly folder: string;
  readonly people: People;
  readonly moderator: Person;
  readonly managementRoom: string;
}

export class EncryptedScene {
  readonly scene: Scene;
  readonly bot: RegisteredUser;
  readonly moderator: Person;
  readonly client: OtherClient;
  readonly managementRoom: string;
  readonly #parts: Parts;
  #tyr: TyrProcess | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.scene = parts.scene;
    this.bot = parts.scene.bot;
    this.moderator = parts.moderator;
    this.client = parts.moderator.client;
    this.managementRoom = parts.managementRoom;
  }

  get tyr(): TyrProcess {
    return this.#tyr!;
  }

  /** Starts Tyr, with the folder that it had before. */
  async start(
    settings: Content = {},
    program: Pick<TyrOptions, "from" | "root" | "nodeOptions"> = {},
  ): Promise<void> {
    const { scene, synapse, managementRoom } = this.#parts;
    // A test that failed may have left it running, and two on one folder are one too many.
    await this.#tyr?.kill();
    this.#tyr = await startTyr({
      homeserverUrl: synapse.url,
      accessToken: scene.bot.accessToken,
      settings: { ...scene.settings, managementRoom, ...settings },
      ...program,
      ...(this.#tyr && { folder: this.#tyr.folder }),
    });
    await this.#tyr.logged("watching");
  }

  /** Settings with which Tyr logs in by itself, so that the device is one that nobody else has used. */
  get byPassword(): Content {
    const { userId: user, password } = this.bot;
    return { homeserver: { url: this.#parts.synapse.url, user, password } };
  }

  /** A further person with a client of their own, in no room yet. */
  come(localpart: string): Promise<Person> {
    return this.#parts.people.come(localpart);
  }

  /** A further client of the person, which nobody has signed yet. */
  newDevice(person: Person): Promise<OtherClient> {
    return this.#parts.people.newDevice(person.user);
  }

  /** The event as it lies on the server. */
  onServer(event: string, room = this.managementRoom): Promise<{ type: string; content: Content }> {
    const { moderatorsAt } = this.#parts;
    return new TestClient(moderatorsAt.url, this.client.own.token).getEvent(room, event);
  }

  /** Says a command and resolves with what is answered first; what it does may still be under way. */
  async answer(command: string, client = this.client): Promise<Heard> {
    return this.replyTo(await client.say(this.managementRoom, command), command);
  }

  /** Says a command and waits until it is done. */
  async ask(command: string, client = this.client): Promise<Answer> {
    return this.answerTo(await client.say(this.managementRoom, command), command);
  }

  async answerTo(event: string, command: string): Promise<Answer> {
    const mark = await this.client.until(
      (heard) => this.#isBots(heard) && heard.type === "m.reaction" && relation(heard).event_id === event,
      `the mark at ${command}`,
    );
    const first = await this.replyTo(event, command);
    const newest = this.said().findLast(
      (heard) => heard.event === first.event || relation(heard).event_id === first.event,
    );
    return { event, text: textOf(newest!), mark: relation(mark).key ?? "" };
  }

  /** The first answer, however it will go on. A question about the command is none. */
  replyTo(event: string, command: string): Promise<Heard> {
    return this.client.until(
      (heard) =>
        this.#isBots(heard) &&
        relation(heard)["m.in_reply_to"]?.event_id === event &&
        /^(?!Question \d+:)./.test(textOf(heard)),
      `the answer to ${command}`,
    );
  }

  /** Resolves with the first message of Tyr that fits, said already or yet to be. */
  heard(pattern: RegExp): Promise<Heard> {
    return this.client.until(
      (heard) => this.#isBots(heard) && pattern.test(textOf(heard)),
      `words of Tyr like ${pattern.source}`,
    );
  }

  /** What Tyr has said in the management room so far, read or not. */
  said(client = this.client): readonly Heard[] {
    return client
      .heardIn(this.managementRoom)
      .filter((heard) => this.#isBots(heard) && ["m.room.message", "m.room.encrypted"].includes(heard.type));
  }

  /** Of these what the moderator's client marks in any way: in clear, unreadable, or from a device that is nobody's. */
  marked(trusted: readonly string[], client = this.client): readonly Heard[] {
    return this.said(client).filter(
      (heard) => heard.sealed !== "opened" || !trusted.includes(heard.trust ?? "none"),
    );
  }

  async close(): Promise<void> {
    await this.#tyr?.stop();
    await this.#parts.people.leave();
    this.scene.close();
    await this.#tyr?.remove();
    await rm(this.#parts.folder, { recursive: true, force: true });
  }

  #isBots(heard: Heard): boolean {
    return heard.sender === this.bot.userId && heard.room === this.managementRoom;
  }
}

export function textOf({ content }: Heard): string {
  const { body } = (content["m.new_content"] ?? content) as { body?: string };
  return body ?? "";
}

export function relation({ content }: Heard) {
  return (content["m.relates_to"] ?? {}) as {
    rel_type?: string;
    event_id?: string;
    key?: string;
    "m.in_reply_to"?: { event_id?: string };
  };
}

class People {
  readonly #synapse: Synapse;
  readonly #folder: string;
  readonly #clients: OtherClient[] = [];
  readonly #suffix = Math.random().toString(36).slice(2, 8);

  constructor(synapse: Synapse, folder: string) {
    this.#synapse = synapse;
    this.#folder = folder;
  }

  async come(localpart: string, mautrix?: string): Promise<Person> {
    const synapse = this.#synapse;
    const user = await synapse.registerUser(`${localpart}-${this.#suffix}`);
    await synapse.setRateLimitFree(user.userId);
    if (mautrix === undefined) {
      const client = await this.newDevice(user);
      return { user, client, sign: await giveIdentity(synapse.url, client.own, user.password) };
    }
    const client = await startMautrix(mautrix, synapse, user);
    this.#clients.push(client);
    await client.ask("identity", { password: user.password });
    return { user, client, sign: () => Promise.reject(new Error("mautrix-go keeps its identity to itself")) };
  }

  async newDevice(user: RegisteredUser): Promise<OtherClient> {
    const client = await startNio(this.#synapse, user, { store: this.#folder });
    this.#clients.push(client);
    return client;
  }

  async leave(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}
