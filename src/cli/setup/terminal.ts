/** Asks the person at the terminal, with node:readline (docs/adr/0012). Secrets are not echoed; Ctrl-C and Ctrl-D abort the setup. */
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
  // Readline echoes what is typed to this stream.
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  const stop = () => interrupt.abort();
  lines.on("SIGINT", stop);
  // Closed by Ctrl-D, or because the terminal was closed.
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
