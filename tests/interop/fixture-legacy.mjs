// A server of the session era, 2025-11-25 and 2025-06-18, on the official 1.x SDK: every tool, prompt and resource the
// conformance suite's server scenarios ask for, those of the revision after included, and a few of our own for what the
// suite leaves out (cancellation, roots, URL elicitation, list_changed, resources/updated).
//
//   node fixture-legacy.mjs --port 3910 | --stdio
import { randomUUID } from "node:crypto";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import * as types from "@modelcontextprotocol/sdk/types.js";
import { serveHttp, wish } from "./fixture/command-line.mjs";
import { commonTools, complete, listedPrompts, listedTools, named, prompts, read, resources, templates } from "./fixture/content.mjs";
import { EventLog } from "./fixture/event-log.mjs";
import { inputPrompt, inputTools } from "./fixture/legacy-input.mjs";
import { legacyTools } from "./fixture/legacy-tools.mjs";
import { listTools, toggledPrompts } from "./fixture/lists.mjs";

const tools = [...commonTools, ...legacyTools, ...inputTools, ...listTools];

const find = (table, name, what) => {
  const found = named(table, name);
  if (!found) throw new types.McpError(types.ErrorCode.InvalidParams, `${what} ${name} not found`);
  return found;
};

/** The sessions that are open. */
const live = new Set();

/** Tells all sessions, as a server does whose lists are the same for everybody. */
const changed = {
  toolsChanged: () => Promise.all([...live].map(({ server }) => server.sendToolListChanged())),
  promptsChanged: () => Promise.all([...live].map(({ server }) => server.sendPromptListChanged())),
  resourceUpdated: (uri) =>
    Promise.all([...live].filter(({ subscribed }) => subscribed.has(uri)).map(({ server }) => server.sendResourceUpdated({ uri }))),
};

/** What a tool or prompt may do while it is called. */
function callOf(session, params, extra) {
  const token = params._meta?.progressToken;
  return {
    session,
    changed,
    signal: extra.signal,
    closeStream: () => extra.closeSSEStream?.(),
    ask: (request, schema) => extra.sendRequest(request, schema, { timeout: 30_000 }),
    notify: (notification) => extra.sendNotification(notification),
    progress: async (progress, total) => {
      if (token === undefined) return;
      await extra.sendNotification({ method: "notifications/progress", params: { progressToken: token, progress, total } });
    },
    log: (level, data) => extra.sendNotification({ method: "notifications/message", params: { level, logger: "fixture", data } }),
  };
}

/** One server for one client session. */
function createServer() {
  const server = new Server(
    { name: "mimir-fixture-legacy", version: "1.0.0" },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        completions: {},
        logging: {},
      },
      instructions: "A fixture for tests.",
    },
  );
  const session = { server, subscribed: new Set(), extraTools: [] };
  server.oninitialized = () => live.add(session);
  server.onclose = () => live.delete(session);
  const handle = (schema, handler) => server.setRequestHandler(schema, handler);
  const allTools = () => [...tools, ...session.extraTools];
  const allPrompts = () => [...prompts, inputPrompt, ...toggledPrompts()];

  handle(types.ListToolsRequestSchema, () => ({ tools: listedTools(allTools()) }));
  handle(types.CallToolRequestSchema, ({ params }, extra) =>
    find(allTools(), params.name, "Tool").run(params.arguments ?? {}, callOf(session, params, extra)));
  handle(types.ListPromptsRequestSchema, () => ({ prompts: listedPrompts(allPrompts()) }));
  handle(types.GetPromptRequestSchema, ({ params }, extra) =>
    find(allPrompts(), params.name, "Prompt").get(params.arguments ?? {}, callOf(session, params, extra)));
  handle(types.ListResourcesRequestSchema, () => ({ resources }));
  handle(types.ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: templates }));
  handle(types.ReadResourceRequestSchema, ({ params }) => {
    const result = read(params.uri);
    if (!result) throw new types.McpError(-32002, "Resource not found", { uri: params.uri });
    return result;
  });
  handle(types.SubscribeRequestSchema, ({ params }) => (session.subscribed.add(params.uri), {}));
  handle(types.UnsubscribeRequestSchema, ({ params }) => (session.subscribed.delete(params.uri), {}));
  handle(types.CompleteRequestSchema, ({ params }) => complete(params));
  return server;
}

const sessions = new Map();

async function serve(request, response) {
  const id = request.headers["mcp-session-id"];
  if (id !== undefined) {
    const transport = sessions.get(id);
    if (transport) return transport.handleRequest(request, response);
    response.writeHead(404, { "content-type": "application/json" });
    return response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32001, message: "Session not found" } }));
  }
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: new EventLog(),
    retryInterval: 200,
    onsessioninitialized: (session) => void sessions.set(session, transport),
  });
  transport.onclose = () => sessions.delete(transport.sessionId);
  await createServer().connect(transport);
  await transport.handleRequest(request, response);
}

const wanted = wish();
if (wanted.stdio) await createServer().connect(new StdioServerTransport());
else serveHttp(wanted, serve);
