/** Who may say of a moderator's account what it is, and so take back what was said of it. */
import { say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import { mayJudge, mayTrust } from "../../model/staff/standing.ts";
import type { CommandContext } from "../define.ts";
import { roleRefusal } from "./role-refusal.ts";

/** Why whoever asks may not. `trusts`: they would say that it is them. */
export function objectionToJudge(
  user: UserId,
  { world, by }: Pick<CommandContext, "world" | "by">,
  { trusts }: { readonly trusts: boolean },
): Say | undefined {
  if (user === by) return say`You cannot say it of yourself: another of you has to`;
  if (user === world.self) return say`That is me`;
  const at = world.dueBy;
  if (trusts && mayJudge(by, user, world, at) && !mayTrust(by, user, world, at))
    return roleRefusal(say`To say that it is them`, "admin", world);
  if (mayJudge(by, user, world, at)) return undefined;
  return say`Another of you has to say it: nobody can who is asked about too, or came here since it began`;
}
