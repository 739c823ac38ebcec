using System.Text.Json;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Audit;

/// <summary>The audit log of a router, as it is on the disk.</summary>
internal static class Journal
{
    /// <summary>Where a router keeps it unless its configuration says otherwise.</summary>
    public static string Of(Router router) => Path.Combine(router.Folder, "state", "mimir", "audit", "audit.log");

    /// <summary>The records that are there.</summary>
    public static JsonElement[] Read(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] == '{' && l[^1] == '}').Select(l => JsonElement.Parse(l))];
    }

    /// <summary>Waits until there are as many.</summary>
    public static async Task<JsonElement[]> WaitAsync(Router router, int count)
    {
        var records = Array.Empty<JsonElement>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((records = Read(Of(router))).Length < count)
        {
            Assert.False(limit.IsCancellationRequested, $"{records.Length} records instead of {count}: {string.Join('\n', records)}");
            await Task.Delay(10, CancellationToken.None);
        }

        return records;
    }

    /// <summary>Runs <c>mimir audit verify</c> on a log.</summary>
    public static async Task<JsonElement> VerifyAsync(string path, int code = 0)
    {
        var (got, data, words) = await Router.LookAsync(new Config(new Marker()).Top($"\"audit\":{{\"path\":{JsonSerializer.Serialize(path)}}}"), "audit", "verify", "--json");
        Assert.True(got == code, $"{got}: {data}{words}");
        return JsonElement.Parse(data);
    }
}
