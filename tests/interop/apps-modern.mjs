// An MCP Apps server of the stateless era and nothing older. It is server-basic-vanillajs again, with its page and with the
// library for Apps servers that comes with it: the program of that package speaks the session era only.
//
//   node apps-modern.mjs --port 3930 | --stdio
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { registerAppResource, registerAppTool, RESOURCE_MIME_TYPE } from "@modelcontextprotocol/ext-apps/server";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";
import { serveHttp, wish } from "./fixture/command-line.mjs";

const uri = "ui://get-time/mcp-app.html";
const page = new URL("mcp-app.html", import.meta.resolve("@modelcontextprotocol/server-basic-vanillajs"));

function createServer() {
  const server = new McpServer({ name: "mimir-apps-modern", version: "1.0.0" });
  const tool = {
    title: "Get Time",
    description: "Returns the current server time as an ISO 8601 string.",
    inputSchema: z.object({}),
    outputSchema: z.object({ time: z.string() }),
    _meta: { ui: { resourceUri: uri } },
  };
  registerAppTool(server, "get-time", tool, () => {
    const time = new Date().toISOString();
    return { content: [{ type: "text", text: time }], structuredContent: { time } };
  });
  registerAppResource(server, uri, uri, { mimeType: RESOURCE_MIME_TYPE }, async () => ({
    contents: [{ uri, mimeType: RESOURCE_MIME_TYPE, text: await readFile(fileURLToPath(page), "utf8") }],
  }));
  return server;
}

const wanted = wish();
if (wanted.stdio) serveStdio(createServer, { legacy: "reject" });
else serveHttp(wanted, toNodeHandler(createMcpHandler(createServer, { legacy: "reject" })));
