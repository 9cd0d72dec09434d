// A Matrix client that nobody here wrote, in a process of its own, led by lines of JSON: nio/client.py tells how. What
// it heard, it remembers here; what it could not read is heard, too, and told apart.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { patienceMs } from "../patience.ts";
import type { Content } from "../synapse/client.ts";

const recentInMessage = 8;
const stderrKept = 4_000;

export interface Heard {
  readonly room: string;
  readonly event: string;
  /** What is inside, where it could be opened. */
  readonly type: string;
  readonly sender: string;
  readonly stateKey: string | null;
  readonly content: Content;
  readonly unsigned: Content;
  readonly sealed: "no" | "opened" | "closed";
  /** Why it is closed, in the client's words. */
  readonly why?: string;
  /** What the client thinks of the device that said it; only of what was opened. */
  readonly trust?: string;
  readonly session?: string;
}

export interface OwnDevice {
  readonly user: string;
  readonly device: string;
  readonly token: string;
  readonly ed25519: string;
  readonly curve25519: string;
}

export interface OtherDevice {
  readonly device: string;
  readonly ed25519: string;
  readonly trust: string;
}

export interface OtherClientOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Of `login`; what more it wants is the client's own. */
  readonly login: Readonly<Record<string, unknown>>;
}

interface Question {
  readonly resolve: (answer: Content) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the client, logs it in, and begins to follow: what was said up to now has been heard when it resolves. */
export async function startOtherClient({ command, args, login }: OtherClientOptions): Promise<OtherClient> {
  const driver = new Driver(spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] }));
  try {
    const own = (await driver.ask("login", login)) as unknown as OwnDevice;
    await driver.ask("follow");
    return new OtherClient(driver, own);
  } catch (error) {
    await driver.end();
    throw error;
  }
}

export class OtherClient {
  readonly own: OwnDevice;
  readonly #driver: Driver;

  constructor(driver: Driver, own: OwnDevice) {
    this.#driver = driver;
    this.own = own;
  }

  // Rooms

  /** As the client makes a private room that is encrypted. */
  async create(
    name: string,
    options: { invite?: readonly string[]; encrypted?: boolean } = {},
  ): Promise<string> {
    return String((await this.ask("create", { name, ...options }))["room"]);
  }

  async join(room: string): Promise<void> {
    await this.ask("join", { room });
    await this.untilKnown(room);
  }

  async leave(room: string): Promise<void> {
    await this.ask("leave", { room });
  }

  async invite(room: string, user: string): Promise<void> {
    await this.ask("invite", { room, user });
  }

  /** Makes the room encrypted. */
  async encrypt(room: string): Promise<void> {
    await this.ask("encrypt", { room });
  }

  /** Resolves when the client has heard that it is in the room. */
  async untilKnown(room: string): Promise<void> {
    await this.until(
      (heard) =>
        heard.room === room &&
        heard.type === "m.room.member" &&
        heard.stateKey === this.own.user &&
        heard.content["membership"] === "join",
      "its own joining",
    );
  }

  // Speaking. Each resolves with the event's id.

  say(room: string, body: string, more: Content = {}): Promise<string> {
    return this.send(room, "m.room.message", { msgtype: "m.text", body, ...more });
  }

  reply(room: string, to: string, body: string): Promise<string> {
    return this.say(room, body, { "m.relates_to": { "m.in_reply_to": { event_id: to } } });
  }

  edit(room: string, event: string, body: string): Promise<string> {
    return this.say(room, `* ${body}`, {
      "m.new_content": { msgtype: "m.text", body },
      "m.relates_to": { rel_type: "m.replace", event_id: event },
    });
  }

  react(room: string, event: string, key: string): Promise<string> {
    const relation = { rel_type: "m.annotation", event_id: event, key };
    return this.send(room, "m.reaction", { "m.relates_to": relation });
  }

  async send(room: string, type: string, content: Content): Promise<string> {
    return String((await this.ask("send", { room, type, content }))["event"]);
  }

  /** Its key is handed over only by `handOver`: what a slow network does. Of nio alone. */
  async sayBeforeKey(room: string, body: string): Promise<string> {
    const content = { msgtype: "m.text", body };
    return String((await this.ask("send_before_key", { room, type: "m.room.message", content }))["event"]);
  }

  async handOver(room: string): Promise<void> {
    await this.ask("hand_over", { room });
  }

  /** In clear, whatever the room is: no client does that by itself. */
  async sayInClear(room: string, body: string): Promise<string> {
    const content = { msgtype: "m.text", body };
    return String((await this.ask("send", { room, type: "m.room.message", content, clear: true }))["event"]);
  }

  async redact(room: string, event: string): Promise<string> {
    return String((await this.ask("redact", { room, event }))["event"]);
  }

