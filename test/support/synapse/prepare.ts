// Jest's global set-up of the end-to-end tests: installs and prepares Synapse, and the clients that encrypt, before the
// first test's clock runs.

import { mautrixProgram } from "../other-clients/mautrix.ts";
import { nioPython } from "../other-clients/nio.ts";
import { synapseTemplate } from "./template.ts";

export default async function prepare(): Promise<void> {
  // Where only a client is not to be had, its own tests say so, and all others go on.
  await Promise.all([synapseTemplate(), nioPython().catch(() => {}), mautrixProgram().catch(() => {})]);
}
