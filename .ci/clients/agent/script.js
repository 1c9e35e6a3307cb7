// What the model says to an agent that is to write a file: it calls the agent's own tool for that, and when it has the result, it ends.
export const written = "hi";
export const done = "The file is there.";

export const task = (path) => `Create the file ${path} with the text ${written}`;

// by the tool's name, its arguments
const tools = {
  Write: (path) => ({ file_path: path, content: written }),
  write: (path) => ({ filePath: path, content: written }),
  bash: (path) => ({ command: `printf ${written} > ${path}`, description: "Writes the file" }),
  exec_command: (path) => ({ cmd: `printf ${written} > ${path}` }),
};

export function script(mock) {
  const texts = ({ content }) => (typeof content === "string" ? [content] : (content ?? []).map(({ text }) => text ?? ""));
  const path = ({ messages }) => messages.filter(({ role }) => role === "user").flatMap(texts).join("\n").match(/Create the file (\S+) with/)?.[1];
  const tool = ({ tools: offered = [] }) => Object.keys(tools).find((name) => offered.some((one) => one.function.name === name));
  const call = (request) => ({ id: "call_1", name: tool(request), arguments: JSON.stringify(tools[tool(request)](path(request))) });

  mock.on({ hasToolResult: true }, { content: done }, { chunkSize: 4 });
  mock.on({ predicate: (request) => path(request) && tool(request), model: /^gemini/ }, (request) => ({
    content: "I write it.",
    toolCalls: [call(request)],
    finishReason: "stop",
  }));
  const asked = { predicate: (request) => path(request) && tool(request) };
  mock.on(asked, (request) => ({ content: "I write it.", reasoning: "It wants a file.", toolCalls: [call(request)] }), { chunkSize: 6 });
  // what an agent asks beside its task, such as a title
  mock.on({ predicate: () => true }, { content: "A file" });
  return mock;
}
