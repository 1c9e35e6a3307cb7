// One provider and, unless BASE_URL is given, one gateway for all tests; and the ways a case is run:
//   direct  BASE_URL=direct: the client speaks to the provider itself. BASE_URL=<url>: to that url, with plain model names; what is
//           there hands over to the provider, whose port is then given by PROVIDER_PORT
//   named   through the gateway, the model by its full name; what the provider saw is compared, byte for byte, with a direct call's
//   auto    through the gateway, which picks the model: among those of the client's format, compared likewise; and among all, where the
//           client has to get the same whatever answers
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { answers } from "./answers.js";
import { startGateway } from "./gateway.js";
import { callerKey, models, policyKey, speakers } from "./names.js";
import { startProvider } from "./provider.js";

for (const name of Object.keys(process.env)) {
  if (/^(OPENAI|ANTHROPIC|GEMINI|GOOGLE)_/.test(name)) delete process.env[name];
}

const limits = { timeout: 60_000 };
const base = process.env.BASE_URL ?? "";
const provider = await startProvider({ port: Number(process.env.PROVIDER_PORT ?? 0), answers });
const gateway = base === "" ? await startGateway(provider.url) : undefined;
after(async () => {
  try {
    await gateway?.stop();
  } finally {
    await provider.stop();
  }
});

export const throughGateway = gateway !== undefined;
const directUrl = base === "" || base === "direct" ? provider.url : base;

/** The status by which a client hears of a provider's: 529 is Anthropic's own, and 503 for the others behind the gateway. */
export function told(target, format, status) {
  return status === 529 && format !== "anthropic" && target.url === gateway?.url ? 503 : status;
}

/** Registers a case of a format's client, once for each way; `work` gets where to call and the model's name. */
export function scene(format, name, work, { auto = false, gatewayOnly = false } = {}) {
  const own = models[format];
  const direct = { ...at(directUrl), model: own.id, embedding: own.embedding, decided() {} };
  if (!throughGateway) {
    if (!gatewayOnly) test(`${name} [direct]`, limits, () => runDirect(work, direct));
    return;
  }
  const named = { ...behind(`${own.provider}/`), model: `${own.provider}/${own.id}`, embedding: `${own.provider}/${own.embedding}` };
  test(`${name} [named]`, limits, () => runBehind(work, named, own, !gatewayOnly));
  if (!auto) return;
  test(`${name} [auto/${format}]`, limits, () => runBehind(work, { ...behind(`${own.provider}/`), model: `auto/${format}` }, own, !gatewayOnly));
  test(`${name} [auto]`, limits, () => runBehind(work, { ...behind("mock"), model: "auto" }, own, false));
}

/**
 * Registers a case of a client before a provider that speaks one format only: through the gateway one of another format than the
 * client's, without it one of the same, which shows that the case itself is right.
 */
export function crossing(client, format, name, work) {
  if (throughGateway === (client.format === format)) return;
  const { provider: speaker, id } = speakers[format];
  const during = async (call) => {
    const { result, seen } = await provider.during(call);
    if (throughGateway) for (const request of seen) onlyThePolicysKey(request);
    return { result, seen: once(seen.map(plain)).map(({ path, body }) => ({ path, body: JSON.parse(body) })) };
  };
  const target = throughGateway ? { ...at(gateway.url), model: `${speaker}/${id}` } : { ...at(directUrl), model: id };
  test(`${client.name}_${name} [${format}]`, limits, () => work({ ...target, during }));
}

function at(url) {
  return { url, key: callerKey, during: provider.during };
}

function behind(start) {
  return {
    ...at(gateway.url),
    /** Holds the answer's headers to what the gateway promises. */
    decided(headers) {
      const of = (header) => (typeof headers.get === "function" ? headers.get(header) : headers[header]) ?? "";
      for (const header of ["decision", "category", "model", "attempts"]) {
        assert.notEqual(of(`x-pointsman-${header}`), "", `x-pointsman-${header} is missing`);
      }
      assert.ok(of("x-pointsman-model").startsWith(start), `not a model of ${start}: ${of("x-pointsman-model")}`);
    },
  };
}

async function runDirect(work, target) {
  const { seen } = await provider.during(() => work(target));
  assert.ok(seen.length > 0, "the provider saw no request");
}

// Clients shape a request by the model's name (roles, defaults, what they leave out), so the direct call asks by the same name.
async function runBehind(work, target, own, compared) {
  const direct = { ...target, ...at(provider.url), decided() {} };
  const expected = compared && (await provider.during(() => work(direct))).seen;
  const { seen } = await provider.during(() => work(target));
  for (const request of seen) onlyThePolicysKey(request);
  if (compared) assert.ok(seen.length > 0, "the provider saw no request");
  if (expected) assert.deepEqual(once(seen.map(plain)), once(expected.map(plain).map((request) => renamed(request, target, own))));
}

/** The request as it has to arrive: the same, but for the model's name. */
function renamed(request, target, own) {
  let { path, body } = request;
  for (const [name, id] of [[target.model, own.id], [target.embedding, own.embedding]]) {
    path = path.replace(`/v1beta/models/${name}:`, `/v1beta/models/${id}:`).replace(`/v1beta/${name}:`, `/v1beta/models/${id}:`);
    body = body.replaceAll(`"model":"${name}"`, `"model":"${id}"`).replaceAll(`"model":"models/${name}"`, `"model":"models/${id}"`);
  }
  return { ...request, path, body: askedForUsage(path, body) };
}

/** The one thing that the gateway adds to a body: a chat stream is asked for its usage. */
function askedForUsage(path, body) {
  const silent = path.startsWith("/v1/chat/completions") && body.includes('"stream":true') && !body.includes('"stream_options"');
  return silent ? '{"stream_options":{"include_usage":true},' + body.slice(1) : body;
}

function onlyThePolicysKey(request) {
  const all = JSON.stringify([request.path, request.headers]) + request.body;
  assert.ok(!all.includes(callerKey), "the caller's key went to the provider");
  const { authorization, "x-api-key": anthropic, "x-goog-api-key": gemini } = request.headers;
  const keys = [authorization, anthropic, gemini].filter((key) => key !== undefined).map((key) => key.replace(/^Bearer /, ""));
  assert.deepEqual(keys, [policyKey]);
}

// ids of items that aimock makes anew for each answer and a second turn sends back
const madeAnew = /"(?:fc|rs|msg|ws)[_-][^"]+"/g;

function plain({ method, path, headers, body }) {
  const vendor = Object.entries(headers).filter(([name]) => name.startsWith("anthropic-") || name === "content-type");
  return { method, path, headers: Object.fromEntries(vendor.sort()), body: body.toString("utf8").replace(madeAnew, '"anew"') };
}

/** A request and its retries count once. */
function once(requests) {
  const texts = requests.map((request) => JSON.stringify(request));
  return requests.filter((_, at) => texts[at] !== texts[at - 1]);
}
