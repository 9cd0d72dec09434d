/** A community for the recogniser, watched for three weeks, and people who come to it: every event a second after the last. */
import { sightingsIn } from "../../src/decisions/respond/sightings.ts";
import { dayMs } from "../../src/kit/duration.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import type { RoomId, UserId } from "../../src/model/ids.ts";
import type { Observation, Seen } from "../../src/model/observation.ts";
import type { SettingChange } from "../../src/model/settings/change.ts";
import type { ExpectedCrowd } from "../../src/model/settings/waves.ts";
import type { Wave, WaveMember } from "../../src/model/waves.ts";
import { World } from "../../src/model/world/world.ts";
import { Recogniser } from "../../src/waves/recogniser.ts";
import { usualLimits } from "../support/limits.ts";
import {
  desk,
  hall,
  joining,
  lobby,
  me,
  member,
  nextEvent,
  roomRead,
  state,
  user,
  usualSettings,
} from "../support/make.ts";

export const start = Date.UTC(2026, 4, 5, 12);
const day = Math.floor(start / dayMs);
const firstNames = [
  "alice",
  "bob",
  "carol",
  "dave",
  "erin",
  "frank",
  "grace",
  "heidi",
  "ivan",
  "judy",
  "mallory",
];
const secondNames = ["smith", "jones", "lee", "fischer", "rossi", "novak", "garcia", "kim", "sato", "olsen"];

/** Names as people give themselves, each once. */
export const humanName = (i: number): string =>
  `${firstNames[i % firstNames.length]}${["", ".", "_", "-"][i % 4]}${secondNames[Math.floor(i / 11) % 10]}${i % 3 === 0 ? i : ""}`;

const servers = ["matrix.org", "example.org", "kde.example", "mozilla.example", "tchncs.example"];

export interface CommunityOptions {
  /** Newcomers that were learned of. */
  readonly newcomers?: number;
  readonly watchedDays?: number;
  readonly people?: number;
  readonly expected?: readonly ExpectedCrowd[];
}

export class ACommunity {
  readonly world: World;
  recogniser: Recogniser;
  at = start;

  constructor(options: CommunityOptions = {}) {
    const { newcomers = 200, watchedDays = 21, people = 600, expected = [] } = options;
    this.world = new World(me, {
      people: 5_000,
      eventsEach: 20,
      regulars: { afterDays: 14, days: 5, people: 5_000 },
      limits: usualLimits,
    });
    const rules = new Map([["flood", { enabled: true }]]);
    this.world.restore({ kind: "settings", settings: { ...usualSettings, protections: rules } });
    const members = Array.from({ length: people }, (_, i) => member(regular(i), "join"));
    this.#apply(joining(lobby), roomRead(lobby, members), joining(hall), roomRead(hall), joining(desk));
    this.#apply(roomRead(desk, [member("@mod:example.org", "join")]));
    for (let i = 0; i < people; i += 4)
      this.world.restore({
        ...{ kind: "item", collection: "speaker", key: regular(i) },
        item: { firstDay: day - 20, lastDay: day - 1, days: 9 },
      });
    const since = start - watchedDays * dayMs;
    this.world.restore({ kind: "item", collection: "newcomer-trait", key: "since", item: { since } });
    for (const key of ["all", "spoken"])
      this.world.restore({
        kind: "item",
        collection: "newcomer-trait",
        key,
        item: { count: newcomers, day },
      });
    for (const crowd of expected)
      this.#apply({ kind: "settings-changed", change: { kind: "expect-crowd", crowd } });
    this.recogniser = this.#recogniser();
    this.passes(10 * 60_000);
  }

  /** As after a restart: nothing is left but what the world has stored. */
  restarts(): void {
    this.recogniser = this.#recogniser();
  }

  passes(ms: number): void {
    this.at += ms;
    this.#seen([{ kind: "synced", token: String(this.at) }]);
  }

  joins(
    who: string,
    {
      room = lobby,
      content = {},
      isFirst = true,
    }: { room?: RoomId; content?: JsonObject; isFirst?: boolean } = {},
  ): void {
    const event = state(
      "m.room.member",
      { membership: "join", ...content },
      { stateKey: who, sender: who, sentAt: this.at },
    );
    this.#happens({ kind: "state", room, event, fromTimeline: true, ...(isFirst ? { isFirst } : {}) });
  }

  says(
    who: string,
    body: string,
    {
      room = lobby,
      content = {},
      type = "m.room.message",
    }: { room?: RoomId; content?: JsonObject; type?: string } = {},
  ): void {
    const event = {
      ...{ type, sender: user(who), eventId: nextEvent(), sentAt: this.at },
      content: type === "m.room.message" ? { msgtype: "m.text", body, ...content } : content,
    };
    this.#happens({ kind: "message", room, event, late: false });
  }

  /** Joins, and writes three seconds later. */
  comesAndSays(who: string, body: string, more: { content?: JsonObject; type?: string } = {}): void {
    this.joins(who);
    this.passes(2_000);
    this.says(who, body, more);
  }

  /** By a moderator's own client. */
  bans(who: string): void {
    this.#happens({
      kind: "state",
      room: lobby,
      event: member(who, "ban", { by: "@mod:example.org" }),
      fromTimeline: true,
    });
  }

  /** Rules found them, and did nothing about them alone. */
  wereFound(...who: readonly string[]): void {
    this.#apply(...this.recogniser.found(who.map(user), this.at));
  }

  happens(seen: Seen): void {
    this.#happens(seen);
  }

  /** A moderator says what the wave is. */
  judge(is: "fine" | "clean"): void {
    const verdict = { is, by: user("@mod:example.org"), at: this.at };
    this.changes({ kind: "judge-wave", wave: this.wave!.id, verdict });
  }

  changes(change: SettingChange): void {
    this.#happens({ kind: "settings-changed", change });
  }

  /** Everything that was done about the wave was taken back. */
  isOver(): void {
    this.#apply({ kind: "wave", wave: { ...this.wave!, endedAt: this.at }, members: [], left: [] });
  }

  get waves(): readonly Wave[] {
    return [...this.world.stored.waves.all()];
  }

  get wave(): Wave | undefined {
    return this.waves[0];
  }

  member(who: string): WaveMember | undefined {
    return this.world.stored.waveMembers.get(user(who));
  }

  #recogniser(): Recogniser {
    return new Recogniser({
      world: this.world,
      isLeftAlone: (one: UserId) => one === me || this.world.isSpared(one),
      limits: { accounts: 5, learnDays: 14, learnPeople: 200 },
    });
  }

  #happens(seen: Seen): void {
    this.at += 1_000;
    this.#seen([seen, { kind: "synced", token: String(this.at) }]);
  }

  #seen(those: readonly Seen[]): void {
    const at = this.at;
    const seen = those.map((one): Observation => ({ ...one, at, dueBy: at }));
    for (const one of seen) this.world.apply(one);
    const changes = this.world.takeChanges();
    const sightings = sightingsIn({ seen, changes }, this.world);
    this.#apply(...this.recogniser.recognise({ seen, sightings, at }));
  }

  #apply(...those: readonly Seen[]): void {
    for (const one of those) this.world.apply({ ...one, at: this.at, dueBy: this.at });
  }
}

/** Somebody who was there before. Every fourth is a regular. */
export const regular = (i: number): string => `@${humanName(i)}:${servers[i % servers.length]}`;

/** A wave of machine names. */
export const hex = (i: number, server = "evil.example"): string =>
  `@${(0x3fa9c2d10e + i * 0x1d3b7).toString(16).padStart(12, "a7")}:${server}`;
