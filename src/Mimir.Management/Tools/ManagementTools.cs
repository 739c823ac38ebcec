using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Management.Serving;
using Mimir.Management.Views;
using Mimir.Router.Engine;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Tools;

/// <summary>Runs Mimir's own tools. Wrong arguments are tool errors, which a model can read and mend; an unknown tool is a protocol error.</summary>
/// <param name="state">The router.</param>
internal sealed class ManagementTools(IRouterState state)
{
    private const int MostNames = 100;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers one <c>tools/call</c>.</summary>
    public CallToolResult Call(CallToolRequestParams? call)
    {
        try
        {
            return call?.Name switch
            {
                ManagementToolDefinitions.ListBackends => ListBackends(),
                ManagementToolDefinitions.GetBackendHealth => Result(json => BackendJson.WriteHealth(json, Backend(ToolArguments.Text(call, "backend_name")))),
                ManagementToolDefinitions.ExplainRoute => Result(json => RouteJson.Write(json, Route(ToolArguments.Text(call, "name")))),
                null => throw new McpProtocolException("params are missing", McpErrorCode.InvalidParams),
                _ => throw new McpProtocolException($"Unknown tool: {call.Name}", McpErrorCode.InvalidParams),
            };
        }
        catch (ToolArgumentException e)
        {
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = e.Message }] };
        }
    }

    /// <summary>The text is the bare array; structured content has to be an object in most revisions, so there it is the member <c>result</c>.</summary>
    private CallToolResult ListBackends()
    {
        var list = Build(json =>
        {
            json.WriteStartArray();
            foreach (var server in state.Servers)
            {
                BackendJson.WriteListed(json, server);
            }

            json.WriteEndArray();
        });
        return Result(list, Build(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("result");
            json.WriteRawValue(list);
            json.WriteEndObject();
        }));
    }

    private ServerSnapshot Backend(string name)
    {
        var servers = state.Servers;
        return servers.FirstOrDefault(s => s.Name == name) ?? throw new ToolArgumentException(
            servers.Count == 0 ? $"There is no backend '{name}': none is configured."
            : $"There is no backend '{name}'. There are: {string.Join(", ", servers.Take(MostNames).Select(s => s.Name))}{(servers.Count > MostNames ? ", ..." : "")}.");
    }

    private RouteExplanation Route(string name)
    {
        var explanation = state.Explain(name);
        if (explanation.Kind.Length > 0)
        {
            return explanation;
        }

        var text = new StringBuilder($"There is no tool, prompt or resource '{name}'. Write it as it is listed, with what stands before it.");
        foreach (var server in state.Servers.Where(s => !s.IsListed).Take(MostNames))
        {
            text.Append(" What '").Append(server.Name).Append("' lists is not known yet.");
        }

        throw new ToolArgumentException(text.ToString());
    }

    private static CallToolResult Result(Action<Utf8JsonWriter> write)
    {
        var json = Build(write);
        return Result(json, json);
    }

    private static CallToolResult Result(byte[] text, byte[] structured)
    {
        using var document = JsonDocument.Parse(structured);
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = Encoding.UTF8.GetString(text) }],
            StructuredContent = document.RootElement.Clone(),
        };
    }

    private static byte[] Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
