/** `protections act`, `ask`, `alert`, `shadow`: what comes of what a protection finds. */
import { dayMs } from "../../kit/duration.ts";
import { code, lines, say, type Say } from "../../kit/say.ts";
import { valuesOf, type Mode, type Protection } from "../../automod/define.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type ArgumentValues,
  type CommandContext,
  type Proposal,
  type Reply,
} from "../define.ts";
import { notProtected } from "../shared/people.ts";
import { roomName } from "../shared/room-names.ts";
import { unreadNote } from "../shared/unread-rooms.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { answerOf, heatNote, knownIn, notFed, withProtection } from "./named.ts";

const takes = { name: needed("word", "its name"), room: optional("room", "only this room") } as const;

export const protectionsAct = modeCommand(
  "act",
  "Let a protection act. A version that was tried beside the one that answers takes its place.",
);
export const protectionsAsk = modeCommand(
  "ask",
  "Let a protection ask before it acts. A version that was tried beside the one that answers takes its place.",
);
export const protectionsAlert = modeCommand("alert", "Let a protection only tell what it would have done.");
export const protectionsShadow = modeCommand(
  "shadow",
  "Let a protection look and do nothing, to see whom it would meet.",
);

function modeCommand(mode: Mode, about: string) {
  return defineCommand({
    words: ["protections", mode],
    role: "admin",
    about,
    takes,
    examples: [`protections ${mode} flood`, `protections ${mode} flood #lobby:example.org`],
    reply: ({ name, room }, _flags, context) => settingMode(name, { mode, room, context }),
  });
}

function settingMode(
  name: string,
  { mode, room, context }: { mode: Mode; room: ArgumentValues["room"] | undefined; context: CommandContext },
): Reply {
  return withProtection(name, context, (protection) => {
    const objection = notProtected(room, context.world);
    if (objection) return problem(objection);
    const refused = notFed(protection);
    if (refused) return refused;
    const { settings } = context.world;
    const swap = room || mode === "shadow" ? undefined : swapTo(protection, context);
    const now = valuesOf(protection, settings, room?.id);
    if (!swap && now.enabled && now.mode === mode)
      return { say: say`${code(protection.name)} ${does[mode]} already${where(room, context)}` };
    const kind = "set-protection" as const;
    const values = { enabled: true, mode };
    const answers = mode === "act" || mode === "ask";
    const change = { kind, protection: protection.name, ...(room ? { room: room.id } : {}), values };
    return {
      say: lines(
        say`${code(protection.name)} ${does[mode]}${where(room, context)}${answers ? say`, with ${answerOf(protection, now.response)}` : ""}`,
        mode === "ask" && now.response === ""
          ? say`About heat alone it has nothing to ask: it tells, and gives none.`
          : undefined,
        mode === "act" ? heatNote(protection, context) : undefined,
        unreadNote(protection, { ...context, room: room?.id }),
        answers ? youngVersion(protection.name, swap !== undefined, context) : undefined,
        swap?.say,
      ),
      acts: [...(swap?.acts ?? []), settingsChange(change)],
    };
  });
}

const does: Readonly<Record<Mode, string>> = {
  shadow: "looks and does nothing",
  alert: "only tells",
  ask: "asks before it acts",
  act: "acts",
};

const youngMs = dayMs;

/** Of a rules room: what was tried so far may have been the version before. */
function youngVersion(name: string, isSwapped: boolean, { world, at }: CommandContext): Say | undefined {
  const stored = world.settings.rules.get(name);
  const number = isSwapped ? stored?.versions.at(-1)?.number : stored?.inForce;
  const version = stored?.versions.find((one) => one.number === number);
  if (!stored?.from || !version || version.number === 1 || at - version.at > youngMs) return undefined;
  return say`Version ${version.number} of it, by ${code(version.by)}, is here for less than a day.`;
}

function where(room: ArgumentValues["room"] | undefined, { world }: CommandContext): Say | string {
  return room ? say` in ${roomName(room.id, world)}` : "";
}

/** The version that was tried in shadow answers from now on. */
function swapTo(
  { name, version }: Protection,
  context: CommandContext,
): { readonly say: Say; readonly acts: readonly Proposal[] } | undefined {
  const candidate = knownIn(context).candidates.get(name)?.version;
  if (candidate === undefined) return undefined;
  return {
    say: say`Version ${candidate} takes the place of version ${version ?? 1}; ${code(`${context.prefix} protections back ${name} ${version ?? 1}`)} returns to that one.`,
    acts: [settingsChange({ kind: "use-rule", rule: name, inForce: candidate })],
  };
}
