// The v2 TypeScript SDK as a client: by default of the session era, else of the stateless one or whichever it finds.
import assert from "node:assert/strict";
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { bindTaskReceiver } from "@modelcontextprotocol/ext-tasks/receiver";
import { run } from "./run.mjs";
import { answers, Session } from "./session.mjs";
import { connectTo, wish } from "./wish.mjs";

const modes = { legacy: undefined, auto: { mode: "auto" }, modern: { mode: { pin: "2026-07-28" } } };
const era = wish.era ?? "legacy";
const receiver = { list: {}, cancel: {}, requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } };
const client = new Client(
  { name: "interop-sdk2", version: "1.0.0" },
  {
    capabilities: { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true }, ...(era === "legacy" && { tasks: receiver }) },
    ...(modes[era] && { versionNegotiation: modes[era] }),
  },
);
const session = new Session(client, 2, wish.servers);
const answer = (method, reply) => client.setRequestHandler(method, (request) => (session.asked.push(request), reply(request)));

// In the session era a server may turn its question into a task that this client keeps and the server polls.
if (era === "legacy") {
  bindTaskReceiver(client, {
    methods: { "sampling/createMessage": true, "elicitation/create": true },
    sampling: async (request) => (session.asked.push(request), answers.sample(request)),
    elicitation: async (request) => (session.asked.push(request), answers.elicit(request)),
  });
}
answer("elicitation/create", answers.elicit);
answer("sampling/createMessage", answers.sample);
answer("roots/list", answers.roots);
await client.connect(connectTo({ Stdio: StdioClientTransport, StreamableHttp: StreamableHTTPClientTransport, Sse: SSEClientTransport }));

const everything = Object.keys(wish.servers).filter((server) => wish.servers[server] === "everything");
const failures = await run(session, wish.servers, {
  "the era is the one that was asked for": async () =>
    assert.equal(client.getProtocolEra(), era === "legacy" ? "legacy" : "modern"),
  ...(era === "legacy" && Object.fromEntries(everything.flatMap((server) => [
    [`${server || "alone"}: sampling as a task of the client`, async () =>
      assert.match((await session.call(server || undefined, "trigger-sampling-request-async", { prompt: "later" })).content.map((item) => item.text).join("\n"), /sampled</)],
    [`${server || "alone"}: elicitation as a task of the client`, async () =>
      assert.match((await session.call(server || undefined, "trigger-elicitation-request-async")).content.map((item) => item.text).join("\n"), /Ada/)],
  ]))),
});
await client.close();
process.exit(failures);
