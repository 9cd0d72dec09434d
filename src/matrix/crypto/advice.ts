/** Why encrypted rooms cannot be read, each with what to do: for `status`, `check` and the log. */

const anotherDevice =
  "Give me the account's password (homeserver.user and homeserver.passwordFile) in the place of the access token, and I log in as a device of my own.";

export const advice = {
  disabled: "Encryption is switched off (encryption.enabled).",
  noDevice: `The access token has no device, as one that an administrator's API has made, so nothing can be encrypted for me. ${anotherDevice}`,
  foreign: (device: string) =>
    `Another program encrypts with this access token: the homeserver has other keys for the device ${device} than I have. ${anotherDevice}`,
  gone: (device: string) =>
    `The homeserver has no keys any more for my device ${device}, and takes no others. ${anotherDevice}`,
  failed: (why: string) => `It broke (${why}). Start me again; if that does not help, look at the log.`,
  notRead: "the room is encrypted, and I read and write there only with encryption.protectedRooms: yes",
  notWritten: "the room is encrypted, and I cannot encrypt at present; status says why",
  starting: "encryption is not ready yet",
  unknownAlgorithm: "the room is encrypted in a way that I do not know",
} as const;
