/** Who is exempt: people and servers that moderators exempted. No act of ours is against them, whatever rules say. */
import { compileGlob, hasWildcard, type Glob } from "../kit/glob.ts";
import { serverOf, type ServerName, type UserId } from "../model/ids.ts";
import type { Exemption } from "../model/settings/exemptions.ts";
import type { WorldView } from "../model/world/view.ts";

export class Exemptions<One extends Exemption = Exemption> {
  readonly #literal = new Map<string, One>();
  /** The same in lower case. */
  readonly #folded = new Map<string, One>();
  readonly #members: WorldView["members"];
  readonly #globs: { readonly glob: Glob; readonly exemption: One }[] = [];

  constructor({
    settings,
    members,
  }: {
    readonly settings: { readonly exemptions: ReadonlyMap<string, One> };
    readonly members: WorldView["members"];
  }) {
    this.#members = members;
    for (const exemption of settings.exemptions.values()) {
      if (hasWildcard(exemption.entity))
        this.#globs.push({ glob: compileGlob(exemption.entity, { ignoreCase: true }), exemption });
      else {
        this.#literal.set(exemption.entity, exemption);
        this.#folded.set(exemption.entity.toLowerCase(), exemption);
      }
    }
  }

  ofUser(user: UserId): One | undefined {
    return this.#named(user) ?? this.#match(user) ?? this.ofServer(serverOf(user));
  }

  ofServer(server: ServerName): One | undefined {
    return this.#folded.get(server) ?? this.#match(server);
  }

  /** Another spelling of the id is another person where somebody bears the one that is exempt. */
  #named(user: UserId): One | undefined {
    const exact = this.#literal.get(user);
    if (exact) return exact;
    const other = this.#folded.get(user.toLowerCase());
    return other && !this.#members.has(other.entity as UserId) ? other : undefined;
  }

  #match(text: string): One | undefined {
    return this.#globs.find(({ glob }) => glob.matches(text))?.exemption;
  }
}
