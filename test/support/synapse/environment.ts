// The Python environment with Synapse in it. What is needed to start a server quickly beyond that is in template.ts.

import { join } from "node:path";
import { type PythonEnvironment, pythonEnvironment } from "../python-environment.ts";

/** Installs Synapse if this machine does not have it yet. */
export function synapseEnvironment(): Promise<PythonEnvironment> {
  return pythonEnvironment({
    title: "Synapse",
    name: "synapse",
    package: "matrix-synapse",
    requirementsFile: join(import.meta.dirname, "requirements.txt"),
    advice:
      "It needs the Python package index and exists for Linux on x86-64 and ARM (glibc or musl). " +
      '"npm run test:unit" runs every test that needs no homeserver.',
  });
}
