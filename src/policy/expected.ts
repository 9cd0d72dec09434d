/**
 * The world as it will be when everything has ended that is decided and under way. A command that takes back another, or
 * sets the same, looks here: said within moments of each other, the last one counts.
 */
import type { ActionOf, LevelChange } from "../model/actions/action.ts";
import { isLevelChange } from "../model/actions/action.ts";
import { placeSetBy } from "../model/actions/places.ts";
import type { InFlightView } from "../model/acts-in-flight.ts";
import type { Decision } from "../model/decision.ts";
import type { EventId, RoomId, UserId } from "../model/ids.ts";
import type { Mute } from "../model/mutes.ts";
import type { Rule } from "../model/policy-rule.ts";
import type { PowerLevels } from "../model/power-levels.ts";
import type { WorldView } from "../model/world/view.ts";
import { ruleToBe } from "./rule-writing.ts";

export class Expected {
  readonly #world: WorldView;
  readonly #inFlight: InFlightView;

  constructor(world: WorldView, inFlight: InFlightView) {
    this.#world = world;
    this.#inFlight = inFlight;
  }

  /** The protected rooms in which the person will be banned. */
  bannedIn(user: UserId): readonly RoomId[] {
    const rooms = new Set(this.#world.protectedRoomsOf(user, ["ban"]));
    for (const { room, kind } of this.#onMember(user)) {
      if (kind === "ban") rooms.add(room);
      else rooms.delete(room);
    }
    return [...rooms];
  }

  /** The protected rooms that a ban has to be made in: where the person is, and where a ban is about to be lifted. */
  toBanIn(user: UserId): readonly RoomId[] {
    const lifts = this.#onMember(user).filter(({ kind }) => kind === "unban");
    return [...new Set([...this.#world.protectedRoomsOf(user), ...lifts.map(({ room }) => room)])];
  }

  /** The list for which the person is, or will be, banned in the room. */
  listOfBan(room: RoomId, user: UserId): RoomId | undefined {
    const because = this.#inFlight.lastWordOn(
      placeSetBy({ kind: "ban", room, user, reason: "", redacts: false }),
    )?.because;
    if (because && "list" in because) return because.list;
    return this.#world.members.get(room, user)?.forList;
  }

  /** The levels of the room as far as the person's own is concerned. */
  powerFor(room: RoomId, user: UserId): PowerLevels | undefined {
    const power = this.#world.rooms.get(room)?.power;
    const act = this.#onLevel(room, user);
    return act ? power?.withEntry(user, act.level) : power;
  }

  muteOf(room: RoomId, user: UserId): Mute | undefined {
    const act = this.#onLevel(room, user);
    if (!act) return this.#world.mutes.get(room, user);
    if (act.kind !== "mute") return undefined;
    const { level, before, until } = act;
    return { room, user, level, before, ...(until === undefined ? {} : { until }) };
  }

  /** The list's rules that fit: those about to be removed left out, those about to be written included. */
  rulesOn(list: RoomId, fits: (rule: Rule) => boolean): readonly Rule[] {
    const there = this.#world.lists.get(list)?.variantsFor(fits) ?? [];
    const coming = [...this.#inFlight.lastWords()].flatMap((one) => this.#ruleOf(one, list) ?? []);
    return [...there.filter((rule) => !this.isReplaced(rule)), ...coming.filter(fits)];
  }

  /** A rule that is about to be removed or written over. */
  isReplaced({ list, eventType, stateKey }: Rule): boolean {
    const place = placeSetBy({ kind: "remove-policy", list, eventType, stateKey, before: {} });
    return this.#inFlight.lastWordOn(place) !== undefined;
  }

  /** The writing of a rule with the content that it will replace, where an act in flight sets that. */
  withBefore(action: ActionOf<"write-policy">): ActionOf<"write-policy"> {
    const last = this.#inFlight.lastWordOn(placeSetBy(action))?.action;
    if (last?.kind === "write-policy") return { ...action, before: last.content };
    if (last?.kind !== "remove-policy") return action;
    const { before: _, ...fresh } = action;
    return fresh;
  }

  #ruleOf({ action, id, at }: Decision, list: RoomId): Rule | undefined {
    if (action.kind !== "write-policy" || action.list !== list) return undefined;
    return ruleToBe(action, { world: this.#world, event: id as EventId, at });
  }

  #onLevel(room: RoomId, user: UserId): LevelChange | undefined {
    const place = placeSetBy({ kind: "set-power-level", room, user, level: 0, before: undefined });
    const action = this.#inFlight.lastWordOn(place)?.action;
    return action && isLevelChange(action) ? action : undefined;
  }

  /** In protected rooms. */
  #onMember(user: UserId): readonly ActionOf<"ban" | "unban">[] {
    return this.#inFlight
      .lastWordsAbout(user)
      .flatMap(({ action }) =>
        (action.kind === "ban" || action.kind === "unban") && this.#world.isProtected(action.room)
          ? action
          : [],
      );
  }
}
