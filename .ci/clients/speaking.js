// The clients, each with the same few ways to speak: `open` begins a conversation, `ask` gets what the model says to it, at once or as a
// stream, `told` puts an answer and the results of its calls behind it. An answer has text, reasoning, calls ({ id, name, arguments }),
// finish, usage ({ input, output }), the pieces in which text and arguments came, and in `turn` what `told` takes. What is not the same
// for all: whether sealed reasoning is kept for the next turn (keepsSeals), whether asking to think is asking to see it (asksToSee),
// whether it is not told at all (hidesReasoning), whether calls come whole in a stream (callsInOnePiece), whether an object is asked for
// as a call of a tool (objectsByTool).
import Anthropic from "@anthropic-ai/sdk";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { ApiError, GoogleGenAI } from "@google/genai";
import { APICallError, generateText, jsonSchema, Output, streamText, tool } from "ai";
import assert from "node:assert/strict";
import OpenAI from "openai";
import { collect, png } from "./parts.js";

const user = (content) => ({ role: "user", content });
const join = (list) => list.join("");
const filled = (list) => list.filter((one) => one);

// --- the openai package

const openai = ({ url, key }) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const openaiErrors = {
  400: [OpenAI.BadRequestError, 400, "invalid_request_error"],
  401: [OpenAI.AuthenticationError, 401, "invalid_request_error"],
  404: [OpenAI.NotFoundError, 404, "invalid_request_error"],
  429: [OpenAI.RateLimitError, 429, "rate_limit_error"],
  500: [OpenAI.InternalServerError, 502, "server_error"],
  529: [OpenAI.InternalServerError, 503, "server_error"],
};

const openaiChat = {
  name: "openaiChat",
  format: "openai-chat",
  finishes: { end: "stop", calls: "tool_calls", limit: "length" },
  open: (prompt, { system, image } = {}) => [
    ...(system ? [{ role: "system", content: system }] : []),
    user(image ? [{ type: "text", text: prompt }, { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }] : prompt),
  ],
  async ask(target, messages, { stream, tools, choice, schema, limit, thinks } = {}) {
    const ask = {
      model: target.model,
      messages,
      tools: tools?.map(({ name, description, schema }) => ({ type: "function", function: { name, description, parameters: schema } })),
      tool_choice: choice && (choice === "any" ? "required" : { type: "function", function: { name: choice } }),
      response_format: schema && { type: "json_schema", json_schema: { name: "answer", schema, strict: true } },
      max_completion_tokens: limit,
      reasoning_effort: thinks ? "low" : undefined,
    };
    if (!stream) return openaiChat.answer(await openai(target).chat.completions.create(ask), [], []);
    const runner = openai(target).chat.completions.stream({ ...ask, stream_options: { include_usage: true } });
    const deltas = (await collect(runner)).map((chunk) => chunk.choices[0]?.delta ?? {});
    const completion = await runner.finalChatCompletion();
    return {
      ...openaiChat.answer(completion, filled(deltas.map(({ content }) => content)), filled(deltas.map((delta) => delta.tool_calls?.[0].function.arguments))),
      reasoning: join(deltas.map(({ reasoning_content }) => reasoning_content ?? "")),
    };
  },
  answer({ choices, usage }, textPieces, argumentPieces) {
    const { message, finish_reason } = choices[0];
    return {
      text: message.content ?? "",
      reasoning: message.reasoning_content ?? "",
      calls: (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => ({ id, name, arguments: JSON.parse(text) })),
      finish: finish_reason,
      usage: { input: usage?.prompt_tokens, output: usage?.completion_tokens },
      textPieces,
      argumentPieces,
      turn: message,
    };
  },
  told: (messages, answer, results) => [
    ...messages,
    answer.turn,
    ...answer.calls.map(({ id }, at) => ({ role: "tool", tool_call_id: id, content: JSON.stringify(results[at]) })),
  ],
  fails: openaiErrors,
  typeOf: (error) => error.type,
};

