/** `expect`: a crowd that is to come, as to a conference, so that it is not taken for a wave. */
import { dayMs, describeTime, parseDuration } from "../../kit/duration.ts";
import { bullets, code, lines, say, type Say } from "../../kit/say.ts";
import { parseServerName } from "../../model/ids.ts";
import type { ExpectedCrowd } from "../../model/settings/waves.ts";
import { defineCommand, needed, optional, problem, type CommandContext } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";

const usualMs = dayMs;
const mostPeople = 100_000;
const form =
  /^(?<people>\d{1,6})(?:\s+(?:people|guests|accounts))?(?:\s+from\s+(?<from>\S+))?(?:\s+(?<how>for|until)\s+(?<end>.+))?$/i;

export const expect = defineCommand({
  words: ["expect"],
  role: "moderator",
  about:
    "Tell that many people are to come, from one server or from anywhere: until then so many of them are no burst, and that server is no sign of a wave.",
  takes: { crowd: optional("rest", "how many, from where, for how long or until when (UTC)") },
  examples: [
    "expect 300 from conf2027.example until 18:00",
    "expect 500 for 6h",
    "expect 40 from school.example",
    "expect",
  ],
  reply({ crowd }, _flags, context) {
    const { prefix } = context;
    if (crowd === undefined) return { say: expected(context) };
    const read = form.exec(crowd.trim())?.groups;
    if (!read)
      return problem(
        say`I read ${code(`${prefix} expect 300 from conf.example for 6h`)}: how many, from which server (or from anywhere), and for how long`,
      );
    const people = Number(read["people"]);
    if (people < 1 || people > mostPeople)
      return problem(say`from 1 to ${mostPeople} people can be expected`);
    const from = read["from"] === undefined ? "*" : parseServerName(read["from"].toLowerCase());
    if (from === undefined) return problem(say`${code(read["from"]!)} is no server name`);
    const until = endOf(read["how"], read["end"], context.at);
    if (until === undefined)
      return problem(
        say`${code(read["end"]!)} is neither a span of time (6h) nor a time of day in UTC (18:00)`,
      );
    const said: ExpectedCrowd = { from, people, by: context.by, at: context.at, until };
    return {
      say: say`Expecting ${describe(said)}`,
      acts: [settingsChange({ kind: "expect-crowd", crowd: said })],
    };
  },
});

export const expectEnd = defineCommand({
  words: ["expect", "end"],
  role: "moderator",
  about: "End an expectation: from then on that server counts as any other.",
  takes: { from: needed("word", "the server, or * for people from anywhere") },
  examples: ["expect end conf2027.example"],
  reply({ from }, _flags, { world, prefix }) {
    const key = from.toLowerCase();
    if (!world.settings.expectedCrowds.has(key))
      return problem(
        say`nobody is expected from ${code(from)}; ${code(`${prefix} expect`)} lists whom I expect`,
      );
    return {
      say: say`Nobody is expected from ${code(key)} any more`,
      acts: [settingsChange({ kind: "expect-no-crowd", from: key })],
    };
  },
});

function expected({ world, at }: CommandContext): Say {
  const open = [...world.settings.expectedCrowds.values()].filter(({ until }) => until > at);
  if (open.length === 0) return say`No crowd is expected.`;
  return lines(say`Expected:`, bullets(open.map(describe)));
}

function describe({ people, from, until }: ExpectedCrowd): Say {
  return say`${people} people from ${from === "*" ? "anywhere" : code(from)} until ${describeTime(until)}`;
}

/** Ms since the epoch. A time of day is the next one, in UTC. */
function endOf(how: string | undefined, end: string | undefined, at: number): number | undefined {
  if (how === undefined || end === undefined) return at + usualMs;
  if (how.toLowerCase() === "for") {
    const ms = parseDuration(end);
    return ms === undefined ? undefined : at + ms;
  }
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})(?:\s*utc)?$/i.exec(end.trim()) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const today = Math.floor(at / dayMs) * dayMs;
  const then = today + Number(hours) * 60 * 60_000 + Number(minutes) * 60_000;
  return then > at ? then : then + dayMs;
}
