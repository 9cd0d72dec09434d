/**
 * A conversation with Tyr on a real Synapse, of which a page is made: what was typed, the mark, the answer. What was not
 * answered as it should be, or did not lead to what the homeserver should show, is gathered, so that one run tells all.
 */
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { usageOf } from "../../../src/commands/help-text.ts";
import { commands } from "../../../src/commands/index.ts";
import { patienceMs } from "../patience.ts";
import { textOf, type Content, type MatrixEvent } from "./client.ts";
import type { Scene } from "./scene.ts";

export interface Exchange {
  /** The words of the command as its own definition has them. */
  readonly words: readonly string[];
  readonly line: string;
  readonly how: string;
  readonly mark: string;
  readonly answer: string;
}

export interface Typed {
  /** Laid over the message's content. */
  readonly content?: Content;
  /** For the page: in which way the command was typed. */
  readonly how?: string;
}

export const renewal = "E2E_TRANSCRIPT=docs/transcript.md npm run test:e2e -- test/e2e/transcript.test.ts";

export class Transcript {
  readonly exchanges: Exchange[] = [];
  readonly #scene: Scene;
  readonly #readable: (text: string) => string;
  #problems: object[] = [];

  /** `readable`: names as a reader would choose them, in place of those that keep test runs apart. */
  constructor(scene: Scene, readable: (text: string) => string) {
    this.#scene = scene;
    this.#readable = readable;
  }

  /** A command that has to succeed with these words. */
  good(line: string, pattern: RegExp, typed?: Typed): Promise<Exchange> {
    return this.#expect("✅", line, pattern, typed);
  }

  /** A command that has to be refused with these words, and may change nothing in any room. */
  async bad(line: string, pattern: RegExp, typed?: Typed): Promise<Exchange> {
    const before = this.#deeds();
    const exchange = await this.#expect("❌", line, pattern, typed);
    const done = this.#deeds().slice(before.length);
    if (done.length > 0) this.#problems.push({ line, refused: "and yet written", done });
    return exchange;
  }

