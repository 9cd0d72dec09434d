// Jest's global set-up of the end-to-end tests: installs and prepares Synapse before the first test's clock runs.

import { synapseTemplate } from "./template.ts";

export default async function prepare(): Promise<void> {
  await synapseTemplate();
}
