/** `bridges`, `bridges add` and `bridges remove`: which accounts are ghosts of a bridge, and which is its bot. */
import { describeDay } from "../../kit/duration.ts";
import { compileGlob } from "../../kit/glob.ts";
import { code, count, lines, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import type { Bridge } from "../../model/settings/bridges.ts";
import type { WorldView } from "../../model/world/view.ts";
import { hitAmongUs } from "../../policy/own-people.ts";
import { defineCommand, needed, optional, problem, type CommandContext } from "../define.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { settingsChange } from "../shared/settings-change.ts";

/** Each is asked of every event of newcomers; a community has a handful. */
const mostBridges = 50;
/** Of the name before the server: a shorter beginning would take in people. */
const fewestLetters = 3;

const ghostsArgument = needed("person", "a glob of its ghosts' ids, such as @_irc_*:example.org");

export const bridgesList = defineCommand({
  words: ["bridges"],
  role: "viewer",
  also: [["bridges", "list"]],
  about: "Show the bridges that I was told of, with what they are spared.",
  takes: {},
  flags: { page: pageFlag },
  examples: ["bridges"],
  reply(_args, { page }, { world, prefix }) {
    const all = [...world.settings.bridges.values()];
    if (all.length === 0)
      return {
        say: say`I was told of no bridge. ${code(`${prefix} bridges add @_irc_*:example.org`)} names one.`,
      };
    const items = all.map((bridge) => describe(bridge, world));
    return {
      say: pagesOf(say`${count(all.length, "bridge")}. ${spared}`, items, {
        page,
        again: `${prefix} bridges`,
      }),
    };
  },
});

const spared = say`Their ghosts are no part of waves, and rules know them as ${code("author.bridged")}. No glob bans their bots.`;

export const bridgesAdd = defineCommand({
  words: ["bridges", "add"],
  role: "admin",
  about:
    "Tell me of a bridge: its ghosts all look alike and may come many at once, so they are no part of waves, and rules can ask for `author.bridged`. A rule that is a glob does not ban its bot. Rules for single ids hold as ever; `exempt add` spares more.",
  takes: {
    ghosts: ghostsArgument,
    bot: optional("person", "@name:server, the bridge's own account"),
  },
  examples: ["bridges add @_irc_*:example.org @irc-bot:example.org", "bridges add @telegram_*:example.org"],
  reply({ ghosts, bot }, _flags, context) {
    const { world, by, at } = context;
    const objection = objectionTo(ghosts.text, context);
    if (objection) return problem(objection);
    if (bot?.isGlob) return problem(say`a bridge has one bot, and ${code(bot.text)} may be many`);
    const named = bot?.text as UserId | undefined;
    const bridge = { ghosts: ghosts.text, by, at, ...(named === undefined ? {} : { bot: named }) };
    return {
      say: lines(
        say`Bridge of ${code(ghosts.text)}${named === undefined ? "" : say`, with the bot ${code(named)}`}: ${known(ghosts.text, world)}.`,
        spared,
      ),
      acts: [settingsChange({ kind: "set-bridge", ghosts: ghosts.text, bridge })],
    };
  },
});

/** A pattern that takes in people would keep them out of every wave. */
function objectionTo(ghosts: string, { world }: CommandContext): Say | undefined {
  const [, name = "", server = ""] = /^@([^:]*):(.+)$/.exec(ghosts) ?? [];
  if (server === "" || /[*?]/.test(server))
    return say`${code(ghosts)} is no pattern of one server's accounts; ${code("@_irc_*:example.org")} is one`;
  if (!/[*?]/.test(name))
    return say`${code(ghosts)} is one account: the ghosts of a bridge are called by a pattern, such as ${code("@_irc_*:example.org")}`;
  if (name.replace(/[*?]/g, "").length < fewestLetters)
    return say`${code(ghosts)} would take in people of ${code(server)}, too: at least ${fewestLetters} letters have to stand in it`;
  const ours = hitAmongUs(ghosts, world);
  if (ours !== undefined)
    return say`${code(ghosts)} would take in ${ours === world.self ? "me" : say`the moderator ${code(ours)}`}`;
  const { bridges } = world.settings;
  return bridges.size >= mostBridges && !bridges.has(ghosts)
    ? say`I know ${count(mostBridges, "bridge")} and take no more`
    : undefined;
}

export const bridgesRemove = defineCommand({
  words: ["bridges", "remove"],
  role: "admin",
  about: "Forget a bridge: its ghosts and its bot are accounts like all others again.",
  takes: { ghosts: ghostsArgument },
  examples: ["bridges remove @_irc_*:example.org"],
  reply({ ghosts: { text } }, _flags, { world, prefix }) {
    if (!world.settings.bridges.has(text))
      return problem(say`I was told of no bridge ${code(text)}; ${code(`${prefix} bridges`)} shows them`);
    return {
      say: say`No longer a bridge: ${code(text)}`,
      acts: [settingsChange({ kind: "set-bridge", ghosts: text, bridge: null })],
    };
  },
});

function describe({ ghosts, bot, by, at }: Bridge, world: WorldView): Say {
  return say`${code(ghosts)}${bot === undefined ? "" : say`, bot ${code(bot)}`}: ${known(ghosts, world)}; since ${describeDay(at)}, by ${code(by)}`;
}

function known(ghosts: string, { members }: WorldView): Say {
  const glob = compileGlob(ghosts, { ignoreCase: true });
  let ghostsHere = 0;
  for (const user of members.users()) if (glob.matches(user)) ghostsHere++;
  return say`${count(ghostsHere, "ghost")} known here`;
}
