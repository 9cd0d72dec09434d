/** Tells that rooms cannot talk, as their policy server refuses or does not answer, and offers to clear it. */
import type { Batch } from "../../bot/part.ts";
import { roomName } from "../../commands/shared/room-names.ts";
import { hourMs, minuteMs } from "../../kit/duration.ts";
import { code, count, lines, say, someOf, type Say } from "../../kit/say.ts";
import { roomOf } from "../../model/actions/traits.ts";
import type { Words } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { OfferedCommand } from "../../model/heard-command.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import { readPolicyServer } from "../../model/policy-server.ts";
import type { PolicyTroubleKind } from "../../model/policy-places.ts";
import type { QuestionAbout } from "../../model/question.ts";
import type { WorldView } from "../../model/world/view.ts";
import { roomsForPolicy } from "../../policy/policy-servers.ts";

export interface PolicySilenceOptions {
  readonly world: WorldView;
  /** Puts the question; gives its message. */
  readonly offer: (about: OfferedCommand, what: Say, at: number) => Decision<Words> | undefined;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

interface Trouble {
  readonly at: number;
  readonly room: RoomId;
  readonly how: PolicyTroubleKind;
}

/** So many of our acts within a minute, and it is told. One alone may be a hiccup, or rightly refused. */
const tellAt = 3;
const withinMs = minuteMs;
/** Told again where it goes on after so long. */
const againAfterMs = hourMs;
/** Of one server. */
const kept = 20;
const named = 3;

export class PolicySilence {
  readonly name = "silence of policy servers";
  readonly #options: PolicySilenceOptions;
  readonly #world: WorldView;
  /** By the server. */
  readonly #troubles = new Map<string, Trouble[]>();
  readonly #toldAt = new Map<string, number>();
  #news = new Set<string>();
  /** When an act in a room without a policy server last had to be tried again. */
  #elsewhereAt = -Infinity;

  constructor(options: PolicySilenceOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  seen({ seen }: Pick<Batch, "seen">): void {
    for (const one of seen) {
      if (one.kind === "policy-trouble") this.#noted(one.room, one.how, one.at);
      if (one.kind === "put-off" && this.#isWithout(roomOf(one.decision.action))) this.#elsewhereAt = one.at;
    }
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<Words>[] {
    if (this.#news.size === 0) return [];
    const news = this.#news;
    this.#news = new Set();
    return [...news].flatMap((via) => this.#tell(via, at) ?? []);
  }

  /** It is in no room any more. */
  isObsolete(about: QuestionAbout): boolean {
    if (about.kind !== "offer" || about.offer !== "clear-policy-server") return false;
    return this.#roomsOf(about.text.split(" ").at(-1)!).length === 0;
  }

  #noted(room: RoomId, how: PolicyTroubleKind, at: number): void {
    const known = this.#world.rooms.get(room);
    const via = known && readPolicyServer(known)?.via;
    if (via === undefined) return;
    const place = this.#world.stored.policyPlaces.get(room) ?? { room };
    this.#options.believe({ kind: "policy-place", place: { ...place, trouble: { at, how } } }, at);
    const lately = (this.#troubles.get(via) ?? []).filter((one) => Math.abs(at - one.at) < withinMs);
    this.#troubles.set(via, [...lately.slice(1 - kept), { at, room, how }]);
    const isTold = Math.abs(at - (this.#toldAt.get(via) ?? -Infinity)) < againAfterMs;
    if (lately.length + 1 >= tellAt && !isTold) this.#news.add(via);
  }

  #tell(via: string, at: number): Decision<Words> | undefined {
    const rooms = this.#roomsOf(via);
    const troubles = this.#troubles.get(via) ?? [];
    const isOpen = this.#world.questions.open().some(({ about }) => isOfferFor(about, via));
    if (rooms.length === 0 || isOpen) return undefined;
    this.#toldAt.set(via, at);
    const where = [...new Set(troubles.map(({ room }) => room))];
    const names = where.slice(0, named).map((room) => roomName(room, this.#world, 60));
    const what = lines(
      this.#whatHappens(via, troubles),
      Math.abs(at - this.#elsewhereAt) < withinMs
        ? say`Acts in rooms without it fail as well: the trouble may be with my homeserver.`
        : undefined,
      say`Seen in ${someOf(names, named, where.length)}. Clear it in all ${count(rooms.length, "room")} of it? They can talk again at once, and nobody filters for them then.`,
    );
    const text = `policy clear ${via}`;
    return this.#options.offer({ kind: "offer", offer: "clear-policy-server", text }, what, at);
  }

  #whatHappens(via: string, troubles: readonly Trouble[]): Say {
    const times = count(troubles.length, "time");
    const refused = troubles.filter(({ how }) => how === "refused").length;
    if (refused === troubles.length)
      return say`The policy server ${code(via)} refused what I do ${times} within a minute: it does not come true there.`;
    return say`Rooms cannot talk: the policy server ${code(via)} did not answer, or refused, or took 10 seconds and longer, ${times} within a minute when I had something to do. What people there say does not get through either.`;
  }

  #isWithout(room: RoomId | undefined): boolean {
    const known = room && this.#world.rooms.get(room);
    return known !== undefined && !readPolicyServer(known);
  }

  #roomsOf(via: string): readonly RoomId[] {
    return [...roomsForPolicy(this.#world)].flatMap((room) =>
      readPolicyServer(room)?.via === via ? room.id : [],
    );
  }
}

function isOfferFor(about: QuestionAbout, via: string): boolean {
  return (
    about.kind === "offer" && about.offer === "clear-policy-server" && about.text === `policy clear ${via}`
  );
}
