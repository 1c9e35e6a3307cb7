// What the provider says: one answer to one text of the user, in all formats.

export const greeting = {
  prompt: "say hello",
  // characters outside the basic plane are cut in two by aimock's chunks
  text: "Grüß Gott 👋🏽, добрый день, 你好! \"Quotes\", \\ and\nlines end here. 🚂",
  usage: { input: 11, output: 7 },
};
export const weather = {
  prompt: "what is the weather in Zürich",
  tool: { id: "call_weather_1", name: "get_weather", arguments: { city: "Zürich", unit: "celsius" } },
  result: { degrees: 21 },
  text: "It is 21 °C in Zürich.",
};
export const pondered = {
  prompt: "ponder the weather in Bern",
  tool: { id: "call_ponder_1", name: "get_weather", arguments: { city: "Bern", unit: "celsius" } },
  result: { degrees: 19 },
  reasoning: "I had better look.",
  signature: "c2VhbGVkIHdpdGggYSBjYWxs",
  text: "It is 19 °C in Bern.",
};
export const broken = { prompt: "break off in the middle", text: "This sentence never comes to its own end." };
export const comparison = {
  prompt: "which is warmer, Zürich or Genève",
  tools: [
    { id: "call_compare_1", name: "get_weather", arguments: { city: "Zürich", unit: "celsius" } },
    { id: "call_compare_2", name: "get_weather", arguments: { city: "Genève", unit: "celsius" } },
  ],
  results: [{ degrees: 21 }, { degrees: 23 }],
  before: "I look at both.",
  text: "Genève, by 2 °C.",
};
export const cut = { prompt: "count to a thousand", text: "One, two, three, four" };
export const picture = { prompt: "what is in this picture", text: "A red square." };
export const train = { prompt: "describe a train as an object", value: { name: "Gotthard", cars: 9 } };
export const thought = {
  prompt: "think about points",
  reasoning: "A point joins two tracks, so set it first.",
  signature: "c2VhbGVkIGJ5IGl0cyBtYWtlcg==",
  text: "Set the point.",
};
export const vector = { prompt: "embed this text", values: [0.5, -0.25, 0.125, 1] };

export const failures = [
  { status: 400, type: "invalid_request_error", message: "this request is not valid" },
  { status: 401, type: "authentication_error", message: "this key is not known" },
  { status: 404, type: "not_found_error", message: "this model is not known" },
  { status: 429, type: "rate_limit_error", message: "too many requests" },
  { status: 500, type: "api_error", message: "something broke" },
  { status: 529, type: "overloaded_error", message: "overloaded for now" },
].map((failure) => ({ ...failure, prompt: `fail with ${failure.status}` }));

const counted = {
  usage: {
    prompt_tokens: greeting.usage.input,
    completion_tokens: greeting.usage.output,
    total_tokens: greeting.usage.input + greeting.usage.output,
  },
};

export function answers(mock) {
  mock.onMessage(greeting.prompt, { content: greeting.text, ...counted }, { chunkSize: 3 });
  mock.on({ userMessage: weather.prompt, hasToolResult: true }, { content: weather.text });
  const call = { ...weather.tool, arguments: JSON.stringify(weather.tool.arguments) };
  const asks = { userMessage: weather.prompt, hasToolResult: false };
  // Gemini ends with STOP where it calls a tool; aimock would say FUNCTION_CALL, on which the ai package ends its loop
  mock.on({ ...asks, model: /^gemini/ }, { toolCalls: [call], finishReason: "stop" });
  mock.on(asks, { toolCalls: [call] }, { chunkSize: 5 });
  mock.on({ userMessage: comparison.prompt, hasToolResult: true }, { content: comparison.text });
  const both = comparison.tools.map((tool) => ({ ...tool, arguments: JSON.stringify(tool.arguments) }));
  const compares = { userMessage: comparison.prompt, hasToolResult: false };
  mock.on({ ...compares, model: /^gemini/ }, { content: comparison.before, toolCalls: both, finishReason: "stop" });
  mock.on(compares, { content: comparison.before, toolCalls: both }, { chunkSize: 6 });
  mock.on({ userMessage: pondered.prompt, hasToolResult: true }, { content: pondered.text });
  const ponders = {
    toolCalls: [{ ...pondered.tool, arguments: JSON.stringify(pondered.tool.arguments) }],
    reasoning: pondered.reasoning,
    reasoningSignature: pondered.signature,
  };
  mock.on({ userMessage: pondered.prompt, hasToolResult: false, model: /^gemini/ }, { ...ponders, finishReason: "stop" });
  mock.on({ userMessage: pondered.prompt, hasToolResult: false }, ponders, { chunkSize: 6 });
  mock.onMessage(broken.prompt, { content: broken.text }, { chunkSize: 4, truncateAfterChunks: 5 });
  mock.onMessage(cut.prompt, { content: cut.text, finishReason: "length" }, { chunkSize: 4 });
  mock.onMessage(picture.prompt, { content: picture.text });
  mock.onMessage(train.prompt, { content: JSON.stringify(train.value) });
  mock.onMessage(thought.prompt, { content: thought.text, reasoning: thought.reasoning, reasoningSignature: thought.signature }, { chunkSize: 4 });
  mock.onEmbedding(vector.prompt, { embedding: vector.values });
  for (const { prompt, status, message, type } of failures) mock.onMessage(prompt, { error: { message, type }, status });
  return mock;
}
