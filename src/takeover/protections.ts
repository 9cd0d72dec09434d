/** How other bots' protections map to ours, and in what a mapping is not the same. Tables of names are with each bot. */
import { asNumber, asString, type JsonObject } from "../kit/json.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import { shown, type Taken, type TakenProtection } from "./earlier-bot.ts";

/** What an earlier bot's protection is to us. */
export type Counterpart =
  /** `did`: what it did, for those who will miss it. */
  | { readonly kind: "missing"; readonly did: string }
  /** Part of what we do without being told. */
  | { readonly kind: "by-itself" }
  | { readonly kind: "not-needed"; readonly why: string }
  | { readonly kind: "becomes"; readonly read: (settings: Settings) => Mapping };

export type Mapping =
  Pick<TakenProtection, "becomes" | "values" | "differs"> | { readonly impossible: string };

/** A protection's settings, read one by one; what is odd is noted and read as its default. */
export class Settings {
  readonly #protection: string;
  readonly #content: JsonObject;
  readonly odd: Say[] = [];

  constructor(protection: string, content: JsonObject) {
    this.#protection = protection;
    this.#content = content;
  }

  /** A whole number above zero. */
  count(name: string, standard: number): number {
    const value = this.#content[name];
    if (value === undefined) return standard;
    const number = this.countOrNone(name);
    if (number !== undefined) return number;
    this.odd.push(
      say`${plain(this.#protection)}: ${code(name)} was ${shown(value)}, which is no number above zero; I take ${standard}`,
    );
    return standard;
  }

  /** The same where there is no default. */
  countOrNone(name: string): number | undefined {
    const number = Math.round(asNumber(this.#content[name]) ?? 0);
    return number > 0 && Number.isSafeInteger(number) ? number : undefined;
  }

  text(name: string): string | undefined {
    return asString(this.#content[name])?.slice(0, longestText);
  }
}

/** A warning is said in a room, and is no place for a book. */
const longestText = 500;

export function missing(did: string): Counterpart {
  return { kind: "missing", did };
}

export const byItself: Counterpart = { kind: "by-itself" };

/** What our detectors can be set to; beyond it a value would be read as its default, which may ban sooner. */
const bounds = {
  messages: { min: 2, max: 100 },
  people: { min: 1, max: 100 },
  mentions: { min: 1, max: 1_000 },
  seconds: { min: 1, max: 600 },
};

/** `limit`: messages within the time that are not too many yet. */
export function flood(limit: number, { seconds, ...more }: { seconds: number; response: string }): Mapping {
  const { messages } = bounds;
  if (limit > messages.max || seconds > bounds.seconds.max)
    return tooMuch(`messages: up to ${messages.max} within up to ${bounds.seconds.max} seconds`);
  return {
    becomes: "flood",
    values: { enabled: true, limit: Math.max(limit, messages.min), seconds, ...more },
    differs: limit < messages.min ? `fewer than ${messages.min} messages can be too many nowhere` : undefined,
  };
}

/** `limit`: people in one message, `rate`: in all messages within the time, that are not too many yet. */
export function mentionLimit(
  limit: number,
  {
    rate = bounds.mentions.max,
    seconds = 60,
    differs,
    ...more
  }: {
    rate?: number;
    seconds?: number;
    response: string;
    warning?: string;
    repeatHours?: number;
    differs?: string;
  },
): Mapping {
  if (limit > bounds.people.max || rate > bounds.mentions.max || seconds > bounds.seconds.max)
    return tooMuch(
      `mentions: up to ${bounds.people.max} people in a message, and up to ${bounds.mentions.max} within up to ${bounds.seconds.max} seconds`,
    );
  return { becomes: "mention-limit", values: { enabled: true, limit, rate, seconds, ...more }, differs };
}

function tooMuch(ours: string): Mapping {
  return { impossible: `it let pass more than Tyr's detector can. Tyr counts ${ours}` };
}

/** One step of a ladder, by what the earlier bot was allowed to do; alert where that is nothing. */
export function step(allowed: { redact?: boolean; warn?: boolean; ban?: boolean }): string {
  const acts = (["redact", "warn", "ban"] as const).filter((act) => allowed[act] === true);
  return acts.length === 0 ? "alert" : acts.join("+");
}

/** Looks up what was switched on, and says of each what becomes of it. */
export function mapProtections(
  names: readonly string[],
  table: ReadonlyMap<string, Counterpart>,
  settingsOf: (name: string) => JsonObject,
): Pick<Taken, "protections" | "left" | "changes"> {
  const protections: TakenProtection[] = [];
  const left: Say[] = [];
  const ours: string[] = [];
  for (const name of new Set(names)) {
    const counterpart = table.get(name);
    if (!counterpart) left.push(say`${shown(name)}: I do not know this protection`);
    else if (counterpart.kind === "missing")
      left.push(say`${plain(name)}: Tyr has no such detector yet. It ${plain(counterpart.did)}`);
    else if (counterpart.kind === "not-needed") left.push(say`${plain(name)}: ${plain(counterpart.why)}`);
    else if (counterpart.kind === "by-itself") ours.push(name);
    else {
      const settings = new Settings(name, settingsOf(name));
      const mapping = counterpart.read(settings);
      left.push(...settings.odd);
      if ("impossible" in mapping) left.push(say`${plain(name)}: ${plain(mapping.impossible)}`);
      else protections.push({ name, ...mapping });
    }
  }
  const changes = ours.length > 0 ? [say`I do by myself what these did: ${plain(ours.join(", "), 500)}`] : [];
  return { protections, left, changes };
}
