/**
 * The dry run: acts that would change something anywhere are recorded instead of performed, and what was said yes to
 * meanwhile does not hold in earnest. Reading goes on, and so do words in the management room.
 */
import type { Performed } from "../matrix/perform/perform.ts";
import type { Action, ActionKind } from "../model/actions/action.ts";
import { roomOf } from "../model/actions/traits.ts";
import type { Decision } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import type { Row } from "../model/world/changes.ts";
import type { Question } from "../model/question.ts";
import type { Database } from "../store/database.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { undamaged } from "../store/storage-errors.ts";

type Perform = (decision: Decision, signal: AbortSignal) => Promise<Performed>;

/** A look changes nothing; words are for the moderators alone. Whatever is not named is an act, and recorded. */
const harmless: Readonly<Partial<Record<ActionKind, "look" | "words">>> = {
  "read-room": "look",
  "read-bans": "look",
  "fill-gap": "look",
  "search-history": "look",
  "find-media": "look",
  tell: "words",
  react: "words",
  ask: "words",
  "send-file": "words",
};
/** Since when there are dry runs without one in earnest between them, under this name in the data folder. */
const sinceKey = "dry run since";

/** Hands on what `isRecorded` lets through; of everything else it is said that it was recorded. */
export function recording(perform: Perform, isRecorded: (decision: Decision) => boolean): Perform {
  return (decision, signal) =>
    isRecorded(decision) ? Promise.resolve({ kind: "recorded" }) : perform(decision, signal);
}

/** Whether a dry run does not do it: whatever is neither a look nor a word to the moderators. */
export function isForEarnest(action: Action, managementRoom: RoomId | undefined): boolean {
  const kind = harmless[action.kind];
  return kind === undefined || (kind === "words" && roomOf(action) !== managementRoom);
}

/** Notes that answers from now on are given in a dry run. */
export function beginRehearsal(snapshot: Snapshot, at: number): void {
  if (snapshot.kept(sinceKey) === undefined) snapshot.keep(sinceKey, String(at));
}

/**
 * Before a run in earnest: a yes of the dry runs before it was said to see what would happen. Its questions are put
 * again, and nothing is applied for it.
 */
export function endRehearsal({
  snapshot,
  db,
  at,
  dataPath,
}: {
  snapshot: Snapshot;
  db: Database;
  at: number;
  dataPath: string;
}): void {
  const since = snapshot.kept(sinceKey);
  if (since === undefined) return;
  db.transaction(() => {
    snapshot.write(
      [...settled(undamaged(snapshot.read(), dataPath))].flatMap(
        (row) => inEarnest(row, Number(since), at) ?? [],
      ),
    );
    snapshot.forget(sinceKey);
  });
}

/** The rows that hold answers; they come before the others. */
function* settled(rows: Iterable<Row>): Iterable<Row> {
  for (const row of rows) {
    if (row.kind !== "settings" && !isQuestion(row)) return;
    yield row;
  }
}

function inEarnest(row: Row, since: number, at: number): Row | undefined {
  if (row.kind === "settings") {
    const accepted = new Map([...row.settings.accepted].filter(([, acceptedAt]) => acceptedAt < since));
    return { ...row, settings: { ...row.settings, accepted } };
  }
  if (!isQuestion(row) || !row.item?.answer?.yes || row.item.answer.at < since) return undefined;
  return { ...row, item: asked(row.item, at) };
}

function isQuestion(row: Row): row is Extract<Row, { readonly collection: "question" }> {
  return row.kind === "item" && row.collection === "question";
}

/** As if it were put now. A command is not asked about again: it was answered with what it would have done. */
function asked(question: Question, at: number): Question | undefined {
  if (question.about.kind === "command") return undefined;
  const expiresAt = at + question.expiresAt - question.askedAt;
  return { ...question, answer: undefined, message: undefined, askedAt: at, expiresAt };
}
