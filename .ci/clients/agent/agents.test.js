import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startGateway } from "../gateway.js";
import { callerKey, speakers } from "../names.js";
import { startProvider } from "../provider.js";
import { requests } from "../seen.js";
import { done, script, task, written } from "./script.js";

const limit = 90_000;
const bin = fileURLToPath(new URL("node_modules/.bin/", import.meta.url));
const provider = await startProvider({ answers: script });
const gateway = await startGateway(provider.url);
after(async () => {
  await gateway.stop();
  await provider.stop();
});

const agents = {
  claude: {
    command: (prompt) => ["-p", prompt, "--permission-mode", "acceptEdits"],
    configure: ({ url, model }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: callerKey,
      ANTHROPIC_MODEL: model,
      ANTHROPIC_SMALL_FAST_MODEL: model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
    }),
  },
  codex: {
    command: (prompt) => ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", prompt],
    configure({ url, model, home }) {
      mkdirSync(join(home, ".codex"));
      const config = `model = "${model}"
model_provider = "pointsman"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.pointsman]
name = "Pointsman"
base_url = "${url}/v1"
env_key = "POINTSMAN_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`;
      writeFileSync(join(home, ".codex/config.toml"), config);
      return { POINTSMAN_KEY: callerKey };
    },
  },
  opencode: {
    command: (prompt) => ["run", "--auto", prompt],
    configure({ url, model, work }) {
      const config = {
        $schema: "https://opencode.ai/config.json",
        autoupdate: false,
        share: "disabled",
        model: "pointsman/model",
        small_model: "pointsman/model",
        provider: {
          pointsman: {
            npm: "@ai-sdk/openai-compatible",
            options: { baseURL: `${url}/v1`, apiKey: callerKey },
            models: { model: { id: model, tool_call: true, limit: { context: 128_000, output: 8_000 } } },
          },
        },
      };
      writeFileSync(join(work, "opencode.json"), JSON.stringify(config));
      return { OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_LSP_DOWNLOAD: "1", OPENCODE_DISABLE_MODELS_FETCH: "1" };
    },
  },
};

for (const [name, agent] of Object.entries(agents)) {
  for (const [format, { provider: speaker, id }] of Object.entries(speakers)) {
    test(`${name}_toldByAModelOfThatFormat_writesTheFile [${format}]`, { timeout: limit }, async () => {
      const home = mkdtempSync(join(tmpdir(), "agent-"));
      const work = join(home, "work");
      mkdirSync(work);
      try {
        const path = join(work, "hello.txt");
        const env = agent.configure({ url: gateway.url, model: `${speaker}/${id}`, home, work });
        const { result, seen } = await provider.during(() => run(name, agent.command(task(path)), env, home, work));
        const all = result.said + tellOf(seen);
        assert.equal(result.code, 0, all);
        assert.ok(existsSync(path), `there is no file\n${all}`);
        assert.equal(readFileSync(path, "utf8").trim(), written);
        assert.ok(result.said.includes(done), all);
        toldTheResult(format, seen);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    });
  }
}

async function run(name, command, env, home, work) {
  const inherited = { PATH: process.env.PATH, LANG: "C.UTF-8", TERM: "dumb" };
  const child = spawn(join(bin, name), command, {
    cwd: work,
    env: { ...inherited, HOME: home, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limit - 10_000,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const [code, signal] = await once(child, "close");
  return { code: code ?? signal, said };
}

/** The tool's result came back to the provider, behind the call it belongs to, and nothing went to a provider of another format. */
function toldTheResult(format, seen) {
  const asked = seen.filter(({ method }) => method === "POST");
  for (const { path } of asked) assert.match(path.replace(/\?beta=true$/, ""), requests[format].path);
  const told = asked.map(({ body }) => JSON.parse(body)).find((body) => requests[format].results(body).length > 0);
  assert.ok(told, `no request holds the result\n${tellOf(seen)}`);
  assert.deepEqual(requests[format].results(told).map(({ id }) => id), requests[format].calls(told).map(({ id }) => id));
}

function tellOf(seen) {
  return seen.map(({ method, path, body }) => `\n${method} ${path} ${body.length} bytes`).join("");
}
