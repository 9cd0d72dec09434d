/** Watches what comes of a scene on the homeserver: what was let through, what the bot did, and to whom. */
import { isDeepStrictEqual } from "node:util";
import { stepMs } from "../../src/decisions/waves/holds.ts";
import type { ClientEvent, Content } from "../homeserver/event.ts";
import { MatrixError } from "../homeserver/matrix-error.ts";
import { isServerAllowed } from "../homeserver/server-acl.ts";
import type { Story } from "../support/story.ts";
import type { Community } from "./community.ts";
import type { Played } from "./corpus.ts";
import type { Scripted } from "./script.ts";

/** What is seen of one scene. */
export interface Seen {
  /** From the first account to the first cut, and until every room that they had come to was cut; in ms. */
  readonly firstCutMs?: number;
  readonly containedMs?: number;
  /** From when the bot held it for harmful to the first cut. */
  readonly afterHarmfulMs?: number;
  /** A wave was held for harmful. */
  readonly isHarmful: boolean;
  /** The rooms that were cut, those of them that were cut again within moments, and all writes. */
  readonly roomsCut: number;
  readonly roomsTwice: number;
  readonly cuts: number;
  /** Accounts of the wave that were muted one by one. */
  readonly muted: number;
  /** Messages of the wave that rooms accepted, and those of them that stood for more than ten seconds. */
  readonly messages: number;
  readonly stood: number;
  readonly refused: number;
  /** Who was banned: of the wave, and others. */
  readonly banned: number;
  readonly bannedOthers: readonly string[];
  /** Regulars and staff who were removed, whose messages were, or who could not speak for a while. */
  readonly regularsTouched: readonly string[];
  /** Others, not of the wave, who could not speak for a while. */
  readonly silenced: number;
  /** Messages of others that were removed. */
  readonly removedOthers: number;
  /** Rooms whose levels, server ACL and join rule are not at the end what they were at first. */
  readonly unrestored: readonly string[];
  /** What the bot said in the management room, edits left out. */
  readonly said: number;
}

const cutTypes = ["m.room.server_acl", "m.room.power_levels", "m.room.join_rules"];
const stoodMs = 10_000;
/** The first write may take so long. */
const writtenMs = 5_000;

export class Witness {
  readonly #story: Story;
  readonly #those: ReadonlySet<string>;
  readonly #regulars: ReadonlySet<string>;
  readonly #before: readonly (readonly (Content | undefined)[])[];
  /** Event ids of the homeserver by those of the script. */
  readonly #ids = new Map<string, string>();
  readonly #messages: { readonly room: string; readonly event: string; readonly at: number }[] = [];
  readonly #cuts: { readonly room: string; readonly at: number }[] = [];
  readonly #came: { readonly room: string; readonly at: number }[] = [];
  readonly #banned = new Set<string>();
  readonly #bannedOthers = new Set<string>();
  readonly #touched = new Set<string>();
  readonly #silenced = new Set<string>();
  readonly #muted = new Set<string>();
  /** What a room was when it was last looked at, levels of single people of the wave left out. */
  readonly #last = new Map<string, readonly (Content | undefined)[]>();
  readonly #saidBefore: number;
  #removedOthers = 0;
  #refused = 0;
  #firstAt: number | undefined;

  constructor(story: Story, of: Community, played: Played) {
    this.#story = story;
    this.#those = new Set(played.accounts.map(({ id }) => id));
    this.#regulars = new Set([...of.regulars, ...of.staff].map(({ id }) => id));
    this.#before = story.rooms.map((room) => this.#stateOf(room));
    this.#saidBefore = this.#told();
    story.homeserver.onEvent((event) => {
      if (event.sender === story.bot.userId) this.#did(event);
    });
  }

