/**
 * Decides which messages notify anybody, and whom: the one place where that is decided. What notifies is a text that
 * mentions people (`m.mentions`), and a message of its own: clients show notices and edits to whoever looks, and notify
 * nobody of them. Everything else is a notice that mentions nobody.
 */
import { keepNewest } from "../kit/bounded.ts";
import { dayMs, hourMs, minuteMs } from "../kit/duration.ts";
import { isWithin, localTime, type Hours } from "../kit/time-zones.ts";
import type { ActionOf, Notified } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import { onDuty } from "../model/duty.ts";
import type { UserId } from "../model/ids.ts";
import { whoHas } from "../model/roles.ts";
import { judgesOf } from "../model/staff/standing.ts";
import type { WorldView } from "../model/world/view.ts";

/** What can be told, and who is notified of it. What is not in this table notifies nobody. */
const notifiedOf = {
  /** A command waits for a yes: who said it is there, and wants to go on. */
  "command waits": "asker",
  /** Rules, rooms or an incident wait for a yes. */
  "something waits": "moderators",
  /** A ban made by hand is offered for all rooms: who made it knows whether that is meant. */
  offer: "asker",
  /** Somebody else answered, or nobody did in time. */
  answered: "asker",
  "nobody answered": "moderators",
  /** The reply to a command that was said in another room. */
  "reply from afar": "asker",
  /** What somebody said could not be read. */
  unread: "asker",
  /** A rule takes much of the machine: who wrote it can change that. */
  "dear rule": "asker",
  /** A command of which something was told already has gone wrong in the end. */
  "command failed late": "asker",
  /** A protection acted against somebody, or wants a person to look. */
  incident: "moderators",
  /** A protection calls for somebody. */
  call: "on duty",
  /** Somebody wants to see that a call reaches people: it is none of those that are good in one night. */
  "test call": "on duty",
  /** A wave is here: for that people are called however often they were tonight. */
  alarm: "on duty",
  /** The account of the one who is named here acts as if it were another's: everybody else is called, on duty or not. */
  staff: "the others",
  /** Somebody was reported, or a case waits. */
  report: "moderators",
  /** What lists ask for could not be done. */
  "lists failed": "moderators",
  /** We lost a room, a list, a right, the data folder: something is no longer protected as it was. */
  trouble: "moderators",
} as const satisfies Readonly<Record<string, "asker" | "moderators" | "on duty" | "the others">>;

export interface Occasion {
  readonly kind: keyof typeof notifiedOf;
  /** Who said the command, or made the ban; undefined where nobody did. */
  readonly asker?: UserId | undefined;
  /** Of one topic moderators are notified once in a while; without a topic each time. */
  readonly topic?: string;
}

/** Somebody was called, ms since the epoch. */
export interface Call {
  readonly at: number;
  readonly users: readonly UserId[];
}

export const mentionable = ["nobody", "recent", "all", "room"] as const;

export interface NotifySettings {
  readonly moderators: (typeof mentionable)[number];
  readonly recentDays: number;
  readonly restMinutes: number;
  /** Hours in which only those on duty are mentioned, in a time zone. */
  readonly quiet?: { readonly hours: Hours; readonly zone: string } | undefined;
}

/** People mentioned in one message: an event has to hold them all. */
const mostMentioned = 50;
/** More calls in one night would wake people for what they have heard of. */
const callsOfOne = 3;
const nightMs = 12 * hourMs;
/** Topics remembered. Forgetting one notifies once more. */
const topicsRemembered = 1_000;
const peopleRemembered = 1_000;

export class Notify {
  readonly #world: WorldView;
  readonly #settings: NotifySettings;
  /** When moderators were notified of each topic, ms since the epoch. */
  readonly #toldAt = new Map<string, number>();
  /** Calls since this was last asked. */
  #calls: Call[] = [];
  /** When each person was called, of the last night. A restart forgets it, and may call once more. */
  readonly #callsOf = new Map<UserId, readonly number[]>();

  constructor(world: WorldView, settings: NotifySettings) {
    this.#world = world;
    this.#settings = settings;
  }

