/** Who is exempt: people and servers that moderators exempted. No act of ours is against them, whatever rules say. */
import { compileGlob, hasWildcard, type Glob } from "../kit/glob.ts";
import { serverOf, type ServerName, type UserId } from "../model/ids.ts";
import type { Exemption } from "../model/settings/exemptions.ts";
import type { Settings } from "../model/settings/settings.ts";

export class Exemptions {
  readonly #literal = new Map<string, Exemption>();
  readonly #globs: { readonly glob: Glob; readonly exemption: Exemption }[] = [];

  constructor(settings: Settings) {
    for (const exemption of settings.exemptions.values()) {
      if (hasWildcard(exemption.entity))
        this.#globs.push({ glob: compileGlob(exemption.entity, { ignoreCase: true }), exemption });
      else this.#literal.set(exemption.entity.toLowerCase(), exemption);
    }
  }

  ofUser(user: UserId): Exemption | undefined {
    return this.#literal.get(user.toLowerCase()) ?? this.#match(user) ?? this.ofServer(serverOf(user));
  }

  ofServer(server: ServerName): Exemption | undefined {
    return this.#literal.get(server) ?? this.#match(server);
  }

  #match(text: string): Exemption | undefined {
    return this.#globs.find(({ glob }) => glob.matches(text))?.exemption;
  }
}
