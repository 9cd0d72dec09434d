/** What a moderator calls a protection where versions of it matter: `new-links`, or `new-links@3` for a version of one's own. */
import { withEntry } from "../kit/immutable.ts";
import type { RuleSettings } from "../model/settings/rules.ts";
import type { Protection } from "./define.ts";
import type { Registry } from "./registry.ts";

/**
 * Without a number it is the version that is to take the place of the present one, where there is such: that is what somebody
 * wants to know about. Undefined where there is none of that name or number, or it cannot be used.
 */
export function protectionCalled(
  text: string,
  registry: Pick<Registry, "known" | "preview">,
  settings: RuleSettings,
): Protection | undefined {
  const [name = "", typed] = text.toLowerCase().split("@");
  if (typed === undefined) {
    const { all, candidates } = registry.known(settings);
    return candidates.get(name) ?? all.find((one) => one.name === name);
  }
  const stored = settings.rules.get(name);
  const inForce = stored?.versions.find(({ number }) => String(number) === typed)?.number;
  if (!stored || inForce === undefined) return undefined;
  const { rules, ruleLists } = settings;
  const asIfInForce = { rules: withEntry(rules, name, { ...stored, inForce }), ruleLists };
  return registry.preview(asIfInForce).all.find((one) => one.name === name);
}
