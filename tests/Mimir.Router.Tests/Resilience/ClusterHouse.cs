using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Tests.Resilience;

/// <summary>A router over servers that can take each other's calls. Each answers a call with its own name.</summary>
internal sealed class ClusterHouse : IAsyncDisposable
{
    public ClusterHouse(Func<RouterModel, RouterModel> shape, params ServerModel[] servers)
    {
        foreach (var server in servers)
        {
            var tiny = TinyServer.With("a", "b");
            tiny.On = (message, wire) => TakeAsync(server.Name, message, wire);
            Tiny[server.Name] = tiny;
        }

        House = new House(shape(new RouterModel { Servers = [.. servers] }), Tiny, Time);
    }

    public ManualTime Time { get; } = new();

    public House House { get; }

    public Dictionary<string, TinyServer> Tiny { get; } = new(StringComparer.Ordinal);

    /// <summary>What a server does with a call in place of answering it; true when that is all.</summary>
    public ConcurrentDictionary<string, Func<JsonElement, TinyWire, Task<bool>>> Does { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls that each began.</summary>
    public ConcurrentDictionary<string, int> Begun { get; } = new(StringComparer.Ordinal);

    public static ServerModel Member(string name, int priority = 10) => House.Server(name) with
    {
        Prefix = "c",
        Cluster = "c",
        Priority = priority,
        Breaker = new BreakerModel { IsEnabled = false },
        Health = new HealthModel { IsEnabled = false },
    };

    public static Func<RouterModel, RouterModel> Balanced(BalancerKind balancer, string? argument = null) =>
        model => model with { Clusters = [new ClusterModel("c") { Balancer = balancer, StickyArgument = argument }] };

    /// <summary>Fetches all lists; the clock goes on meanwhile.</summary>
    public async Task<MergedCatalog> ReadyAsync()
    {
        var catalog = House.Engine.ModernCatalog(House.Engine.All);
        var loading = Task.WhenAll(catalog.View.Pools.Select(catalog.LoadAsync));
        await Patience.UntilAsync(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            return loading.IsCompleted;
        });
        return catalog.Refresh();
    }

    /// <summary>Calls a tool and returns who answered, or the error.</summary>
    public async Task<string> CallAsync(string name = "c_a", string arguments = "{}")
    {
        using var answer = JsonDocument.Parse(await House.Modern("tools/call", $"\"name\":\"{name}\",\"arguments\":{arguments}").End.Within(Time));
        return answer.RootElement.TryGetProperty("result", out var result)
            ? result.GetProperty("by").GetString()!
            : answer.RootElement.GetProperty("error").GetProperty("message").GetString()!;
    }

    public async Task<List<string>> CallsAsync(int count)
    {
        var all = new List<string>();
        for (var i = 0; i < count; i++)
        {
            all.Add(await CallAsync());
        }

        return all;
    }

    public ValueTask DisposeAsync() => House.DisposeAsync();

    private async Task<bool> TakeAsync(string server, JsonElement message, TinyWire wire)
    {
        if (message.GetProperty("method").GetString() != "tools/call")
        {
            return false;
        }

        Begun.AddOrUpdate(server, 1, static (_, n) => n + 1);
        if (!Does.TryGetValue(server, out var does) || !await does(message, wire))
        {
            await wire.AnswerAsync(message, string.Create(CultureInfo.InvariantCulture, $$"""{"resultType":"complete","content":[],"by":"{{server}}"}"""));
        }

        return true;
    }
}
