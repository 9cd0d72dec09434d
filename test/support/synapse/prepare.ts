// Jest's global set-up of the end-to-end tests: installs and prepares Synapse, and a client that encrypts, before the
// first test's clock runs.

import { nioPython } from "../other-clients/nio.ts";
import { synapseTemplate } from "./template.ts";

export default async function prepare(): Promise<void> {
  // Where only the client cannot be installed, its own tests say so, and all others go on.
  await Promise.all([synapseTemplate(), nioPython().catch(() => {})]);
}
