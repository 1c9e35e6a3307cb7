// The @google/genai package: generateContent, its stream, embeddings, countTokens, models.
import assert from "node:assert/strict";
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from "@google/genai";
import { failures, greeting, picture, thought, train, vector, weather } from "./answers.js";
import { cityTool, collect, failure, png, trainSchema } from "./parts.js";
import { scene, told } from "./stage.js";

const client = ({ url, key }) => new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url, retryOptions: { attempts: 1 } } });
const user = (...parts) => ({ role: "user", parts });
const total = greeting.usage.input + greeting.usage.output;
const functions = {
  tools: [
    {
      functionDeclarations: [
        { name: weather.tool.name, description: cityTool.description, parametersJsonSchema: cityTool.schema },
      ],
    },
  ],
  toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.AUTO } },
};

scene(
  "gemini",
  "genai_unary_textAndUsage",
  async (target) => {
    const config = { systemInstruction: "Be brief.", temperature: 0.5 };
    const answer = await client(target).models.generateContent({ model: target.model, contents: greeting.prompt, config });
    assert.equal(answer.text, greeting.text);
    assert.equal(answer.usageMetadata.promptTokenCount, greeting.usage.input);
    assert.equal(answer.usageMetadata.candidatesTokenCount, greeting.usage.output);
    target.decided(answer.sdkHttpResponse.headers);
  },
  { auto: true },
);

scene(
  "gemini",
  "genai_streaming_textIsWholeAndUsageIsLast",
  async (target) => {
    const chunks = await collect(
      await client(target).models.generateContentStream({ model: target.model, contents: greeting.prompt }),
    );
    assert.equal(chunks.map((chunk) => chunk.text ?? "").join(""), greeting.text);
    assert.equal(chunks.at(-1).usageMetadata.totalTokenCount, total);
    target.decided(chunks[0].sdkHttpResponse.headers);
  },
  { auto: true },
);

scene("gemini", "genai_tool_isCalledAndItsResultIsTaken", async (target) => {
  const models = client(target).models;
  const contents = [user({ text: weather.prompt })];
  const first = await models.generateContent({ model: target.model, contents, config: functions });
  const call = toolCall(first.functionCalls);
  contents.push(
    first.candidates[0].content,
    user({ functionResponse: { id: call.id, name: call.name, response: weather.result } }),
  );
  const second = await models.generateContent({ model: target.model, contents, config: functions });
  assert.equal(second.text, weather.text);
});

scene("gemini", "genai_toolInAStream_isAssembled", async (target) => {
  const chunks = await collect(
    await client(target).models.generateContentStream({ model: target.model, contents: weather.prompt, config: functions }),
  );
  toolCall(chunks.flatMap((chunk) => chunk.functionCalls ?? []));
});

function toolCall(calls) {
  assert.equal(calls.length, 1);
  assert.equal(calls[0].name, weather.tool.name);
  assert.deepEqual(calls[0].args, weather.tool.arguments);
  return calls[0];
}

scene("gemini", "genai_image_arrivesAsItWasSent", async (target) => {
  const contents = [user({ inlineData: { mimeType: "image/png", data: png } }, { text: picture.prompt })];
  const { result, seen } = await target.during(() => client(target).models.generateContent({ model: target.model, contents }));
  assert.equal(result.text, picture.text);
  assert.equal(JSON.parse(seen[0].body).contents[0].parts[0].inlineData.data, png);
});

scene("gemini", "genai_schema_isAnsweredWithAnObject", async (target) => {
  const config = { responseMimeType: "application/json", responseJsonSchema: trainSchema };
  const answer = await client(target).models.generateContent({ model: target.model, contents: train.prompt, config });
  assert.deepEqual(JSON.parse(answer.text), train.value);
});

scene("gemini", "genai_thinking_comesBeforeTheText", async (target) => {
  const config = { thinkingConfig: { includeThoughts: true, thinkingBudget: 256 } };
  const ask = { model: target.model, contents: thought.prompt, config };
  thinking([await client(target).models.generateContent(ask)]);
  thinking(await collect(await client(target).models.generateContentStream(ask)));
});

function thinking(answers) {
  const parts = answers.flatMap((answer) => answer.candidates[0].content?.parts ?? []);
  const said = (thought) => parts.filter((part) => (part.thought ?? false) === thought).map((part) => part.text).join("");
  assert.equal(said(true), thought.reasoning);
  assert.equal(said(false), thought.text);
}

for (const { status, prompt, message } of failures) {
  scene("gemini", `genai_providerAnswers${status}_isTheTypedError`, async (target) => {
    const models = client(target).models;
    for (const call of ["generateContent", "generateContentStream"]) {
      const error = await failure(() => models[call]({ model: target.model, contents: prompt }));
      assert.ok(error instanceof ApiError, String(error));
      assert.equal(error.status, told(target, "gemini", status));
      assert.ok(error.message.includes(message), error.message);
    }
  });
}

scene("gemini", "genaiEmbeddings_oneAndMany_areNumbers", async (target) => {
  const models = client(target).models;
  const one = await models.embedContent({ model: target.embedding, contents: vector.prompt });
  assert.deepEqual(one.embeddings.map((embedding) => embedding.values), [vector.values]);
  const many = await models.embedContent({ model: target.embedding, contents: [vector.prompt, vector.prompt] });
  assert.deepEqual(many.embeddings.map((embedding) => embedding.values), [vector.values, vector.values]);
});

scene(
  "gemini",
  "genaiCountTokens_withoutACountingProvider_isEstimatedAndSaysSo",
  async (target) => {
    const answer = await client(target).models.countTokens({ model: target.model, contents: greeting.prompt.repeat(100) });
    assert.ok(answer.totalTokens > 100 && answer.totalTokens < 1300, String(answer.totalTokens));
    assert.ok("x-pointsman-estimated" in answer.sdkHttpResponse.headers);
  },
  { gatewayOnly: true },
);

scene(
  "gemini",
  "genaiModels_listed_holdTheAskedOneAndAuto",
  async (target) => {
    const names = (await collect(await client(target).models.list())).map((model) => model.name);
    assert.ok(names.includes("models/auto") && names.includes(`models/${target.model}`), names.join(" "));
  },
  { gatewayOnly: true },
);
