/**
 * Takes in what followed rules rooms change: new rules in shadow, new versions beside those that answer. A room may change
 * a hundred times a minute, so it is looked at now and then, more and more rarely while it goes on changing.
 */
import type { LookedAt } from "../bot/part.ts";
import { RulesRoomReader, type RulesRoomNews } from "../automod/followed-rules.ts";
import type { Registry } from "../automod/registry.ts";
import { troubleOf } from "../commands/shared/room-trouble.ts";
import { roomName } from "../commands/shared/room-names.ts";
import { hourMs, minuteMs } from "../kit/duration.ts";
import { bullets, code, count, lines, plain, say, someOf, type Say } from "../kit/say.ts";
import { Wait } from "../kit/wait.ts";
import type { Words } from "../model/actions/action.ts";
import { decide, type Decision } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import { sharedRuleType } from "../model/rules-room.ts";
import { namesFrom, type FollowedRoom } from "../model/settings/rules-rooms.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";

export interface FollowedRulesOptions {
  readonly world: WorldView;
  readonly registry: Pick<Registry, "known">;
  readonly announcements: Pick<Announcements, "of">;
  /** The command prefix, for commands that the message suggests. */
  readonly prefix: string;
}

/** A rule and its lists are written one after the other. */
const quietMs = 3_000;
const shortestMs = minuteMs;
const longestMs = 6 * hourMs;
/** After so long without a change the next one is taken in at once. */
const forgetMs = hourMs;
/** Rules named in each sentence; the others are counted. */
const named = 10;

interface Following {
  readonly reader: RulesRoomReader;
  /** What was told of rules that stay as they are: by name, why. */
  readonly told: Map<string, string>;
  /** Until the next look. */
  readonly wait: Wait;
  /** Up to which change it was looked at. */
  revision: number;
  /** Since then; so that it is waited for more only once. */
  isChanged: boolean;
  pauseMs: number;
  lookedAt: number;
  /** Before this run. */
  readonly hadRules: boolean;
  /** All of its rules were read once in this run. */
  isRead: boolean;
  trouble: string | undefined;
}

export class FollowedRules {
  readonly name = "followed rules";
  readonly #options: FollowedRulesOptions;
  readonly #world: WorldView;
  readonly #following = new Map<RoomId, Following>();
  #isOpen = false;
  #news: { readonly room: RoomId; readonly text: Say }[] = [];

  constructor(options: FollowedRulesOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  caughtUp(): void {
    this.#isOpen = true;
  }

  seen(): void {
    this.#news = [];
    const { rulesRooms } = this.#world.settings;
    for (const room of this.#following.keys()) if (!rulesRooms.has(room)) this.#following.delete(room);
    for (const room of rulesRooms.keys())
      if (!this.#following.has(room)) {
        const hadRules = namesFrom(room, this.#world.settings).length > 0;
        this.#following.set(room, notLookedAt(hadRules));
      }
  }

  proposes({ at }: Pick<LookedAt, "at">): readonly Decision[] {
    return [...this.#following].flatMap(([id, following]) => {
      const followed = this.#world.settings.rulesRooms.get(id);
      if (!followed) return [];
      this.#lookForTrouble(id, following);
      const room = this.#world.rulesRooms.get(id);
      // What a room holds is known only when it was read whole: before that nothing has gone from it.
      if (!room?.wasRead || room.revision === following.revision) return [];
      if (!following.isChanged) following.wait.extend(at, quietMs);
      following.isChanged = true;
      return following.wait.left(at) > 0 ? [] : this.#look(followed, following, at);
    });
  }

  says({ at }: Pick<LookedAt, "at">): readonly Decision<Words>[] {
    return this.#news.flatMap(
      ({ room, text }) =>
        this.#options.announcements.of(text, `rules of ${room} ${at}`, at, { rooms: [room] }) ?? [],
    );
  }

  nextAt(): number | undefined {
    const due = [...this.#following].flatMap(([id, { wait, revision }]) => {
      const room = this.#world.rulesRooms.get(id);
      return room?.wasRead && room.revision !== revision ? [wait.endsAt] : [];
    });
    return due.length === 0 ? undefined : Math.min(...due);
  }

