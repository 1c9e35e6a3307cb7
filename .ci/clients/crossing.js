// Every client before a provider of every other format: what the client gets, and what the provider was asked, each in its own terms.
import assert from "node:assert/strict";
import { broken, comparison, cut, failures, greeting, picture, pondered, thought, train, weather } from "./answers.js";
import { speakers } from "./names.js";
import { cityTool, failure, png, trainSchema } from "./parts.js";
import { requests } from "./seen.js";
import { clients } from "./speaking.js";
import { crossing, throughGateway } from "./stage.js";

const tools = [{ name: weather.tool.name, ...cityTool }];

const cases = {
  async text({ client, ask }) {
    const { answer, said } = await ask(client.open(greeting.prompt, { system: "Be brief." }));
    assert.equal(answer.text, greeting.text);
    assert.equal(answer.finish, client.finishes.end);
    assert.deepEqual(answer.usage, greeting.usage);
    assert.deepEqual(said("system"), ["Be brief."]);
  },

  async conversation({ client, ask }) {
    const first = client.open(greeting.prompt);
    const second = client.said(client.told(first, (await ask(first)).answer, []), picture.prompt);
    assert.equal((await ask(second)).answer.text, picture.text);
  },

  async tool({ client, ask }) {
    const first = client.open(weather.prompt);
    const { answer, said } = await ask(first, { tools, choice: "any" });
    assert.equal(answer.finish, client.finishes.calls);
    called(answer, [weather.tool]);
    offered(said("tools"), tools);
    assert.equal(said("choice").toLowerCase(), "any");
    const end = await ask(client.told(first, answer, [weather.result]), { tools });
    assert.equal(end.answer.text, weather.text);
    assert.equal(end.answer.finish, client.finishes.end);
    answered(end.said, [weather.tool], [weather.result]);
  },

  async toolByName({ client, ask }) {
    const { answer, said } = await ask(client.open(weather.prompt), { tools, choice: weather.tool.name });
    called(answer, [weather.tool]);
    assert.equal(said("choice"), weather.tool.name);
  },

  async tools({ client, ask }) {
    const first = client.open(comparison.prompt);
    const { answer } = await ask(first, { tools });
    assert.equal(answer.text, comparison.before);
    assert.equal(answer.finish, client.finishes.calls);
    called(answer, comparison.tools);
    const end = await ask(client.told(first, answer, comparison.results), { tools });
    assert.equal(end.answer.text, comparison.text);
    answered(end.said, comparison.tools, comparison.results);
  },

  async image({ client, ask }) {
    const { answer, said } = await ask(client.open(picture.prompt, { image: true }));
    assert.equal(answer.text, picture.text);
    assert.equal(said("image"), png);
  },

  async object({ client, ask }) {
    const { answer, said } = await ask(client.open(train.prompt), { schema: trainSchema });
    assert.deepEqual(JSON.parse(answer.text), train.value);
    sameSchema(client.objectsByTool && throughGateway ? said("tools")[0].schema : said("schema"), trainSchema);
  },

  async limit({ client, ask }) {
    const { answer, said } = await ask(client.open(cut.prompt), { limit: 64 });
    assert.equal(answer.text, cut.text);
    assert.equal(answer.finish, client.finishes.limit);
    assert.equal(said("limit"), 64);
  },

  async reasoning({ client, format, ask }) {
    const first = client.open(thought.prompt);
    const { answer, said } = await ask(first, { thinks: true });
    assert.equal(answer.text, thought.text);
    if (!client.hidesReasoning) assert.equal(answer.reasoning, thought.reasoning);
    assert.ok(said("thinks"), "the provider was not asked to think");
    if (client.asksToSee) assert.ok(said("shows"), "the provider was not asked to show what it thinks");
    const end = await ask(client.said(client.told(first, answer, []), greeting.prompt), { thinks: true });
    assert.equal(end.answer.text, greeting.text);
    if (format === "anthropic-messages" && client.keepsSeals) assert.deepEqual(end.said("sealed"), [seals(thought)[format]]);
  },

  async reasoningBeforeATool({ client, format, ask }) {
    const first = client.open(pondered.prompt);
    const { answer } = await ask(first, { tools, thinks: true });
    called(answer, [pondered.tool]);
    if (!client.hidesReasoning) assert.equal(answer.reasoning, pondered.reasoning);
    const end = await ask(client.told(first, answer, [pondered.result]), { tools, thinks: true });
    assert.equal(end.answer.text, pondered.text);
    answered(end.said, [pondered.tool], [pondered.result]);
    const seal = seals(pondered)[format];
    // Gemini's stand at its calls, and travel with these through any client
    if (seal && (client.keepsSeals || format === "gemini")) assert.deepEqual(end.said("sealed"), [seal]);
  },
};