  /** An event of the script reaches the homeserver, if it lets it in. */
  arrives(one: Scripted, { agoMs, isLeaked }: { readonly agoMs: number; readonly isLeaked: boolean }): void {
    const { homeserver, rooms, clock } = this.#story;
    const room = rooms[one.room]!;
    const isOne = this.#those.has(one.who);
    if (isOne) this.#firstAt ??= clock.now();
    try {
      const event = homeserver.arrives({
        ...{
          roomId: room,
          sender: one.who,
          type: one.type,
          content: this.#named(one.content),
          agoMs,
          isLeaked,
        },
        ...(one.stateKey === undefined ? {} : { stateKey: one.stateKey }),
        ...(one.redacts === undefined ? {} : { redacts: this.#ids.get(one.redacts) ?? "$unknown" }),
      });
      this.#ids.set(one.id, event);
      if (!isOne) return;
      if (one.stateKey === undefined) this.#messages.push({ room, event, at: clock.now() });
      this.#came.push({ room, at: clock.now() });
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
      if (isOne) this.#refused++;
    }
  }

  seen(): Seen {
    const { rooms, homeserver, clock } = this.#story;
    const firstAt = this.#firstAt ?? 0;
    const firstCut = this.#cuts[0]?.at;
    const contained = this.#containedAt();
    const stood = this.#messages.filter(({ room, event, at }) => {
      const because = homeserver.event(room, event)?.unsigned["redacted_because"] as ClientEvent | undefined;
      return (because?.origin_server_ts ?? clock.now()) - at > stoodMs;
    });
    return {
      ...(firstCut === undefined ? {} : { firstCutMs: firstCut - firstAt }),
      ...(contained === undefined ? {} : { containedMs: contained - firstAt }),
      ...this.#sinceHarmful(firstCut),
      roomsCut: new Set(this.#cuts.map(({ room }) => room)).size,
      roomsTwice: this.#cutTwice(),
      muted: this.#muted.size,
      cuts: this.#cuts.length,
      messages: this.#messages.length,
      stood: stood.length,
      refused: this.#refused,
      banned: this.#banned.size,
      bannedOthers: [...this.#bannedOthers],
      regularsTouched: [...this.#touched],
      silenced: this.#silenced.size,
      removedOthers: this.#removedOthers,
      unrestored: rooms.filter((room, i) => !isDeepStrictEqual(this.#stateOf(room), this.#before[i])),
      said: this.#told() - this.#saidBefore,
    };
  }

  /** The first time at which every room that any of them had come to by then was cut. */
  #containedAt(): number | undefined {
    return this.#cuts.find(({ at }) => {
      const cut = new Set(this.#cuts.flatMap((one) => (one.at <= at ? [one.room] : [])));
      return this.#came.every((one) => one.at > at || cut.has(one.room));
    })?.at;
  }

  /** One write contains a room: what follows so soon was to do the same. */
  #cutTwice(): number {
    const rooms = [...Map.groupBy(this.#cuts, ({ room }) => room).values()];
    return rooms.filter(([first, second]) => second && second.at - first!.at < stepMs - writtenMs).length;
  }

  #sinceHarmful(firstCut: number | undefined): Pick<Seen, "afterHarmfulMs" | "isHarmful"> {
    const waves = [...(this.#story.world?.stored.waves.all() ?? [])];
    const harmful = Math.min(...waves.map(({ reachedAt }) => reachedAt.harmful ?? Infinity));
    if (harmful === Infinity) return { isHarmful: false };
    return firstCut === undefined
      ? { isHarmful: true }
      : { isHarmful: true, afterHarmfulMs: firstCut - harmful };
  }

  #did(event: ClientEvent): void {
    const { room_id: room = "", type, state_key: key } = event;
    if (!this.#story.rooms.includes(room)) return;
    if (cutTypes.includes(type)) this.#cut(room);
    if (type === "m.room.member" && key !== undefined) this.#moved(key, event.content["membership"]);
    if (type === "m.room.redaction") {
      const target = this.#story.homeserver.event(room, event.redacts ?? "");
      if (!target || this.#those.has(target.sender)) return;
      this.#removedOthers++;
      if (this.#regulars.has(target.sender)) this.#touched.add(target.sender);
    }
  }

  #moved(who: string, membership: unknown): void {
    if (membership === "ban") (this.#those.has(who) ? this.#banned : this.#bannedOthers).add(who);
    if (this.#regulars.has(who)) this.#touched.add(who);
  }

  /** A change of levels, server ACL or join rule that takes none of them back, nor is about one of them alone. */
  #cut(room: string): void {
    const { homeserver, clock } = this.#story;
    const before = this.#before[this.#story.rooms.indexOf(room)]!;
    const last = this.#last.get(room) ?? before;
    const now = this.#stateOf(room);
    this.#last.set(room, now);
    this.#noteMuted(room);
    const isCut = now.some(
      (one, i) => !isDeepStrictEqual(one, last[i]) && !isDeepStrictEqual(one, before[i]),
    );
    if (!isCut) return;
    this.#cuts.push({ room, at: clock.now() });
    const [levels, acl] = now;
    for (const who of homeserver.members(room)) {
      if (this.#those.has(who) || canSpeak(who, { levels, acl })) continue;
      if (this.#regulars.has(who)) this.#touched.add(who);
      else this.#silenced.add(who);
    }
  }

  #noteMuted(room: string): void {
    for (const user of Object.keys(this.#usersOf(room))) if (this.#those.has(user)) this.#muted.add(user);
  }

  #usersOf(room: string): Content {
    const levels = this.#story.homeserver.state(room, "m.room.power_levels")?.content;
    return (levels?.["users"] ?? {}) as Content;
  }

  #stateOf(room: string): readonly (Content | undefined)[] {
    const { homeserver } = this.#story;
    const users = Object.entries(this.#usersOf(room)).filter(([user]) => !this.#those.has(user));
    return [
      { ...homeserver.state(room, "m.room.power_levels")?.content, users: Object.fromEntries(users) },
      ...["m.room.server_acl", "m.room.join_rules"].map((type) => homeserver.state(room, type)?.content),
    ];
  }

  #told(): number {
    const { homeserver, managementRoom, bot } = this.#story;
    return homeserver
      .events(managementRoom)
      .filter(
        ({ type, sender, content }) => type === "m.room.message" && sender === bot.userId && !isEdit(content),
      ).length;
  }

  /** Relations name events by the ids of the homeserver. */
  #named(content: Content): Content {
    const relation = content["m.relates_to"] as Content | undefined;
    if (!relation) return content;
    const of = (id: unknown) => this.#ids.get(id as string) ?? "$unknown";
    const reply = relation["m.in_reply_to"] as Content | undefined;
    return {
      ...content,
      "m.relates_to": reply
        ? { "m.in_reply_to": { event_id: of(reply["event_id"]) } }
        : { ...relation, event_id: of(relation["event_id"]) },
    };
  }
}

function isEdit(content: Content): boolean {
  return (content["m.relates_to"] as Content | undefined)?.["rel_type"] === "m.replace";
}

function canSpeak(
  who: string,
  { levels, acl }: { readonly levels: Content | undefined; readonly acl: Content | undefined },
): boolean {
  if (!isServerAllowed(who.slice(who.indexOf(":") + 1), acl)) return false;
  const number = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);
  const own = (levels?.["users"] as Content | undefined)?.[who];
  const needed = (levels?.["events"] as Content | undefined)?.["m.room.message"];
  return (
    number(own, number(levels?.["users_default"], 0)) >= number(needed, number(levels?.["events_default"], 0))
  );
}
