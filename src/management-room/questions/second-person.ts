/** What a question says of whose yes it wants, where one person's word is not enough. */
import { someUsers } from "../../commands/shared/second-refusal.ts";
import { dayMs, describeTime, minuteMs } from "../../kit/duration.ts";
import { code, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import { strongest, type Role } from "../../model/roles.ts";
import type { SecondPerson } from "../../model/question-about.ts";
import { secondsAround, secondsOf } from "../../model/second-person.ts";
import type { WorldView } from "../../model/world/view.ts";

export interface SecondPersonLimits {
  readonly aloneAfterDays: number;
  readonly coolOffMinutes: number;
}

export function askedOfSecond(
  { asker, role, at }: { readonly asker: UserId; readonly role: Role | undefined; readonly at: number },
  { aloneAfterDays, coolOffMinutes }: SecondPersonLimits,
  world: WorldView,
): { readonly second: SecondPerson; readonly say: Say } {
  const others = secondsOf(asker, { role: strongest(["moderator", role ?? "moderator"]), at }, world);
  if (secondsAround(others, at - aloneAfterDays * dayMs, world).length > 0)
    return {
      second: {},
      say: say`Somebody else than ${code(asker)} has to say yes: ${someUsers(others)} may.`,
    };
  const ownFrom = at + coolOffMinutes * minuteMs;
  return {
    second: { ownFrom },
    say: say`Nobody else is here to ask. The own yes of ${code(asker)} counts from ${describeTime(ownFrom)} on; a no at any time.`,
  };
}
