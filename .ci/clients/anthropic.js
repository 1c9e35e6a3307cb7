// The @anthropic-ai/sdk package: messages, count_tokens, models.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { failures, greeting, picture, thought, train, weather } from "./answers.js";
import { cityTool, collect, failure, png, trainSchema } from "./parts.js";
import { scene } from "./stage.js";

const client = ({ url, key }) => new Anthropic({ baseURL: url, apiKey: key, authToken: null, maxRetries: 0 });
const user = (content) => ({ role: "user", content });
const request = (target, content, more = {}) => ({ model: target.model, max_tokens: 2048, messages: [user(content)], ...more });
const text = (message) => message.content.filter((block) => block.type === "text").map((block) => block.text).join("");
const tools = [{ name: weather.tool.name, description: cityTool.description, input_schema: cityTool.schema }];
const errorClasses = {
  400: Anthropic.BadRequestError,
  401: Anthropic.AuthenticationError,
  404: Anthropic.NotFoundError,
  429: Anthropic.RateLimitError,
  500: Anthropic.InternalServerError,
  529: Anthropic.InternalServerError,
};

scene(
  "anthropic",
  "anthropic_unary_textAndUsage",
  async (target) => {
    const system = [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }];
    const { data, response } = await client(target).messages.create(request(target, greeting.prompt, { system })).withResponse();
    assert.equal(text(data), greeting.text);
    assert.equal(data.usage.input_tokens, greeting.usage.input);
    assert.equal(data.usage.output_tokens, greeting.usage.output);
    assert.equal(data.stop_reason, "end_turn");
    target.decided(response.headers);
  },
  { auto: true },
);

scene(
  "anthropic",
  "anthropic_streaming_textIsWholeAndUsageIsLast",
  async (target) => {
    const ask = request(target, greeting.prompt, { stream: true });
    const { data, response } = await client(target).messages.create(ask).withResponse();
    target.decided(response.headers);
    const events = await collect(data);
    const deltas = events.filter((event) => event.type === "content_block_delta").map((event) => event.delta.text);
    assert.equal(deltas.join(""), greeting.text);
    assert.equal(events.find((event) => event.type === "message_delta").usage.output_tokens, greeting.usage.output);
    assert.equal(events.at(-1).type, "message_stop");
  },
  { auto: true },
);

scene("anthropic", "anthropic_tool_isCalledAndItsResultIsTaken", async (target) => {
  const anthropic = client(target);
  const ask = request(target, weather.prompt, { tools });
  const first = await anthropic.messages.create(ask);
  assert.equal(first.stop_reason, "tool_use");
  const call = toolCall(first);
  const result = { type: "tool_result", tool_use_id: call.id, content: JSON.stringify(weather.result) };
  const second = await anthropic.messages.create({
    ...ask,
    messages: [...ask.messages, { role: "assistant", content: first.content }, user([result])],
  });
  assert.equal(text(second), weather.text);
});

scene("anthropic", "anthropic_toolInAStream_isAssembled", async (target) => {
  const message = await client(target).messages.stream(request(target, weather.prompt, { tools })).finalMessage();
  assert.equal(message.stop_reason, "tool_use");
  toolCall(message);
});

function toolCall(message) {
  const call = message.content.find((block) => block.type === "tool_use");
  assert.equal(call.id, weather.tool.id);
  assert.equal(call.name, weather.tool.name);
  assert.deepEqual(call.input, weather.tool.arguments);
  return call;
}

scene("anthropic", "anthropic_image_arrivesAsItWasSent", async (target) => {
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: png } };
  const { result, seen } = await target.during(() =>
    client(target).messages.create(request(target, [image, { type: "text", text: picture.prompt }])),
  );
  assert.equal(text(result), picture.text);
  assert.equal(JSON.parse(seen[0].body).messages[0].content[0].source.data, png);
});

scene("anthropic", "anthropic_schema_isAnsweredWithAnObject", async (target) => {
  const format = { type: "json_schema", schema: trainSchema };
  const message = await client(target).messages.parse(request(target, train.prompt, { output_config: { format } }));
  assert.deepEqual(message.parsed_output ?? JSON.parse(text(message)), train.value);
});

scene("anthropic", "anthropic_thinking_comesBeforeTheTextAndIsSentBack", async (target) => {
  const anthropic = client(target);
  const ask = request(target, thought.prompt, { thinking: { type: "enabled", budget_tokens: 1024 } });
  const first = await anthropic.messages.create(ask);
  assert.deepEqual(first.content.map((block) => block.type), ["thinking", "text"]);
  assert.equal(first.content[0].thinking, thought.reasoning);
  assert.ok(first.content[0].signature.length > 0);
  const streamed = await anthropic.messages.stream(ask).finalMessage();
  assert.deepEqual(streamed.content.map((block) => block.thinking ?? block.text), [thought.reasoning, thought.text]);
  const again = { ...ask, messages: [...ask.messages, { role: "assistant", content: first.content }, user(greeting.prompt)] };
  const { result, seen } = await target.during(() => anthropic.messages.create(again));
  assert.equal(text(result), greeting.text);
  assert.deepEqual(JSON.parse(seen[0].body).messages[1].content[0], first.content[0]);
});

scene("anthropic", "anthropic_beta_keepsItsQueryAndHeader", async (target) => {
  const betas = ["context-management-2025-06-27", "interleaved-thinking-2025-05-14"];
  const ask = request(target, greeting.prompt, { betas });
  // this version of the client no longer adds the query by itself; older ones and Claude Code do
  const { result, seen } = await target.during(() => client(target).beta.messages.create(ask, { query: { beta: "true" } }));
  assert.equal(text(result), greeting.text);
  assert.equal(seen[0].path, "/v1/messages?beta=true");
  assert.equal(seen[0].headers["anthropic-beta"], betas.join(","));
  assert.match(seen[0].headers["anthropic-version"], /^\d{4}-\d{2}-\d{2}$/);
});

for (const { status, prompt, message, type } of failures) {
  scene("anthropic", `anthropic_providerAnswers${status}_isTheTypedError`, async (target) => {
    for (const stream of [false, true]) {
      const error = await failure(() => client(target).messages.create(request(target, prompt, { stream })));
      assert.ok(error instanceof errorClasses[status], String(error));
      assert.equal(error.status, status);
      assert.equal(error.type, type);
      assert.ok(error.message.includes(message), error.message);
    }
  });
}

scene(
  "anthropic",
  "anthropicCountTokens_withoutACountingProvider_isEstimatedAndSaysSo",
  async (target) => {
    const ask = { model: target.model, messages: [user(greeting.prompt.repeat(100))] };
    const { data, response } = await client(target).messages.countTokens(ask).withResponse();
    assert.ok(data.input_tokens > 100 && data.input_tokens < 1300, String(data.input_tokens));
    assert.ok(response.headers.has("x-pointsman-estimated"));
  },
  { gatewayOnly: true },
);

scene(
  "anthropic",
  "anthropicModels_listed_holdTheAskedOneAndAuto",
  async (target) => {
    const ids = (await collect(client(target).models.list())).map((model) => model.id);
    assert.ok(ids.includes("auto") && ids.includes(target.model), ids.join(" "));
  },
  { gatewayOnly: true },
);
