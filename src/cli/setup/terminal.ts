/** Asks a person at a terminal. What is secret is not shown while it is typed; Ctrl-C ends the conversation. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Ask } from "./answers.ts";

export interface Terminal extends Ask {
  close(): void;
}

export function terminal(
  { input, output }: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream },
  interrupt: AbortController,
): Terminal {
  let isHidden = false;
  // Readline shows what is typed by writing it here.
  const shown = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal: true, historySize: 0 });
  const stop = () => interrupt.abort();
  lines.on("SIGINT", stop);
  // Ctrl-D, or the terminal is gone.
  lines.on("close", stop);
  return {
    line: (question) => lines.question(question, { signal: interrupt.signal }),
    async secret(question) {
      output.write(question);
      isHidden = true;
      try {
        return await lines.question("", { signal: interrupt.signal });
      } finally {
        isHidden = false;
        output.write("\n");
      }
    },
    close() {
      lines.off("close", stop);
      lines.close();
    },
  };
}
