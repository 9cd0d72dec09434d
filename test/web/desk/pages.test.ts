import { expect, test } from "@jest/globals";
import { say } from "../../../src/kit/say.ts";
import type { Html } from "../../../src/web/desk/html.ts";
import { framed, type Content, type Frame } from "../../../src/web/desk/layout.ts";
import { script, style } from "../../../src/web/desk/assets.ts";
import { journalPage } from "../../../src/web/desk/pages/journal.ts";
import { listPage, listsPage } from "../../../src/web/desk/pages/lists.ts";
import { nowPage } from "../../../src/web/desk/pages/now.ts";
import { personPage } from "../../../src/web/desk/pages/person.ts";
import { roomsPage } from "../../../src/web/desk/pages/rooms.ts";
import { refusalPage, signInPage } from "../../../src/web/desk/pages/signing-in.ts";
import { spokenPage } from "../../../src/web/desk/pages/spoken.ts";
import { addressOf, browserOf, networkOf } from "../../../src/web/desk/visitor.ts";
import { user } from "../../support/make.ts";

const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&quot; javascript:alert(1)`;
const frame: Frame = {
  session: {
    id: 1,
    key: "digest",
    user: user(`@${hostile}:x`),
    openedAt: 0,
    until: 1,
    network: hostile,
    browser: hostile,
  },
  page: "page",
  prefix: hostile,
  usages: [`ban <${hostile}>`],
  at: 1_000_000,
};
const button = { label: hostile, line: `ban ${hostile}` };
const list = {
  name: hostile,
  id: `!${hostile}:x`,
  users: 1,
  servers: 2,
  rooms: 3,
  notes: [hostile],
  trouble: say`${hostile}`,
};
const text = say`${hostile}`;

const pages: Readonly<Record<string, Content>> = {
  now: nowPage(
    {
      questions: [{ id: 7, say: text, askedAt: 0, expiresAt: 9_000_000, buttons: [button] }],
      more: 3,
      goingOn: [text],
      trouble: text,
      rooms: 2,
      stop: button,
      status: text,
    },
    frame,
  ),
  rooms: roomsPage(
    {
      rows: [
        { name: hostile, id: `!${hostile}`, members: 3, level: undefined, trouble: text, isContained: true },
      ],
      found: 900,
    },
    hostile,
    frame,
  ),
  lists: listsPage({ rows: [list], how: hostile }),
  "no lists": listsPage({ rows: [], how: hostile }),
  list: listPage(
    {
      list,
      rules: [
        {
          kind: "user",
          entity: `@${hostile}:x`,
          recommendation: hostile,
          reason: hostile,
          by: `@${hostile}:x`,
          at: 1e300,
          expiresAt: Number.NaN,
        },
      ],
      found: 1,
    },
    hostile,
  ),
  person: personPage(
    {
      user: `@${hostile}:x`,
      isStaff: true,
      places: [{ room: hostile, membership: "ban", level: 0 }],
      speech: { days: 1, first: 0, last: 0 },
      why: text,
      buttons: [button],
    },
    hostile,
    frame,
  ),
  journal: journalPage(
    {
      rows: [{ at: 0, did: hostile, whom: `@${hostile}:x`, where: hostile, why: text, outcome: hostile }],
      problem: hostile,
      olderThan: 7,
    },
    {
      text: hostile,
      who: hostile,
      by: hostile,
      room: hostile,
      kind: hostile,
      since: hostile,
      until: hostile,
      before: 1,
    },
  ),
  nobody: personPage(undefined, hostile, frame),
  shown: spokenPage({ kind: "shown", line: hostile, answer: text, isProblem: false }, frame),
  refused: spokenPage({ kind: "refused", line: hostile, why: text }, frame),
  waiting: spokenPage({ kind: "waiting", line: hostile, isSaid: true, answer: text }, frame),
  answered: spokenPage({ kind: "answered", line: hostile, answer: text }, frame),
};

const whole: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries<Html>({
    ...Object.fromEntries(Object.entries(pages).map(([name, content]) => [name, framed(frame, content)])),
    "sign in": signInPage({ code: hostile, prefix: hostile, leftMs: 1 }),
    refusal: refusalPage(hostile, hostile),
  }).map(([name, page]) => [name, textOf(page)]),
);

/** Nothing in a page has to be waited for. */
function textOf(page: Html): string {
  if (page instanceof Promise) throw new Error("a page waits for something");
  return page.toString();
}

test.each(Object.keys(whole))(
  "%s lets no name out of its place, and has no script or style of its own",
  (name) => {
    const html = whole[name]!;
    const tags = [...html.matchAll(/<([a-z0-9]+)((?:\s[^<>]*)?)>/gi)];

    expect(html).not.toContain("<script>");
    expect(tags.map(([, tag]) => tag)).not.toContain("img");
    expect(tags.filter(([, tag]) => tag === "script").map(([whole]) => whole)).toEqual([
      '<script src="/tyr.js" defer>',
    ]);
    expect(
      tags.filter(([, , attributes]) =>
        /\s(?:on[a-z]+|style)\s*=/i.test(attributes!.replace(/"[^"]*"/g, "")),
      ),
    ).toEqual([]);
    for (const [, , attributes] of tags)
      for (const [, to] of attributes!.matchAll(/\s(?:href|action|src)="([^"]*)"/g))
        expect(to).toMatch(/^\/(?!\/)/);
  },
);

test.each(Object.keys(whole))(
  "%s has one heading of the first rank, a language, and labels for what can be typed",
  (name) => {
    const html = whole[name]!;

    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain('<html lang="en">');
    for (const [input] of html.matchAll(/<input[^>]*>/g))
      expect(
        /type="hidden"/.test(input) || /id="line"/.test(input) || /type="(?:search|date)"/.test(input),
      ).toBe(true);
    expect(html).not.toMatch(/<th>/);
  },
);

test("the script is small, and asks for nothing of anybody else", () => {
  expect(Buffer.byteLength(script)).toBeLessThan(4_096);
  expect(style + script).not.toMatch(/https?:|\/\/[a-z]|@import|url\(/);
});

test("an address is believed of a proxy on this machine or in a network of one's own, and of nobody else", () => {
  expect(addressOf("127.0.0.1", "6.6.6.6, 203.0.113.7")).toBe("203.0.113.7");
  expect(addressOf("::ffff:172.18.0.2", "2001:db8::1")).toBe("2001:db8::1");
  expect(addressOf("198.51.100.1", "203.0.113.7")).toBe("198.51.100.1");
  expect(addressOf("127.0.0.1", "<script>")).toBe("127.0.0.1");
  expect(addressOf(undefined, undefined)).toBe("unknown");
});

test("a network is what stays the same for a while", () => {
  expect(networkOf("203.0.113.7")).toBe("203.0.113");
  expect(networkOf("2001:DB8:1:2:3::9")).toBe("2001:db8:1");
  expect(networkOf("2001:db8::9")).toBe("2001:db8:0");
  expect(networkOf("::1")).toBe("0:0:0");
});

test("of what a browser says of itself nothing is repeated", () => {
  expect(browserOf("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140 Safari/537 Edg/140")).toBe(
    "Edge on Windows",
  );
  expect(browserOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604")).toBe(
    "Safari on iOS",
  );
  expect(browserOf("<b>say yes</b>")).toBe("a browser on something unknown");
  expect(browserOf(undefined)).toBe("a browser on something unknown");
});
