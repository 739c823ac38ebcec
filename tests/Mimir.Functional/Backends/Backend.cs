using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Backends;

/// <summary>A real server behind a backends file: it goes, and comes back at the same port.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly string _script;
    private readonly JournalFile _journal;
    private WickedHttp _server;

    private Backend(string script, JournalFile journal, WickedHttp server)
    {
        _script = script;
        _journal = journal;
        _server = server;
    }

    /// <summary>Its port.</summary>
    public int Port => _server.Url.Port;

    /// <summary>What it noted, of all its lives.</summary>
    public JournalFile Journal => _journal;

    /// <summary>Starts one.</summary>
    /// <param name="folder">Where it keeps its journal.</param>
    /// <param name="name">Its name in the answers of its tools.</param>
    /// <param name="tools">Its tools besides <c>ledger</c>, <c>wicked</c> and <c>echo</c>.</param>
    /// <param name="isSse">Whether it speaks HTTP+SSE instead of Streamable HTTP.</param>
    public static async Task<Backend> StartAsync(TempFolder folder, string name, string[] tools, bool isSse = false)
    {
        var journal = new JournalFile(folder);
        var script = $"\"name\":\"{name}\",\"ledgers\":[{string.Join(',', tools.Select(t => $"\"{t}\""))}],{journal.Member}{(isSse ? ",\"sseOnly\":true" : "")}";
        return new Backend(script, journal, await WickedHttp.StartAsync(script));
    }

    /// <summary>Kills it, and waits until it is gone.</summary>
    public Task KillAsync() => _server.KillAsync();

    /// <summary>Starts it again after it was killed, as it was at first.</summary>
    public async Task ReturnAsync()
    {
        var port = Port;
        await _server.DisposeAsync();
        _server = await WickedHttp.StartAsync(_script, port);
    }

    /// <summary>Sets the status of its health endpoint, 404 at first; 0 lets it not answer.</summary>
    public async Task SetHealthAsync(int status)
    {
        using var response = await RawHttp.SendAsync("PUT", new Uri(_server.Url, "/health").ToString(), $"{status}");
        Assert.Equal(200, (int)response.StatusCode);
    }

    /// <summary>How many calls of a tool have come in.</summary>
    public int Calls(string tool) => _journal.Received("tools/call").Count(c => c.At("params", "name").Str() == tool);

    /// <summary>Whether a call of a ledger has come in.</summary>
    public bool Has(string nonce) => _journal.Received("tools/call").Any(c => c.At("params", "arguments", "nonce").Str() == nonce);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
