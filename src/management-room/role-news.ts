/**
 * Says so where nobody in the management room is an admin any more, and ends roles at a start where the config wants that:
 * the one way back then.
 */
import type { Batch, LookedAt } from "../bot/part.ts";
import { code, say } from "../kit/say.ts";
import type { Words } from "../model/actions/action.ts";
import { decide, type Decision } from "../model/decision.ts";
import { inverseOfChange } from "../model/settings/change.ts";
import type { Observation } from "../model/observation.ts";
import { whoHas } from "../model/roles.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";

export interface RoleNewsOptions {
  readonly world: WorldView;
  readonly announcements: Pick<Announcements, "trouble">;
  /** From the config: whatever was set, this run begins without roles. */
  readonly beginsWithout: boolean;
}

export class RoleNews {
  readonly name = "roles";
  readonly #options: RoleNewsOptions;
  #isOpen = false;
  #hasEnded = false;
  /** Told since there was an admin. */
  #isTold = false;

  constructor(options: RoleNewsOptions) {
    this.#options = options;
  }

  caughtUp(): void {
    this.#isOpen = true;
  }

  proposes({ at }: Pick<LookedAt, "at">): readonly Decision[] {
    const { world, beginsWithout } = this.#options;
    const { settings } = world;
    if (!this.#isOpen || this.#hasEnded) return [];
    this.#hasEnded = true;
    if (!beginsWithout || !settings.roles) return [];
    const change = { kind: "set-roles", levels: null } as const;
    const back = inverseOfChange(change, settings);
    const action = { kind: "change-settings", change, ...(back ? { back } : {}) } as const;
    return [decide(action, { kind: "self", what: "begins without roles" }, { at, replaces: String(at) })];
  }

  says({ seen, at }: Pick<Batch, "seen" | "at">): readonly Decision<Words>[] {
    const { world, announcements } = this.#options;
    if (!this.#isOpen || !world.settings.roles || !world.knowsModerators) return [];
    if (!seen.some((one) => this.#mayMatter(one))) return [];
    if (whoHas("admin", world).length > 0) {
      this.#isTold = false;
      return [];
    }
    if (this.#isTold) return [];
    this.#isTold = true;
    const text = say`Nobody in this room has level ${world.settings.roles.admin} any more, so nobody is an admin and may change what I do. Give somebody that level here; if nobody can, whoever runs me starts me once with ${code("commands.withoutRoles")}.`;
    const message = announcements.trouble(text, { what: `no admin ${at}`, topic: "no admin", at });
    return message ? [message] : [];
  }

  /** Messages change nobody's level. What was read without an event of its own shows by the next tick. */
  #mayMatter(one: Observation): boolean {
    const isInRoom = one.kind === "state" && one.room === this.#options.world.settings.managementRoom;
    return isInRoom || one.kind === "settings-changed" || one.kind === "tick";
  }
}
