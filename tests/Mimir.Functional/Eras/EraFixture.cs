using Mimir.Functional.Harness;

namespace Mimir.Functional.Eras;

/// <summary>One server of one revision, and one router before it, for all tests of a class.</summary>
public class EraFixture : IAsyncLifetime
{
    /// <summary>What stands for a client of the server's own revision that goes straight to it.</summary>
    internal const string Direct = "direct";

    private readonly SemaphoreSlim _gate = new(1);
    private readonly TempFolder _folder = new();
    private ErasHttp? _server;
    private Router? _router;

    /// <summary>Whether its router is served in meta mode.</summary>
    protected virtual bool IsMeta => false;

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_router is not null) await _router.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
        _gate.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a client of a revision, or one that needs no router.</summary>
    internal async Task<EraClient> OpenAsync(string server, bool http, string client, bool tasks)
    {
        var direct = client == Direct;
        if (direct && !http) return await EraClient.PipeAsync(server, tasks);
        await _gate.WaitAsync();
        try
        {
            if (http) _server ??= await ErasHttp.StartAsync(server);
            if (!direct) _router ??= await StartAsync(server);
        }
        finally
        {
            _gate.Release();
        }

        if (direct) return await EraClient.HttpAsync(server, server, _server!.Url.ToString(), tasks);
        var url = client == EraRevision.R202411 ? new Uri(_router!.Origin!, "/sse").ToString() : _router!.Url;
        return await ClientAsync(client, server, url, tasks);
    }

    private async Task<EraClient> ClientAsync(string client, string server, string url, bool tasks)
    {
        var opened = await EraClient.HttpAsync(client, server, url, tasks);
        opened.Instance = IsMeta ? "eras" : null;
        return opened;
    }

    private async Task<Router> StartAsync(string server)
    {
        // One server and no prefixes: names are as the server gives them, with and without a router.
        var config = new Config(new Marker()).Naming("\"prefix\":\"never\"");
        if (IsMeta) config.Top("\"namespaces\":{\"meta\":{\"servers\":[\"eras\"],\"mode\":\"meta\"}}");
        var router = await Router.HttpAsync(_server is null
            ? config.Child("eras", Repository.Eras, ["--revision", server, "--stdio", "--state", _folder.File("memory")])
            : config.Http("eras", _server.Url));

        // The very first question of a server is refused when a call was given up before it, which has tests of its own: here it has asked.
        await using var first = await ClientAsync(EraRevision.R202607, server, router.Url, tasks: false);
        EraVerdict.Text(first, "sampled: " + first.Word, await first.CallAsync("sample"));
        return router;
    }
}
