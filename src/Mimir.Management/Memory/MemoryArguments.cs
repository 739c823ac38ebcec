using System.Collections.Immutable;
using System.Text.Json;
using Mimir.Management.Serving;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Memory;

/// <summary>Takes the arguments of the memory's tools out of a call.</summary>
internal static class MemoryArguments
{
    /// <summary>A text that must be there.</summary>
    /// <exception cref="ToolArgumentException">It is missing, empty or no text.</exception>
    public static string Content(CallToolRequestParams call) =>
        ToolArguments.Text(call, "content") is { Length: > 0 } text ? text : throw new ToolArgumentException("'content' must not be empty.");

    /// <summary>Tags; none when they are missing. One that stands twice counts once.</summary>
    /// <exception cref="ToolArgumentException">They are no tags, or too many.</exception>
    public static ImmutableArray<string> Tags(CallToolRequestParams call)
    {
        if (call.Arguments is not { } arguments || !arguments.TryGetValue("tags", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        const string wanted = "'tags' must be an array of strings";
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MemoryToolDefinitions.MostTags)
        {
            throw new ToolArgumentException($"{wanted}, {MemoryToolDefinitions.MostTags} at most.");
        }

        var tags = ImmutableArray.CreateBuilder<string>();
        foreach (var item in value.EnumerateArray())
        {
            var tag = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            if (tag is not { Length: > 0 and <= MemoryToolDefinitions.MostTag })
            {
                throw new ToolArgumentException($"{wanted} of 1 to {MemoryToolDefinitions.MostTag} characters.");
            }

            if (!tags.Contains(tag, StringComparer.Ordinal))
            {
                tags.Add(tag);
            }
        }

        return tags.ToImmutable();
    }
}
