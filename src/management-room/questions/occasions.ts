/** Whom questions and their ends notify, as far as it depends on the question. */
import type { UserId } from "../../model/ids.ts";
import type { Question, QuestionAnswer } from "../../model/question.ts";
import type { Occasion } from "../notify.ts";

/** The question is put. `madeBy`: who made the ban that is offered. Undefined where whoever looks can see to it any time. */
export function occasionOfQuestion({ about }: Question, madeBy?: UserId): Occasion | undefined {
  switch (about.kind) {
    case "command":
      return { kind: "command waits", asker: about.event.sender };
    case "offer":
      // After a wave nobody is woken once more.
      if (about.offer === "rules of a wave" || about.offer === "invite-back") return undefined;
      if (about.offer === "clear-policy-server") return { kind: "something waits", topic: "policy servers" };
      if ("wave" in about) return { kind: "something waits", topic: "waves" };
      return "user" in about
        ? { kind: "offer", asker: madeBy }
        : { kind: "something waits", topic: "offers of rooms" };
    case "rules":
    case "lost":
    case "rooms":
      return { kind: "something waits" };
    case "findings":
    case "held":
      return { kind: "something waits", topic: "incidents that wait" };
    case "knocks":
      return { kind: "something waits", topic: "knocks" };
    case "wave":
      return { kind: "alarm" };
    case "staff":
      return { kind: "staff", asker: about.user };
  }
}

/** The question has ended without anything being done. Undefined where whoever has to know of it does. */
export function occasionOfEnd({ about }: Question, { yes, by }: QuestionAnswer): Occasion | undefined {
  if (yes || about.kind === "offer") return undefined;
  if (about.kind !== "command") return by ? undefined : { kind: "nobody answered" };
  const asker = about.event.sender;
  return by === asker ? undefined : { kind: "answered", asker };
}
