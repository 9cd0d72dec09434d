/** `waves`: what waves there are, and what moderators say of them. */
import { undo } from "../../decisions/undo.ts";
import { describeTime } from "../../kit/duration.ts";
import { bullets, code, count, joined, lines, plain, say, type Say } from "../../kit/say.ts";
import type { WaveVerdict } from "../../model/settings/waves.ts";
import { waveProofs, type Wave } from "../../model/waves.ts";
import { defineCommand, needed, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { takenBack } from "../shared/taken-back.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { aboutWave, withWave } from "./named.ts";

/** Waves shown; the older ones are counted. */
const shownWaves = 10;
const shownTraits = 3;

export const wavesList = defineCommand({
  words: ["waves"],
  role: "viewer",
  also: [["waves", "list"]],
  about:
    "Show the waves of accounts that came or spoke together: how sure I am, how many they are, what they have in common.",
  takes: {},
  examples: ["waves"],
  reply(_args, _flags, context) {
    const all = [...context.world.stored.waves.all()].toReversed();
    if (all.length === 0) return { say: say`No wave has been seen.` };
    const shown = all.slice(0, shownWaves).map((wave) => describe(wave, context));
    const older = all.length - shown.length;
    return {
      say: lines(
        say`${count(all.length, "wave")}, the newest first:`,
        bullets(shown),
        older > 0 ? say`... and ${older} older.` : undefined,
      ),
    };
  },
});

export const wavesFine = defineCommand({
  words: ["waves", "fine"],
  role: "moderator",
  about:
    "Say that the people of a wave are fine: what was done about it is taken back, and what they have in common is no sign of anything for 30 days.",
  takes: { wave: optional("word", aboutWave, "incident") },
  examples: ["waves fine", "waves fine 12"],
  reply: ({ wave: named }, _flags, context) =>
    withWave(named, context, (wave) => {
      const verdict = { is: "fine", by: context.by, at: context.at } as const;
      if (verdictOf(wave, context)?.is === "fine") return { say: say`So it is already: they are fine.` };
      const past = context.past.ofOccasion(wave.id);
      const title = say`The ${count(wave.accounts, "account")} of the wave are fine`;
      const back = takenBack(title, undo(past, context), { past, occasions: [wave.id], context });
      const judged = settingsChange({ kind: "judge-wave", wave: wave.id, verdict });
      return { ...back, isProblem: false, acts: [judged, ...(back.acts ?? [])] };
    }),
});

export const wavesClean = defineCommand({
  words: ["waves", "clean"],
  role: "moderator",
  about:
    "Have a wave cleaned up: its rooms are contained, those who spoke are banned with all that they wrote, those who only came are removed when it is over, unless they are more than 500.",
  takes: { wave: optional("word", aboutWave, "incident") },
  flags: { all: { type: "boolean", about: "Remove those who only came, however many they are." } },
  examples: ["waves clean", "waves clean 12", "waves clean 12 --all"],
  reply: ({ wave: named }, { all }, context) =>
    withWave(named, context, (wave) => {
      const said = verdictOf(wave, context);
      if (said?.is === "clean" && (!all || said.kicksAll))
        return { say: say`It is being cleaned up already.` };
      const verdict = cleaning(said, wave, { all, ...context });
      const silent = all ? say` Those who only came are removed, however many they are.` : "";
      return {
        say: say`Cleaning up a wave of ${count(wave.accounts, "account")}; whoever joins it later goes, too.${silent} ${code(`${context.prefix} waves fine`)} takes all of it back.`,
        acts: [settingsChange({ kind: "judge-wave", wave: wave.id, verdict })],
      };
    }),
});

/** That the rest is to go is no reason to contain again what has been quiet for long. */
function cleaning(
  said: WaveVerdict | undefined,
  { lastAt }: Wave,
  { all, by, at }: Pick<CommandContext, "by" | "at"> & { readonly all: boolean },
): WaveVerdict {
  if (!all) return { is: "clean", by, at };
  return { is: "clean", by, at: said?.is === "clean" ? said.at : Math.min(at, lastAt), kicksAll: true };
}

export const wavesExcuse = defineCommand({
  words: ["waves", "excuse"],
  role: "moderator",
  about:
    "Say that somebody is no part of any wave: what was done to them is taken back, and they are left alone by it from now on.",
  takes: { who: needed("person", "the person") },
  examples: ["waves excuse @guest:example.org"],
  reply: ({ who }, _flags, context) => excused(who.text, context),
});

function excused(text: string, context: CommandContext): Reply {
  const { world, past, at } = context;
  const member = [...world.stored.waves.all()]
    .flatMap(({ id }) => [...world.stored.waveMembers.of(id)])
    .find(({ user }) => user === text);
  if (!member) return problem(say`${code(text)} belongs to no wave that I know of`);
  const change = settingsChange({ kind: "excuse", user: member.user, at });
  const acts = past
    .ofOccasion(member.wave)
    .filter(({ decision: { action } }) => "user" in action && action.user === member.user);
  const title = say`${code(member.user)} is no part of the wave`;
  const back = takenBack(title, undo(acts, context), { past: acts, occasions: [], context });
  return { ...back, isProblem: false, acts: [change, ...(back.acts ?? [])] };
}

function verdictOf({ id }: Wave, { world }: CommandContext): WaveVerdict | undefined {
  return world.settings.waveVerdicts.get(id);
}

function describe(wave: Wave, context: CommandContext): Say {
  const { id, stage, accounts, spoke, firstAt, shares, proof, endedAt } = wave;
  const number = context.past.numberOf(id);
  const name = number === undefined ? "" : say`${code(String(number))}: `;
  const why = stage === "harmful" && proof ? say` (${waveProofs[proof]})` : "";
  const common =
    shares.length === 0
      ? ""
      : say`; in common: ${joined(shares.slice(0, shownTraits).map((one) => plain(one.shown, 60)))}`;
  const said = verdictOf(wave, context);
  const word = said
    ? say`; ${said.is === "fine" ? "they are fine" : "cleaned up"}${said.by ? say`, said ${code(said.by)}` : ""}`
    : "";
  const over = endedAt === undefined ? "" : say`; over since ${describeTime(endedAt)}`;
  return say`${name}${stage}${why}, ${count(accounts, "account")}, ${spoke} spoke, since ${describeTime(firstAt)}${common}${word}${over}`;
}
