// The openai package: chat, Responses, embeddings, models.
import assert from "node:assert/strict";
import OpenAI from "openai";
import { failures, greeting, picture, thought, train, vector, weather } from "./answers.js";
import { cityTool, collect, failure, png, trainSchema } from "./parts.js";
import { scene, told } from "./stage.js";

const client = ({ url, key }) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const user = (content) => ({ role: "user", content });
const total = greeting.usage.input + greeting.usage.output;
const errorClasses = {
  400: OpenAI.BadRequestError,
  401: OpenAI.AuthenticationError,
  404: OpenAI.NotFoundError,
  429: OpenAI.RateLimitError,
  500: OpenAI.InternalServerError,
  529: OpenAI.InternalServerError,
};

// --- chat

const chatTools = [
  { type: "function", function: { name: weather.tool.name, description: cityTool.description, parameters: cityTool.schema, strict: true } },
];

scene(
  "openai",
  "openaiChat_unary_textAndUsage",
  async (target) => {
    const ask = { model: target.model, messages: [{ role: "system", content: "Be brief." }, user(greeting.prompt)] };
    const { data, response } = await client(target).chat.completions.create(ask).withResponse();
    assert.equal(data.choices[0].message.content, greeting.text);
    assert.equal(data.usage.prompt_tokens, greeting.usage.input);
    assert.equal(data.usage.completion_tokens, greeting.usage.output);
    target.decided(response.headers);
  },
  { auto: true },
);

scene(
  "openai",
  "openaiChat_streaming_textIsWholeAndUsageIsLast",
  async (target) => {
    const ask = { model: target.model, messages: [user(greeting.prompt)], stream: true, stream_options: { include_usage: true } };
    const { data, response } = await client(target).chat.completions.create(ask).withResponse();
    target.decided(response.headers);
    const chunks = await collect(data);
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), greeting.text);
    assert.equal(chunks.at(-1).usage.total_tokens, total);
    assert.ok(chunks.some((chunk) => chunk.choices[0]?.finish_reason === "stop"));
  },
  { auto: true },
);

scene("openai", "openaiChat_tool_isCalledAndItsResultIsTaken", async (target) => {
  const openai = client(target);
  const messages = [user(weather.prompt)];
  const first = await openai.chat.completions.create({ model: target.model, messages, tools: chatTools });
  const message = first.choices[0].message;
  assert.equal(first.choices[0].finish_reason, "tool_calls");
  chatCall(message.tool_calls);
  messages.push(message, { role: "tool", tool_call_id: message.tool_calls[0].id, content: JSON.stringify(weather.result) });
  const second = await openai.chat.completions.create({ model: target.model, messages, tools: chatTools });
  assert.equal(second.choices[0].message.content, weather.text);
});

scene("openai", "openaiChat_toolInAStream_isAssembled", async (target) => {
  const stream = client(target).chat.completions.stream({ model: target.model, messages: [user(weather.prompt)], tools: chatTools });
  const completion = await stream.finalChatCompletion();
  assert.equal(completion.choices[0].finish_reason, "tool_calls");
  chatCall(completion.choices[0].message.tool_calls);
});

function chatCall(calls) {
  assert.equal(calls.length, 1);
  assert.equal(calls[0].id, weather.tool.id);
  assert.equal(calls[0].function.name, weather.tool.name);
  assert.deepEqual(JSON.parse(calls[0].function.arguments), weather.tool.arguments);
}

scene("openai", "openaiChat_image_arrivesAsItWasSent", async (target) => {
  const url = `data:image/png;base64,${png}`;
  const content = [{ type: "text", text: picture.prompt }, { type: "image_url", image_url: { url } }];
  const { result, seen } = await target.during(() =>
    client(target).chat.completions.create({ model: target.model, messages: [user(content)] }),
  );
  assert.equal(result.choices[0].message.content, picture.text);
  assert.equal(JSON.parse(seen[0].body).messages[0].content[1].image_url.url, url);
});

scene("openai", "openaiChat_schema_isAnsweredWithAnObject", async (target) => {
  const format = { type: "json_schema", json_schema: { name: "train", schema: trainSchema, strict: true } };
  const ask = { model: target.model, messages: [user(train.prompt)], response_format: format };
  const completion = await client(target).chat.completions.parse(ask);
  assert.deepEqual(completion.choices[0].message.parsed, train.value);
});

scene("openai", "openaiChat_reasoning_comesBeforeTheText", async (target) => {
  const ask = { model: target.model, messages: [user(thought.prompt)], reasoning_effort: "low" };
  const completion = await client(target).chat.completions.create(ask);
  assert.equal(completion.choices[0].message.reasoning_content, thought.reasoning);
  assert.equal(completion.choices[0].message.content, thought.text);
  const deltas = (await collect(await client(target).chat.completions.create({ ...ask, stream: true }))).map((chunk) => chunk.choices[0]?.delta);
  assert.equal(deltas.map((delta) => delta?.reasoning_content ?? "").join(""), thought.reasoning);
  assert.equal(deltas.map((delta) => delta?.content ?? "").join(""), thought.text);
});

// --- Responses

const responsesTools = [
  { type: "function", name: weather.tool.name, description: cityTool.description, parameters: cityTool.schema, strict: true },
];

scene(
  "openai",
  "openaiResponses_unary_textAndUsage",
  async (target) => {
    const ask = { model: target.model, instructions: "Be brief.", input: greeting.prompt, store: false };
    const { data, response } = await client(target).responses.create(ask).withResponse();
    assert.equal(data.output_text, greeting.text);
    assert.equal(data.usage.input_tokens, greeting.usage.input);
    assert.equal(data.usage.output_tokens, greeting.usage.output);
    target.decided(response.headers);
  },
  { auto: true },
);

