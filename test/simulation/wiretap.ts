/**
 * Listens in on every request of Tyr: what it has been told so far, when each act began, and which writes were answered.
 * By it the oracle judges an act by what Tyr could know when it began, and not by what is true when it arrives.
 */
import type { Story } from "../support/story.ts";
import type { HomeserverRequest, HomeserverResponse } from "../homeserver/homeserver.ts";

/** What could be known when an act began. */
export interface Knowledge {
  /** How far along the server's stream Tyr had been told; -1 before the first sync of a run. */
  readonly position: number;
  /** Whom Tyr itself held to be exempt. */
  readonly exempt: readonly string[];
  /** Rules that Tyr itself held to be waiting for an answer, or to have got a no. */
  readonly off: ReadonlySet<string>;
}

export interface WiretapHooks {
  /** Called with each request, before it reaches the server. */
  readonly requested: (request: HomeserverRequest) => void;
  /** An identical state event was written again, although it stood there and Tyr had been told that it does. */
  readonly repeated: (room: string, type: string) => void;
}

export class Wiretap {
  readonly #story: Story;
  readonly #hooks: WiretapHooks;
  #told = { position: -1, before: -1, at: -Infinity };
  readonly #begun = new Map<string, Knowledge>();
  /** The event that each answered state write of this run made. */
  readonly #written = new Map<string, { readonly body: string; readonly event: string }>();
  #run = 0;
  /** How far Tyr had been told, and when, in this run. */
  #tellings: { readonly at: number; readonly position: number }[] = [];

  constructor(story: Story, hooks: WiretapHooks) {
    this.#story = story;
    this.#hooks = hooks;
    const { homeserver } = story;
    const handle = homeserver.handle.bind(homeserver);
    homeserver.handle = (request) => this.#listen(request, handle);
  }

  /** A new process knows nothing of what the old one was told. */
  newRun(): void {
    this.#run += 1;
    this.#told = { position: -1, before: -1, at: -Infinity };
    this.#tellings = [];
    this.#written.clear();
  }

  /** What was known when the act behind this state event began. */
  knowledgeBehind(room: string, type: string, stateKey: string): Knowledge {
    const key = statePath(room, type, stateKey);
    const known = this.#begun.get(key) ?? this.#knowledge();
    this.#begun.delete(key);
    return known;
  }

  /** How far this run had surely been told at some time of Tyr's clock; undefined before its first sync. */
  toldBy(at: number): number | undefined {
    return this.#tellings.findLast((one) => one.at < at)?.position;
  }

  async #listen(
    request: HomeserverRequest,
    handle: (request: HomeserverRequest) => Promise<HomeserverResponse>,
  ): Promise<HomeserverResponse> {
    const run = this.#run;
    const write = request.method === "PUT" ? stateWrite(request.path) : undefined;
    if (write) this.#begin(write, request.body);
    this.#hooks.requested(request);
    const response = await handle(request);
    if (run !== this.#run) return response;
    if (request.path.endsWith("/sync") && response.status === 200) this.#tell(response.body);
    if (write) this.#end(write, request.body, response);
    return response;
  }

  #begin({ room, type, stateKey, path }: StateWrite, body: unknown): void {
    if (!this.#begun.has(path)) this.#begun.set(path, this.#knowledge());
    const before = this.#written.get(path);
    const isThere = before?.event === this.#story.homeserver.state(room, type, stateKey)?.event_id;
    // A moderator may command the same rule twice.
    const isJudged = type === "m.room.member" || type === "m.room.server_acl";
    if (isJudged && before && isThere && before.body === JSON.stringify(body))
      this.#hooks.repeated(room, type);
  }

  #end({ path }: StateWrite, body: unknown, { status, body: answer }: HomeserverResponse): void {
    // A refusal has no effect that the act could be blamed for later.
    if (status >= 400 && status < 500) this.#begun.delete(path);
    const event = (answer as { event_id?: string } | undefined)?.event_id;
    if (status === 200 && event !== undefined) this.#written.set(path, { body: JSON.stringify(body), event });
  }

  #tell(answer: unknown): void {
    const token = (answer as { next_batch?: string } | null)?.next_batch ?? "";
    const position = Number(/^s(\d+)/.exec(token)?.[1] ?? -1);
    const at = this.#story.clock.now();
    this.#tellings.push({ at, position });
    const { position: before, at: beforeAt } = this.#told;
    this.#told = { position, before: at > beforeAt ? before : this.#told.before, at };
  }

  /** What came within this very millisecond may not have been taken in yet. */
  #knowledge(): Knowledge {
    const { position, before, at } = this.#told;
    const { world } = this.#story;
    return {
      position: at < this.#story.clock.now() ? position : before,
      exempt: [...(world?.settings.exemptions.keys() ?? [])],
      off: new Set([
        ...(world?.settings.rejected.keys() ?? []),
        ...(world?.questions.open().flatMap(({ about }) => (about.kind === "rules" ? about.rules : [])) ??
          []),
      ]),
    };
  }
}

interface StateWrite {
  readonly room: string;
  readonly type: string;
  readonly stateKey: string;
  readonly path: string;
}

function stateWrite(path: string): StateWrite | undefined {
  const match = /\/rooms\/([^/]+)\/state\/([^/]+)\/([^/]*)$/.exec(path);
  if (!match) return undefined;
  const [room, type, stateKey] = match.slice(1).map(decodeURIComponent) as [string, string, string];
  return { room, type, stateKey, path: statePath(room, type, stateKey) };
}

function statePath(room: string, type: string, stateKey: string): string {
  return `${room}\n${type}\n${stateKey}`;
}
