/** `web`: lets a browser in at the web desk that shows a code, tells who is in, and lets browsers out. */
import { describeDuration, describeTime } from "../../kit/duration.ts";
import { bullets, code, lines, plain, say, type Say } from "../../kit/say.ts";
import type { WebSession } from "../../model/settings/web.ts";
import { defineCommand, needed, optional, problem, type CommandContext } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";

const shownSessions = 20;

export const web = defineCommand({
  words: ["web"],
  role: "viewer",
  about:
    "Show which browsers are let in at my web page; with the code that a browser shows, let it in as you. Say only a code that you see in your own browser.",
  takes: { code: optional("word", "what the browser shows") },
  examples: ["web", "web cedar-lamp-47"],
  reply({ code: shown }, _flags, context) {
    const { world, by, prefix, at, isConfirmed, config } = context;
    if (!config.browsers)
      return problem(say`There is no web page: the setting web.publicUrl in the config switches it on`);
    if (shown === undefined) return { say: listed(context) };
    const browser = config.browsers.named(shown, at);
    if (!browser)
      return problem(
        say`No browser waits with ${code(shown, 60)}. A code holds for three minutes: open the page again, and say the one that it shows then`,
      );
    const { webSessions } = world.settings;
    const all = [...webSessions.values()];
    if (all.some(({ key }) => key === browser.key))
      return problem(say`That browser was let in already: load its page again`);
    const id = Math.max(0, ...webSessions.keys()) + 1;
    const isKnown = all.some(({ user, network }) => user === by && network === browser.network);
    const session: WebSession = {
      id,
      key: browser.key,
      user: by,
      openedAt: at,
      until: at + config.browsers.sessionMs,
      network: browser.network,
      browser: browser.browser,
    };
    const who = say`${plain(browser.browser, 60)}, ${code(browser.address, 60)}, asked ${describeDuration(Math.max(0, at - browser.askedAt))} ago`;
    const isFirst = isKnown
      ? undefined
      : say`You have not used the page from that network before. Say yes only if this is your own browser.`;
    return {
      say: lines(
        say`Let a browser in as ${code(by)}: ${who}. Until ${describeTime(session.until)}. Not you? ${code(`${prefix} web end ${id}`)}`,
        isConfirmed ? undefined : isFirst,
      ),
      acts: [settingsChange({ kind: "open-session", session })],
      ...(isKnown ? {} : { waitsFor: { kind: "own-question" } as const }),
    };
  },
});

export const webEnd = defineCommand({
  words: ["web", "end"],
  role: "viewer",
  about: "Let a browser out of my web page: one by its number, or all of yours.",
  takes: { which: needed("word", "its number in web, or all") },
  examples: ["web end 5", "web end all"],
  reply({ which }, _flags, context) {
    const { by, prefix } = context;
    const open = openSessions(context);
    const isAll = which.toLowerCase() === "all";
    const meant = open.filter((one) =>
      isAll ? one.user === by : String(one.id) === which.replace(/^#/, ""),
    );
    if (meant.length === 0)
      return problem(
        isAll
          ? say`No browser is in as you`
          : say`No browser is in under ${code(which, 30)}; ${code(`${prefix} web`)} shows which are`,
      );
    const isOwn = meant.every(({ user }) => user === by);
    return {
      say: lines(say`Out:`, bullets(meant.map(described))),
      acts: meant.map(({ id }) => settingsChange({ kind: "end-session", id })),
      // Anybody may let their own out.
      ...(isOwn ? { role: "viewer" as const } : {}),
    };
  },
});

function openSessions({ world, at }: CommandContext): readonly WebSession[] {
  return [...world.settings.webSessions.values()].filter(({ isEnded, until }) => !isEnded && until > at);
}

function listed(context: CommandContext): Say {
  const open = openSessions(context);
  if (open.length === 0) return say`No browser is in at my web page.`;
  const more = open.length > shownSessions ? say`... and ${open.length - shownSessions} more` : undefined;
  return lines(
    say`In at my web page:`,
    bullets(open.slice(-shownSessions).map(described)),
    more,
    say`${code(`${context.prefix} web end <number>`)} lets one out.`,
  );
}

function described({ id, user, browser, network, openedAt, until }: WebSession): Say {
  return say`${id}: ${code(user)}, ${plain(browser, 60)}, network ${code(network, 60)}, since ${describeTime(openedAt)}, until ${describeTime(until)} at most`;
}
