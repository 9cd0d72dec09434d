/**
 * What the guard owes: without a person's yes no crowd and nobody of the staff is removed, nothing happens for what waits
 * or got a no, and nobody but a moderator answers. Causes are taken from the journal, all else from the server's record.
 */
import type { ClientEvent, Content } from "../homeserver/event.ts";
import { entriesAbout, type Because, type Entry } from "./journal-look.ts";
import { isAllowed, serverOf } from "./naive-policy.ts";
import { isSingleUse } from "../../src/model/question.ts";
import type { Simulation } from "./simulation.ts";
import { servers } from "./town.ts";
import type { Knowledge } from "./wiretap.ts";

export interface GuardLimits {
  readonly maxPeople: number;
  readonly maxStaff: number;
  readonly windowMinutes: number;
}

/** An answer as somebody has given it. */
export interface GivenAnswer {
  readonly question: number;
  readonly yes: boolean;
  readonly by: string;
}

const serverRuleTypes = ["m.policy.rule.server", "m.room.rule.server", "org.matrix.mjolnir.rule.server"];

interface Hit {
  readonly user: string;
  readonly at: number;
}

export class GuardWatch {
  readonly limits: GuardLimits | undefined;
  readonly answers: GivenAnswer[] = [];
  /** Said by people who were no moderators. */
  readonly answersFromOutside: GivenAnswer[] = [];
  /** Questions by the event of their message. */
  readonly #messages = new Map<string, number>();
  readonly #told = new Map<number, number>();
  readonly #marks = new Set<string>();
  readonly #judged = new Set<string>();
  readonly #hits = new Map<string, Hit[]>();
  readonly #simulation: Simulation;

  constructor(simulation: Simulation, limits: GuardLimits | undefined) {
    this.#simulation = simulation;
    this.limits = limits;
  }

  /** The questions that were put, with their messages. */
  get messages(): ReadonlyMap<string, number> {
    return this.#messages;
  }

