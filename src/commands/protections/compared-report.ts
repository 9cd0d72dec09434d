/** Two protections, or two versions of one, that were tried on the same past: side by side. */
import { bullets, code, count, folded, joined, lines, link, plain, say, type Say } from "../../kit/say.ts";
import { eventLink } from "../../model/links.ts";
import type { Alone, Compared, Fate, TrialReport } from "../../model/trial-report.ts";
import type { CommandContext } from "../define.ts";
import { roomName } from "../shared/room-names.ts";
import { notSeen, readOf, spanOf } from "./trial-report.ts";

/** `name`: what the first is called. */
export function describeCompared(
  name: string,
  report: TrialReport,
  { compared, context }: { readonly compared: Compared; readonly context: CommandContext },
): Say {
  const { read, removed } = report;
  const other = compared.name;
  return lines(
    say`${code(name)} and ${code(other)} on ${spanOf(read.until - read.from)}, side by side:`,
    bullets([rowOf(name, report), rowOf(other, compared.report)]),
    bullets([
      say`Both meet ${messagesOf(compared.both)}`,
      say`Only ${code(name)} meets ${messagesOf(compared.onlyFirst)}`,
      say`Only ${code(other)} meets ${messagesOf(compared.onlySecond)}`,
    ]),
    removed.all === 0
      ? say`Nobody was banned or removed in that time, so I cannot tell whom they miss.`
      : say`Of the ${count(removed.all, "person", "people")} banned or removed in that time ${code(name)} meets ${removed.met}, ${code(other)} meets ${compared.report.removed.met}.`,
    readOf(read),
    ...notSeen(report, context),
    examplesOf(name, compared.onlyFirst, context),
    examplesOf(other, compared.onlySecond, context),
  );
}

function rowOf(name: string, { messages, people, untold }: TrialReport): Say {
  const all = people.right + people.wrong + people.unknown;
  const fates = (["right", "wrong", "unknown"] as const satisfies readonly Fate[]).map(
    (fate) => say`${people[fate]} ${fate}`,
  );
  const unknown = untold.messages > 0 ? say`; could not tell for ${untold.messages}` : "";
  return say`${code(name)}: ${messagesOf({ messages, people: all })}${all > 0 ? say`: ${joined(fates)}` : ""}${unknown}`;
}

function messagesOf({ messages, people }: Pick<Alone, "messages" | "people">): Say {
  return messages === 0
    ? say`nothing`
    : say`${count(messages, "message")} of ${count(people, "person", "people")}`;
}

function examplesOf(name: string, { messages, examples }: Alone, { world }: CommandContext): Say | undefined {
  if (examples.length === 0) return undefined;
  const items = examples.map(
    ({ room, event, user, fate }) =>
      say`${plain(fate)}: ${link(user, eventLink(room, event), 80)} in ${roomName(room, world, 40)}`,
  );
  const some = messages > examples.length ? say`${examples.length} of the ${messages}` : say`The ${messages}`;
  return folded(say`${some} that only ${code(name)} meets, with links:`, bullets(items));
}
