using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Tests.Engine.Permissions;

/// <summary>
/// The ways around lists under permissions drawn at random: subscriptions of both eras, and the router's own tools by every spelling and by what calls
/// the tools of others. <c>MIMIR_POLICIES</c> of them, default 10,000, from <c>MIMIR_SEED</c>.
/// </summary>
public sealed class RandomReachTests : IAsyncDisposable
{
    private const int CallsEach = 4;
    private const string Own = RandomPolicy.Own, Caller = "mcp_router_call";
    private static readonly string[] s_servers = ["x", "y", Own];
    private static readonly string[] s_names = ["a_read", "a_write", "b"];
    private readonly ITestOutputHelper _output;
    private readonly ConcurrentQueue<(string Server, string Key)> _heard = new();
    private readonly House _house;
    private int _granted;
    private int _denied;

    public RandomReachTests(ITestOutputHelper output)
    {
        _output = output;
        _house = new House(
            new RouterModel { Servers = [House.Server("x"), House.Server("y"), House.Server(Own) with { Prefix = "", IsOwn = true }] },
            new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = Offering("x"), ["y"] = Offering("y"), [Own] = new TinyServer { On = (m, w) => HearAsync(Own, m, w) }.Offer(RandomPolicy.OwnTools) });
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public Task Policies_DrawnAtRandom_LetOwnToolsBeCalledByTheOneNameThatIsListedAndReachNothingElse() => RunAsync(async (policy, draw, where) =>
    {
        var views = RandomView.Of(policy, Own);
        for (var i = 0; i < CallsEach; i++)
        {
            await CallOwnAsync(policy, views[draw.Next(views.Length)], draw, where);
        }
    });

    [Fact]
    public async Task Policies_DrawnAtRandom_LetResourcesBeWatchedThatMayBeRead()
    {
        var (all, alone) = (await _house.OpenAsync(), await _house.OpenAsync(view: "x"));
        foreach (var session in (TestSession[])[all, alone])
        {
            await session.Call("resources/list").End.Within();
            await session.Call("resources/templates/list").End.Within();
        }

        await RunAsync(async (policy, draw, where) =>
        {
            for (var i = 0; i < CallsEach; i++)
            {
                var isSingle = draw.Next(3) == 0;
                await SubscribeAsync(policy, isSingle ? alone : all, isSingle, draw, where);
            }

            var views = RandomView.Of(policy, "x");
            await ListenAsync(policy, views[draw.Next(views.Length)], where);
        });
    }

    private async Task RunAsync(Func<RandomPolicy, Random, string, Task> check)
    {
        var count = Number("MIMIR_POLICIES", 10_000);
        var seed = Number("MIMIR_SEED", Environment.TickCount & 0xFFFFFF);
        _output.WriteLine($"MIMIR_SEED={seed}");
        await _house.ModernListsAsync();
        await Task.WhenAll(s_servers.Select(s => _house.ModernListsAsync(_house.ViewOf(s))));
        var model = _house.Engine.Model;
        for (var i = 0; i < count; i++)
        {
            var policy = new RandomPolicy(seed + i, s_servers);
            Assert.True(_house.Engine.Apply(model with { Permissions = policy.Model }).IsNothing);
            await check(policy, new Random(seed + i), $"policy {seed + i}");
        }

        _output.WriteLine($"{count} policies: {_granted} granted, {_denied} denied");
        Assert.True(_granted > count / 4 && _denied > count / 4, "too few of a kind");
    }

    private async Task CallOwnAsync(RandomPolicy policy, RandomView view, Random draw, string where)
    {
        var tool = draw.Next(6) == 0 ? "mcpmu_ghost" : draw.Next(2) == 0 ? Caller : RandomPolicy.OwnTools[draw.Next(RandomPolicy.OwnTools.Length)];
        var alias = RandomPolicy.AliasOf(view.Space, Own, tool);
        var name = draw.Next(3) switch
        {
            0 => tool,
            1 => tool.Replace("mcpmu_", "mcpmu.", StringComparison.Ordinal).Replace("mcp_router_", "mcp.router.", StringComparison.Ordinal),
            _ => alias ?? tool,
        };
        var isByName = alias is null || name == alias;
        var isListed = tool != "mcpmu_ghost" && policy.IsAllowed(view.Space, Own, 't', tool) && isByName;

        // What it is to call, where it is the one that calls others.
        var instance = s_servers[draw.Next(3)];
        var target = instance == Own ? RandomPolicy.OwnTools[draw.Next(3)] : draw.Next(4) == 0 ? "ghost" : s_names[draw.Next(s_names.Length)];
        var isSet = view.Space?.Overrides.Any(o => o.Owner == Own && o.Tool == Caller && !o.Arguments.IsEmpty) == true && !view.IsMeta;
        var isNamed = !isSet || draw.Next(2) == 0;
        var shown = RandomPolicy.AliasOf(view.Space, isNamed ? instance : "x", target) ?? target;
        var arguments = tool == Caller ? $$"""{{{(isNamed ? $"\"instance_name\":\"{instance}\"," : "")}}"tool_name":"{{shown}}","arguments":{} }""" : "{}";
        var answer = await _house.Modern("tools/call", $"\"name\":\"{name}\",\"arguments\":{arguments}", view.Name).End.Within();

        // In meta mode it is the namespace's own way to call, by its own names.
        var runs = view.IsMeta ? tool == Caller && name != alias : isListed;
        (string Server, string Key)? expected = !runs ? null
            : tool != Caller ? (Own, tool)
            : isSet && isNamed ? null
            : Reached(isNamed ? instance : "x");
        var what = $"{where}, view {view.Name}: {name} {arguments}: {answer}";
        (string Server, string Key)? heard = _heard.TryDequeue(out var one) ? one : null;

        // A server alone of which nothing is said is asked for any name: it is its own.
        var isOwnMatter = view.IsSingle && tool == "mcpmu_ghost" && !policy.Model.Servers.ContainsKey(Own);
        Assert.True(isOwnMatter || (heard == expected && RandomView.IsGranted(answer) == expected is not null), $"{what}: heard {heard}, not {expected}");
        Assert.True(_heard.IsEmpty, what);
        Count(expected is not null);

        (string Server, string Key)? Reached(string server) =>
            target != "ghost" && (server == Own) == RandomPolicy.OwnTools.Contains(target) && (!view.IsSingle || server == Own) && policy.IsAllowed(view.Space, server, 't', target)
                ? (server, target)
                : null;
    }

