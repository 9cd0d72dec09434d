/** How often those who were met were the right ones, by what became of them. */
import { say, type Say } from "../../kit/say.ts";
import { wilsonLowerBound } from "../../kit/wilson.ts";

/** Of fewer people the share alone says little. */
const manyPeople = 100;

/** "Precision 90 % (at least 78 % with so few)."; undefined where nobody can be told. */
export function precision({
  right,
  wrong,
}: {
  readonly right: number;
  readonly wrong: number;
}): Say | undefined {
  const told = right + wrong;
  if (told === 0) return undefined;
  const share = Math.round((right / told) * 100);
  const least = Math.round(wilsonLowerBound(right, told) * 100);
  return say`Precision ${share} % (at least ${least} %${told < manyPeople ? say` with so few` : ""}).`;
}
