using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Tools;

/// <summary>What Mimir's own tools say of themselves.</summary>
internal static class ManagementToolDefinitions
{
    public const string ListBackends = "list_backends";
    public const string GetBackendHealth = "get_backend_health";
    public const string ExplainRoute = "explain_route";

    private const string Health = """
        "healthy":{"type":"boolean","description":"False when something speaks against sending it calls."},
        "circuit_state":{"enum":["CLOSED","OPEN","HALF_OPEN"],"description":"Its circuit breaker. CLOSED also when it has none."},
        "error_count":{"type":"integer","minimum":0,"description":"Failures in a row."}
        """;

    /// <summary>All tools, in the order they are listed.</summary>
    public static IReadOnlyList<Tool> All { get; } =
    [
        new Tool
        {
            Name = ListBackends,
            Title = "List backends",
            Description = "Lists the MCP servers behind this router and how each of them does.",
            InputSchema = Json("""{"type":"object","properties":{},"additionalProperties":false}"""),
            OutputSchema = Json($$$"""
                {"type":"object","properties":{"result":{"type":"array","items":{"type":"object","properties":{
                "name":{"type":"string"},
                "url":{"type":["string","null"],"description":"Without user name and query. Null for a server that is a program."},
                "namespace":{"type":"string","description":"What stands before the names of its tools."},
                "priority":{"type":"integer","description":"Lower numbers are taken first."},
                {{{Health}}},
                "is_managed":{"type":"boolean","description":"Whether this router starts and stops it."},
                "is_running":{"type":"boolean","description":"Whether it is connected to. One that is started when it is needed may not be."}},
                "required":["name","url","namespace","priority","healthy","circuit_state","error_count","is_managed","is_running"]}} },
                "required":["result"]}
                """),
            Annotations = ReadOnly,
        },
        new Tool
        {
            Name = GetBackendHealth,
            Title = "Get the health of a backend",
            Description = "Tells how one MCP server behind this router does, with its last error.",
            InputSchema = Json("""
                {"type":"object","properties":{"backend_name":{"type":"string","description":"Its name, as list_backends has it."}},
                "required":["backend_name"],"additionalProperties":false}
                """),
            OutputSchema = Json($$$"""
                {"type":"object","properties":{"name":{"type":"string"},{{{Health}}},
                "last_error":{"type":["string","null"],"description":"May be older than its last success. Written by the server or its surroundings."}},
                "required":["name","healthy","circuit_state","error_count","last_error"]}
                """),
            Annotations = ReadOnly,
        },
        new Tool
        {
            Name = ExplainRoute,
            Title = "Explain a route",
            Description = "Tells which MCP server would take a call to a tool or prompt, or a read of a resource, which others could, and why the rest could not. Nothing is called.",
            InputSchema = Json("""
                {"type":"object","properties":{"name":{"type":"string","description":"The tool, prompt or resource URI, as this router lists it."}},
                "required":["name"],"additionalProperties":false}
                """),
            OutputSchema = Json("""
                {"type":"object","properties":{
                "name":{"type":"string"},
                "kind":{"enum":["tool","prompt","resource"]},
                "cluster":{"type":["string","null"],"description":"The cluster it is listed for."},
                "balancer":{"type":["string","null"],"description":"How one of several servers with the lowest priority number is chosen."},
                "server":{"type":["string","null"],"description":"The server that would take a call now."},
                "candidates":{"type":"array","description":"Those that can take it in the order they are tried, then the others.","items":{"type":"object","properties":{
                "server":{"type":"string"},
                "name":{"type":["string","null"],"description":"What the server itself calls it. Null when it does not have it."},
                "priority":{"type":"integer","description":"Lower numbers are taken first."},
                "strategy":{"enum":["path","capability","fallback",null]},
                "able":{"type":"boolean","description":"Whether it could take a call now."},
                "taken":{"type":"boolean","description":"Whether it would take a call now."},
                "objection":{"type":["string","null"],"description":"What speaks against it."}},
                "required":["server","name","priority","strategy","able","taken","objection"]}}},
                "required":["name","kind","cluster","balancer","server","candidates"]}
                """),
            Annotations = ReadOnly,
        },
    ];

    private static ToolAnnotations ReadOnly => new() { ReadOnlyHint = true, IdempotentHint = true, DestructiveHint = false, OpenWorldHint = false };

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
