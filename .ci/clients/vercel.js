// The ai package with the providers of OpenAI (chat and Responses), Anthropic and Google.
import assert from "node:assert/strict";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, embedMany, generateObject, generateText, jsonSchema, stepCountIs, streamObject, streamText, tool } from "ai";
import { failures, greeting, picture, thought, train, vector, weather } from "./answers.js";
import { cityTool, collect, failure, png, trainSchema } from "./parts.js";
import { scene, told } from "./stage.js";

// It warns that it does not know what a name such as "auto" can do; what it then sends is compared all the same.
globalThis.AI_SDK_LOG_WARNINGS = false;

const openai = ({ url, key }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key });
const anthropic = ({ url, key }) => createAnthropic({ baseURL: `${url}/v1`, apiKey: key });
const google = ({ url, key }) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: key });

// options under which the model thinks, and where its image's base64 stands in the request
const clients = [
  {
    name: "aiOpenaiChat",
    format: "openai",
    model: (target) => openai(target).chat(target.model),
    image: (body) => body.messages[0].content[1].image_url.url.split(",")[1],
  },
  {
    name: "aiOpenaiResponses",
    format: "openai",
    model: (target) => openai(target)(target.model),
    thinks: { openai: { reasoningEffort: "low", reasoningSummary: "auto" } },
    image: (body) => body.input[0].content[1].image_url.split(",")[1],
  },
  {
    name: "aiAnthropic",
    format: "anthropic",
    model: (target) => anthropic(target)(target.model),
    thinks: { anthropic: { thinking: { type: "enabled", budgetTokens: 1024 } } },
    image: (body) => body.messages[0].content[1].source.data,
  },
  {
    name: "aiGoogle",
    format: "gemini",
    model: (target) => google(target)(target.model),
    thinks: { google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 256 } } },
    image: (body) => body.contents[0].parts[1].inlineData.data,
  },
];

for (const { name, format, model, thinks, image } of clients) {
  const asked = (target, prompt, more = {}) => ({ model: model(target), prompt, maxRetries: 0, ...more });

  scene(
    format,
    `${name}_generateText_textAndUsage`,
    async (target) => {
      const answer = await generateText(asked(target, greeting.prompt, { system: "Be brief." }));
      assert.equal(answer.text, greeting.text);
      counted(answer.usage);
      target.decided(answer.response.headers);
    },
    { auto: true },
  );

  scene(
    format,
    `${name}_streamText_textIsWholeAndUsageIsSeen`,
    async (target) => {
      const answer = streamText(asked(target, greeting.prompt, { onError: () => {} }));
      assert.equal((await collect(answer.textStream)).join(""), greeting.text);
      counted(await answer.usage);
      target.decided((await answer.response).headers);
    },
    { auto: true },
  );

  scene(format, `${name}_tools_areCalledAndTheirResultsTaken`, async (target) => {
    for (const call of [generateText, streamText]) {
      const inputs = [];
      const execute = async (input) => {
        inputs.push(input);
        return weather.result;
      };
      const { name, arguments: expected } = weather.tool;
      const tools = { [name]: tool({ description: cityTool.description, inputSchema: jsonSchema(cityTool.schema), execute }) };
      const answer = await call(asked(target, weather.prompt, { tools, stopWhen: stepCountIs(3), onError: () => {} }));
      assert.equal(await answer.text, weather.text);
      assert.deepEqual(inputs, [expected]);
      assert.equal((await answer.steps).length, 2);
    }
  });

  scene(format, `${name}_objects_areWhole`, async (target) => {
    const schema = jsonSchema(trainSchema);
    assert.deepEqual((await generateObject(asked(target, train.prompt, { schema }))).object, train.value);
    const streamed = streamObject(asked(target, train.prompt, { schema, onError: () => {} }));
    assert.deepEqual((await collect(streamed.partialObjectStream)).at(-1), train.value);
    assert.deepEqual(await streamed.object, train.value);
  });

  scene(format, `${name}_image_arrivesAsItWasSent`, async (target) => {
    const content = [{ type: "text", text: picture.prompt }, { type: "image", image: png, mediaType: "image/png" }];
    const messages = [{ role: "user", content }];
    const { result, seen } = await target.during(() => generateText({ model: model(target), messages, maxRetries: 0 }));
    assert.equal(result.text, picture.text);
    assert.equal(image(JSON.parse(seen[0].body)), png);
  });

  if (thinks) {
    scene(format, `${name}_reasoning_comesBesideTheText`, async (target) => {
      for (const call of [generateText, streamText]) {
        const answer = await call(asked(target, thought.prompt, { providerOptions: thinks, onError: () => {} }));
        assert.equal(await answer.reasoningText, thought.reasoning);
        assert.equal(await answer.text, thought.text);
      }
    });
  }

  for (const { status, prompt, message } of failures) {
    scene(format, `${name}_providerAnswers${status}_isTheTypedError`, async (target) => {
      const error = await failure(() => generateText(asked(target, prompt)));
      assert.ok(APICallError.isInstance(error), String(error));
      assert.equal(error.statusCode, told(target, format, status));
      assert.ok(error.message.includes(message), error.message);
    });
  }
}

function counted(usage) {
  assert.equal(usage.inputTokens, greeting.usage.input);
  assert.equal(usage.outputTokens, greeting.usage.output);
}

for (const [name, format, model] of [
  ["aiOpenai", "openai", (target) => openai(target).embedding(target.embedding)],
  ["aiGoogle", "gemini", (target) => google(target).embedding(target.embedding)],
]) {
  scene(format, `${name}_embedMany_areNumbers`, async (target) => {
    for (const values of [[vector.prompt], [vector.prompt, vector.prompt]]) {
      const { embeddings } = await embedMany({ model: model(target), values, maxRetries: 0 });
      assert.deepEqual(embeddings, values.map(() => vector.values));
    }
  });
}

scene("gemini", "aiGoogle_modelNamedWithModels_isTheSameModel", async (target) => {
  const answer = await generateText({ model: google(target)(`models/${target.model}`), prompt: greeting.prompt, maxRetries: 0 });
  assert.equal(answer.text, greeting.text);
});
