/** The classes of urgency: which acts go first. */

/** Lower is sooner. Containment before bans before cleaning before words. */
export const priority = {
  containment: 0,
  banPresent: 1,
  lift: 2,
  /** The first message to a moderator, and the rooms they asked for: few, and somebody waits for them. */
  reply: 3,
  redact: 4,
  banAbsent: 5,
  notice: 6,
  housekeeping: 7,
} as const;

export type Urgency = keyof typeof priority;
