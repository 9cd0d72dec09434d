/** How somebody is told that their yes is not enough, as somebody else's is wanted. */
import { describeTime } from "../../kit/duration.ts";
import { code, say, someOf, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import type { Question } from "../../model/question.ts";
import { strongest, type RolesWorld } from "../../model/roles.ts";
import { keepsFromYes, secondsOf } from "../../model/second-person.ts";

const named = 5;

export function someUsers(users: readonly UserId[]): Say {
  return someOf(
    users.map((user) => code(user)),
    named,
  );
}

/** Undefined where their yes counts. */
export function secondRefusal(
  question: Pick<Question, "about" | "askedAt">,
  by: UserId,
  { world, at }: { readonly world: RolesWorld; readonly at: number },
): Say | undefined {
  const why = keepsFromYes(question, by, { world, at });
  const { about, askedAt } = question;
  if (why === undefined || about.kind !== "command") return undefined;
  const role = strongest(["moderator", about.role ?? "moderator"]);
  const others = secondsOf(about.event.sender, { role, at: askedAt }, world);
  const who = others.length > 0 ? say`: ${someUsers(others)} may.` : say`.`;
  if (why === "new")
    return say`You came to this room less than a day before it was asked, so it has to be somebody else${who}`;
  const from = about.second?.ownFrom;
  return from === undefined
    ? say`You asked for it yourself, so it has to be somebody else${who}`
    : say`You asked for it yourself: your own yes counts from ${describeTime(from)} on.`;
}