scene(
  "openai",
  "openaiResponses_streaming_textIsWholeAndUsageIsLast",
  async (target) => {
    const ask = { model: target.model, input: [user(greeting.prompt)], stream: true };
    const { data, response } = await client(target).responses.create(ask).withResponse();
    target.decided(response.headers);
    const events = await collect(data);
    const deltas = events.filter((event) => event.type === "response.output_text.delta").map((event) => event.delta);
    assert.equal(deltas.join(""), greeting.text);
    assert.equal(events.at(-1).type, "response.completed");
    assert.equal(events.at(-1).response.usage.total_tokens, total);
  },
  { auto: true },
);

scene("openai", "openaiResponses_tool_isCalledAndItsResultIsTaken", async (target) => {
  const openai = client(target);
  const input = [user(weather.prompt)];
  const first = await openai.responses.create({ model: target.model, input, tools: responsesTools });
  const call = responsesCall(first.output);
  input.push(...first.output, { type: "function_call_output", call_id: call.call_id, output: JSON.stringify(weather.result) });
  const second = await openai.responses.create({ model: target.model, input, tools: responsesTools });
  assert.equal(second.output_text, weather.text);
});

scene("openai", "openaiResponses_toolInAStream_isAssembled", async (target) => {
  const ask = { model: target.model, input: weather.prompt, tools: responsesTools, stream: true };
  const events = await collect(await client(target).responses.create(ask));
  const pieces = events.filter((event) => event.type === "response.function_call_arguments.delta").map((event) => event.delta);
  assert.deepEqual(JSON.parse(pieces.join("")), weather.tool.arguments);
  responsesCall(events.at(-1).response.output);
});

function responsesCall(output) {
  const call = output.find((item) => item.type === "function_call");
  assert.equal(call.call_id, weather.tool.id);
  assert.equal(call.name, weather.tool.name);
  assert.deepEqual(JSON.parse(call.arguments), weather.tool.arguments);
  return call;
}

scene("openai", "openaiResponses_image_arrivesAsItWasSent", async (target) => {
  const image_url = `data:image/png;base64,${png}`;
  const content = [{ type: "input_text", text: picture.prompt }, { type: "input_image", image_url, detail: "auto" }];
  const { result, seen } = await target.during(() => client(target).responses.create({ model: target.model, input: [user(content)] }));
  assert.equal(result.output_text, picture.text);
  assert.equal(JSON.parse(seen[0].body).input[0].content[1].image_url, image_url);
});

scene("openai", "openaiResponses_schema_isAnsweredWithAnObject", async (target) => {
  const format = { type: "json_schema", name: "train", schema: trainSchema, strict: true };
  const response = await client(target).responses.parse({ model: target.model, input: train.prompt, text: { format } });
  assert.deepEqual(response.output_parsed, train.value);
});

scene("openai", "openaiResponses_reasoning_comesBeforeTheText", async (target) => {
  const ask = { model: target.model, input: thought.prompt, reasoning: { effort: "low", summary: "auto" }, store: false };
  const include = ["reasoning.encrypted_content"];
  const response = await client(target).responses.create({ ...ask, include });
  assert.equal(response.output[0].type, "reasoning");
  assert.equal(response.output[0].summary[0].text, thought.reasoning);
  assert.equal(response.output_text, thought.text);
  const events = await collect(await client(target).responses.create({ ...ask, include, stream: true }));
  const summary = events.filter((event) => event.type === "response.reasoning_summary_text.delta").map((event) => event.delta);
  assert.equal(summary.join(""), thought.reasoning);
});

// --- failures

for (const { status, prompt, message, type } of failures) {
  scene("openai", `openaiChat_providerAnswers${status}_isTheTypedError`, async (target) => {
    for (const stream of [false, true]) {
      const ask = { model: target.model, messages: [user(prompt)], stream };
      expected(target, await failure(() => client(target).chat.completions.create(ask)));
    }
  });
  scene("openai", `openaiResponses_providerAnswers${status}_isTheTypedError`, async (target) => {
    for (const stream of [false, true]) {
      expected(target, await failure(() => client(target).responses.create({ model: target.model, input: prompt, stream })));
    }
  });

  function expected(target, error) {
    assert.ok(error instanceof errorClasses[status], String(error));
    assert.equal(error.status, told(target, "openai", status));
    assert.equal(error.type, type);
    assert.ok(error.message.includes(message), error.message);
  }
}

// --- embeddings, models

scene("openai", "openaiEmbeddings_asTheClientAsksThem_areDecodedFromBase64", async (target) => {
  const { result, seen } = await target.during(() => client(target).embeddings.create({ model: target.embedding, input: vector.prompt }));
  assert.deepEqual([...result.data[0].embedding], vector.values);
  assert.equal(JSON.parse(seen[0].body).encoding_format, "base64");
});

scene("openai", "openaiEmbeddings_floats_areNumbers", async (target) => {
  const ask = { model: target.embedding, input: [vector.prompt, vector.prompt], encoding_format: "float" };
  const { data, response } = await client(target).embeddings.create(ask).withResponse();
  assert.deepEqual(data.data.map((one) => one.embedding), [vector.values, vector.values]);
  target.decided(response.headers);
});

scene(
  "openai",
  "openaiModels_listed_holdTheAskedOneAndAuto",
  async (target) => {
    const ids = (await collect(client(target).models.list())).map((model) => model.id);
    assert.ok(ids.includes("auto") && ids.includes(target.model), ids.join(" "));
  },
  { gatewayOnly: true },
);
