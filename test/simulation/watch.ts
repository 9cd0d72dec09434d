/** What must never happen, judged with every act of Tyr and after every step, by the server's own record. */
import type { ClientEvent, Content } from "../homeserver/event.ts";
import { entriesAbout, type Entry } from "./journal-look.ts";
import { isAllowed, isSurelyExempt } from "./naive-policy.ts";
import type { Simulation } from "./simulation.ts";
import type { Knowledge } from "./wiretap.ts";

const largestAclBytes = 62_000;
/** Lines of the log that tell of a fault of ours. */
const diskLine = "the data folder cannot be written; going on without it";
const diskOverLine = "the data folder can be written again; what was kept is written";

export class Watch {
  readonly violations: string[] = [];
  readonly #simulation: Simulation;
  /** When each person came to be spared or stopped being, by position in the server's stream. */
  readonly #spared = new Map<string, { readonly position: number; readonly isSpared: boolean }[]>();
  readonly #bans: { readonly place: string; readonly position: number }[] = [];
  /** Where Tyr banned somebody of whom it knew no ban, by position in the server's stream: it took the place of one. */
  readonly #unknowing = new Map<string, number>();
  readonly #answers = new Map<string, string[]>();
  readonly #marks = new Map<string, string[]>();
  #linesSeen = 0;
  #readyRun = 0;
  /** Since which position of the server's stream nothing may have been written down. */
  #fullSince: number | undefined;
  #isDiskTroubled = false;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    const { homeserver, managementRoom } = simulation.story;
    for (const event of homeserver.stateOfType(managementRoom, "m.room.member")) this.#noteSpared(event);
    homeserver.onEvent((event) => {
      if (event.room_id === managementRoom && event.type === "m.room.member") this.#noteSpared(event);
    });
  }

  get isViolated(): boolean {
    return this.violations.length > 0;
  }

  /** Whether the run that is up has said that it watches. */
  get isReady(): boolean {
    return this.#readyRun === this.#simulation.run;
  }

  violation(what: string): void {
    this.violations.push(what);
    this.#simulation.note(`VIOLATION: ${what}`);
  }

  answersTo(command: string): number {
    return this.#answers.get(command)?.length ?? 0;
  }

  marksOn(command: string): number {
    return this.#marks.get(command)?.length ?? 0;
  }

  get unwrittenSince(): number | undefined {
    return this.#fullSince;
  }

  diskIsFull(): void {
    this.#fullSince ??= this.#simulation.story.homeserver.position;
  }

  /** A new process knows nothing of the old one's trouble. */
  forgetDisk(): void {
    this.#isDiskTroubled = false;
    const { isDiskFull, homeserver } = this.#simulation.story;
    this.#fullSince = isDiskFull ? homeserver.position : undefined;
  }

  /** Whether a person is in the management room or invited to it, as it was at a position of the stream. */
  isSpared(user: string, position = Infinity): boolean {
    const log = this.#spared.get(user) ?? [];
    return log.findLast((entry) => entry.position <= position)?.isSpared ?? false;
  }

  /** Judges one event that Tyr wrote. */
  act(event: ClientEvent): void {
    switch (event.type) {
      case "m.room.member":
        return this.#member(event);
      case "m.room.server_acl":
        this.#simulation.guard.cutOff(event);
        return this.#acl(event);
      case "m.reaction":
        return this.#mark(event);
      case "m.room.message":
        return this.#words(event);
    }
  }

  /** Looks at what no single event tells. */
  look(): void {
    const { log, isDiskFull } = this.#simulation.story;
    for (; this.#linesSeen < log.length; this.#linesSeen++) {
      const { level, message, fields } = log[this.#linesSeen]!;
      if (message === "watching") this.#readyRun = this.#simulation.run;
      if (message === diskLine || message === diskOverLine) this.#isDiskTroubled = message === diskLine;
      if (level !== "error" || (message === diskLine && isDiskFull)) continue;
      const { err } = fields;
      this.violation(
        `logged an error: ${message} ${err instanceof Error ? err.stack : JSON.stringify(fields)}`,
      );
    }
    if (!isDiskFull && !this.#isDiskTroubled) this.#fullSince = undefined;
  }

  forgetReasonsSince(position: number): void {
    const { resets } = this.#simulation;
    for (const ban of this.#bans) if (ban.position > position) resets.add(ban.place);
  }

  #noteSpared(event: ClientEvent): void {
    const user = event.state_key!;
    const membership = event.content["membership"];
    const log = this.#spared.get(user) ?? [];
    const { position } = this.#simulation.story.homeserver;
    log.push({ position, isSpared: membership === "join" || membership === "invite" });
    this.#spared.set(user, log);
  }

  #member(event: ClientEvent): void {
    const { room_id: room = "", state_key: user, content, unsigned } = event;
    const { story, wiretap } = this.#simulation;
    if (user === undefined || user === story.bot.userId) {
      if (content["membership"] === "ban") this.violation("banned itself");
      return;
    }
    const known = wiretap.knowledgeBehind(room, "m.room.member", user);
    if (content["membership"] !== "ban" && content["membership"] !== "leave") return;
    const before = this.#simulation.past.standing(room, user, known.position);
    const isOutside = (unsigned["prev_content"] as Content | undefined)?.["membership"] !== "join";
    if (content["membership"] === "leave" && (before?.membership === "ban" || isOutside))
      return this.#lift(event, known);
    const place = `${room} ${user}`;
    this.#bans.push({ place, position: story.homeserver.position });
    if (content["membership"] === "ban" && before?.membership !== "ban")
      this.#unknowing.set(place, story.homeserver.position);
    if (this.#simulation.losesReasons) this.#simulation.resets.add(place);
    // A lift of the ban that Tyr still believes in.
    if (content["membership"] === "leave" && this.#simulation.resets.has(place)) return;
    const act = `${content["membership"]} of ${user} in ${room}`;
    if (this.isSpared(user, known.position) && this.isSpared(user)) this.violation(`${act}: a moderator`);
    if (isSurelyExempt(known.exempt, user)) this.violation(`${act}: exempt by ${known.exempt.join(", ")}`);
    this.#simulation.guard.removed(event, known);
    if (content["membership"] === "ban" && this.#isUndo(room, user)) this.#simulation.broughtBack.add(place);
  }

  /** Bans that others made are lifted only for a moderator who typed `unban`. */
  #lift({ room_id: room = "", state_key: user = "" }: ClientEvent, known: Knowledge): void {
    const { story, past, resets, isMisled } = this.#simulation;
    const ban = past.standing(room, user, known.position);
    if (isMisled || known.position < 0 || resets.has(`${room} ${user}`)) return;
    if (ban?.membership !== "ban" || ban.sender === story.bot.userId) return;
    // A ban of ours was on its way when somebody else made theirs, and stands in its place: it is ours that is lifted.
    if (ban.position < (this.#unknowing.get(`${room} ${user}`) ?? -1)) return;
    const open = entriesAbout(story, { kind: "unban", room, user }).filter((entry) => entry.isOpen);
    const isCommanded = ({ because }: Entry) => because.kind === "command" && because.undoes === undefined;
    if (open.length > 0 && !open.some(isCommanded))
      this.violation(`lifted the ban of ${user} in ${room} that ${ban.sender} made`);
  }

  /** A ban that an undo brings back was none of a list's, perhaps. */
  #isUndo(room: string, user: string): boolean {
    return entriesAbout(this.#simulation.story, { kind: "ban", room, user }).some(
      ({ because }) => because.kind === "command" && because.undoes !== undefined,
    );
  }

  #acl({ room_id: room, content }: ClientEvent): void {
    const bytes = Buffer.byteLength(JSON.stringify(content));
    if (!Array.isArray(content["allow"]) || content["allow"].length === 0)
      this.violation(`the ACL of ${room} allows nobody`);
    if (!isAllowed(content, "hs.test")) this.violation(`the ACL of ${room} denies our own server`);
    if (bytes > largestAclBytes) this.violation(`the ACL of ${room} has ${bytes} bytes`);
  }

  #mark(event: ClientEvent): void {
    if (this.#simulation.guard.marks(event)) return;
    const { event_id: command, key } = event.content["m.relates_to"] as { event_id: string; key: string };
    if (/^(?:\d\ufe0f\u20e3|🔟)$/u.test(key)) return this.#choice(event.room_id ?? "", command);
    this.#once(this.#marks, command, event, "mark");
  }

  /** Numbers to choose by stand on Tyr's own words. */
  #choice(room: string, message: string): void {
    const { homeserver, bot } = this.#simulation.story;
    if (homeserver.event(room, message)?.sender !== bot.userId)
      this.violation(`offers a choice on what somebody else said: ${message}`);
  }

  #words(event: ClientEvent): void {
    const { content } = event;
    if (event.room_id !== this.#simulation.story.managementRoom) return this.#warning(event);
    // Moderators are called to what needs them; nobody else is, and never the room.
    const { user_ids: called = [], ...more } = content["m.mentions"] as { user_ids?: readonly string[] };
    if (Object.keys(more).length > 0 || called.some((user) => !this.#spared.has(user)))
      this.violation(`mentions somebody: ${JSON.stringify(content["m.mentions"])}`);
    // Clients make a pill of a link to a person, but not within code.
    const outsideOfCode = String(content["formatted_body"]).replace(/<code>.*?<\/code>/g, "");
    if (/matrix\.to\/#\/(@|%40)/.test(outsideOfCode)) this.violation("shows a pill");
    if (this.#simulation.guard.hears(event)) return;
    const relation = content["m.relates_to"] as { "m.in_reply_to"?: { event_id: string } } | undefined;
    const command = relation?.["m.in_reply_to"]?.event_id;
    // What went wrong calls in a message of its own, after the answer.
    if (command !== undefined && called.length === 0)
      this.#once(this.#answers, command, event, "first answer");
  }

  /** Words that leave the management room: a warning names whom a moderator warns, what they say by me names nobody. */
  #warning({ content }: ClientEvent): void {
    const { user_ids: named = [] } = content["m.mentions"] as { user_ids?: readonly string[] };
    const { said } = this.#simulation;
    const isWarning =
      named.length === 1 && said.some(({ text }) => /^!tyr warn /i.test(text) && text.includes(named[0]!));
    const isSaid =
      named.length === 0 &&
      said.some(
        ({ text }) =>
          /^!tyr (say|announce) /i.test(text) && lettersOf(text).includes(lettersOf(String(content["body"]))),
      );
    const isProposal =
      /: A proposal for this list: /.test(String(content["body"])) &&
      said.some(({ text }) => /^!tyr lists propose /i.test(text));
    if (!isWarning && !isSaid && !isProposal)
      this.violation(`a word that nobody asked for: ${JSON.stringify(content)}`);
  }

  /** Of words that were sent and never confirmed Tyr does not know that they arrived. */
  #wasGivenUp(command: string): boolean {
    const { database } = this.#simulation.story;
    const failed = database?.all(
      "SELECT id FROM decision WHERE occasion = ? AND kind IN ('tell', 'react') AND state = 'failed'",
      command,
    );
    return failed !== undefined && failed.length > 0;
  }

  #isOffer(event: string): boolean {
    const { story } = this.#simulation;
    const message = story.homeserver.events(story.managementRoom).find((one) => one.event_id === event);
    return message?.sender === story.bot.userId && /^Question \d+:/.test(String(message.content["body"]));
  }

  #once(map: Map<string, string[]>, command: string, event: ClientEvent, what: string): void {
    const all = map.get(command) ?? [];
    all.push(event.event_id);
    map.set(command, all);
    const said = this.#simulation.said.find((one) => one.event === command);
    const text = said?.text ?? command;
    if (all.length > 1 && !this.#wasGivenUp(command)) this.violation(`a second ${what} to: ${text}`);
    // A clock that was set back could not tell what was said before the start.
    const { startedAt, story } = this.#simulation;
    if (said?.isToNobody && said.at < startedAt && story.clock.wall() >= story.clock.now())
      this.violation(`obeyed late: ${text}`);
    // An offer of Tyr's own that somebody has accepted is answered like a command.
    if (!said && this.#isOffer(command)) return;
    if (!said || said.isVoid) this.violation(`obeyed who is no moderator: ${text}`);
  }
}

/** Quotation marks and what escapes them are not said. */
function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}
