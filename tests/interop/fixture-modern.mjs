// A server of the stateless era, 2026-07-28 and nothing older, on the official v2 SDK: every tool, prompt and resource
// the conformance suite's server scenarios ask for, those of the revisions before and the tasks extension included.
//
//   node fixture-modern.mjs --port 3920 | --stdio
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, createRequestStateCodec } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { serveHttp, wish } from "./fixture/command-line.mjs";
import { commonTools } from "./fixture/content.mjs";
import { listTools } from "./fixture/lists.mjs";
import { ModernServer } from "./fixture/modern-server.mjs";
import { inputTools } from "./fixture/modern-input.mjs";
import { modernTools } from "./fixture/modern-tools.mjs";
import { taskTools } from "./fixture/tasks.mjs";

const tools = [...commonTools, ...modernTools, ...inputTools, ...taskTools, ...listTools];

// One key a process: a state minted by another process, or bent on the way, is refused.
const states = createRequestStateCodec({ key: crypto.getRandomValues(new Uint8Array(32)), ttlSeconds: 600 });

const wanted = wish();
if (wanted.stdio) {
  serveStdio(() => {
    const server = new ModernServer(tools, states, {
      toolsChanged: () => server.server.sendToolListChanged(),
      promptsChanged: () => server.server.sendPromptListChanged(),
      resourceUpdated: (uri) => server.server.sendResourceUpdated({ uri }),
    });
    return server;
  }, { legacy: "reject" });
} else {
  const handler = createMcpHandler(() => new ModernServer(tools, states, handler.notify), { legacy: "reject" });
  serveHttp(wanted, toNodeHandler(handler));
}
