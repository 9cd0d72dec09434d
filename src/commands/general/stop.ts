/** `stop` and `go`: everything is stopped but lifts, and goes on again. */
import { commandsDropped, isDroppedByStop } from "../../model/stopped.ts";
import { describeTime, parseDuration } from "../../kit/duration.ts";
import { code, count, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { DroppedCommand, Stop } from "../../model/settings/stop.ts";
import { defineCommand, optional, problem, type CommandContext } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { expiryOf } from "../shared/expiry-flag.ts";
import { asDone } from "../undo-words.ts";

/** Commands named in the reply; the others are counted. */
const named = 5;

export const stop = defineCommand({
  words: ["stop"],
  role: "moderator",
  about:
    "Stop everything: what waits is dropped, and lists and protections only tell, until `go` or for so long. Bans, mutes and rules are still lifted, and what moderators ask for from then on is done, but for server ACLs.",
  takes: { time: optional("rest", "for how long, such as 30m or 2h; without it until go") },
  examples: ["stop", "stop 2h"],
  cannotWait: true,
  reply({ time = "" }, _flags, context) {
    const { by, at, health } = context;
    const forMs = parseDuration(spanIn(time));
    const until = expiryOf(forMs, context);
    const stopped: Stop = { by, at, ...(until === undefined ? {} : { until }) };
    const { waiting, underWay } = health.atWork();
    const dropped = waiting.filter(isDroppedByStop);
    const away = underWay.filter(isDroppedByStop);
    return {
      goesFirst: true,
      say: lines(
        say`Stopped until ${endOf(stopped, context)}. Lists and protections only tell. What you ask for is done, but for server ACLs; lifting always is.`,
        forMs === undefined && time.trim() !== ""
          ? say`I did not understand ${code(time, 50)} as a span of time, so it has no end of its own.`
          : undefined,
        dropped.length > 0 ? say`Dropped: ${asDone(dropped.map(({ action }) => action.kind))}.` : undefined,
        away.length > 0
          ? say`On their way already: ${asDone(away.map(({ action }) => action.kind))}.`
          : undefined,
        dropped.length > 0 ? takenUp(commandsDropped(dropped), context) : undefined,
      ),
      acts: [settingsChange({ kind: "stop", stop: stopped })],
    };
  },
});

/** Without what may be typed around it: "2h" of "--for 2h", of "for 2h!" and of "2h" in quotes. */
function spanIn(time: string): string {
  return time.replace(/^[^\p{L}\p{N}]*(?:for\b[^\p{L}\p{N}]*)?|[^\p{L}\p{N}]+$/giu, "");
}

/** How what was dropped is taken up. */
function takenUp(commands: readonly DroppedCommand[], { prefix }: CommandContext): Say {
  const texts = commands.map(({ text }) => code(`${prefix} ${text}`, 100));
  const again = texts.length > 0 ? say`, and offer again: ${someOf(texts, named)}` : "";
  return say`Afterwards I do what lists still ask for${again}.`;
}

/** "`!tyr go`", or the time before which only that ends it. */
function endOf({ until }: Stop, { prefix }: Pick<CommandContext, "prefix">): Say {
  const go = code(`${prefix} go`);
  return until === undefined ? go : say`${describeTime(until)}, or ${go}`;
}

/** For `status` and the start: undefined while nothing is stopped. */
export function stopInForce({ world, prefix }: Pick<CommandContext, "world" | "prefix">): Say | undefined {
  const { stop: stopped } = world.settings.stopping;
  if (!stopped) return undefined;
  return say`Stopped by ${code(stopped.by)} on ${describeTime(stopped.at)}, until ${endOf(stopped, { prefix })}: lists and protections only tell.`;
}

export const go = defineCommand({
  words: ["go"],
  role: "moderator",
  about:
    "End a stop: what lists still ask for is done, and the commands that were dropped are offered again, each with what it referred to when it was said.",
  takes: {},
  examples: ["go"],
  reply(_args, _flags, { world: { settings } }) {
    if (!settings.stopping.stop) return problem(say`nothing is stopped`);
    const { length } = settings.stopping.dropped;
    const again =
      length === 0
        ? plain("")
        : say` ${count(length, "dropped command")} ${length === 1 ? "is" : "are"} offered again.`;
    return {
      say: say`Going on: what lists ask for is done now.${again}`,
      acts: [settingsChange({ kind: "go" })],
    };
  },
});
