/**
 * Brings rooms in step with what moderators want: the policy server is set as soon as its user has joined, in rooms that
 * come to be protected as well. What others make of a room afterwards stands, and is told.
 */
import type { Batch } from "../../bot/part.ts";
import { roomName } from "../../commands/shared/room-names.ts";
import { code, count, say, someOf, type Say } from "../../kit/say.ts";
import type { Words } from "../../model/actions/action.ts";
import { decide, type Decision, type Outcome } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import type { PolicyPlace } from "../../model/policy-places.ts";
import {
  isSamePolicyServer,
  policyType,
  readPolicyServer,
  shortKey,
  unstablePolicyType,
  type PolicyServer,
} from "../../model/policy-server.ts";
import type { SettingChange } from "../../model/settings/change.ts";
import type { RoomView } from "../../model/room.ts";
import type { WorldView } from "../../model/world/view.ts";
import { clearingOf, isPresentIn, nextFor, roomsForPolicy, wishFor } from "../../policy/policy-servers.ts";
import type { Announcements } from "../announcements.ts";

export interface SettlePoliciesOptions {
  readonly world: WorldView;
  readonly announcements: Pick<Announcements, "of" | "trouble">;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** All rooms are looked at no oftener, unless something was seen that concerns them. */
const lookEveryMs = 60_000;
/** What is set later than this after the command is told by itself: the answer to the command is complete by then. */
const toldWithCommandMs = 60_000;
const named = 5;

interface News {
  readonly room: RoomId;
  readonly what: Say;
}

export class SettlePolicies {
  readonly name = "policy servers";
  readonly #options: SettlePoliciesOptions;
  readonly #world: WorldView;
  #lookedAt = -Infinity;
  /** By the server, rooms in which it was set after the answer to the command. */
  #late = new Map<string, RoomId[]>();
  #news: News[] = [];
  /** In a dry run the room never shows it. */
  readonly #recorded = new Set<string>();

