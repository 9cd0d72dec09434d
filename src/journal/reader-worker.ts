/** The journal in a thread of its own, with a connection that cannot write: no question keeps a ban waiting. */
import { parentPort, workerData } from "node:worker_threads";
import type { JournalQuestion } from "../model/journal-search.ts";
import { openToRead } from "../store/database.ts";
import { searchJournal } from "./search.ts";

const port = parentPort!;
const db = openToRead(workerData as string);

port.on("message", (question: JournalQuestion) => {
  try {
    port.postMessage({ found: searchJournal(db, question) });
  } catch (error) {
    port.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