const openaiResponses = {
  name: "openaiResponses",
  format: "openai-responses",
  finishes: { end: "completed", calls: "completed", limit: "incomplete: max_output_tokens" },
  keepsSeals: true,
  asksToSee: true,
  open: (prompt, { system, image } = {}) => [
    ...(system ? [{ role: "developer", content: system }] : []),
    user(image ? [{ type: "input_text", text: prompt }, { type: "input_image", image_url: `data:image/png;base64,${png}`, detail: "auto" }] : prompt),
  ],
  async ask(target, input, { stream, tools, choice, schema, limit, thinks } = {}) {
    const ask = {
      model: target.model,
      input,
      store: false,
      include: ["reasoning.encrypted_content"],
      tools: tools?.map(({ name, description, schema }) => ({ type: "function", name, description, parameters: schema, strict: false })),
      tool_choice: choice && (choice === "any" ? "required" : { type: "function", name: choice }),
      text: schema && { format: { type: "json_schema", name: "answer", schema, strict: true } },
      max_output_tokens: limit,
      reasoning: thinks ? { effort: "low", summary: "auto" } : undefined,
    };
    if (!stream) return openaiResponses.answer(await openai(target).responses.create(ask), [], []);
    const runner = openai(target).responses.stream(ask);
    const events = await collect(runner);
    const deltas = (kind) => filled(events.filter(({ type }) => type === kind).map(({ delta }) => delta));
    const streamed = join(deltas("response.output_text.delta"));
    const answer = openaiResponses.answer(
      await runner.finalResponse(),
      deltas("response.output_text.delta"),
      deltas("response.function_call_arguments.delta"),
    );
    assert.equal(streamed, answer.text, "the deltas are not the text of the last event");
    assert.equal(join(deltas("response.reasoning_summary_text.delta")), answer.reasoning);
    return answer;
  },
  answer(response, textPieces, argumentPieces) {
    const { output, output_text, status, incomplete_details, usage } = response;
    return {
      text: output_text,
      reasoning: join(output.filter(({ type }) => type === "reasoning").flatMap(({ summary }) => summary.map(({ text }) => text))),
      calls: output
        .filter(({ type }) => type === "function_call")
        .map(({ call_id, name, arguments: text }) => ({ id: call_id, name, arguments: JSON.parse(text) })),
      finish: incomplete_details ? `${status}: ${incomplete_details.reason}` : status,
      usage: { input: usage?.input_tokens, output: usage?.output_tokens },
      textPieces,
      argumentPieces,
      turn: output.map(({ parsed, parsed_arguments, ...item }) => item),
    };
  },
  told: (input, answer, results) => [
    ...input,
    ...answer.turn,
    ...answer.calls.map(({ id }, at) => ({ type: "function_call_output", call_id: id, output: JSON.stringify(results[at]) })),
  ],
  fails: openaiErrors,
  typeOf: (error) => error.type,
};

// --- the @anthropic-ai/sdk package

const anthropic = {
  name: "anthropic",
  format: "anthropic-messages",
  finishes: { end: "end_turn", calls: "tool_use", limit: "max_tokens" },
  keepsSeals: true,
  asksToSee: true,
  open: (prompt, { system, image } = {}) => ({
    system,
    messages: [
      user(image ? [{ type: "image", source: { type: "base64", media_type: "image/png", data: png } }, { type: "text", text: prompt }] : prompt),
    ],
  }),
  async ask({ url, key, model }, conversation, { stream, tools, choice, schema, limit = 2048, thinks } = {}) {
    const client = new Anthropic({ baseURL: url, apiKey: key, authToken: null, maxRetries: 0 });
    const ask = {
      ...conversation,
      model,
      max_tokens: limit,
      tools: tools?.map(({ name, description, schema }) => ({ name, description, input_schema: schema })),
      tool_choice: choice && (choice === "any" ? { type: "any" } : { type: "tool", name: choice }),
      output_config: schema && { format: { type: "json_schema", schema } },
      thinking: thinks ? { type: "enabled", budget_tokens: 1024 } : undefined,
    };
    if (!stream) return anthropic.answer(await client.messages.create(ask), [], []);
    const runner = client.messages.stream(ask);
    const deltas = (await collect(runner)).filter(({ type }) => type === "content_block_delta").map(({ delta }) => delta);
    return anthropic.answer(
      await runner.finalMessage(),
      filled(deltas.map(({ text }) => text)),
      filled(deltas.map(({ partial_json }) => partial_json)),
    );
  },
  answer({ content, stop_reason, usage }, textPieces, argumentPieces) {
    const said = (kind, field) => join(content.filter(({ type }) => type === kind).map((block) => block[field]));
    return {
      text: said("text", "text"),
      reasoning: said("thinking", "thinking"),
      calls: content.filter(({ type }) => type === "tool_use").map(({ id, name, input }) => ({ id, name, arguments: input })),
      finish: stop_reason,
      usage: { input: usage.input_tokens, output: usage.output_tokens },
      textPieces,
      argumentPieces,
      turn: { role: "assistant", content },
    };
  },
  told: ({ system, messages }, answer, results) => ({
    system,
    messages: [
      ...messages,
      answer.turn,
      ...(answer.calls.length > 0
        ? [user(answer.calls.map(({ id }, at) => ({ type: "tool_result", tool_use_id: id, content: JSON.stringify(results[at]) })))]
        : []),
    ],
  }),
  said: ({ system, messages }, prompt) => ({ system, messages: [...messages, user(prompt)] }),
  fails: {
    400: [Anthropic.BadRequestError, 400, "invalid_request_error"],
    401: [Anthropic.AuthenticationError, 401, "authentication_error"],
    404: [Anthropic.NotFoundError, 404, "not_found_error"],
    429: [Anthropic.RateLimitError, 429, "rate_limit_error"],
    500: [Anthropic.InternalServerError, 502, "api_error"],
    529: [Anthropic.InternalServerError, 529, "overloaded_error"],
  },
  typeOf: (error) => error.type,
};

