/** Bounds on what is remembered of people who come to the door, or have left: rows of the table in `limits.ts`. */

export const knockBounds = {
  knocksRemembered: {
    meaning:
      "People who ask to be let in (they knock) and wait for an answer, in all rooms together; so many are named to moderators, the others only counted, as a flood may bring any number. Each takes about 300 bytes.",
    unit: "people",
    default: 2_000,
    min: 10,
    max: 100_000,
  },
  departuresRemembered: {
    meaning:
      "People of whom is remembered that they left, or were removed, so that those who come back are let in where one has to knock, and the others are looked at. Each takes about 200 bytes; who left first is forgotten, and waits for a moderator.",
    unit: "people",
    default: 5_000,
    min: 100,
    max: 1_000_000,
  },
} as const;
