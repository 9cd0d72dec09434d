/** `protections profile`: sets of protections that are switched on together. */
import { bullets, code, count, joined, lines, plain, say, type Say } from "../../kit/say.ts";
import type { ProtectionChange } from "../../model/settings/protections.ts";
import { profiles, valuesOf, type Mode, type Profile, type Protection } from "../../automod/define.ts";
import { profileChanges } from "../../automod/profile.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import {
  defineCommand,
  optional,
  problem,
  type CommandContext,
  type Proposal,
  type Reply,
} from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { answerOf, knownIn } from "./named.ts";

export const protectionsProfile = defineCommand({
  words: ["protections", "profile"],
  role: "admin",
  about:
    "Show the sets of protections that can be switched on together, or use one: quiet, usual or strict. It asks first, with what would change; settings of protections and of single rooms stay.",
  takes: { name: optional("word", "quiet, usual or strict") },
  flags: { now: { type: "boolean", about: "Use it without a question." } },
  examples: ["protections profile", "protections profile usual"],
  reply({ name }, { now }, context) {
    if (name === undefined) return { say: overview(context) };
    const profile = profiles.find((one) => one === name.toLowerCase());
    if (profile) return using(profile, { ...context, isConfirmed: now || context.isConfirmed }, now);
    const guess = nearest(name.toLowerCase(), profiles);
    return problem(
      say`There is no profile ${code(name, 40)}${guess ? say`. Did you mean ${code(guess)}?` : say`: there are ${plain(profiles.join(", "))}.`}`,
    );
  },
});

const about: Readonly<Record<Profile, string>> = {
  quiet: "what nobody misses",
  usual: "for most communities",
  strict: "newcomers have it harder",
};

function overview(context: CommandContext): Say {
  const { all } = knownIn(context);
  const now = context.world.settings.profile;
  const items = profiles.map((profile) => {
    const on = all.filter((one) => one.profiles?.[profile] !== undefined && one.waitsFor === undefined);
    const names = joined(on.map((one) => named(one, one.profiles![profile]!)));
    return say`${code(profile)}, ${about[profile]}: ${names}`;
  });
  return lines(
    isProfile(now) ? say`Profiles; the last one used is ${code(now)}:` : say`Profiles:`,
    bullets(items),
    say`${code(`${context.prefix} protections profile usual`)} shows what would change, and asks.`,
  );
}

function isProfile(name: string | undefined): name is Profile {
  return profiles.some((one) => one === name);
}

/** "first-link (only tells)" */
function named({ name }: Protection, mode: Mode): Say {
  return mode === "act" ? say`${code(name)}` : say`${code(name)} (${states[mode]})`;
}

const states: Readonly<Record<Mode, string>> = {
  shadow: "in shadow",
  alert: "only tells",
  ask: "asks first",
  act: "acts",
};

function using(profile: Profile, context: CommandContext, now: boolean): Reply {
  const { settings } = context.world;
  const { all } = knownIn(context);
  const changes = profileChanges(profile, all, settings);
  const waiting = all.filter((one) => one.profiles?.[profile] !== undefined && one.waitsFor !== undefined);
  const rest =
    waiting.length === 0
      ? undefined
      : say`${count(waiting.length, "protection")} of it can find nothing yet and ${waiting.length === 1 ? "stays" : "stay"} off: ${joined(waiting.map(({ name }) => code(name)))}.`;
  if (changes.length === 0) return { say: lines(say`The profile ${code(profile)} is in use already`, rest) };
  const items = changes.map((change) => becoming(change, context));
  return {
    say: lines(
      context.isConfirmed
        ? say`The profile ${code(profile)} is in use now:`
        : say`The profile ${code(profile)} would change ${count(changes.length, "protection")} in all rooms. Do it?`,
      bullets(items),
      rest,
    ),
    acts: [...changes.map((change) => settingsChange(change)), chosen(profile, settings.profile)],
    waitsFor: now ? undefined : { kind: "own-question" },
  };
}

/** Taken back, nobody is asked again, and the config is not followed again. */
function chosen(profile: Profile, before: string | undefined): Proposal {
  const change = { kind: "choose-profile", profile } as const;
  return {
    action: { kind: "change-settings", change, back: { kind: "choose-profile", profile: before ?? "none" } },
  };
}

/** "flood: off, would act" */
function becoming({ protection: name, values }: ProtectionChange, context: CommandContext): Say {
  const protection = knownIn(context).all.find((one) => one.name === name)!;
  const now = valuesOf(protection, context.world.settings, undefined);
  const before = now.enabled ? states[now.mode] : "off";
  const after = values["enabled"] === true ? states[values["mode"] as Mode] : "off";
  const answer = values["mode"] === "act" ? say`, with ${answerOf(protection, now.response)}` : "";
  return say`${code(name)}: ${before}, then ${after}${answer}`;
}