  #look(followed: FollowedRoom, following: Following, at: number): readonly Decision[] {
    const { settings } = this.#world;
    const { room: id } = followed;
    const room = this.#world.rulesRooms.get(id)!;
    const known = this.#options.registry.known(settings);
    const news = following.reader.news(followed, room, { settings, known, at });
    if (!news.isMore) following.revision = room.revision;
    following.isChanged = news.isMore;
    following.wait.begin(at, news.isMore ? quietMs : pauseAfter(following, at));
    following.lookedAt = at;
    const text = this.#told(followed, news, following);
    following.isRead ||= !news.isMore;
    if (text) this.#news.push({ room: id, text });
    if (news.taken.length + news.gone.length === 0) return [];
    const change = { kind: "take-rules", room: id, taken: news.taken, gone: news.gone } as const;
    const action = { kind: "change-settings", change } as const;
    return [decide(action, { kind: "self", what: `rules of ${id}` }, { at, replaces: String(at) })];
  }

  /** Removed from it, or upgraded: what was taken stays. */
  #lookForTrouble(id: RoomId, following: Following): void {
    const room = this.#world.rooms.get(id);
    const trouble = room && (room.wasRemoved || room.tombstone) ? troubleOf(id, this.#world) : undefined;
    if (trouble?.text === following.trouble) return;
    following.trouble = trouble?.text;
    if (!trouble || !this.#isOpen) return;
    const text = say`The rules room ${roomName(id, this.#world)}: ${trouble} Its rules stay as they are.`;
    this.#news.push({ room: id, text });
  }

  #told(followed: FollowedRoom, news: RulesRoomNews, { told, isRead, hadRules }: Following): Say | undefined {
    const stays = [...news.kept.map((name) => [name, "gone"] as const), ...news.broken];
    const fresh = stays.filter(([name, why]) => told.get(name) !== why);
    if (!news.isMore) told.clear();
    for (const [name, why] of stays) told.set(name, why);
    // What a restart finds was told by the run before it.
    const stayed = hadRules && !isRead ? [] : fresh;
    const said = [...sentences(news), ...stayed.map(([name, why]) => this.#stays(name, why))];
    if (said.length === 0) return undefined;
    const { prefix } = this.#options;
    const isOpen = this.#mayAnybodyWrite(followed.room);
    const isNew = news.fresh.length > 0;
    return lines(
      say`The rules room ${roomName(followed.room, this.#world)}, followed as ${code(followed.alias)}:`,
      bullets(said.slice(0, 2 * named)),
      said.length > 2 * named ? say`${count(said.length - 2 * named, "more change")}.` : undefined,
      isOpen && isNew ? say`Whoever joins that room may change its rules.` : undefined,
      isNew || news.beside.length > 0
        ? say`${code(`${prefix} protections hits <name>`)} shows whom one meets, ${code(`${prefix} protections act <name>`)} lets it act${news.beside.length > 0 ? ", or a new version take its place" : ""}.`
        : undefined,
    );
  }

  #stays(name: string, why: string): Say {
    if (why === "gone")
      return say`${code(name)} is no longer in the room; it goes on here until ${code(`${this.#options.prefix} protections remove ${name}`)}.`;
    const isHere = this.#world.settings.rules.has(name);
    return say`${code(name)} ${isHere ? "has a new version that cannot be used, and stays as it was" : "cannot be used, and is left out"}: ${plain(why, 200)}.`;
  }

  #mayAnybodyWrite(id: RoomId): boolean {
    const power = this.#world.rooms.get(id)?.power;
    return power !== undefined && power.usualLevel >= power.neededForState(sharedRuleType);
  }
}

function notLookedAt(hadRules: boolean): Following {
  return {
    reader: new RulesRoomReader(),
    told: new Map(),
    wait: new Wait(),
    revision: 0,
    isChanged: false,
    pauseMs: 0,
    lookedAt: 0,
    hadRules,
    isRead: false,
    trouble: undefined,
  };
}

/** Twice as long after every look that something was found at, while it goes on. */
function pauseAfter(following: Following, at: number): number {
  const isCalm = Math.abs(at - following.lookedAt) > following.pauseMs + forgetMs;
  following.pauseMs = isCalm ? shortestMs : Math.min(following.pauseMs * 2, longestMs);
  return following.pauseMs;
}

function sentences(news: RulesRoomNews): readonly Say[] {
  const names = (all: readonly string[]) =>
    someOf(
      all.map((name) => code(name)),
      named,
    );
  const said = (all: readonly string[], what: string) =>
    all.length === 0 ? [] : [say`${plain(what)}: ${names(all)}.`];
  return [
    ...said(news.fresh, "New, in shadow: they look and do nothing"),
    ...said(news.changed, "Changed, and in shadow as before"),
    ...said(news.beside, "Changed, and tried in shadow beside the version that goes on"),
    ...said(news.older, "Of these its author counts the new version as an older one"),
    ...said(news.applied, "Changed, and the new version answers from now on"),
    ...said(news.gone, "No longer in the room, and removed here"),
  ];
}