  /** What the homeserver has to show now or soon. */
  async shows(what: string, look: () => Promise<unknown>, wanted: unknown): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const found = await look();
      if (isDeepStrictEqual(found, wanted)) return;
      if (performance.now() > deadline) return void this.#problems.push({ what, wanted, found });
      await pause(100);
    }
  }

  /** What went wrong since this was last asked. */
  takeProblems(): readonly object[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  page(): string {
    const readable = this.#readable;
    const parts = this.exchanges.map(({ line, how, mark, answer }) => {
      // An answer may have a block of code in it.
      const fence = answer.includes("```") ? "````" : "```";
      return [
        `${fence}\n> ${readable(line)}${how === "" ? "" : `    (${how})`}`,
        mark,
        `${readable(answer)}\n${fence}`,
        "",
      ].join("\n");
    });
    const count = `${commands.map(usageOf).length} commands, ${this.exchanges.length} times.`;
    return [
      "# A transcript",
      "",
      `Every command of Tyr, said in the management room of a real Synapse with good and with bad arguments. Written by \`${renewal}\`; [commands.md](commands.md) explains the commands.`,
      "",
      count,
      "",
      ...parts,
    ].join("\n");
  }

  async #expect(mark: string, line: string, pattern: RegExp, typed?: Typed): Promise<Exchange> {
    // Tyr repeats much of what it is told: words that were typed prove nothing.
    if (pattern.test(line)) this.#problems.push({ line, met: `by what was typed: ${pattern.source}` });
    const exchange = await this.#say(line, typed);
    if (exchange.mark !== mark || !pattern.test(exchange.answer))
      this.#problems.push({ wanted: `${mark} ${pattern.source}`, ...exchange });
    return exchange;
  }

  /** Says it, answers yes if Tyr asks, and waits for the mark and the words. */
  async #say(line: string, { content = {}, how = "" }: Typed = {}): Promise<Exchange> {
    const { moderator, managementRoom, bot } = this.#scene;
    const body = `!tyr ${line}`;
    const event = await moderator.sendEvent(managementRoom, "m.room.message", {
      msgtype: "m.text",
      body,
      ...content,
    });
    const isMark = (one: MatrixEvent) =>
      one.type === "m.reaction" && one.sender === bot.userId && relation(one)["event_id"] === event;
    const isAnswer = (one: MatrixEvent) =>
      one.sender === bot.userId &&
      (relation(one)["m.in_reply_to"] as Content | undefined)?.["event_id"] === event;
    const isQuestion = (one: MatrixEvent) => isAnswer(one) && textOf(one).startsWith("Question ");
    const isLast = (one: MatrixEvent) => isAnswer(one) && !isQuestion(one);

    const { event: first } = await moderator.until((one) => isMark(one) || isQuestion(one), {
      what: `an answer to ${line}`,
    });
    const asked = isQuestion(first) ? `${textOf(first)}\n\n(a moderator reacts with ✅)\n\n` : "";
    if (asked !== "")
      await moderator.sendEvent(managementRoom, "m.reaction", {
        "m.relates_to": { rel_type: "m.annotation", event_id: first.event_id, key: "✅" },
      });
    const { event: mark } = await moderator.until(isMark, { what: `the mark on ${line}` });
    await moderator.until(isLast, { what: `the words on ${line}` });

    const said = moderator
      .allSeen((one) => one.sender === bot.userId && textOf(one) !== "")
      .map((one) => one.event);
    const answer = said.findLast(isLast)!;
    const newest = said.findLast((one) => relation(one)["event_id"] === answer.event_id) ?? answer;
    const exchange = {
      words: wordsOf(line),
      line: body,
      how,
      mark: String(relation(mark)["key"]),
      answer: `${asked}${textOf(newest).replace(/^\* /, "")}`,
    };
    this.exchanges.push(exchange);
    return exchange;
  }

  /** What Tyr has written outside of the management room. The homeserver redacts in its own time. */
  #deeds(): readonly string[] {
    const { moderator, managementRoom, bot } = this.#scene;
    return moderator
      .allSeen((one, room) => one.sender === bot.userId && room !== managementRoom)
      .filter(({ event }) => event.type !== "m.room.redaction")
      .map(({ event, roomId }) => `${event.type} ${event.state_key ?? ""} in ${roomId}`);
  }
}

function wordsOf(line: string): readonly string[] {
  const wordings = commands.flatMap(({ words, also }) =>
    [words, ...also].map((wording) => ({ words, wording })),
  );
  const [command] = wordings
    .filter(({ wording }) => `${line} `.startsWith(`${wording.join(" ")} `))
    .toSorted((a, b) => b.wording.length - a.wording.length);
  return command?.words ?? [];
}

export function relation({ content }: MatrixEvent): Record<string, unknown> {
  return (content["m.relates_to"] ?? {}) as Record<string, unknown>;
}

/**
 * A page without what differs from run to run: dates, times, ids of files, what is cut off in the middle of a name, and
 * the order in which rooms and people are named. One exchange each.
 */
export function comparable(page: string): readonly string[] {
  return page.split(/^`{3,}$/m).map((part) =>
    part
      .replaceAll(/\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?/g, "some day")
      .replaceAll(/It is \d\d:\d\d there now/g, "It is some time there now")
      .replaceAll(/mxc:\/\/([\w.]+)\/\w+/g, "mxc://$1/file")
      .replaceAll(/^Up for .*$/gm, "Up for a while.")
      // A try of a protection reads as far back as the rooms go, which is as old as the test is.
      .replaceAll(/ on (?:\d+ (?:minutes?|seconds?) ?)+:/g, " on a while:")
      .replaceAll(
        /^(?:Read|Redacted and not kept|Removed by me and looked at as I kept it): .*$/gm,
        "Some events.",
      )
      .replaceAll(/^…\S*/gm, "…")
      .split("\n")
      .map((line) => line.replaceAll(/[,.:]/g, " ").split(/\s+/).toSorted().join(" "))
      .toSorted()
      .join("\n")
      .trim(),
  );
}
