/**
 * The dry run: acts that would change something anywhere are recorded instead of performed; reads and words in the
 * management room are performed as ever. A yes that is given in it does not hold in earnest.
 */
import type { Performed } from "../matrix/perform/attempt.ts";
import type { Action } from "../model/actions/action.ts";
import { roomOf, traitsOf } from "../model/actions/traits.ts";
import type { Decision } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import type { Row } from "../model/world/changes.ts";
import type { Question } from "../model/question.ts";
import type { Database } from "../store/database.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { undamaged } from "../store/storage-errors.ts";

type Perform = (decision: Decision, signal: AbortSignal) => Promise<Performed>;

/** The key under which the data folder keeps when the first dry run began since the last run in earnest. */
const sinceKey = "dry run since";

/** Performs what is not to be recorded; the outcome of everything else is `recorded`. */
export function recording(perform: Perform, isRecorded: (decision: Decision) => boolean): Perform {
  return (decision, signal) =>
    isRecorded(decision) ? Promise.resolve({ kind: "recorded" }) : perform(decision, signal);
}

/** Whether a dry run records the action: all but reads, and words to the moderators. */
export function isForEarnest(action: Action, managementRoom: RoomId | undefined): boolean {
  const { inDryRun } = traitsOf(action).memory;
  if (inDryRun === "say") return roomOf(action) !== managementRoom;
  return inDryRun !== "perform";
}

/** Notes since when answers are given in a dry run. */
export function beginDryRun(snapshot: Snapshot, at: number): void {
  if (snapshot.kept(sinceKey) === undefined) snapshot.keep(sinceKey, String(at));
}

/**
 * Before a run in earnest: a yes that was given in a dry run was given to see what would happen. It counts no more, and its
 * question is put again.
 */
export function endDryRun({
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
      [...rowsWithAnswers(undamaged(snapshot.read(), dataPath))].flatMap(
        (row) => inEarnest(row, Number(since), at) ?? [],
      ),
    );
    snapshot.forget(sinceKey);
  });
}

/** The rows that hold answers. A snapshot tells them before all others, so the reading ends with them. */
function* rowsWithAnswers(rows: Iterable<Row>): Iterable<Row> {
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
  return { ...row, item: askedAnew(row.item, at) };
}

function isQuestion(row: Row): row is Extract<Row, { readonly collection: "question" }> {
  return row.kind === "item" && row.collection === "question";
}

/** The question as if it were put now; undefined for one about a command, whose reply told what it would have done. */
function askedAnew(question: Question, at: number): Question | undefined {
  if (question.about.kind === "command") return undefined;
  const expiresAt = at + question.expiresAt - question.askedAt;
  return { ...question, answer: undefined, message: undefined, askedAt: at, expiresAt };
}
