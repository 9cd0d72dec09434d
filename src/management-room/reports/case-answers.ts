/** What a reaction to the message of a case, or a word that replies to it, commands: the line, as it could be typed. */
import { asString } from "../../kit/json.ts";
import { parseDuration } from "../../kit/duration.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId } from "../../model/ids.ts";
import type { Case } from "../../model/reports/cases.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Detected } from "../hearing/command-look-ups.ts";
import { isEdit, reactionIn, replyTarget, threadRoot, withoutReplyFallback } from "../hearing/relations.ts";

interface Option {
  /** No ✅ or ❌ among them: by these I mark what was commanded. */
  readonly mark: string;
  readonly word: string;
  readonly does: string;
}

const ofReports: readonly Option[] = [
  { mark: "🚫", word: "ban", does: "ban" },
  { mark: "🔇", word: "mute 1d", does: "mute 1 day" },
  { mark: "🧹", word: "remove", does: "remove it" },
  { mark: "👌", word: "fine", does: "nothing wrong" },
  { mark: "👀", word: "take", does: "I take it" },
];
const ofAppeals: readonly Option[] = [
  { mark: "👋", word: "unban", does: "let them in" },
  { mark: "🚫", word: "deny", does: "the ban stays" },
  { mark: "👀", word: "take", does: "I take it" },
];

export function optionsOf({ appeal }: Case): readonly Option[] {
  return appeal ? ofAppeals : ofReports;
}

/** As a command that was said there, and that needs nothing looked up. */
export function detectedCaseAnswer(
  event: RoomEvent,
  world: AnsweredWorld,
  prefix: string,
): Detected | undefined {
  const answer = caseAnswerIn(event, world);
  if (!answer) return undefined;
  const { line: text, message } = answer;
  const command = { text, prefix, aliases: [], problem: undefined, replyTo: undefined };
  const place = message ? { inPlaceOf: message } : {};
  return { kind: "completion", command, ...place, aliases: new Map(), names: new Map() };
}

export interface CaseAnswer {
  readonly line: string;
  /** The message of the case, where a reaction answers it. */
  readonly message?: EventId;
}

const longest = 500;

export function caseAnswerIn(event: RoomEvent, world: AnsweredWorld): CaseAnswer | undefined {
  if (event.type === "m.reaction") {
    const reaction = reactionIn(event);
    const message = reaction?.to;
    const one = message && world.stored.cases.ofMessage(message);
    const option = one && optionsOf(one).find(({ mark }) => mark === reaction?.mark);
    const line = option && lineOf(one, option.word, world.isSpared(one.user));
    return line === undefined ? undefined : { line, message: message! };
  }
  if (event.type !== "m.room.message" || event.content["msgtype"] !== "m.text" || isEdit(event))
    return undefined;
  const message = replyTarget(event) ?? threadRoot(event);
  const one = message && world.stored.cases.ofMessage(message);
  const body = one && asString(event.content["body"]);
  if (!one || body === undefined || body.length > longest * 4) return undefined;
  const line = lineOf(one, withoutReplyFallback(body).trim().slice(0, longest), world.isSpared(one.user));
  return line === undefined ? undefined : { line };
}

type AnsweredWorld = Pick<WorldView, "stored" | "isSpared">;

/** One of a few words, and what may follow it; undefined for whatever else somebody says there. */
function lineOf(one: Case, said: string, isStaff: boolean): string | undefined {
  const [, word = "", rest = ""] = /^(\S+)\s*([^]*)$/.exec(said.replace(/\s+/g, " ")) ?? [];
  const { id, user } = one;
  if (one.appeal) return ofAppeal(one, word.toLowerCase().replace(/[.!]+$/, ""), rest);
  switch (word.toLowerCase().replace(/[.!]+$/, "")) {
    case "fine":
    case "nothing":
      return rest === "" || /^wrong\W*$/i.test(rest) ? `reports close ${id} nothing` : undefined;
    case "take":
      return rest === "" ? `reports take ${id}` : undefined;
    case "show":
      return rest === "" ? `reports show ${id}` : undefined;
  }
  // By a word that is easily said nothing is done about one of the team; nor about an id that cannot be typed.
  if (isStaff || user.includes('"')) return undefined;
  switch (word.toLowerCase()) {
    case "ban":
    case "ban:":
      return withReason(`ban "${user}"`, word, rest);
    case "kick":
    case "kick:":
      return withReason(`kick "${user}"`, word, rest);
    case "warn":
      return rest === "" ? undefined : `warn "${user}" ${rest}`;
    case "remove":
    case "redact":
      return rest === "" ? `reports remove ${id}` : undefined;
    case "mute":
    case "mute:": {
      const [first = "", ...others] = rest.split(" ");
      const span = first.replace(/:$/, "");
      // Whoever says for how long says a reason as well.
      if (parseDuration(span) !== undefined)
        return withReason(`mute "${user}" --for ${span}`, ":", others.join(" "));
      return withReason(`mute "${user}" --for 1d`, word, rest);
    }
    default:
      return undefined;
  }
}

function ofAppeal({ id, user }: Case, word: string, rest: string): string | undefined {
  if (word === "take") return rest === "" ? `reports take ${id}` : undefined;
  if (word === "unban") return rest === "" && !user.includes('"') ? `unban "${user}" --invite` : undefined;
  if (word === "deny") return rest === "" ? `appeals deny ${id}` : undefined;
  return word === "deny:" ? `appeals deny ${id} ${rest}`.trim() : undefined;
}

/** A reason stands behind a colon or "for": "ban him?" and "ban hammers are fun" command nothing. */
function withReason(line: string, before: string, rest: string): string | undefined {
  if (rest === "") return `${line} reported`;
  if (before.endsWith(":")) return `${line} ${rest}`;
  const reason = /^for (.+)$/i.exec(rest)?.[1];
  return reason === undefined || rest.endsWith("?") ? undefined : `${line} ${reason}`;
}
