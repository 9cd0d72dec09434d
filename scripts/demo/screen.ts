// What the demo prints: lines with the time since its start, what Tyr said, how far the setting up has come, a table.

export interface Row {
  readonly what: string;
  readonly seen: string;
  readonly ms: number;
}

const begun = performance.now();
const columns = 100;

export function show(line: string): void {
  console.log(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
}

export function heading(line: string): void {
  console.log("");
  show(line);
}

/** What Tyr answers, indented. The text of an edit begins with a star, for clients that do not know edits. */
export function quote(said: string): void {
  for (const line of said.replace(/^\* /, "").split("\n")) console.log(`            Tyr │ ${line}`);
}

/** Counts up in one line of a terminal, in quarters elsewhere. */
export function progress(what: string, all: number): () => void {
  let done = 0;
  return () => {
    done++;
    const line = `${what}: ${done} of ${all}`;
    if (process.stdout.isTTY) process.stdout.write(`\r           ${line}${done === all ? "\n" : ""}`);
    else if (done === all || done % Math.ceil(all / 4) === 0) show(line);
  };
}

export function table(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ what }) => what.length));
  console.log("");
  console.log(`${"what happened".padEnd(width)}  ${"took".padStart(8)}  what another user saw`);
  console.log("─".repeat(Math.min(columns, width + 60)));
  for (const { what, seen, ms } of rows)
    console.log(`${what.padEnd(width)}  ${`${Math.round(ms)} ms`.padStart(8)}  ${seen}`);
}
