// The provider: aimock behind a door that keeps every request as its bytes came in. aimock's own journal keeps neither keys nor
// bodies as sent. What aimock lacks and a client needs is made here from aimock's own answers: base64 embeddings, batchEmbedContents, why a
// Responses answer is incomplete, the signature of a call of Gemini's.
import http from "node:http";
import { LLMock } from "@copilotkit/aimock";
import { cut, pondered } from "./answers.js";

export async function startProvider({ port = 0, answers }) {
  const mock = answers(new LLMock({ port: 0, journalMaxEntries: 1 }));
  await mock.start();
  const requests = [];
  const door = http.createServer(async (request, response) => {
    try {
      const body = await bytes(request);
      requests.push({ method: request.method, path: request.url, headers: request.headers, body });
      await answer(mock.url, request, body, response);
    } catch (failure) {
      response.destroy(failure);
    }
  });
  await new Promise((resolve, reject) => door.once("error", reject).listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${door.address().port}`,
    /** What arrived while the work was done. */
    async during(work) {
      const before = requests.length;
      const result = await work();
      return { result, seen: requests.slice(before) };
    },
    async stop() {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
      await mock.stop();
    },
  };
}

async function bytes(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

async function answer(url, request, body, response) {
  const { pathname } = new URL(request.url, url);
  if (pathname.endsWith(":batchEmbedContents")) {
    return batchEmbeddings(url + plainPath(pathname).replace(":batchEmbedContents", ":embedContent"), body, response);
  }
  if (pathname === "/v1/embeddings" && JSON.parse(body).encoding_format === "base64") {
    return base64Embeddings(url + request.url, body, response);
  }
  if (pathname === "/v1/responses" && body.includes(cut.prompt)) {
    return edited(url + request.url, body, response, (said) =>
      said
        .replaceAll("response.completed", "response.incomplete")
        .replace('"status":"incomplete"', '"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}'),
    );
  }
  if (pathname.startsWith("/v1beta/") && body.includes(pondered.prompt)) {
    const signed = `{"thoughtSignature":"${pondered.signature}","functionCall":`;
    return edited(url + plainPath(request.url), body, response, (said) => said.replace('{"functionCall":', signed));
  }
  return pass(url, request, body, response);
}

async function edited(url, body, response, edit) {
  const answered = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const said = edit(await answered.text());
  response.writeHead(answered.status, { "content-type": answered.headers.get("content-type") });
  response.end(said);
}

async function batchEmbeddings(url, body, response) {
  const embeddings = [];
  for (const one of JSON.parse(body).requests) embeddings.push((await json(url, one)).embedding);
  send(response, { embeddings });
}

async function base64Embeddings(url, body, response) {
  const answered = await json(url, JSON.parse(body));
  for (const one of answered.data) one.embedding = Buffer.from(Float32Array.from(one.embedding).buffer).toString("base64");
  send(response, answered);
}

async function json(url, body) {
  const answered = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!answered.ok) throw new Error(`aimock answered ${answered.status}: ${await answered.text()}`);
  return answered.json();
}

function send(response, body) {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** The path with the plain id of a Gemini model, which a direct call may ask for by the gateway's name. */
function plainPath(path) {
  return path.replace(/^\/v1beta\/(?:[^:]*\/)?([^/:]+):/, "/v1beta/models/$1:");
}

function pass(url, request, body, response) {
  return new Promise((resolve, reject) => {
    const headers = { ...request.headers, "content-length": body.length };
    delete headers["transfer-encoding"];
    const onward = http.request(url + plainPath(request.url), { method: request.method, headers, agent: false }, (answered) => {
      response.writeHead(answered.statusCode, answered.headers);
      answered.pipe(response);
      answered.once("end", resolve).once("error", reject);
    });
    onward.once("error", reject);
    response.once("close", () => onward.destroy());
    onward.end(body);
  });
}
