/** Why encrypted rooms cannot be read, each with what to do: for `status`, `check` and the log. */

const anotherDevice =
  "Give me the account's password (homeserver.user and homeserver.passwordFile) in the place of the access token, and I log in as a device of my own.";

const unsignedIsUnheard = "Until then clients like Element give me no keys and do not show what I say.";

const orNewIdentity =
  "If nobody has it any more, encryption.newIdentity: yes makes a new identity, with the account's password (homeserver.passwordFile) and encryption.recoveryKeyFile moved away.";

export const advice = {
  anotherDevice,
  disabled: "Encryption is switched off (encryption.enabled).",
  noDevice: `The access token has no device, as one that an administrator's API has made, so nothing can be encrypted for me. ${anotherDevice}`,
  foreign: (device: string) =>
    `Another program encrypts with this access token: the homeserver has other keys for the device ${device} than I have. ${anotherDevice}`,
  gone: (device: string) =>
    `The homeserver has no keys any more for my device ${device}, and takes no others. ${anotherDevice}`,
  keysRefused: `The homeserver refuses new keys of mine, as after an older copy of crypto.db was put back: new devices of yours will not reach me. ${anotherDevice}`,
  failed: (why: string) => `It broke (${why}). Start me again; if that does not help, look at the log.`,
  noRecoveryKey: `The account has an identity, made in another client, and I do not have its recovery key to sign my device with. Write it into the file encryption.recoveryKeyFile. ${orNewIdentity} ${unsignedIsUnheard}`,
  wrongRecoveryKey: (problem: string) =>
    `The recovery key in encryption.recoveryKeyFile does not open the account's identity: ${problem}. Write the right one there. ${orNewIdentity} ${unsignedIsUnheard}`,
  earlierIdentity: "it opens an identity that the account had before, and not the one that it has",
  noRecoveryKeyInFile: (problem: string) =>
    `What encryption.recoveryKeyFile holds is no recovery key: ${problem}. Correct it; or move the file away, and I make another with a new identity. ${unsignedIsUnheard}`,
  newIdentityNeedsPassword: `encryption.newIdentity is set, and the homeserver replaces an identity only for the account's password (homeserver.user and homeserver.passwordFile). ${unsignedIsUnheard}`,
  newIdentityWaits: `encryption.newIdentity is set, and a dry run replaces no identity: the first start in earnest does. ${unsignedIsUnheard}`,
  identityNeedsPassword: `The homeserver takes an identity only with the account's password (homeserver.user and homeserver.passwordFile). ${unsignedIsUnheard}`,
  identityRefused: (why: string) =>
    `The homeserver does not take an identity from me, although I gave the password (it says: ${why}). Where people log in through a website, reset the identity there, then start me again. ${unsignedIsUnheard}`,
  unsigned: `My device could not be signed with the account's identity. Start me again. ${unsignedIsUnheard}`,
  notRead: "the room is encrypted, and I read and write there only with encryption.protectedRooms: yes",
  notWritten: "the room is encrypted, and I cannot encrypt at present; status says why",
  notYet: "I was not ready yet to read what is encrypted; say it again",
  starting: "encryption is not ready yet",
  unknownAlgorithm: "the room is encrypted in a way that I do not know",
} as const;
