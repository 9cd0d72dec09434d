/** docs/protections.md, made from the declarations. */
import type { Protection } from "../automod/define.ts";
import { foreignSection } from "./foreign-page.ts";
import { defaultInDocs, rangeInDocs, type SettingSpec } from "../automod/settings.ts";

export function protectionsPage(protections: readonly Protection[], prefix: string): string {
  const [first] = protections;
  const shared = Object.entries(first?.settings ?? {}).filter(([name]) => !(name in (first?.own ?? {})));
  return [
    "# Protections",
    "",
    "Generated from the rule files in `src/protections/shipped/`; edit those.",
    "",
    "A protection looks at what is said in the protected rooms and finds what looks wrong. What is done about it is the same road for all of them, and that of rules and commands: the guard, the journal, `why`, `undo`. Each is off until a moderator switches it on, or a profile does, which is a set of them: *quiet*, *usual* or *strict*. `tyr setup` switches the profile *usual* on; an installation without any protection is asked once.",
    "",
    "```",
    `${prefix} protections`,
    `${prefix} protections profile usual`,
    `${prefix} protections enable flood`,
    `${prefix} protections words bad-words add scoundrel`,
    `${prefix} protections set flood response warn redact+mute redact+ban`,
    `${prefix} protections set flood limit #bots:example.org 100`,
    "```",
    "",
    "- The people in the management room, exempt people and servers, and everybody with a power level above the usual in the room are never found; but by `staff`, which looks at nobody else and is followed by `alert` and `call` alone.",
    "- Regulars (section `guard` of the config) are muted where others would be kicked or banned.",
    "- Findings of one protection that come within a minute are one incident: one message, one number for `undo`. A repeat within `repeatHours` is answered with the next step of the ladder.",
    "- What would remove many people who have been here for a while waits for a yes, as rules and commands do; mutes and redactions go on meanwhile.",
    "- Counted is when something was said, as its server tells, so that a server that was cut off and catches up is no flood; but what reaches Tyr in three times the limit is one whatever it says of itself (ten times where it claims to be older than a minute). What was held up on its way to Tyr, as after a gap, may be as much more as it was held up; in the first minute after a start only the time at which it was said counts.",
    "",
    "## Settings that all of them have",
    "",
    ...table(shared),
    ...protections.flatMap(section),
    ...foreignSection(),
  ].join("\n");
}

function section(protection: Protection): readonly string[] {
  const { name, about, own, settings } = protection;
  const { warning, response } = settings;
  return [
    `## ${name}`,
    "",
    about,
    "",
    ...(protection.waitsFor === undefined
      ? []
      : [
          `It can find nothing yet: it needs ${protection.waitsFor}, and that part of Tyr is still to come.`,
          "",
        ]),
    ...(protection.when === undefined ? [] : ["```", protection.when, "```", ""]),
    ...facts(protection),
    "",
    ...table(Object.entries(own)),
    ...(response ? [`Its \`response\` is ${defaultInDocs(response)}.`, ""] : []),
    ...(warning ? [`The step \`warn\` says: "${String(warning.default)}"`, ""] : []),
  ];
}

/** Its answer, profiles and lists. */
function facts({ settings, profiles = {}, lists = {} }: Protection): readonly string[] {
  const answer = settings["response"];
  const within = Object.entries(profiles).map(([profile, mode]) =>
    mode === "act" ? `*${profile}*` : `*${profile}* (${mode})`,
  );
  return [
    `- Its answer: \`${String(answer?.default)}\``,
    ...(within.length === 0 ? [] : [`- In the profiles ${within.join(", ")}`]),
    ...Object.entries(lists).map(
      ([list, kind]) => `- It looks into the list \`${list}\` of ${kind}, which is empty until you fill it`,
    ),
  ];
}

function table(settings: readonly (readonly [string, SettingSpec])[]): readonly string[] {
  if (settings.length === 0) return [];
  return [
    "| setting | default | meaning |",
    "| --- | --- | --- |",
    ...settings.map(
      ([name, spec]) => `| \`${name}\` | ${defaultInDocs(spec)} | ${spec.about}${rangeInDocs(spec)} |`,
    ),
    "",
  ];
}
