"""An MCP server with two tools, in plain Python: one JSON message a line, in on stdin and out on stdout."""
import json
import sys

TEXT = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
TOOLS = {
    "echo": ("Give the text back.", lambda text: text),
    "reverse": ("Give the text back, its last character first.", lambda text: text[::-1]),
}


def answer(method, params):
    if method == "initialize":
        return {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "echo", "version": "1.0.0"},
        }
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": [{"name": n, "description": d, "inputSchema": TEXT} for n, (d, _) in TOOLS.items()]}
    if method == "tools/call" and params["name"] in TOOLS:
        return {"content": [{"type": "text", "text": TOOLS[params["name"]][1](params["arguments"]["text"])}]}
    raise LookupError(method)


for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    reply = {"jsonrpc": "2.0", "id": message["id"]}
    try:
        reply["result"] = answer(message.get("method"), message.get("params") or {})
    except (LookupError, TypeError) as fault:
        reply["error"] = {"code": -32601 if message.get("method") not in ("tools/call",) else -32602, "message": str(fault)}
    print(json.dumps(reply), flush=True)
