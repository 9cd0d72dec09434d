/** To whom the rules of single lists are not applied: people and servers that moderators excepted from them. */
import type { RoomId, ServerName, UserId } from "../model/ids.ts";
import type { Rule } from "../model/policy-rule.ts";
import type { Exception } from "../model/settings/exceptions.ts";
import type { Settings } from "../model/settings/settings.ts";
import type { WorldView } from "../model/world/view.ts";
import { Exemptions } from "./exemptions.ts";
import { newestOf } from "./list-upgrades.ts";

export class Exceptions {
  readonly #byList = new Map<RoomId, Exemptions<Exception>>();

  /** `settings`: in place of those in force. */
  constructor(world: WorldView, { exceptions }: Pick<Settings, "exceptions"> = world.settings) {
    const ofLists = new Map<RoomId, Exception[]>();
    for (const exception of exceptions.values())
      for (const list of upgradesOf(exception.list, world))
        ofLists.set(list, [...(ofLists.get(list) ?? []), exception]);
    for (const [list, those] of ofLists) {
      const byEntity = new Map(those.map((one) => [one.entity, one]));
      const { members } = world;
      this.#byList.set(list, new Exemptions({ settings: { exemptions: byEntity }, members }));
    }
  }

  /** The rules without those that are not applied to the person. An allow rule is left in: it spares them as well. */
  leftForUser(rules: readonly Rule[], user: UserId): readonly Rule[] {
    if (this.#byList.size === 0) return rules;
    return rules.filter((rule) => !this.forUser(rule, user));
  }

  leftForServer(rules: readonly Rule[], server: ServerName): readonly Rule[] {
    if (this.#byList.size === 0) return rules;
    return rules.filter((rule) => !this.forServer(rule, server));
  }

  /** The exception by which the rule is not applied to the person, be it as one of their server. */
  forUser({ list, recommendation }: Rule, user: UserId): Exception | undefined {
    return recommendation === "allow" ? undefined : this.#byList.get(list)?.ofUser(user);
  }

  forServer({ list, recommendation }: Rule, server: ServerName): Exception | undefined {
    return recommendation === "allow" ? undefined : this.#byList.get(list)?.ofServer(server);
  }
}

/** The list, and the one that has taken its place: what was settled for it is meant for that one. */
export function upgradesOf(list: RoomId, world: WorldView): ReadonlySet<RoomId> {
  const known = world.lists.get(list);
  return new Set([list, ...(known ? [newestOf(known, world).room] : [])]);
}