  constructor(options: SettlePoliciesOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  proposes({ seen, at }: Pick<Batch, "seen" | "at">): readonly Decision[] {
    if (!this.#world.knowsModerators) return [];
    const after = seen.flatMap((one) => (one.kind === "outcome" ? this.#ended(one.outcome, at) : []));
    const isDue = Math.abs(at - this.#lookedAt) >= lookEveryMs || seen.some(concernsAll);
    if (isDue) this.#lookedAt = at;
    const rooms = isDue ? [...roomsForPolicy(this.#world)] : this.#roomsConcerned(seen);
    return [...after, ...rooms.flatMap((room) => this.#look(room, at))];
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<Words>[] {
    const [news, late] = [this.#news, this.#late];
    if (news.length === 0 && late.size === 0) return [];
    [this.#news, this.#late] = [[], new Map()];
    const { announcements } = this.#options;
    const told = news.map(({ room, what }) =>
      announcements.trouble(what, {
        ...{ what: `policy ${room} ${at}`, topic: "policy servers", at },
        about: { rooms: [room] },
      }),
    );
    const set = [...late].map(([via, rooms]) =>
      announcements.of(this.#saidOfLate(via, rooms), `policy set ${via} ${at}`, at, { rooms }),
    );
    return [...told, ...set].flatMap((message) => message ?? []);
  }

  nextAt(): number | undefined {
    return this.#world.settings.policyServers.size > 0 ? this.#lookedAt + lookEveryMs : undefined;
  }

  #saidOfLate(via: string, rooms: readonly RoomId[]): Say {
    const names = rooms.slice(0, named).map((room) => roomName(room, this.#world, 60));
    return say`${code(via)} is now the policy server of ${count(rooms.length, "room")} more, as ${code(`${this.#options.prefix} policy set`)} asked for: ${someOf(names, named, rooms.length)}.`;
  }

  /** What was written is remembered as done: nobody is argued with who changes it afterwards. */
  #ended({ decision, result }: Outcome, at: number): readonly Decision[] {
    const { action, because } = decision;
    if (result.kind === "recorded" && action.kind === "set-policy-server")
      this.#recorded.add(`${action.room} ${action.wishAt}`);
    if (result.kind !== "done" || because.kind !== "command") return [];
    if (action.kind === "invite") {
      const wish = wishFor(action.room, this.#world.settings);
      if (wish?.user === action.user && wish.command.event === because.event)
        this.#note({ ...this.#place(action.room), invitedFor: wish.at }, at);
      return [];
    }
    if (action.kind !== "set-policy-server" || action.wishAt === undefined) return [];
    const { room: id, server, wishAt } = action;
    this.#note({ ...this.#place(id), server, isPresent: true, setFor: wishAt }, at);
    if (Math.abs(at - wishAt) >= toldWithCommandMs)
      this.#late.set(server.via, [...(this.#late.get(server.via) ?? []), id]);
    // It was under way when a moderator said that it be cleared.
    const room = this.#world.rooms.get(id);
    const clearing = wishFor(id, this.#world.settings)?.at === wishAt ? undefined : room && clearingOf(room);
    return clearing ? [decide(clearing, because, { at, replaces: decision.id })] : [];
  }

  #look(room: RoomView, at: number): readonly Decision[] {
    this.#watch(room, at);
    const wish = wishFor(room.id, this.#world.settings);
    if (!wish || this.#place(room.id).setFor === wish.at) return [];
    if (this.#recorded.has(`${room.id} ${wish.at}`)) return [];
    const next = nextFor(room, wish, this.#world);
    // Somebody set it by hand already: then that is done, and stands.
    const isThere = wish.server && isSamePolicyServer(readPolicyServer(room), wish.server);
    if (!next && isThere) this.#note({ ...this.#place(room.id), setFor: wish.at }, at);
    return next ? [next] : [];
  }

  /** What differs from what was seen last. */
  #watch(room: RoomView, at: number): void {
    const known = this.#world.stored.policyPlaces.get(room.id);
    const server = readPolicyServer(room);
    if (!known && !server) return;
    const user = wishFor(room.id, this.#world.settings)?.user;
    const canTell = this.#world.membersKnown.has(room.id);
    const isPresent =
      server && (canTell ? isPresentIn(room.id, server, { world: this.#world, user }) : known?.isPresent);
    if (known && isSamePolicyServer(known.server, server) && known.isPresent === isPresent) return;
    const { server: _server, isPresent: _isPresent, ...rest } = known ?? { room: room.id };
    const now = { ...(server ? { server } : {}), ...(isPresent === undefined ? {} : { isPresent }) };
    this.#note({ ...rest, ...now }, at);
    if (known) this.#tell(room, { before: known, server, isPresent });
  }

  #tell(
    room: RoomView,
    {
      before,
      server,
      isPresent,
    }: {
      readonly before: PolicyPlace;
      readonly server: PolicyServer | undefined;
      readonly isPresent: boolean | undefined;
    },
  ): void {
    const name = roomName(room.id, this.#world);
    const event = room.event(policyType) ?? room.event(unstablePolicyType);
    const by = event?.sender;
    if (!isSamePolicyServer(before.server, server)) {
      if (by !== undefined && by !== this.#world.self)
        this.#news.push({ room: room.id, what: this.#changed(name, by, { before: before.server, server }) });
      return;
    }
    if (server && before.isPresent === true && isPresent === false)
      this.#news.push({
        room: room.id,
        what: say`Nobody of the policy server ${code(server.via)} is in ${name} any more: homeservers do not ask it there, and everything passes.`,
      });
  }

  #changed(
    name: Say,
    by: string,
    {
      before,
      server,
    }: { readonly before: PolicyServer | undefined; readonly server: PolicyServer | undefined },
  ): Say {
    const undo = say` I leave it; ${code(`${this.#options.prefix} policy`)} shows what is where.`;
    if (!server)
      return say`${code(by)} cleared the policy server ${code(before?.via ?? "")} of ${name}.${undo}`;
    if (before?.via === server.via)
      return say`${code(by)} changed the key of the policy server ${code(server.via)} in ${name}: it is ${code(shortKey(server))} now. If it signs by another, nobody can say anything there.${undo}`;
    const was = before ? say`, in place of ${code(before.via)}` : "";
    return say`${code(by)} made ${code(server.via)} the policy server of ${name}${was}.${undo}`;
  }

  #place(room: RoomId): PolicyPlace {
    return this.#world.stored.policyPlaces.get(room) ?? { room };
  }

  #note(place: PolicyPlace, at: number): void {
    this.#options.believe({ kind: "policy-place", place }, at);
  }

  /**
   * Where a policy server may have come or gone. Of its homeserver's users only whom we invited is looked at here, as others
   * may be any number: whether anybody is left is noticed with the next look at all rooms.
   */
  #roomsConcerned(seen: readonly Observation[]): readonly RoomView[] {
    const ids = new Set(seen.flatMap((one) => (this.#isConcern(one) ? one.room : [])));
    if (ids.size === 0) return [];
    return [...roomsForPolicy(this.#world)].filter(({ id }) => ids.has(id));
  }

  #isConcern(one: Observation): one is Observation & { readonly kind: "state" | "room-read" } {
    if (one.kind === "room-read") return true;
    if (one.kind !== "state") return false;
    const { type, stateKey } = one.event;
    if (type !== "m.room.member") return type === policyType || type === unstablePolicyType;
    return wishFor(one.room, this.#world.settings)?.user === stateKey;
  }
}

/** Wishes, and rooms that come to be protected. */
const concerning: ReadonlySet<SettingChange["kind"]> = new Set([
  "use-policy-servers",
  "drop-policy-servers",
  "protect",
  "hold",
  "follow-space",
]);

function concernsAll(one: Observation): boolean {
  return one.kind === "settings-changed" && concerning.has(one.change.kind);
}