  /** How many rules the newest text of a question tells of. */
  #toldOf(question: number): number {
    return this.#told.get(question) ?? 0;
  }

  /** Whether a message of Tyr's is about a question, and no answer to a command. */
  hears({ event_id: event, content }: ClientEvent): boolean {
    const [, number] = /^(?:\* )?Question (\d+):\n/.exec(String(content["body"])) ?? [];
    if (number === undefined) return false;
    const question = Number(number);
    const rules = /has (\d+) new rule/.exec(String(content["body"]))?.[1];
    if (rules !== undefined) this.#told.set(question, Number(rules));
    const relation = (content["m.relates_to"] ?? {}) as Content;
    // Answered before the server had confirmed the message, there is nothing to edit.
    const isOutcome = /(Yes|No), said|Nobody answered|All of them are gone|No longer needed/.test(
      String(content["body"]),
    );
    if (relation["rel_type"] === "m.replace" || isOutcome) return true;
    const isAgain = [...this.#messages.values()].includes(question);
    if (isAgain && !this.#simulation.isLossy) this.#violation(`question ${question} was put twice`);
    this.#messages.set(event, question);
    this.#simulation.count("(question)");
    return true;
  }

  /** Whether a mark of Tyr's is one of the two that its question bears. */
  marks({ content }: ClientEvent): boolean {
    const { event_id: event, key } = content["m.relates_to"] as { event_id: string; key: string };
    if (!this.#messages.has(event)) return false;
    if (this.#marks.has(`${event} ${key}`)) this.#violation(`a second ${key} on a question`);
    this.#marks.add(`${event} ${key}`);
    return true;
  }

  /** Judges a ban or kick. */
  removed({ room_id: room = "", state_key: user = "", content }: ClientEvent, known: Knowledge): void {
    const kind = content["membership"] === "ban" ? "ban" : "kick";
    const decision = this.#decisionBehind(kind, room, user);
    if (!decision) return;
    const { because, at } = decision;
    if (because.kind === "rule" && known.off.has(because.event))
      this.#violation(`${kind} of ${user} in ${room} by a rule that waits or got a no`);
    const { questions } = this.#simulation.story.world!;
    if (because.kind === "command" && questions.ofCommand(because.event as never)?.answer?.yes === false)
      this.#violation(`${kind} of ${user} in ${room} by a command that got a no`);
    if (!this.limits || this.#simulation.resets.has(`${room} ${user}`)) return;
    const told = this.#simulation.wiretap.toldBy(at);
    if (told === undefined || because.kind === "rule-removed") return;
    if (because.kind === "rule" ? this.#isOwn(because) : because.undoes !== undefined) return;
    if (this.#hasYes(because, room)) return;
    const since = because.kind === "rule" ? this.#simulation.past.positionOf(because.event) : undefined;
    const isSure = !this.#simulation.isMisled && !this.#simulation.isLossy;
    if (
      isSure &&
      this.#isStaff(user, told) &&
      (since === undefined || this.#isStaff(user, Math.min(since, told)))
    )
      this.#violation(`${kind} of ${user} in ${room}, who has power, without a yes`);
    if (this.#isEstablished(room, user, told)) this.#count(keyOf(because), user, at);
  }

  /** Judges a server ACL: people who are cut off by a list count with those whom it has banned. */
  cutOff({ room_id: room = "", content, unsigned }: ClientEvent): void {
    const { story, wiretap } = this.#simulation;
    const before = unsigned["prev_content"];
    const told = wiretap.toldBy(story.clock.now());
    if (!this.limits || told === undefined || this.#simulation.resets.has(`${room} `)) return;
    const newly = servers.filter((server) => isAllowed(before, server) && !isAllowed(content, server));
    for (const server of newly) {
      const list = this.#listDenying(server);
      if (list === undefined || this.#hasYes({ kind: "rule", list, event: "" }, room)) continue;
      for (const user of story.homeserver.members(room))
        if (serverOf(user) === server && this.#isEstablished(room, user, told))
          this.#count(`list ${list}`, user, story.clock.now());
    }
  }

  /** Judges each answer when Tyr has received it: it covers no more rules than the question had named by then. */
  look(): void {
    for (const { id, answer, told, about } of this.#simulation.story.world?.questions.all ?? []) {
      const key = `${id} ${answer?.at}`;
      if (!answer?.yes || about.kind !== "rules" || this.#judged.has(key)) continue;
      this.#judged.add(key);
      const shown = this.#toldOf(id);
      if (shown > 0 && told > shown && !this.#wasTurned(id) && !this.#simulation.isLossy)
        this.#violation(`the yes to question ${id} covers ${told} rules, and ${shown} were told`);
    }
  }

  /** Judges what Tyr remembers of questions and answers, at the end. */
  checkEnd(): void {
    const { story, isLossy, said } = this.#simulation;
    const { questions } = story.world!;
    for (const { id, answer, about } of questions.all) {
      if (!answer) this.#violation(`question ${id} is open, although it was answered`);
      else if (!isSingleUse({ about }) && !answer.yes && !this.#wasTurned(id))
        this.#violation(`question ${id} has a no, although yes was said`);
      if (answer?.by === undefined || this.#wasTurned(id)) continue;
      const given = this.answers.filter((one) => one.question === id && one.by === answer.by);
      const command = `!tyr ${answer.yes ? "yes" : "no"}`;
      const isSaid = said.some(
        ({ by, text, isVoid }) => by === answer.by && !isVoid && text.startsWith(command),
      );
      if (!isSaid && !given.some((one) => one.yes === answer.yes))
        this.#violation(`question ${id} has a ${answer.yes ? "yes" : "no"} that ${answer.by} never said`);
    }
    if (isLossy) return;
    for (const question of this.#messages.values())
      if (!questions.get(question)) this.#violation(`question ${question} is forgotten`);
  }

  /** Whether an undo may have turned answers round. */
  #wasTurned(_question: number): boolean {
    return this.#simulation.said.some(({ text }) => text.startsWith("!tyr undo"));
  }

  #count(key: string, user: string, at: number): void {
    const { maxPeople, windowMinutes } = this.limits!;
    const hits = (this.#hits.get(key) ?? []).filter((one) => Math.abs(at - one.at) < windowMinutes * 60_000);
    hits.push({ user, at });
    this.#hits.set(key, hits);
    const people = new Set(hits.map((one) => one.user));
    // What a yes led to may be on its way while a no takes it back.
    if (this.#simulation.wasSaidLately(/^!tyr yes\b/)) return;
    if (people.size > maxPeople && !this.#simulation.isLossy && !this.#simulation.isMisled)
      this.#violation(`${key} removed ${[...people].join(", ")} without a yes`);
  }

  /** Undefined where more than one cause was under way, or nothing can be written down. */
  #decisionBehind(kind: string, room: string, user: string): Entry | undefined {
    const { story, watch } = this.#simulation;
    if (story.isDiskFull || watch.unwrittenSince !== undefined) return undefined;
    const open = entriesAbout(story, { kind, room, user }).filter((entry) => entry.isOpen);
    return open.length === 1 ? open[0] : undefined;
  }

  /** In the room when Tyr first saw it, and ever since. */
  #isEstablished(room: string, user: string, position: number): boolean {
    const since = this.#simulation.past.inSince(room, user, position);
    const seen = this.#simulation.firstSight.get(room);
    return since !== undefined && seen !== undefined && since < seen;
  }

  #isStaff(user: string, position: number): boolean {
    const { past, town, story } = this.#simulation;
    return [...town.rooms, ...town.spareRooms].some(
      (room) =>
        story.world?.settings.rooms.has(room as never) &&
        this.#simulation.firstSight.has(room) &&
        past.inSince(room, user, position) !== undefined &&
        past.level(room, user, position) > 0 &&
        past.level(room, user) > 0,
    );
  }

  #isOwn({ list, event }: { readonly list: string; readonly event: string }): boolean {
    const { story } = this.#simulation;
    return story.homeserver.events(list).find((one) => one.event_id === event)?.sender === story.bot.userId;
  }

  /** Whether somebody has said yes to what may be this: to the command, to rules of the list, or to the room. */
  #hasYes(because: Exclude<Because, { kind: "rule-removed" }>, room: string): boolean {
    for (const { about, answer } of this.#simulation.story.world?.questions.all ?? []) {
      if (!answer?.yes) continue;
      if (because.kind === "command") {
        if (about.kind === "command" && about.event.eventId === because.event) return true;
      } else if (about.kind === "command") {
        // The question of `lists watch` tells what the list's rules would do, and its yes is one to them.
        const covers: readonly string[] = about.covers ?? [];
        if (because.event === "" ? covers.length > 0 : covers.includes(because.event)) return true;
      } else if (about.kind === "rules" ? about.list === because.list : about.kind === "rooms") return true;
    }
    return room === "";
  }

  /** The one list whose rule of somebody else means the server; undefined where a rule of ours does, or several lists do. */
  #listDenying(server: string): string | undefined {
    const { story } = this.#simulation;
    const lists = new Set<string>();
    for (const { room } of story.world?.settings.lists ?? []) {
      for (const type of serverRuleTypes) {
        for (const { content, sender } of story.homeserver.stateOfType(room, type)) {
          if (!isAllowed({ allow: ["*"], deny: [content["entity"]] }, server) && sender === story.bot.userId)
            return undefined;
          if (!isAllowed({ allow: ["*"], deny: [content["entity"]] }, server)) lists.add(room);
        }
      }
    }
    return lists.size === 1 ? [...lists][0] : undefined;
  }

  #violation(what: string): void {
    this.#simulation.watch.violation(what);
  }
}

function keyOf(because: Exclude<Because, { kind: "rule-removed" }>): string {
  return because.kind === "rule" ? `list ${because.list}` : `command ${because.event}`;
}
