/** A story whose management room is encrypted: the moderator speaks and reads by a client that encrypts. */
import { initAsync } from "@matrix-org/matrix-sdk-crypto-wasm";
import type { Content } from "../../homeserver/event.ts";
import { Story, type StoryOptions } from "../story.ts";
import { EncryptingClient } from "./client.ts";
import { inProcess } from "./link.ts";
import { bodyOf, type Opened } from "./opened.ts";

export class EncryptedStory {
  readonly story: Story;
  readonly #clients: EncryptingClient[] = [];
  #moderator: EncryptingClient | undefined;

  constructor(options: StoryOptions = {}) {
    this.story = new Story({ isEncrypted: true, ...options });
  }

  /** Until Tyr watches, as the moderator's client sees it. */
  static async begin(options: StoryOptions = {}): Promise<EncryptedStory> {
    const encrypted = new EncryptedStory(options);
    await encrypted.enter();
    await encrypted.start();
    return encrypted;
  }

  /** The moderator's first device. */
  get moderator(): EncryptingClient {
    return this.#moderator!;
  }

  get room(): string {
    return this.story.managementRoom;
  }

  /** The moderator logs in, with an identity of their own. */
  async enter(): Promise<void> {
    const { clock, homeserver, moderator: userId } = this.story;
    await clock.standStill(initAsync());
    const [deviceId] = homeserver.devices.of(userId);
    const accessToken = homeserver.newToken(userId, deviceId);
    const login = { link: inProcess(homeserver), userId, deviceId: deviceId!, accessToken };
    this.#moderator = await this.joins(EncryptingClient.enter(login));
  }

  /** A client that is there from now on. */
  async joins(client: Promise<EncryptingClient>): Promise<EncryptingClient> {
    const entered = await this.wait(client, "a client logging in");
    this.#clients.push(entered);
    entered.follow();
    return entered;
  }

  /** Starts Tyr, once more where it ran before, and lets time pass until it says so, or ends. */
  async start(): Promise<void> {
    const greetings = () => this.said().filter((text) => text.startsWith("Tyr is watching")).length;
    const before = greetings();
    const { tyr, ended } = this.story.launch();
    await this.wait(Promise.race([tyr.ready, ended]), "Tyr watching");
    let isOver = false;
    void ended.then(() => (isOver = true));
    if (before === 0) await this.story.until(() => isOver || greetings() > 0, "the first message");
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    await this.story.stop();
    for (const client of this.#clients.splice(0)) await client.close();
  }

  wait<T>(work: Promise<T>, what: string): Promise<T> {
    return this.story.clock.runUntil(work, { what });
  }

  /** Says it, and resolves with its event id as soon as it is in the room. */
  async say(text: string, by = this.moderator): Promise<string> {
    return this.wait(by.say(this.room, text), `saying: ${text}`);
  }

  /** A command; resolves with the mark on it and the answer, as the client that gave it reads them. */
  async command(text: string, by = this.moderator): Promise<string> {
    return this.answer(await this.say(text, by), by);
  }

  /** The mark on what was said and the answer to it. */
  async answer(event: string, by = this.moderator): Promise<string> {
    await this.story.until(() => this.markOn(event) !== undefined, `the mark on ${event}`);
    const isRead = () => this.events(by).every(({ closed }) => closed === undefined);
    await this.story.clock.settle(isRead);
    return `${this.markOn(event)} ${this.answerTo(event, by) ?? ""}`;
  }

  /** Tyr's reaction, which is in clear. */
  markOn(event: string): string | undefined {
    const found = this.story.homeserver
      .events(this.room)
      .find((one) => one.type === "m.reaction" && relation(one.content)["event_id"] === event);
    return found && String(relation(found.content)["key"]);
  }

  /** Newest text of the answer, of the nth where there are several, or of a message that was edited. */
  answerTo(event: string, by = this.moderator, nth = 0): string | undefined {
    const answers = this.events(by).filter(({ type }) => type === "m.room.message");
    const first = answers.filter(
      ({ content }) => (relation(content)["m.in_reply_to"] as Content | undefined)?.["event_id"] === event,
    )[nth];
    if (first === undefined) return undefined;
    const newest = answers
      .filter(({ content }) => relation(content)["event_id"] === first.eventId)
      .map(({ content }) => content["m.new_content"] as Content | undefined)
      .findLast((content) => content !== undefined);
    return newest === undefined ? bodyOf(first) : String(newest["body"]);
  }

  /** What Tyr sent to the management room, as the client sees it. */
  events(by = this.moderator): readonly Opened[] {
    return by.timeline.events(this.room).filter(({ sender }) => sender === this.story.bot.userId);
  }

  /** Everything Tyr has said there that the client can read, edits included. */
  said(by = this.moderator): readonly string[] {
    return by.timeline.texts(this.room, this.story.bot.userId);
  }

  /** Until Tyr has said something that contains this. */
  async heard(part: string, by = this.moderator): Promise<string> {
    const found = () => this.said(by).findLast((text) => text.includes(part));
    await this.story
      .until(() => found() !== undefined, `Tyr saying: ${part}`)
      .catch((error: unknown) => {
        throw new Error(`${String(error)}\nIt said:\n${this.said(by).slice(-5).join("\n")}`);
      });
    return found()!;
  }

  /** What Tyr said there in clear. */
  inClear(): readonly string[] {
    return this.story.homeserver.texts(this.room, this.story.bot.userId);
  }

  /** Shields other than none on what Tyr said, and what cannot be opened. */
  complaints(by = this.moderator): readonly string[] {
    return this.events(by).flatMap(({ isEncrypted, shield, closed }) => {
      if (!isEncrypted || shield === "None") return [];
      return [closed === undefined ? String(shield) : closed.code];
    });
  }
}

function relation(content: Content): Content {
  return (content["m.relates_to"] ?? {}) as Content;
}
