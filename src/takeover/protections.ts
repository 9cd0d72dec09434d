/** How other bots' protections map to ours, and in what ours differ. Each bot's table of names is in the file of its reader. */
import { asNumber, asString, type JsonObject } from "../kit/json.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import { shown, type EarlierBot, type MappedProtection } from "./earlier-bot.ts";

/** What becomes of an earlier bot's protection. */
export type Counterpart =
  /** No protection of ours does it. `did`: what it did, as the end of a sentence about it; `instead`: what does it here. */
  | { readonly kind: "missing"; readonly did: string; readonly instead: string }
  /** Tyr always does it: there is no protection to enable. */
  | { readonly kind: "built-in" }
  | { readonly kind: "not-needed"; readonly why: string }
  /** We have a rule for it that can find nothing yet. `did`: as above. */
  | { readonly kind: "to-come"; readonly rule: string; readonly did: string }
  | { readonly kind: "becomes"; readonly read: (settings: OldSettings) => Mapping | readonly Mapping[] };

export type Mapping = Omit<MappedProtection, "name"> | { readonly impossible: string };

/** An earlier bot's settings of one protection. A value that makes no sense is noted and read as its default. */
export class OldSettings {
  readonly #protection: string;
  readonly #content: JsonObject;
  readonly notUnderstood: Say[] = [];

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
    this.notUnderstood.push(
      say`${plain(this.#protection)}: ${code(name)} was ${shown(value)}, which is no number above zero; I take ${standard}`,
    );
    return standard;
  }

  /** A whole number above zero; undefined where there is none. */
  countOrNone(name: string): number | undefined {
    const number = Math.round(asNumber(this.#content[name]) ?? 0);
    return number > 0 && Number.isSafeInteger(number) ? number : undefined;
  }

  get content(): JsonObject {
    return this.#content;
  }

  text(name: string): string | undefined {
    return asString(this.#content[name])?.slice(0, longestText);
  }
}

/** In UTF-16 code units: texts are sent to rooms as warnings. */
const longestText = 500;

export function missing(did: string, instead: string): Counterpart {
  return { kind: "missing", did, instead };
}

export function toCome(rule: string, did: string): Counterpart {
  return { kind: "to-come", rule, did };
}

export const builtIn: Counterpart = { kind: "built-in" };

/** The range of our detectors' settings. A value beyond it would be read as the default, which may ban sooner. */
const bounds = {
  messages: { min: 2, max: 100 },
  people: { min: 1, max: 100 },
  mentions: { min: 1, max: 1_000 },
  seconds: { min: 1, max: 600 },
};

/** `limit`: how many messages within `seconds` are still allowed. */
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

/** How many mentions are still allowed: `limit` in one message, `rate` in all messages within `seconds`. */
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

/** One step of the ladder of responses: what the earlier bot was allowed to do; alert where that was nothing. */
export function step(allowed: { redact?: boolean; warn?: boolean; ban?: boolean }): string {
  const acts = (["redact", "warn", "ban"] as const).filter((act) => allowed[act] === true);
  return acts.length === 0 ? "alert" : acts.join("+");
}

/** Looks up each enabled protection in a bot's table, and tells what becomes of it. */
export function mapProtections(
  names: readonly string[],
  table: ReadonlyMap<string, Counterpart>,
  settingsOf: (name: string) => JsonObject,
): Pick<EarlierBot, "protections" | "notTakenOver" | "changes"> {
  const protections: MappedProtection[] = [];
  const notTakenOver: Say[] = [];
  const builtInNames: string[] = [];
  for (const name of new Set(names)) {
    const counterpart = table.get(name);
    if (!counterpart) notTakenOver.push(say`${shown(name)}: I do not know this protection`);
    else if (counterpart.kind === "missing")
      notTakenOver.push(
        say`${plain(name)}: it ${plain(counterpart.did)}. Here ${plain(counterpart.instead)}`,
      );
    else if (counterpart.kind === "to-come")
      notTakenOver.push(
        say`${plain(name)}: ${code(counterpart.rule)} is for it, and can find nothing yet. It ${plain(counterpart.did)}`,
      );
    else if (counterpart.kind === "not-needed")
      notTakenOver.push(say`${plain(name)}: ${plain(counterpart.why)}`);
    else if (counterpart.kind === "built-in") builtInNames.push(name);
    else {
      const settings = new OldSettings(name, settingsOf(name));
      const mappings = [counterpart.read(settings)].flat();
      notTakenOver.push(...settings.notUnderstood);
      for (const mapping of mappings) {
        if ("impossible" in mapping) notTakenOver.push(say`${plain(name)}: ${plain(mapping.impossible)}`);
        else protections.push({ name, ...mapping });
      }
    }
  }
  const changes =
    builtInNames.length > 0
      ? [say`I do by myself what these did: ${plain(builtInNames.join(", "), 500)}`]
      : [];
  return { protections, notTakenOver, changes };
}
