import { expect, test } from "@jest/globals";
import { optionAt } from "../../../src/config/options.ts";
import { configSchema } from "../../../src/config/schema.ts";
import { bounds } from "../../../src/model/limits.ts";

test("each bound of the model is an option, and there are no others", () => {
  expect(Object.keys(configSchema.shape.limits.shape)).toEqual(Object.keys(bounds));
});

test.each(Object.entries(bounds))(
  "%s may be set within its bounds and is its default otherwise",
  (name, bound) => {
    const parse = (value: unknown) => configSchema.shape.limits.safeParse({ [name]: value }).success;

    expect(configSchema.shape.limits.parse({})).toMatchObject({ [name]: bound.default });
    expect([bound.min, bound.max].map(parse)).toEqual([true, true]);
    expect([bound.min - 1, bound.max + 1, bound.min + 0.5].map(parse)).toEqual([false, false, false]);
    expect(optionAt(`limits.${name}`)).toMatchObject({ meaning: bound.meaning, unit: bound.unit });
  },
);