// --- the @google/genai package

const genai = {
  name: "genai",
  format: "gemini",
  finishes: { end: "STOP", calls: "STOP", limit: "MAX_TOKENS" },
  keepsSeals: true,
  asksToSee: true,
  callsInOnePiece: true,
  open: (prompt, { system, image } = {}) => ({
    systemInstruction: system,
    contents: [{ role: "user", parts: [...(image ? [{ inlineData: { mimeType: "image/png", data: png } }] : []), { text: prompt }] }],
  }),
  async ask({ url, key, model }, { systemInstruction, contents }, { stream, tools, choice, schema, limit, thinks } = {}) {
    const { models } = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url, retryOptions: { attempts: 1 } } });
    const config = {
      systemInstruction,
      tools: tools && [{ functionDeclarations: tools.map(({ name, description, schema }) => ({ name, description, parametersJsonSchema: schema })) }],
      toolConfig: choice && { functionCallingConfig: { mode: "ANY", allowedFunctionNames: choice === "any" ? undefined : [choice] } },
      responseMimeType: schema && "application/json",
      responseJsonSchema: schema,
      maxOutputTokens: limit,
      thinkingConfig: thinks ? { includeThoughts: true, thinkingBudget: 1024 } : undefined,
    };
    const ask = { model, contents, config };
    if (!stream) return genai.answer([await models.generateContent(ask)]);
    return genai.answer(await collect(await models.generateContentStream(ask)));
  },
  answer(chunks) {
    const parts = chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
    const texts = (thought) => filled(parts.filter((part) => (part.thought ?? false) === thought).map(({ text }) => text));
    const usage = chunks.at(-1).usageMetadata;
    const finishes = filled(chunks.map(({ candidates }) => candidates?.[0]?.finishReason));
    assert.equal(finishes.length, 1, `${finishes.length} ends`);
    return {
      text: join(texts(false)),
      reasoning: join(texts(true)),
      calls: parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : [])).map(({ id, name, args }) => ({ id, name, arguments: args })),
      finish: finishes[0],
      usage: { input: usage?.promptTokenCount, output: usage?.candidatesTokenCount },
      textPieces: texts(false),
      argumentPieces: [],
      turn: { role: "model", parts },
    };
  },
  told: ({ contents, ...rest }, answer, results) => ({
    ...rest,
    contents: [
      ...contents,
      answer.turn,
      ...(answer.calls.length > 0
        ? [{ role: "user", parts: answer.calls.map(({ id, name }, at) => ({ functionResponse: { id, name, response: results[at] } })) }]
        : []),
    ],
  }),
  said: ({ contents, ...rest }, prompt) => ({ ...rest, contents: [...contents, { role: "user", parts: [{ text: prompt }] }] }),
  fails: {
    400: [ApiError, 400, "INVALID_ARGUMENT"],
    401: [ApiError, 401, "UNAUTHENTICATED"],
    404: [ApiError, 404, "NOT_FOUND"],
    429: [ApiError, 429, "RESOURCE_EXHAUSTED"],
    500: [ApiError, 502, "UNAVAILABLE"],
    529: [ApiError, 503, "UNAVAILABLE"],
  },
  typeOf: (error) => JSON.parse(error.message).error.status,
};

