// The 1.x TypeScript SDK as a client: it speaks the session era only, over all three transports.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import * as types from "@modelcontextprotocol/sdk/types.js";
import { run } from "./run.mjs";
import { answers, Session } from "./session.mjs";
import { connectTo, wish } from "./wish.mjs";

const client = new Client(
  { name: "interop-sdk1", version: "1.0.0" },
  { capabilities: { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } } },
);
const session = new Session(client, 1, wish.servers);
const answer = (schema, reply) => client.setRequestHandler(schema, (request) => (session.asked.push(request), reply(request)));
answer(types.ElicitRequestSchema, answers.elicit);
answer(types.CreateMessageRequestSchema, answers.sample);
answer(types.ListRootsRequestSchema, answers.roots);
await client.connect(connectTo({ Stdio: StdioClientTransport, StreamableHttp: StreamableHTTPClientTransport, Sse: SSEClientTransport }));

/** A task of the 2025-11-25 kind: created, polled, asked back where the topic is ambiguous, and its result fetched. */
const research = (server, ambiguous) => async () => {
  const name = session.named(server || undefined, "simulate-research-query");
  const seen = [];
  const stream = client.experimental.tasks.callToolStream(
    { name, arguments: { topic: "python", ambiguous } },
    types.CallToolResultSchema,
    { task: { ttl: 60_000 } },
  );
  for await (const message of stream) {
    if (message.type === "error") throw message.error;
    seen.push(message);
  }
  const created = seen.find((message) => message.type === "taskCreated");
  assert.equal(created.task.status, "working");
  assert.match(seen.at(-1).result.content[0].text, ambiguous ? /python \(programming\)/ : /Research Report: python/);
  assert.equal((await client.experimental.tasks.getTask(created.task.taskId)).status, "completed");
  const { tasks } = await client.experimental.tasks.listTasks();
  assert.ok(tasks.some((task) => task.taskId === created.task.taskId), "the task is not listed");
};

const everything = Object.keys(wish.servers).filter((server) => wish.servers[server] === "everything");
const failures = await run(session, wish.servers, {
  "ping": () => client.ping(),
  "roots changed is taken": () => client.sendRootsListChanged(),
  ...Object.fromEntries(everything.flatMap((server) => [
    [`${server || "alone"}: a task`, research(server, false)],
    [`${server || "alone"}: a task that asks back`, research(server, true)],
  ])),
});
await client.close();
process.exit(failures);
