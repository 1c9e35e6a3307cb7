// The gateway, started as a user starts it, before the provider.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { models, policyKey } from "./names.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const startWithin = 300_000; // the first start builds
const stopWithin = 20_000;

export function policy(provider) {
  const list = Object.values(models).map(({ provider, id }) => `${provider}/${id}`);
  const category = (name, about, models = list) => `  ${name}: { description: "${about}", models: [${models.join(", ")}] }`;
  const ofOneFormat = Object.keys(models).map((format, at) => category(format, `Models of ${format}`, [list[at]]));
  return `providers:
  mock: { format: openai-chat, also: [openai-responses], base-url: "${provider}/v1", api-key: "${policyKey}", catalog: openai }
  mockchat: { format: openai-chat, base-url: "${provider}/v1", api-key: "${policyKey}", catalog: openai }
  mockresponses: { format: openai-responses, base-url: "${provider}/v1", api-key: "${policyKey}", catalog: openai }
  mockclaude: { format: anthropic-messages, base-url: "${provider}", api-key: "${policyKey}", catalog: anthropic }
  mockgemini: { format: gemini, base-url: "${provider}", api-key: "${policyKey}", catalog: google }
categories:
${category("reasoning", "Hard questions")}
${category("generation", "Longer texts")}
${category("triage", "Short questions")}
${category("vision", "Anything about an image")}
${ofOneFormat.join("\n")}
default-category: generation
baseline: ${list[0]}
`;
}

export async function startGateway(provider) {
  const work = mkdtempSync(join(tmpdir(), "clients-"));
  const log = join(work, "log");
  writeFileSync(join(work, "policy.yaml"), policy(provider));
  const [port, adminPort] = await freePorts(2);
  const out = openSync(log, "a");
  const command = ["serve", "--port", port, "--admin-port", adminPort, "--policy", join(work, "policy.yaml"), "--ledger", join(work, "ledger.db")];
  const child = spawn("./pointsman", command.map(String), { cwd: root, stdio: ["ignore", out, out] });
  process.once("exit", () => child.kill("SIGKILL"));
  const ended = once(child, "exit").then(([code, signal]) => `ended with ${code ?? signal}`);
  const clear = () => rmSync(work, { recursive: true });
  const fail = (what) => {
    child.kill("SIGKILL");
    const said = readFileSync(log, "utf8").slice(-4000);
    clear();
    throw new Error(`the gateway ${what}; it said:\n${said}`);
  };
  const url = `http://127.0.0.1:${port}`;
  const outcome = await Promise.race([ended, answers(url)]);
  if (outcome !== "answers") fail(outcome);
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      if (!(await within(stopWithin, ended))) fail("did not end after SIGTERM");
      clear();
    },
  };
}

async function answers(url) {
  const deadline = Date.now() + startWithin;
  while (Date.now() < deadline) {
    try {
      await (await fetch(url)).arrayBuffer();
      return "answers";
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return `did not answer within ${startWithin} ms`;
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

async function within(milliseconds, promise) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  const first = await Promise.race([promise, late]);
  clearTimeout(timer);
  return first;
}