    private async Task SubscribeAsync(RandomPolicy policy, TestSession session, bool isSingle, Random draw, string where)
    {
        var (server, name) = (isSingle ? "x" : s_servers[draw.Next(2)], draw.Next(4) == 0 ? "ghost" : s_names[draw.Next(s_names.Length)]);
        var own = $"{server}://{name}";
        var uri = draw.Next(2) == 0 ? own : $"mimir://{server}/{own}";
        var space = isSingle ? null : policy.Default.Space;
        var isServed = isSingle || policy.Default.IsServed;
        var answer = await session.Call("resources/subscribe", $$"""{"uri":"{{uri}}"}""").End.Within();
        var isGranted = RandomView.IsGranted(answer);
        var what = $"{where}, subscribe {uri} {(isSingle ? "alone" : "")}: {answer}";
        var isAllowed = isServed && policy.IsAllowed(space, server, 'r', own);
        Assert.True(isGranted || !isAllowed || name == "ghost", what);
        Assert.True(isGranted || _heard.IsEmpty, what);
        var isHeard = false;
        for (; _heard.TryDequeue(out var heard); isHeard = true)
        {
            // A uri that nobody lists may be of the only one who lists any: then it is that one's permissions that count.
            Assert.True(isServed && policy.IsAllowed(space, heard.Server, 'r', heard.Key), $"{what}: {heard} heard");
        }

        Assert.True(isHeard == isGranted, what);

        Count(isGranted);
        if (isGranted)
        {
            Assert.Contains("\"result\"", await session.Call("resources/unsubscribe", $$"""{"uri":"{{uri}}"}""").End.Within(), StringComparison.Ordinal);
        }
    }

    private async Task ListenAsync(RandomPolicy policy, RandomView view, string where)
    {
        string[] servers = view.IsSingle ? ["x"] : ["x", "y"];
        var uris = servers.SelectMany(s => s_names.Append("ghost").Select(n => (Server: s, Name: n, Uri: $"{s}://{n}"))).ToList();
        var listen = _house.Modern("subscriptions/listen", $"\"notifications\":{{\"resourceSubscriptions\":[{string.Join(',', uris.Select(u => $"\"{u.Uri}\""))}]}}", view.Name);
        using var document = JsonDocument.Parse(await listen.NewsAsync());
        var promised = document.RootElement.GetProperty("params").GetProperty("notifications").TryGetProperty("resourceSubscriptions", out var list)
            ? list.EnumerateArray().Select(u => u.GetString()!).ToHashSet(StringComparer.Ordinal)
            : [];
        foreach (var (server, name, uri) in uris)
        {
            var isAllowed = policy.IsAllowed(view.Space, server, 'r', uri);
            Assert.True(name == "ghost" ? isAllowed || !promised.Contains(uri) : isAllowed == promised.Contains(uri), $"{where}, view {view.Name}: listen to {uri}: {document.RootElement}");
            Count(isAllowed);
        }

        _house.Engine.Listens.End();
        await listen.End.Within();
    }

    private void Count(bool isGranted) => (_granted, _denied) = isGranted ? (_granted + 1, _denied) : (_granted, _denied + 1);

    private TinyServer Offering(string name) => new TinyServer { On = (message, wire) => HearAsync(name, message, wire) }
        .Offer(s_names)
        .OfferRaw("resources/list", $$"""{"resources":[{{string.Join(',', s_names.Select(n => $$"""{"name":"{{n}}","uri":"{{name}}://{{n}}"}"""))}}]}""")
        .OfferRaw("resources/templates/list", $$"""{"resourceTemplates":[{"name":"t","uriTemplate":"{{name}}://{any}"}]}""");

    private async Task<bool> HearAsync(string server, JsonElement message, TinyWire wire)
    {
        switch (message.GetProperty("method").GetString())
        {
            case "tools/call":
                _heard.Enqueue((server, message.GetProperty("params").GetProperty("name").GetString()!.Replace('.', '_')));
                return false;
            case "resources/subscribe":
                _heard.Enqueue((server, message.GetProperty("params").GetProperty("uri").GetString()!));
                return false;
            case "subscriptions/listen":
                await wire.SendAsync(
                    $$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{{{message.GetProperty("params").GetProperty("notifications").GetRawText()}}},"_meta":{"io.modelcontextprotocol/subscriptionId":{{{message.GetProperty("id").GetRawText()}}} } } }""");
                return true;
            default:
                return false;
        }
    }

    private static int Number(string variable, int absent) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var n) ? n : absent;
}