// --- the ai package

function vercel({ name, model, options: usual = {}, thinking, overloaded = 503, ...traits }) {
  const statuses = { 400: 400, 401: 401, 404: 404, 429: 429, 500: 502, 529: overloaded };
  return {
    name,
    ...traits,
    finishes: { end: "stop", calls: "tool-calls", limit: "length" },
    open: (prompt, { system, image } = {}) => ({
      system,
      messages: [user(image ? [{ type: "text", text: prompt }, { type: "image", image: png, mediaType: "image/png" }] : prompt)],
    }),
    async ask(target, { system, messages }, { stream, tools, choice, schema, limit, thinks, options = usual } = {}) {
      const named = tools?.map(({ name, description, schema }) => [name, tool({ description, inputSchema: jsonSchema(schema) })]);
      const ask = {
        model: model(target),
        system,
        messages,
        tools: named && Object.fromEntries(named),
        toolChoice: choice && (choice === "any" ? "required" : { type: "tool", toolName: choice }),
        output: schema && Output.object({ schema: jsonSchema(schema) }),
        maxOutputTokens: limit,
        maxRetries: 0,
        providerOptions: thinks ? thinking : options,
      };
      if (!stream) return answered(await generateText(ask), schema, [], []);
      const result = streamText({ ...ask, onError: () => {} });
      const events = await collect(result.fullStream);
      const failed = events.find(({ type }) => type === "error");
      if (failed) throw failed.error;
      const pieces = (kind, field) => filled(events.filter(({ type }) => type === kind).map((event) => event[field]));
      return answered(result, schema, pieces("text-delta", "text"), pieces("tool-input-delta", "delta"));
    },
    told: ({ system, messages }, { turn, calls }, results) => ({
      system,
      messages: [
        ...messages,
        ...turn,
        ...(calls.length > 0
          ? [
              {
                role: "tool",
                content: calls.map(({ id, name }, at) => ({
                  type: "tool-result",
                  toolCallId: id,
                  toolName: name,
                  output: { type: "json", value: results[at] },
                })),
              },
            ]
          : []),
      ],
    }),
    said: ({ system, messages }, prompt) => ({ system, messages: [...messages, user(prompt)] }),
    fails: Object.fromEntries(Object.entries(statuses).map(([status, told]) => [status, [APICallError, told]])),
  };
}

async function answered(result, schema, textPieces, argumentPieces) {
  const usage = await result.usage;
  const text = await result.text;
  if (schema) assert.deepEqual(await result.output, JSON.parse(text));
  return {
    text,
    reasoning: (await result.reasoningText) ?? "",
    calls: (await result.toolCalls).map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, arguments: input })),
    finish: await result.finishReason,
    usage: { input: usage.inputTokens, output: usage.outputTokens },
    textPieces,
    argumentPieces,
    turn: (await result.response).messages,
  };
}

export const clients = [
  { ...openaiChat, said: (messages, prompt) => [...messages, user(prompt)] },
  { ...openaiResponses, said: (input, prompt) => [...input, user(prompt)] },
  anthropic,
  genai,
  vercel({
    name: "aiOpenaiChat",
    hidesReasoning: true,
    format: "openai-chat",
    model: ({ url, key, model }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).chat(model),
    thinking: { openai: { reasoningEffort: "low", forceReasoning: true } },
  }),
  vercel({
    name: "aiOpenaiResponses",
    format: "openai-responses",
    model: ({ url, key, model }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key })(model),
    keepsSeals: true,
    asksToSee: true,
    options: { openai: { store: false } },
    thinking: {
      openai: { reasoningEffort: "low", reasoningSummary: "auto", forceReasoning: true, store: false, include: ["reasoning.encrypted_content"] },
    },
  }),
  vercel({
    name: "aiAnthropic",
    format: "anthropic-messages",
    model: ({ url, key, model }) => createAnthropic({ baseURL: `${url}/v1`, apiKey: key })(model),
    keepsSeals: true,
    asksToSee: true,
    objectsByTool: true,
    thinking: { anthropic: { thinking: { type: "enabled", budgetTokens: 1024 } } },
    overloaded: 529,
  }),
  vercel({
    name: "aiGoogle",
    format: "gemini",
    model: ({ url, key, model }) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: key })(model),
    keepsSeals: true,
    asksToSee: true,
    callsInOnePiece: true,
    thinking: { google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } } },
  }),
];
