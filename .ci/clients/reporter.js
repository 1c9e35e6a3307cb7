// One line a test, what a failure said, and at last "N passed, N failed".
import { inspect } from "node:util";

export default async function* report(events) {
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of events) {
    if (type === "test:pass") {
      passed++;
      yield `ok      ${data.name}\n`;
    } else if (type === "test:fail") {
      failed++;
      yield `FAILED  ${data.name}\n${inspect(data.details.error.cause ?? data.details.error)}\n`;
    } else if (type === "test:stderr") {
      yield data.message;
    }
  }
  if (passed === 0) process.exitCode = 1;
  yield `${passed} passed, ${failed} failed\n`;
}
