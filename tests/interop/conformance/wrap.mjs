// The client that the conformance suite's client scenarios are run against. The suite gives the URL of its mock server as
// the last argument. With MIMIR_DIRECT set the official client speaks to the mock itself, which tells what a pass looks
// like; without, Mimir stands in between, with the mock as its only upstream server.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { startMimir } from "../lib/mimir.mjs";

const mock = process.argv.at(-1);
const scenario = process.env.MCP_CONFORMANCE_SCENARIO;
const revision = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION;
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}");
const modern = revision >= "2026-07-28";

function newClient() {
  const client = new Client(
    { name: "mimir-conformance-client", version: "1.0.0" },
    {
      capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} },
      ...(modern && { versionNegotiation: { mode: { pin: revision } } }),
    },
  );
  client.setRequestHandler("elicitation/create", ({ params }) => ({
    action: "accept",
    content: params.requestedSchema?.properties?.confirmed ? { confirmed: true } : {},
  }));
  client.setRequestHandler("sampling/createMessage", () => ({
    role: "assistant",
    model: "none",
    content: { type: "text", text: "Hello" },
  }));
  client.setRequestHandler("roots/list", () => ({ roots: [{ uri: "file:///tmp" }] }));
  return client;
}

/** Some scenarios answer what a strict client refuses; the suite has seen the request by then, which is all it wants. */
const try_ = (call) => call.catch((error) => console.error(`${scenario}: ${error.message}`));

const drivers = {
  initialize: (client) => client.listTools(),
  tools_call: async (client) => {
    await client.listTools();
    const result = await client.callTool({ name: "add_numbers", arguments: { a: 5, b: 3 } });
    if (!result.content[0].text.endsWith("8")) throw new Error(`5 + 3 gave ${JSON.stringify(result)}`);
  },
  "elicitation-sep1034-client-defaults": async (client) => {
    await client.listTools();
    await client.callTool({ name: "test_client_elicitation_defaults", arguments: {} });
  },
  "sse-retry": async (client) => {
    await client.listTools();
    const result = await client.callTool({ name: "test_reconnection", arguments: {} });
    if (!result.content[0].text.includes("completed")) throw new Error(`the call gave ${JSON.stringify(result)}`);
  },
  "request-metadata": async (client) => {
    await try_(client.listTools());
    // Mimir fetches lists in its own name; what the client declares comes along with what the client asks for.
    await try_(client.readResource({ uri: "test://anything" }));
  },
  "sep-2322-client-request-state": async (client) => {
    await client.listTools();
    const call = (name) => client.callTool({ name, arguments: {} });
    await call("test_mrtr_echo_state");
    await call("test_mrtr_unrelated");
    await call("test_mrtr_no_state");
    await try_(call("test_mrtr_no_result_type"));
  },
  "http-standard-headers": async (client) => {
    await client.listTools();
    await client.callTool({ name: "test_headers", arguments: {} });
    await client.callTool({ name: "my-hyphenated-tool", arguments: {} });
    const { resources } = await client.listResources();
    for (const { uri } of resources) await client.readResource({ uri });
    const { prompts } = await client.listPrompts();
    for (const { name } of prompts) await client.getPrompt({ name });
  },
  "http-custom-headers": async (client) => {
    await client.listTools();
    for (const call of context.toolCalls) await client.callTool(call);
  },
  "http-invalid-tool-headers": async (client) => {
    const { tools } = await client.listTools();
    for (const { name } of tools) await try_(client.callTool({ name, arguments: { region: "here", value: "x" } }));
  },
  "json-schema-ref-no-deref": async (client) => {
    const { tools } = await client.listTools();
    if (!tools.some((tool) => tool.name === "lookup_user")) throw new Error("lookup_user is not listed");
  },
  "json-schema-2020-12-preservation": async (client) => {
    const { tools } = await client.listTools();
    const schema = tools.find((tool) => tool.name === "json_schema_2020_12_tool").inputSchema;
    await client.callTool({ name: "json_schema_echo", arguments: { schema } });
  },
};

const drive = drivers[scenario];
if (!drive) throw new Error(`no driver for the scenario ${scenario}`);

const mimir = process.env.MIMIR_DIRECT
  ? undefined
  : await startMimir({ mcpServers: { mock: { url: mock, type: "http" } }, naming: { prefix: "never" } });
try {
  const client = newClient();
  await client.connect(new StreamableHTTPClientTransport(new URL(mimir ? `${mimir.origin}/mcp` : mock)));
  await drive(client);
  await client.close();
} finally {
  await mimir?.close();
}
