using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Resources;
using Mimir.Embed.Tools;

namespace Mimir.Embed.Databases;

/// <summary>Reads a database for clients: its tool and its resources.</summary>
/// <param name="name">Its name.</param>
/// <param name="database">The database.</param>
/// <param name="reread">Reads it anew; null when it cannot be.</param>
/// <param name="runOn">Where it is read.</param>
internal sealed class DatabaseReader(string name, IMcpDatabase database, Func<CancellationToken, Task>? reread, RunOn runOn)
{
    private const int MaxItems = 1000;
    private const int MaxFilters = 16;

    /// <summary>Most characters of a page; the item that is beyond it begins the next.</summary>
    private const int MaxPageChars = 1 << 20;

    /// <summary>How long the main thread writes items before it lets a frame pass.</summary>
    private static readonly long s_slice = Stopwatch.Frequency / 1000;

    /// <summary>The tool.</summary>
    public async Task<ToolResult> ReadAsync(
        ToolContext context,
        [McpToolParam("object_id", "The id of one item. Offset, limit and filter are left aside with it. Omit it for all items.")] string? objectId = null,
        [McpToolParam(description: "How many items to pass over.", Minimum = 0)] int offset = 0,
        [McpToolParam(description: "Most items to give.", Minimum = 1, Maximum = MaxItems)] int limit = 100,
        [McpToolParam(description: "Conditions member=value that all items given meet. The member is one at the top of an item's JSON; a string is compared letter by letter, a number by value, and true, false and null are themselves.", MaxLength = MaxFilters)] string[]? filter = null,
        [McpToolParam("reread", "Whether the database is read anew from its source before.")] bool again = false)
    {
        var filters = Array.ConvertAll(filter ?? [], ItemFilter.Parse);
        if (objectId is { Length: > 0 }) ItemIds.Check(objectId);
        if (again) await RereadAsync(context.Cancellation);
        if (objectId is { Length: > 0 })
        {
            if (Find(objectId) is not { } item) return ToolResult.Text($"There is no item '{objectId}' in the {name} database.");
            var text = item.ToJsonString();
            return ToolResult.Text(text).WithStructured(item as JsonObject ?? new JsonObject { ["result"] = item });
        }

        var page = await PageAsync(offset, limit, filters, context.NextFrameAsync, context.Cancellation);
        var isEmpty = page.Total == 0 && (filters.Length == 0 || database.Count == 0);
        return await Task.Run(() => Told(page, filters.Length > 0, isEmpty)).ConfigureAwait(false);
    }

    /// <summary>The resource of the database: its first items, and how many there are.</summary>
    public async ValueTask<ResourceBody> ReadAllAsync(ResourceRequest request)
    {
        var page = await PageAsync(0, MaxItems, [], request.NextFrameAsync, request.Cancellation);
        return await Task.Run(() => ResourceBody.Text(page.ToJson().ToJsonString())).ConfigureAwait(false);
    }

    /// <summary>The resource of an item.</summary>
    /// <exception cref="KeyNotFoundException">There is no such item.</exception>
    public ValueTask<ResourceBody> ReadOneAsync(ResourceRequest request)
    {
        var id = request.Variables["object_id"];
        var item = ItemIds.IsOne(id) ? Find(id) : null;
        return new ValueTask<ResourceBody>(item is null ? throw new KeyNotFoundException($"The {name} database has no such item.") : ResourceBody.Text(item.ToJsonString()));
    }

    /// <summary>A page as the tool tells it. It needs nothing of the app's, so it takes none of the main thread's time.</summary>
    private ToolResult Told(ItemPage page, bool isFiltered, bool isEmpty)
    {
        var told = ToolResult.Text(
            page.Items.Count > 0 ? page.Items.ToJsonString()
            : page.Total > 0 ? $"The {name} database has no item from {page.Offset} on: {page.Total} {(isFiltered ? "meet the filter" : "are in it")}."
            : isEmpty ? $"The {name} database is empty."
            : $"No item of the {name} database meets the filter.");
        if (page.Items.Count > 0 && page.Items.Count < page.Total)
        {
            told.WithText($"{page.Items.Count} of {page.Total} items, from offset {page.Offset}.{(page.Next is { } next ? $" Next: offset {next}." : " These are the last.")}");
        }

        return told.WithStructured(page.ToJson());
    }

    private async Task RereadAsync(CancellationToken cancellation)
    {
        if (reread is null) throw new ArgumentException($"The {name} database has no source that it could be read anew from: the app fills it. Leave out reread.");
        try
        {
            await reread(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException($"The {name} database could not be read anew, and its content is as it was: {e.Message}", e);
        }
    }

    private JsonNode? Find(string id)
    {
        if (database.GetItemByIdObject(id) is not { } item) return null;
        return Write(item, out _, out var problem) ?? throw new InvalidOperationException($"The item '{id}' of the {name} database could not be written: {problem}");
    }

    private async Task<ItemPage> PageAsync(int offset, int limit, ItemFilter[] filters, Func<Task> nextFrameAsync, CancellationToken cancellation)
    {
        var items = new JsonArray();
        int total = 0, chars = 0;
        int? next = null;
        var begun = Stopwatch.GetTimestamp();
        foreach (var item in database.AllItemsObject())
        {
            var isWanted = total >= offset && next is null;
            if (!isWanted && filters.Length == 0)
            {
                total++;
                continue;
            }

            if (Stopwatch.GetTimestamp() - begun >= s_slice)
            {
                cancellation.ThrowIfCancellationRequested();
                if (runOn == RunOn.Main) await nextFrameAsync();
                begun = Stopwatch.GetTimestamp();
            }

            var written = Write(item, out var length, out var problem);

            // What died while frames passed is not there any more.
            if (written is null && database.GetItemByIdObject(item.ObjectId) != item) continue;
            if (!Array.TrueForAll(filters, filter => filter.Meets(written))) continue;
            if (isWanted)
            {
                written ??= new JsonObject { ["objectId"] = item.ObjectId, ["error"] = problem };
                if (items.Count == limit || (items.Count > 0 && chars + length > MaxPageChars)) next = total;
                else items.Add(written);
                chars += length;
            }

            total++;
        }

        return new ItemPage(items, total, offset, next);
    }

    /// <summary>The JSON of an item; null when its own code fails to write any.</summary>
    private static JsonNode? Write(IMcpDatabaseItem item, out int length, out string? problem)
    {
        length = 0;
        try
        {
            var text = item.ToJson();
            length = text.Length;
            var written = JsonNode.Parse(text);
            problem = written is null ? "ToJson gave null." : null;
            return written;
        }
        catch (JsonException e)
        {
            problem = "ToJson gave no JSON: " + e.Message;
        }
        catch (Exception e)
        {
            problem = (e as System.Reflection.TargetInvocationException)?.InnerException?.Message ?? e.Message;
        }

        return null;
    }
}
