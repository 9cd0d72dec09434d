/** `protections hits`: whom a protection found in the last week, in shadow or not. */
import { dayMs, describeTime } from "../../kit/duration.ts";
import { bullets, code, count, folded, lines, plain, say, type Say } from "../../kit/say.ts";
import { eventNamed } from "../../model/named.ts";
import { hitsKeptMs, type RuleHit } from "../../model/rule-hits.ts";
import { fatesOfHits, type FateCounts } from "../../policy/hit-fates.ts";
import { defineCommand, needed, type CommandContext } from "../define.ts";
import { roomName } from "../shared/room-names.ts";
import { knownIn, withProtection } from "./named.ts";
import { precision } from "./precision.ts";

const shownHits = 20;
const weekMs = 7 * dayMs;

export const protectionsHits = defineCommand({
  words: ["protections", "hits"],
  role: "viewer",
  about:
    "Show whom a protection found in the last week, in shadow or not, how its versions differ, and for how many of the last 30 days' it was right, by what became of them and what you said (right, wrong, undo).",
  takes: { name: needed("word", "its name") },
  examples: ["protections hits new-links"],
  reply: ({ name }, _flags, context) =>
    withProtection(name, context, (protection) => {
      const hits = [...context.world.stored.ruleHits.of(protection.name)];
      const beside = knownIn(context).candidates.get(protection.name);
      const { versions = [] } = context.world.settings.rules.get(protection.name) ?? {};
      // A number may have been another version's, which was taken back.
      const madeAt = (version: number | undefined) =>
        versions.find(({ number }) => number === version)?.at ?? -Infinity;
      const ofVersion = (version: number | undefined) =>
        hits.filter((hit) => hit.version === version && hit.at >= madeAt(version));
      const now = ofVersion(protection.version);
      const since = versions.at(-1)?.at ?? 0;
      if (!beside) return { say: report(protection.name, { hits: now, context }) };
      const next = ofVersion(beside.version);
      return {
        say: lines(
          report(say`${protection.name}, version ${protection.version ?? 1}`.text, { hits: now, context }),
          report(say`Version ${beside.version ?? 0}, in shadow`.text, { hits: next, context }),
          difference(
            now.filter(({ at }) => at >= since),
            next,
          ),
        ),
      };
    }),
});

function report(
  title: string,
  { hits: all, context }: { readonly hits: readonly RuleHit[]; readonly context: CommandContext },
): Say {
  const hits = all.filter(({ at }) => context.at - at < weekMs);
  const became = whatBecame(all, context);
  if (hits.length === 0) return lines(say`${plain(title)}: nobody in the last week.`, ...became);
  const people = new Set(hits.map(({ user }) => user)).size;
  const newest = hits.slice(-shownHits).toReversed();
  return lines(
    say`${plain(title)}: ${count(hits.length, "finding")} of ${count(people, "person", "people")} in the last week.`,
    ...became,
    folded(say`The newest:`, bullets(newest.map((hit) => describe(hit, context)))),
  );
}

/** Of those who were only counted, and apart from them of those whom it told of or acted against. */
function whatBecame(all: readonly RuleHit[], context: CommandContext): readonly Say[] {
  const kept = all.filter(({ at }) => context.at - at < hitsKeptMs);
  const shadow = kept.filter(({ isShadow }) => isShadow);
  const others = kept.filter(({ isShadow }) => !isShadow);
  return [
    ...became(
      shadow,
      ({ right, wrong, unknown }) =>
        say`Found in shadow: ${right} banned or on a list by now (right), ${wrong} still writing here or regulars (wrong), ${unknown} unknown.`,
      context,
    ),
    ...became(
      others,
      ({ right, wrong, unknown }) =>
        say`Of those whom it told of or acted against in 30 days: ${right} right (you said so, or people or lists banned them), ${wrong} wrong (you said so or took it back, or they belong here), ${unknown} unknown.`,
      context,
    ),
  ];
}

function became(
  hits: readonly RuleHit[],
  table: (fates: FateCounts) => Say,
  context: CommandContext,
): readonly Say[] {
  if (hits.length === 0) return [];
  const fates = fatesOfHits(hits, context);
  const share = precision(fates);
  return share ? [table(fates), share] : [table(fates)];
}

function describe({ user, room, event, at, sentence, isShadow }: RuleHit, { world }: CommandContext): Say {
  const link = eventNamed({ room, event });
  return say`${describeTime(at)}: ${code(user)} in ${roomName(room, world)}, ${plain(sentence, 120)}${isShadow ? ", in shadow" : ""} (${link})`;
}

/** Whom only one of two versions met. */
function difference(now: readonly RuleHit[], next: readonly RuleHit[]): Say {
  const before = new Set(now.map(({ user }) => user));
  const after = new Set(next.map(({ user }) => user));
  const more = [...after].filter((user) => !before.has(user)).length;
  const fewer = [...before].filter((user) => !after.has(user)).length;
  return say`The new version met ${count(more, "further person", "further people")}, and ${count(fewer, "person", "people")} no longer, since it is looking.`;
}
