// Where a provider's request says what, format by format. Each answers with plain values, so that one case fits all formats. `sealed` is
// what the provider signed or encrypted and wants back as it was.
const texts = (content) => (typeof content === "string" ? [content] : content.map((part) => part.text));
const said = (value) => (typeof value === "string" ? value : JSON.stringify(value)).replaceAll("\\", "");
const base64 = (url) => url.slice(url.indexOf(",") + 1);

export const requests = {
  "openai-chat": {
    path: /^\/v1\/chat\/completions$/,
    system: ({ messages }) => messages.filter(({ role }) => role === "system" || role === "developer").flatMap(({ content }) => texts(content)),
    image: ({ messages }) => base64(messages.at(-1).content.find(({ type }) => type === "image_url").image_url.url),
    tools: ({ tools }) => tools.map(({ function: { name, description, parameters } }) => ({ name, description, schema: parameters })),
    choice: ({ tool_choice }) => ({ required: "any" })[tool_choice] ?? tool_choice?.function?.name,
    schema: ({ response_format }) => response_format.json_schema.schema,
    limit: (body) => body.max_completion_tokens ?? body.max_tokens,
    thinks: ({ reasoning_effort }) => reasoning_effort !== undefined,
    shows: () => true,
    calls: ({ messages }) =>
      messages
        .flatMap(({ tool_calls = [] }) => tool_calls)
        .map(({ id, function: { name, arguments: text } }) => ({ id, name, arguments: JSON.parse(text) })),
    results: ({ messages }) =>
      messages.filter(({ role }) => role === "tool").map(({ tool_call_id, content }) => ({ id: tool_call_id, text: said(content) })),
  },
  "openai-responses": {
    path: /^\/v1\/responses$/,
    system: ({ instructions, input }) => [
      ...(instructions ? [instructions] : []),
      ...input.filter(({ role }) => role === "system" || role === "developer").flatMap(({ content }) => texts(content)),
    ],
    image: ({ input }) => base64(input.at(-1).content.find(({ type }) => type === "input_image").image_url),
    tools: ({ tools }) => tools.map(({ name, description, parameters }) => ({ name, description, schema: parameters })),
    choice: ({ tool_choice }) => ({ required: "any" })[tool_choice] ?? tool_choice?.name,
    schema: ({ text }) => text.format.schema,
    limit: ({ max_output_tokens }) => max_output_tokens,
    thinks: ({ reasoning }) => reasoning?.effort !== undefined,
    shows: ({ reasoning }) => reasoning?.summary !== undefined,
    calls: ({ input }) =>
      input
        .filter(({ type }) => type === "function_call")
        .map(({ call_id, name, arguments: text }) => ({ id: call_id, name, arguments: JSON.parse(text) })),
    results: ({ input }) =>
      input.filter(({ type }) => type === "function_call_output").map(({ call_id, output }) => ({ id: call_id, text: said(output) })),
    sealed: ({ input }) =>
      input.filter(({ type }) => type === "reasoning").map(({ encrypted_content }) => Buffer.from(encrypted_content, "base64").toString().split(":")[0]),
  },
  "anthropic-messages": {
    path: /^\/v1\/messages$/,
    system: ({ system }) => texts(system),
    image: ({ messages }) => messages.at(-1).content.find(({ type }) => type === "image").source.data,
    tools: ({ tools }) => tools.map(({ name, description, input_schema }) => ({ name, description, schema: input_schema })),
    choice: ({ tool_choice }) => (tool_choice?.type === "tool" ? tool_choice.name : tool_choice?.type),
    schema: ({ output_config }) => output_config.format.schema,
    limit: ({ max_tokens }) => max_tokens,
    thinks: ({ thinking }) => thinking !== undefined && thinking.type !== "disabled",
    shows: ({ thinking }) => thinking.display !== "omitted",
    calls: (body) => blocks(body, "tool_use").map(({ id, name, input }) => ({ id, name, arguments: input })),
    results: (body) => blocks(body, "tool_result").map(({ tool_use_id, content }) => ({ id: tool_use_id, text: said(content) })),
    sealed: (body) => blocks(body, "thinking").map(({ thinking, signature }) => ({ thinking, signature })),
  },
  gemini: {
    path: /^\/v1beta\/models\/gemini-2\.5-flash:(?:generateContent|streamGenerateContent\?alt=sse)$/,
    system: ({ systemInstruction }) => texts(systemInstruction.parts),
    image: ({ contents }) => contents.at(-1).parts.find(({ inlineData }) => inlineData).inlineData.data,
    tools: ({ tools }) =>
      tools
        .flatMap(({ functionDeclarations }) => functionDeclarations)
        .map(({ name, description, parametersJsonSchema, parameters }) => ({ name, description, schema: parametersJsonSchema ?? parameters })),
    choice: ({ toolConfig }) => {
      const { mode, allowedFunctionNames } = toolConfig?.functionCallingConfig ?? {};
      return mode === "ANY" ? (allowedFunctionNames?.[0] ?? "any") : mode;
    },
    schema: ({ generationConfig }) => generationConfig.responseJsonSchema ?? generationConfig.responseSchema,
    limit: ({ generationConfig }) => generationConfig.maxOutputTokens,
    thinks: ({ generationConfig }) => generationConfig.thinkingConfig.thinkingBudget > 0,
    shows: ({ generationConfig }) => generationConfig.thinkingConfig.includeThoughts === true,
    calls: (body) => parts(body, "functionCall").map(({ id, name, args }) => ({ id, name, arguments: args })),
    results: (body) => parts(body, "functionResponse").map(({ id, response }) => ({ id, text: said(response) })),
    sealed: ({ contents }) => contents.flatMap(({ parts }) => parts).flatMap(({ functionCall, thoughtSignature }) => (functionCall ? [thoughtSignature] : [])),
  },
};

function blocks({ messages }, kind) {
  return messages.flatMap(({ content }) => (typeof content === "string" ? [] : content)).filter(({ type }) => type === kind);
}

function parts({ contents }, kind) {
  return contents.flatMap(({ parts }) => parts).flatMap((part) => (part[kind] ? [part[kind]] : []));
}
