/** What the usual thresholds do with the same events: those of other bots as they ship, and the rules of thumb behind them. */
import { hourMs, minuteMs } from "../../src/kit/duration.ts";
import type { Scripted } from "./script.ts";

export interface Peer {
  readonly name: string;
  /** When it fires for the first time, in ms; undefined: never. `isOne`: of the accounts that are looked for. */
  readonly fires: (events: readonly Scripted[], isOne: (who: string) => boolean) => number | undefined;
}

/** So many within the time, in one place. */
class Window {
  readonly #times = new Map<string, number[]>();

  reaches(
    place: string,
    at: number,
    { count, withinMs }: { readonly count: number; readonly withinMs: number },
  ): boolean {
    const times = (this.#times.get(place) ?? []).filter((one) => at - one < withinMs);
    times.push(at);
    this.#times.set(place, times);
    return times.length >= count;
  }
}

const isJoin = ({ type, stateKey, who, content }: Scripted) =>
  type === "m.room.member" && stateKey === who && content["membership"] === "join";

const joins = (name: string, count: number, withinMs: number): Peer => ({
  name,
  fires: (events) => {
    const window = new Window();
    return events.filter(isJoin).find(({ room, at }) => window.reaches(String(room), at, { count, withinMs }))
      ?.at;
  },
});

const sameText: Peer = {
  name: "same text by 3 in 10 min",
  fires: (events) => {
    const newest = new Map<string, Map<string, number>>();
    return events.find(({ who, at, type, content }) => {
      const body = content["body"];
      if (type !== "m.room.message" || typeof body !== "string") return false;
      const by = newest.get(body) ?? new Map<string, number>();
      newest.set(body, by.set(who, at));
      return [...by.values()].filter((one) => at - one < 10 * minuteMs).length >= 3;
    })?.at;
  },
};

const firstMessage: Peer = {
  name: "first message has a link or picture",
  fires: (events, isOne) => {
    const came = new Set<string>();
    return events.find((one) => {
      if (isJoin(one)) came.add(one.who);
      if (one.type !== "m.room.message" || !came.delete(one.who) || !isOne(one.who)) return false;
      const { msgtype, body } = one.content;
      return msgtype === "m.image" || (typeof body === "string" && /https?:\/\//.test(body));
    })?.at;
  },
};

export const peers: readonly Peer[] = [
  joins("50 joins in 60 min", 50, hourMs),
  joins("10 joins a minute", 10, minuteMs),
  sameText,
  firstMessage,
];
