// How much there may be of everything: a million members in five thousand rooms, a hundred thousand rules.

import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Community, withCommunity } from "../scripted.ts";
import { scaleShare } from "../measured.ts";
import { quiet, show, type Line } from "../support.ts";
import type { TyrProcess } from "../../test/support/tyr-process.ts";

const share = scaleShare;
const size = { rooms: 5_000 * share, membersEach: 200, rules: 100_000 * share };
const bannedRooms = Math.min(500, size.rooms);
const events = 20_000;
const chunk = 500;
const patienceMs = 300_000;
const probe = [
  "--expose-gc",
  "--import",
  resolve(import.meta.dirname, "../probe.mjs"),
  ...(process.env["BENCH_NODE_OPTIONS"]?.split(" ") ?? []),
];

interface Figures {
  readonly rss: number;
  readonly rssAfterGc: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
  readonly cpuUs: number;
  readonly longestPauseMs: number;
}

export async function scale(): Promise<void> {
  const empty = await emptyTyr();
  await withCommunity(size, async (community) => {
    const { homeserver, list, author } = community;
    await homeserver.addRules(list, author, size.rules);
    const first = await community.start(undefined, probe);
    await untilIdle(community, first.tyr);
    const afterFirst = await figuresOf(first.tyr);
    const peakFirst = await first.tyr.peakMemoryMb();
    await first.tyr.stop();
    const again = await community.start(first.tyr.folder, probe);
    await untilIdle(community, again.tyr);
    const afterAgain = await figuresOf(again.tyr);
    const peakAgain = await again.tyr.peakMemoryMb();
    const perMessage = await costOf(community, again.tyr, "message");
    const perJoin = await costOf(community, again.tyr, "join");
    const ban = await banEverywhere(community);
    const atEnd = await figuresOf(again.tyr);
    await again.tyr.stop();
    await again.tyr.remove();
    const above = (figures: Figures) => megabytes(figures.rss - empty.rss);
    const aboveAfterGc = (figures: Figures) => megabytes(figures.rssAfterGc - empty.rssAfterGc);
    const heapAbove = ({ heapUsed, arrayBuffers }: Figures) =>
      megabytes(heapUsed + arrayBuffers - empty.heapUsed - empty.arrayBuffers);
    const line = (what: string, measured: number, unit: string, target?: string): Line => ({
      what,
      measured: [measured],
      unit,
      ...(target === undefined ? {} : { target }),
    });
    show(
      `scale: ${size.rooms} rooms, ${size.rooms * size.membersEach} members, ${size.rules} rules; scripted homeserver`,
      [
        line("an empty Tyr: resident", megabytes(empty.rss), "MB"),
        line("  after collecting garbage", megabytes(empty.rssAfterGc), "MB"),
        line("first start, process begun to first message", first.ms, "ms"),
        line("  longest pause of the event loop", afterFirst.longestPauseMs, "ms", "< 1,000 ms"),
        line("  resident above an empty Tyr", above(afterFirst), "MB", "< 200 MB"),
        line("  the same after collecting garbage", aboveAfterGc(afterFirst), "MB"),
        line("  peak", peakFirst, "MB"),
        line("  live heap and buffers above an empty Tyr", heapAbove(afterFirst), "MB"),
        line("restart, process begun to first message", again.ms, "ms"),
        line("  longest pause of the event loop", afterAgain.longestPauseMs, "ms", "< 1,000 ms"),
        line("  resident above an empty Tyr", above(afterAgain), "MB", "< 200 MB"),
        line("  the same after collecting garbage", aboveAfterGc(afterAgain), "MB"),
        line("  peak", peakAgain, "MB"),
        line("  live heap and buffers above an empty Tyr", heapAbove(afterAgain), "MB"),
        line("CPU of a message", perMessage, "µs"),
        line("CPU of a join", perJoin, "µs"),
        line(`a rule's bans in ${bannedRooms} rooms, the last`, ban, "ms"),
        line("resident above an empty Tyr at the end", above(atEnd), "MB"),
        line("  longest pause since the restart", atEnd.longestPauseMs, "ms"),
      ],
    );
  });
}

async function emptyTyr(): Promise<Figures> {
  let figures: Figures | undefined;
  await withCommunity({ rooms: 1, membersEach: 1 }, async (community) => {
    const { tyr } = await community.start(undefined, probe);
    await untilIdle(community, tyr);
    figures = await figuresOf(tyr);
    await tyr.stop();
    await tyr.remove();
  });
  return figures!;
}

/** Waits until Tyr sends no message any more and uses no processor time. */
async function untilIdle({ moderator }: Community, tyr: TyrProcess): Promise<void> {
  await quiet(moderator, 1_000);
  for (let before = await tyr.cpuMicroseconds(), now = before; ; before = now) {
    await pause(400);
    now = await tyr.cpuMicroseconds();
    if (now - before < 20_000) return;
  }
}

async function costOf(
  { homeserver, rooms }: Community,
  tyr: TyrProcess,
  what: "message" | "join",
): Promise<number> {
  const before = await tyr.cpuMicroseconds();
  for (let from = 0; from < events; from += chunk) {
    await homeserver.batch(
      Array.from({ length: chunk }, (_, i) => {
        const n = from + i;
        const roomIndex = n % rooms.length;
        const room = rooms[roomIndex]!;
        const member = roomIndex * size.membersEach + (n % size.membersEach);
        return what === "message"
          ? (["sendText", room, `@member${member}:s${member % 100}.test`, `Message number ${n}.`] as const)
          : (["join", room, `@new${n}:s${n % 100}.test`] as const);
      }),
    );
    await pause(50);
  }
  for (
    let last = before, now = await tyr.cpuMicroseconds();
    ;
    last = now, now = await tyr.cpuMicroseconds()
  ) {
    if (now - last < 10_000 && now > before) return (now - before) / events;
    await pause(400);
  }
}

async function banEverywhere({ homeserver, rooms, list, author }: Community): Promise<number> {
  const user = "@spammer:evil.test";
  const theirs = rooms.slice(0, bannedRooms);
  await homeserver.batch(theirs.map((room) => ["join", room, user]));
  await pause(2_000);
  const begun = performance.now();
  await homeserver.call("setState", list, author, "m.policy.rule.user", "rule:spammer", {
    entity: user,
    recommendation: "m.ban",
    reason: "nuisance",
  });
  const isBanned = async () =>
    (await homeserver.batch(theirs.map((room) => ["membership", room, user]))).every((one) => one === "ban");
  while (!(await isBanned())) {
    if (performance.now() - begun > patienceMs) throw new Error("not all rooms saw their ban");
    await pause(50);
  }
  return performance.now() - begun;
}

async function figuresOf(tyr: TyrProcess): Promise<Figures> {
  const before = tyr.output().length;
  process.kill(tyr.pid, "SIGUSR2");
  for (;;) {
    const found = /^probe (.*)$/m.exec(tyr.output().slice(before));
    if (found) return JSON.parse(found[1]!) as Figures;
    await pause(20);
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