  /** Whom the message of the occasion notifies; undefined where nobody. Asked once for each message. */
  of({ kind, asker, topic }: Occasion, at: number): Notified | undefined {
    if (notifiedOf[kind] === "asker")
      return asker && asker !== this.#world.self && this.#world.isModerator(asker)
        ? { users: [asker] }
        : undefined;
    if (notifiedOf[kind] === "on duty") return this.#called(at, kind);
    if (notifiedOf[kind] === "the others") return this.#calledBut(asker, at);
    if (topic !== undefined && this.#rests(topic, at)) return undefined;
    const notified = this.#moderators(at);
    if (!notified || topic === undefined) return notified;
    this.#toldAt.delete(topic);
    this.#toldAt.set(topic, at);
    keepNewest(this.#toldAt, topicsRemembered);
    return notified;
  }

  /** Whom calls went out to since this was last asked. */
  takeCalls(): readonly Call[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  /** They were called as often as is good in one night. */
  wasCalledEnough(user: UserId, at: number): boolean {
    return this.#callsIn(user, at).length >= callsOfOne;
  }

  noteCalled(users: readonly UserId[], at: number): void {
    for (const user of users) {
      this.#callsOf.set(user, [...this.#callsIn(user, at), at].slice(-callsOfOne));
      keepNewest(this.#callsOf, peopleRemembered);
    }
  }

  #callsIn(user: UserId, at: number): readonly number[] {
    return (this.#callsOf.get(user) ?? []).filter((one) => Math.abs(at - one) < nightMs);
  }

  /** Moderators of this name, who are mentioned. */
  mentioned(users: readonly UserId[]): Notified | undefined {
    const here = users.filter((user) => user !== this.#world.self && this.#world.hasRole(user, "moderator"));
    return here.length > 0 ? { users: here.slice(0, mostMentioned) } : undefined;
  }

  /** Those on duty; everybody where there is no roster. What nobody is on duty for is told in the morning. */
  #called(at: number, kind: Occasion["kind"]): Notified | undefined {
    const { settings } = this.#world;
    if (this.#settings.moderators === "nobody") return undefined;
    const users = settings.duty.size > 0 ? onDuty(settings, at) : this.#all();
    const notified = this.mentioned(
      users.filter((user) => kind !== "call" || !this.wasCalledEnough(user, at)),
    );
    if (typeof notified !== "object") return notified;
    this.#calls.push({ at, users: notified.users });
    if (kind !== "test call") this.noteCalled(notified.users, at);
    return notified;
  }

  /** Whoever may say what becomes of the account; where nobody may, everybody else. */
  #calledBut(accused: UserId | undefined, at: number): Notified | undefined {
    if (this.#settings.moderators === "nobody" || !accused) return undefined;
    const judges = judgesOf(accused, this.#world, this.#world.dueBy);
    const others = this.#all().filter((user) => user !== accused);
    const notified = this.mentioned(judges.length > 0 ? judges : others);
    if (typeof notified === "object") this.#calls.push({ at, users: notified.users });
    return notified;
  }

  /** The message as it is sent on this occasion. */
  with<A extends ActionOf<"tell" | "ask">>(message: Decision<A>, occasion: Occasion): Decision<A> {
    const notifies = this.of(occasion, message.at);
    if (!notifies) return message;
    const own = message.action.kind === "tell" ? { edits: undefined } : {};
    return { ...message, action: { ...message.action, ...own, notifies } };
  }

  /** Where the clock was set back, nothing rests. */
  #rests(topic: string, at: number): boolean {
    const toldAt = this.#toldAt.get(topic);
    return toldAt !== undefined && at >= toldAt && at - toldAt < this.#settings.restMinutes * minuteMs;
  }

  #moderators(at: number): Notified | undefined {
    const { moderators, recentDays } = this.#settings;
    const all = this.#all();
    if (moderators === "nobody" || all.length === 0) return undefined;
    // What is told in the morning wakes nobody.
    if (this.#isQuiet(at)) return this.mentioned(onDuty(this.#world.settings, at));
    if (moderators === "room" && this.#mayNotifyRoom()) return "room";
    const recent = new Set(this.#world.lastSpoke.since(at - recentDays * dayMs));
    const here = [...recent].filter((user) => all.includes(user));
    if (moderators === "recent" && here.length > 0) return { users: here.slice(0, mostMentioned) };
    // Who spoke lately comes first, should there be more than a message can mention.
    return { users: [...new Set([...here, ...all])].slice(0, mostMentioned) };
  }

  #isQuiet(at: number): boolean {
    const { quiet } = this.#settings;
    return quiet !== undefined && isWithin(quiet.hours, localTime(at, quiet.zone).minutes);
  }

  #all(): readonly UserId[] {
    // Who may only look can answer nothing.
    return whoHas("moderator", this.#world);
  }

  /** Homeservers ignore a mention of the room by somebody without the right to it. */
  #mayNotifyRoom(): boolean {
    const { settings, rooms, self } = this.#world;
    const room = settings.managementRoom && rooms.get(settings.managementRoom);
    return room?.power.canNotifyRoom(self) ?? false;
  }
}
