using Mimir.Management.Serving;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Memory;

/// <summary>Runs the tools of the memory. What cannot be done is a tool error, which a model can read; an unknown tool is a protocol error.</summary>
/// <param name="place">The memory, as the configuration has it now.</param>
/// <param name="say">Takes sentences for the operator.</param>
internal sealed class MemoryTools(Func<MemoryPlace> place, Action<string> say)
{
    private int _damaged;

    /// <summary>Answers one <c>tools/call</c>.</summary>
    public async Task<CallToolResult> CallAsync(CallToolRequestParams? call, CancellationToken cancellationToken)
    {
        try
        {
            var file = place().Open();
            return call?.Name switch
            {
                MemoryToolDefinitions.Save => Saved(await file.SaveAsync(MemoryArguments.Content(call), MemoryArguments.Tags(call), cancellationToken).ConfigureAwait(false)),
                MemoryToolDefinitions.Search => Search(file, call),
                MemoryToolDefinitions.Get => Get(file, ToolArguments.Text(call, "id")),
                MemoryToolDefinitions.Update => await UpdateAsync(file, ToolArguments.Text(call, "id"), MemoryArguments.Content(call), cancellationToken).ConfigureAwait(false),
                MemoryToolDefinitions.Delete => await DeleteAsync(file, ToolArguments.Text(call, "id"), cancellationToken).ConfigureAwait(false),
                null => throw new McpProtocolException("params are missing", McpErrorCode.InvalidParams),
                _ => throw new McpProtocolException($"Unknown tool: {call.Name}", McpErrorCode.InvalidParams),
            };
        }
        catch (ToolArgumentException e)
        {
            return ToolResults.Error(e.Message);
        }
        catch (MemoryException e)
        {
            if (e.ForOperator is { } more)
            {
                say(more);
            }

            return ToolResults.Error(e.Message);
        }
    }

    private static CallToolResult Saved(MemoryEntry entry) => ToolResults.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Id);
        json.WriteEndObject();
    });

    private static CallToolResult Whole(MemoryEntry entry) => ToolResults.Of(json =>
    {
        json.WriteStartObject();
        MemoryText.Write(json, entry);
        json.WriteEndObject();
    });

    private CallToolResult Search(MemoryFile file, CallToolRequestParams call)
    {
        var words = ToolArguments.Text(call, "query").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var limit = ToolArguments.Integer(call, "limit", MemoryToolDefinitions.UsuallyFound, 1, MemoryToolDefinitions.MostFound);
        var lines = Read(file);
        var found = new List<MemoryEntry>();
        var total = 0;
        foreach (var line in lines.Reverse())
        {
            if (line.Entry is { } entry && Array.TrueForAll(words, word => Holds(entry, word)))
            {
                total++;
                found.Add(entry);
            }
        }

        // Changed ones stay where they are in the file.
        found.Sort(static (a, b) => b.Updated.CompareTo(a.Updated));
        var damaged = lines.Count(static line => line.Entry is null);
        return ToolResults.Of(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("entries");
            foreach (var entry in found.Take(limit))
            {
                json.WriteStartObject();
                MemoryText.Write(json, entry, MemoryToolDefinitions.MostShown);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("total", total);
            if (damaged > 0)
            {
                json.WriteNumber("damaged_lines", damaged);
            }

            json.WriteEndObject();
        });
    }

    private CallToolResult Get(MemoryFile file, string id)
    {
        foreach (var line in Read(file))
        {
            if (line.Entry?.Id == id)
            {
                return Whole(line.Entry);
            }
        }

        return Unknown();
    }

    private static async Task<CallToolResult> UpdateAsync(MemoryFile file, string id, string content, CancellationToken cancellationToken) =>
        await file.UpdateAsync(id, content, cancellationToken).ConfigureAwait(false) is { } entry ? Whole(entry) : Unknown();

    private static async Task<CallToolResult> DeleteAsync(MemoryFile file, string id, CancellationToken cancellationToken) =>
        await file.DeleteAsync(id, cancellationToken).ConfigureAwait(false) is not { } entry ? Unknown() : ToolResults.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", entry.Id);
            json.WriteBoolean("deleted", true);
            json.WriteEndObject();
        });

    private static CallToolResult Unknown() => ToolResults.Error("There is no memory of that id: it may have been deleted. memory_search finds those that there are.");

    private static bool Holds(MemoryEntry entry, string word)
    {
        if (entry.Content.Contains(word, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var tag in entry.Tags)
        {
            if (tag.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads, and tells the operator of damage once for each time that there is more of it.</summary>
    private IReadOnlyList<MemoryLine> Read(MemoryFile file)
    {
        var lines = file.Read();
        var damaged = lines.Count(static line => line.Entry is null);
        if (damaged > Interlocked.Exchange(ref _damaged, damaged) && place().Look() is { } words)
        {
            say(words);
        }

        return lines;
    }
}
