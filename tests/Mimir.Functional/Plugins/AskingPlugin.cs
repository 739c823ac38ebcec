using Mimir.Functional.Harness;

namespace Mimir.Functional.Plugins;

/// <summary>A plugin with one tool, <c>ask</c>: it calls a tool of the inventory as a client, with what it was given, and tells what it got.</summary>
internal static class AskingPlugin
{
    private const string Server = """
        import json, os, sys, urllib.error, urllib.request

        def ask(tool, arguments):
            meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientInfo": {"name": "plugin", "version": "1"},
                    "io.modelcontextprotocol/clientCapabilities": {}}
            body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments, "_meta": meta}}
            headers = {"Authorization": "Bearer " + os.environ["MIMIR_INVENTORY_TOKEN"], "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
                       "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool}
            request = urllib.request.Request(os.environ["MIMIR_INVENTORY_URL"], json.dumps(body).encode(), headers)
            with urllib.request.urlopen(request, timeout=20) as response:
                return json.load(response)["result"]["content"][0]["text"]

        def answer(method, params):
            if method == "initialize":
                return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": {"name": "asking", "version": "1"}}
            if method == "tools/list":
                return {"tools": [{"name": "ask", "inputSchema": {"type": "object"}}]}
            if "MIMIR_INVENTORY_URL" not in os.environ or "MIMIR_INVENTORY_TOKEN" not in os.environ:
                return {"content": [{"type": "text", "text": "nobody to ask"}]}
            print("asking with", os.environ["MIMIR_INVENTORY_TOKEN"], file=sys.stderr, flush=True)
            try:
                text = ask(params["arguments"]["tool"], params["arguments"].get("with", {}))
            except urllib.error.HTTPError as fault:
                text = "HTTP %d" % fault.code
            return {"content": [{"type": "text", "text": text}, {"type": "text", "text": os.environ["MIMIR_INVENTORY_URL"]}, {"type": "text", "text": os.environ["MIMIR_INVENTORY_TOKEN"]}]}

        for line in sys.stdin:
            message = json.loads(line)
            if "id" in message:
                print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": answer(message.get("method"), message.get("params") or {})}), flush=True)
        """;

    /// <summary>Adds one.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="name">Its name.</param>
    /// <param name="access">Its <c>inventory_access</c>, as TOML.</param>
    public static Config Asking(this Config config, string name, string access) => config
        .File($"plugins/{name}/server.py", Server)
        .File($"plugins/{name}/plugin.toml", Manifest(config, name, access));

    /// <summary>Its manifest.</summary>
    public static string Manifest(Config config, string name, string access) => $"""
        [plugin]
        name = "{name}"
        version = "1"
        [runtime]
        entry = "server.py"
        [runtime.env]
        {Marker.Variable} = "{config.Marker.Word}"
        {Marker.Role} = "{name}"
        [security]
        inventory_access = {access}
        """;
}
