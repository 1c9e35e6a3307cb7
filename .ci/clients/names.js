export const callerKey = "key-of-the-caller";
export const policyKey = "key-of-the-policy";

export const models = {
  openai: { provider: "mock", id: "gpt-5.4", embedding: "text-embedding-3-small" },
  anthropic: { provider: "mockclaude", id: "claude-haiku-4-5" },
  gemini: { provider: "mockgemini", id: "gemini-2.5-flash", embedding: "gemini-embedding-001" },
};

/** One provider of each format that speaks no other. */
export const speakers = {
  "openai-chat": { provider: "mockchat", id: "gpt-5.4" },
  "openai-responses": { provider: "mockresponses", id: "gpt-5.4" },
  "anthropic-messages": { provider: "mockclaude", id: "claude-haiku-4-5" },
  gemini: { provider: "mockgemini", id: "gemini-2.5-flash" },
};