  /** The next word begins a new room session. */
  async discard(room: string): Promise<void> {
    await this.ask("discard", { room });
  }

  // Keys and devices

  /** Who has the key of what is said in the room at present: "user device", sorted. */
  async given(room: string): Promise<readonly string[]> {
    const { devices } = await this.ask("given", { room });
    return (devices as [string, string][]).map(([user, device]) => `${user} ${device}`);
  }

  async devices(user: string): Promise<readonly OtherDevice[]> {
    return (await this.ask("devices", { user }))["devices"] as OtherDevice[];
  }

  /** What a person does who has compared the fingerprints. */
  async verify(user: string, device: string): Promise<void> {
    await this.ask("verify", { user, device });
  }

  /** Gives that device no keys from now on. */
  async distrust(user: string, device: string): Promise<void> {
    await this.ask("distrust", { user, device });
  }

  // Files

  async upload(room: string, name: string, bytes: Uint8Array): Promise<string> {
    const base64_bytes = Buffer.from(bytes).toString("base64");
    return String((await this.ask("upload", { room, name, base64_bytes }))["event"]);
  }

  /** The bytes of an encrypted attachment, by the `file` of its message. */
  async download(file: unknown): Promise<Buffer> {
    return Buffer.from(String((await this.ask("download", { file }))["base64_bytes"]), "base64");
  }

  // Hearing

  /** Everything heard so far, oldest first. What was opened late stands there twice, closed and opened. */
  get heard(): readonly Heard[] {
    return this.#driver.heard;
  }

  /** As it stands now: each event once, with the newest that is known of it. */
  heardIn(room: string): readonly Heard[] {
    const events = new Map<string, Heard>();
    for (const one of this.heard) if (one.room === room) events.set(one.event, one);
    return [...events.values()];
  }

  /** The first of which it holds, heard already or yet to come. */
  until(matches: (heard: Heard) => boolean, what: string): Promise<Heard> {
    return this.#driver.until(matches, what);
  }

  /** Resolves when the event is heard and could be opened. */
  opened(event: string): Promise<Heard> {
    return this.until((heard) => heard.event === event && heard.sealed === "opened", `${event}, opened`);
  }

  ask(what: string, more: Readonly<Record<string, unknown>> = {}): Promise<Content> {
    return this.#driver.ask(what, more);
  }

  /** Its window is closed. Can be called twice. */
  close(): Promise<void> {
    return this.#driver.end();
  }
}

class Driver {
  readonly heard: Heard[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #questions = new Map<number, Question>();
  readonly #listeners = new Set<(heard: Heard) => void>();
  #next = 0;
  #stderr = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, "exit").catch(() => {});
    child.once("error", (error) => this.#fail(error));
    child.once("exit", (code) => this.#fail(new Error(`the client ended with ${code}:\n${this.#stderr}`)));
    child.stderr!.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-stderrKept);
    });
    createInterface({ input: child.stdout! }).on("line", (line) => this.#take(line));
    // Its input ends with us at the latest, and it with its input.
    child.unref();
  }

  ask(what: string, more: Readonly<Record<string, unknown>> = {}): Promise<Content> {
    const id = ++this.#next;
    const answer = new Promise<Content>((resolve, reject) => this.#questions.set(id, { resolve, reject }));
    this.#child.stdin!.write(`${JSON.stringify({ ...more, id, ask: what })}\n`);
    return answer;
  }

  until(matches: (heard: Heard) => boolean, what: string): Promise<Heard> {
    const already = this.heard.find(matches);
    if (already !== undefined) return Promise.resolve(already);
    // Made here, so that the stack of the error leads to the test.
    const tooLate = new Error();
    return new Promise((resolve, reject) => {
      const listener = (heard: Heard): void => {
        if (!matches(heard)) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(heard);
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        tooLate.message = `${what} did not come within ${patienceMs} ms.\n${this.#recently()}`;
        reject(tooLate);
      }, patienceMs);
      this.#listeners.add(listener);
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.ref();
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  #take(line: string): void {
    const said = JSON.parse(line) as { id?: number; answer?: Content; error?: string; heard?: Heard };
    if (said.heard !== undefined) {
      this.heard.push(said.heard);
      for (const listener of this.#listeners) listener(said.heard);
      return;
    }
    const question = this.#questions.get(said.id!);
    this.#questions.delete(said.id!);
    if (said.error === undefined) question?.resolve(said.answer!);
    else question?.reject(new Error(said.error));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#questions.values()) reject(error);
    this.#questions.clear();
  }

  #recently(): string {
    const lines = this.heard.slice(-recentInMessage).map((heard) => `  ${JSON.stringify(heard)}`);
    return [`The last of ${this.heard.length} events heard:`, ...lines, this.#stderr].join("\n");
  }
}