const seals = ({ reasoning, signature }) => ({
  "openai-responses": "aimock-encrypted-reasoning",
  "anthropic-messages": { thinking: reasoning, signature },
  gemini: signature,
});

// A client may leave out what its format once had no word for (additionalProperties at Google's) and write types in capitals.
function sameSchema({ required, properties }, expected) {
  const types = (all) => Object.entries(all).map(([name, { type }]) => [name, type.toLowerCase()]);
  assert.deepEqual(required, expected.required);
  assert.deepEqual(types(properties), types(expected.properties));
}

function offered(tools, expected) {
  assert.deepEqual(tools.map(({ name, description }) => ({ name, description })), expected.map(({ name, description }) => ({ name, description })));
  tools.forEach(({ schema }, at) => sameSchema(schema, expected[at].schema));
}

function called({ calls }, expected) {
  assert.deepEqual(calls.map(({ name, arguments: input }) => ({ name, input })), expected.map(({ name, arguments: input }) => ({ name, input })));
  assert.equal(new Set(calls.map(({ id }) => id)).size, expected.length, `ids that are the same: ${JSON.stringify(calls)}`);
}

/** Calls and results stand in the provider's request, and belong together. */
function answered(said, tools, results) {
  const calls = said("calls");
  assert.deepEqual(calls.map(({ name, arguments: input }) => ({ name, input })), tools.map(({ name, arguments: input }) => ({ name, input })));
  const told = said("results");
  assert.deepEqual(told.map(({ id }) => id), calls.map(({ id }) => id));
  told.forEach(({ text }, at) => assert.ok(text.includes(JSON.stringify(results[at])), text));
}

// The ai package names what it was told by ids, unless told that nothing is kept; those ids mean nothing to a provider of another format.
const keeping = clients.find(({ name }) => name === "aiOpenaiResponses");
for (const format of Object.keys(speakers)) {
  if (!throughGateway) break;
  crossing(keeping, format, "whatAProviderKept_isRefusedInWords", async (target) => {
    const options = { openai: { store: true } };
    const first = keeping.open(greeting.prompt);
    const answer = await keeping.ask(target, first, { options });
    const error = await failure(() => keeping.ask(target, keeping.said(keeping.told(first, answer, []), picture.prompt), { options }));
    assert.equal(error.statusCode, 400);
    assert.match(error.message, /kept by the provider/);
  });
}

for (const client of clients) {
  for (const [format, { id }] of Object.entries(speakers)) {
    const request = requests[format];

    for (const [name, work] of Object.entries(cases)) {
      for (const stream of [false, true]) {
        crossing(client, format, `${name}${stream ? "InAStream" : ""}_crosses`, (target) => {
          const ask = async (conversation, more = {}) => {
            const { result: answer, seen } = await target.during(() => client.ask(target, conversation, { ...more, stream }));
            assert.equal(seen.length, 1);
            const [{ path, body }] = seen;
            assert.match(path, request.path);
            if (format !== "gemini") assert.equal(body.model, id);
            if (stream) inPieces(client, format, answer);
            return { answer, said: (what) => request[what](body) };
          };
          return work({ client, format, ask });
        });
      }
    }

    crossing(client, format, "streamThatBreaksOff_isAnError", async (target) => {
      await failure(() => client.ask(target, client.open(broken.prompt), { stream: true }));
    });

    if (!throughGateway) continue;
    for (const { status, prompt, message } of failures) {
      crossing(client, format, `providerAnswers${status}_isTheTypedError`, async (target) => {
        const [type, told, kind] = client.fails[status];
        for (const stream of [false, true]) {
          const error = await failure(() => client.ask(target, client.open(prompt), { stream }));
          assert.ok(client.typeOf ? error instanceof type : type.isInstance(error), String(error));
          assert.equal(error.status ?? error.statusCode, told);
          assert.ok(error.message.includes(message), error.message);
          if (client.typeOf) assert.equal(client.typeOf(error), kind);
        }
      });
    }
  }
}

/** What the provider streams is not gathered on its way. */
function inPieces(client, format, { text, calls, textPieces, argumentPieces }) {
  assert.equal(textPieces.join(""), text);
  if (text === greeting.text) assert.ok(textPieces.length > 10, `${textPieces.length} pieces`);
  if (client.callsInOnePiece || calls.length === 0) return;
  const expected = format === "gemini" ? calls.length : calls.length * 3;
  assert.ok(argumentPieces.length >= expected, `${argumentPieces.length} pieces of arguments`);
}
