using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>
/// What clients of every revision get from a server of one: through the router, and in the last row of every test a client of the
/// server's own revision without it, which proves the server and the client.
/// </summary>
public abstract partial class EraSpecification(EraFixture fixture, string server, bool http) : IClassFixture<EraFixture>
{
    private const int Limit = 60_000;
    private const string Static = "test://static";

    /// <summary>The clients.</summary>
    public static TheoryData<string> Clients => [.. EraRevision.All, EraFixture.Direct];

    /// <summary>Opens a client.</summary>
    private Task<EraClient> OpenAsync(string client, bool tasks = false) => fixture.OpenAsync(server, http, client, tasks);

    /// <summary>The entry of a tool in the list, which must be there.</summary>
    private static async Task<System.Text.Json.JsonElement> ToolAsync(EraClient client, string name)
    {
        var reply = await client.AskAsync("tools/list");
        EraVerdict.Cacheable(client, reply);
        var tools = reply.Result.At("tools");
        Assert.True(tools.Names().Contains(name), $"{name} is not listed: {string.Join(' ', tools.Names())}");
        return tools.EnumerateArray().Single(t => t.At("name").Str() == name);
    }

    /// <summary>Whether the limit of a cell is that the server has no such tool; then that is what the caller is told.</summary>
    private static async Task<bool> IsMissingAsync(EraClient client, EraLimit? limit, string tool)
    {
        if (limit is not { Absent: true }) return false;
        var names = (await client.AskAsync("tools/list")).Result.At("tools").Names();
        Assert.Contains("echo", names);
        Assert.DoesNotContain(tool, names);
        EraVerdict.Refused(tool, await client.CallAsync(tool));
        return true;
    }
}
