using System.Text.Json;
using Mimir.Management.Serving;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Inventory;

/// <summary>Runs the tools of the inventory. Wrong arguments are tool errors, which a model can read and mend; an unknown tool is a protocol error.</summary>
internal static class InventoryTools
{
    /// <summary>Answers one <c>tools/call</c>.</summary>
    /// <param name="content">What the caller may know.</param>
    /// <param name="call">What it asks.</param>
    public static CallToolResult Call(InventoryContent content, CallToolRequestParams? call)
    {
        try
        {
            return call?.Name switch
            {
                InventoryToolDefinitions.Hosts => Result(InventoryContent.HostsJson(Hosts(content, Filter(call, "type", "tag", "name")))),
                InventoryToolDefinitions.Services => Result(InventoryContent.ServicesJson(Services(content, Filter(call, "type", "host")))),
                InventoryToolDefinitions.Summary when Filter(call).Count == 0 => Result(content.SummaryJson()),
                null => throw new McpProtocolException("params are missing", McpErrorCode.InvalidParams),
                _ => throw new McpProtocolException($"Unknown tool: {call.Name}", McpErrorCode.InvalidParams),
            };
        }
        catch (ToolArgumentException e)
        {
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = e.Message }] };
        }
    }

    private static IEnumerable<InventoryItem> Hosts(InventoryContent content, Dictionary<string, string> wanted) => content.Hosts.Where(host =>
        Is(wanted, "type", host.Type) && Is(wanted, "name", host.Name) && (!wanted.TryGetValue("tag", out var tag) || host.Tags.Contains(tag, StringComparer.Ordinal)));

    private static IEnumerable<InventoryItem> Services(InventoryContent content, Dictionary<string, string> wanted) =>
        content.Services.Where(service => Is(wanted, "type", service.Type) && Is(wanted, "host", service.Host));

    private static bool Is(Dictionary<string, string> wanted, string field, string? value) => !wanted.TryGetValue(field, out var want) || want == value;

    /// <summary>The arguments; null stands for one that is not given.</summary>
    private static Dictionary<string, string> Filter(CallToolRequestParams call, params string[] known)
    {
        var filter = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in call.Arguments?.AsEnumerable() ?? [])
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                // What is not understood must not widen the answer.
                throw new ToolArgumentException(
                    $"{call.Name} takes no argument of that name. {(known.Length == 0 ? "It takes none." : $"It takes {string.Join(", ", known)}.")}");
            }

            if (value.ValueKind != JsonValueKind.Null)
            {
                filter[name] = ToolArguments.Text(call, name);
            }
        }

        return filter;
    }

    private static CallToolResult Result(string json) =>
        new() { Content = [new TextContentBlock { Text = json }], StructuredContent = JsonElement.Parse(json) };
}
