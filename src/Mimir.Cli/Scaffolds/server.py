"""An MCP server in plain Python: one JSON message a line, in on stdin and out on stdout. What it has to say besides goes to stderr.

To add a tool, write a function and an entry of TOOLS for it.
"""
import json
import sys

REVISIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")


def hello(arguments):
    name = arguments.get("name", "world")
    if not isinstance(name, str):
        raise ValueError("'name' must be a string.")
    return f"Hello, {name}!"


TOOLS = {
    "hello": {
        "run": hello,
        "description": "Says hello to somebody.",
        "inputSchema": {
            "type": "object",
            "properties": {"name": {"type": "string", "description": "Whom to say hello to. Default: world."}},
        },
    },
}


def initialize(params):
    wanted = params.get("protocolVersion")
    return {
        "protocolVersion": wanted if wanted in REVISIONS else REVISIONS[0],
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "@NAME@", "version": "0.1.0"},
    }


def list_tools(params):
    return {"tools": [{"name": name, "description": tool["description"], "inputSchema": tool["inputSchema"]} for name, tool in TOOLS.items()]}


def call_tool(params):
    tool = TOOLS.get(params.get("name"))
    if tool is None:
        raise LookupError(f"Unknown tool: {params.get('name')}")
    try:
        return {"content": [{"type": "text", "text": tool["run"](params.get("arguments") or {})}]}
    except Exception as fault:
        # An error of the tool, which a model can read and mend.
        return {"content": [{"type": "text", "text": str(fault)}], "isError": True}


METHODS = {"initialize": initialize, "ping": lambda params: {}, "tools/list": list_tools, "tools/call": call_tool}


def answer(message):
    method = METHODS.get(message.get("method"))
    if method is None:
        return {"error": {"code": -32601, "message": f"Method not found: {message.get('method')}"}}
    try:
        return {"result": method(message.get("params") or {})}
    except LookupError as fault:
        return {"error": {"code": -32602, "message": str(fault)}}


for line in sys.stdin:
    try:
        message = json.loads(line)
    except ValueError:
        print(json.dumps({"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "Parse error"}}), flush=True)
        continue
    # A message without an id is a notification, one without a method an answer: neither is answered.
    if isinstance(message, dict) and "id" in message and "method" in message:
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **answer(message)}), flush=True)
