/** The web desk of one bot; none where the config has no address for it. */
import type { OwnHealth } from "../bot/own-health.ts";
import type { Part } from "../bot/part.ts";
import type { CommandFacts } from "../commands/define.ts";
import type { Config } from "../config/schema.ts";
import type { Clock } from "../kit/clock.ts";
import { JournalReader } from "../journal/reader.ts";
import { searchJournal } from "../journal/search.ts";
import { hourMs, minuteMs } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import { secretBytes } from "../kit/random.ts";
import type { Announcements } from "../management-room/announcements.ts";
import type { Listener } from "../management-room/hearing/listener.ts";
import { codeFrom } from "../management-room/web-desk/code-words.ts";
import { Sessions } from "../management-room/web-desk/sessions.ts";
import { Speech, type SpeechOptions } from "../management-room/web-desk/speech.ts";
import { webDeskOf } from "../management-room/web-desk/web-desk.ts";
import type { JournalQuestion } from "../model/journal-search.ts";
import { Browsers } from "../model/web-browsers.ts";
import type { WebDesk } from "../model/web-desk.ts";
import type { Database } from "../store/database.ts";

export interface WebDeskIngredients {
  readonly config: Config;
  readonly clock: Clock;
  readonly facts: CommandFacts;
  readonly health: OwnHealth;
  readonly room: { readonly listener: Listener; readonly announcements: Announcements };
  readonly send: SpeechOptions["send"];
  readonly db: Database;
  readonly log: Log;
}

export interface BuiltWebDesk {
  /** What its server asks; undefined where there is none. */
  readonly desk: WebDesk | undefined;
  /** What says and hears. */
  readonly parts: readonly Part[];
}

/** Whoever waits for it sees it happen: what is said later than this they have given up. */
const patienceMs = minuteMs;

/** A journal in memory has nobody else who could read it. */
function journalOf({ config: { dataPath }, clock, log, db }: WebDeskIngredients) {
  if (dataPath !== ":memory:") return new JournalReader({ dataPath, clock, log });
  return {
    ask: (question: JournalQuestion) => Promise.resolve(searchJournal(db, question)),
    close: () => {},
  };
}

export function browsersOf({ web }: Config): Browsers | undefined {
  return web.publicUrl === undefined ? undefined : new Browsers(web.sessionHours * hourMs);
}

export function buildWebDesk(ingredients: WebDeskIngredients): BuiltWebDesk {
  const { config, clock, facts, health, room, send } = ingredients;
  const { browsers } = facts.config;
  if (!browsers) return { desk: undefined, parts: [] };
  const now = () => clock.now();
  const prefix = config.commands.prefixes[0]!;
  const common = { facts, health: () => health.now, prefix, now };
  const speech = new Speech({ ...common, ...room, send, patienceMs });
  const sessions = new Sessions({ world: facts.world, now, idleMs: config.web.idleMinutes * minuteMs });
  const newCode = () => codeFrom(secretBytes(4));
  return {
    desk: webDeskOf({ ...common, sessions, browsers, speech, newCode, journal: journalOf(ingredients) }),
    parts: [speech],
  };
}
