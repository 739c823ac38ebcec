namespace Mimir.Functional.Promises;

/// <summary>
/// An MCP server in plain Python, as people have them: <c>python example.py NAME [SECONDS]</c>. It has the tools <c>read_file</c>, <c>write_file</c> and
/// <c>whoami</c>, a prompt and a resource that carry its name, and waits before it reads its first byte.
/// </summary>
internal static class ExampleServer
{
    public const string Text = """
        import json, os, sys, time

        name = sys.argv[1] if len(sys.argv) > 1 else "example"
        time.sleep(float(sys.argv[2]) if len(sys.argv) > 2 else 0)
        uri = "file:///%s/readme.md" % name
        schema = {"type": "object"}

        def answer(method, params):
            if method == "initialize":
                return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}, "prompts": {}, "resources": {}}, "serverInfo": {"name": name, "version": "1"}}
            if method == "ping":
                return {}
            if method == "tools/list":
                return {"tools": [{"name": "read_file", "description": "Reads a file.", "inputSchema": schema},
                                  {"name": "write_file", "description": "Writes a \"file\".", "inputSchema": schema}, {"name": "whoami", "inputSchema": schema}]}
            if method == "tools/call":
                return {"content": [{"type": "text", "text": "%s %s %s" % (name, params["name"], os.environ.get("SAYS", ""))}]}
            if method == "prompts/list":
                return {"prompts": [{"name": "sum_up", "description": "Sums up."}]}
            if method == "prompts/get":
                return {"messages": [{"role": "user", "content": {"type": "text", "text": "%s %s" % (name, params["name"])}}]}
            if method == "resources/list":
                return {"resources": [{"uri": uri, "name": "readme", "title": "Read me", "size": 12, "annotations": {"audience": ["user"], "priority": 0.5}}]}
            if method == "resources/read":
                return {"contents": [{"uri": params["uri"], "text": name}]}
            raise LookupError(method)

        for line in sys.stdin:
            message = json.loads(line)
            if "id" not in message:
                continue
            reply = {"jsonrpc": "2.0", "id": message["id"]}
            try:
                reply["result"] = answer(message["method"], message.get("params") or {})
            except LookupError as fault:
                reply["error"] = {"code": -32601, "message": str(fault)}
            print(json.dumps(reply), flush=True)
        """;
}
