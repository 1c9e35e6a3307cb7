// What several clients' cases share.
import assert from "node:assert/strict";

export const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAE0lEQVR4nGP8z8DAwMDAxAADCGYGAB8eAgd1iKxuAAAAAElFTkSuQmCC";

export const cityTool = {
  description: "The weather in a city",
  schema: {
    type: "object",
    properties: { city: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
    required: ["city", "unit"],
    additionalProperties: false,
  },
};

export const trainSchema = {
  type: "object",
  properties: { name: { type: "string" }, cars: { type: "integer" } },
  required: ["name", "cars"],
  additionalProperties: false,
};

export async function collect(stream) {
  const all = [];
  for await (const one of stream) all.push(one);
  return all;
}

/** The error that the work ends with. */
export async function failure(work) {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return assert.fail("it did not fail");
}
