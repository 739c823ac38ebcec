using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Tests.Engine.Permissions;

/// <summary>
/// What is listed is exactly what can be called, for permissions drawn at random: <c>MIMIR_POLICIES</c> of them, default 10,000, from
/// <c>MIMIR_SEED</c>. They change while the servers run on.
/// </summary>
public sealed class RandomPolicyTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const int CallsEach = 8;
    private static readonly string[] s_servers = ["x", "y"];
    private static readonly string[] s_names = ["a_read", "a_write", "b"];
    private readonly ConcurrentQueue<(string Server, string Key)> _heard = new();
    private House? _house;

    public async ValueTask DisposeAsync()
    {
        if (_house is not null)
        {
            await _house.DisposeAsync();
        }
    }

    [Fact]
    public async Task Policies_DrawnAtRandom_ListExactlyWhatCanBeCalled()
    {
        var count = Number("MIMIR_POLICIES", 10_000);
        var seed = Number("MIMIR_SEED", Environment.TickCount & 0xFFFFFF);
        output.WriteLine($"MIMIR_SEED={seed}");
        var (x, y) = (Offering("x"), Offering("y"));
        _house = House.Of(("x", x), ("y", y));
        await _house.ModernListsAsync();
        await Task.WhenAll(s_servers.Select(s => _house.ModernListsAsync(_house.ViewOf(s))));
        var model = _house.Engine.Model;
        var (allowed, denied) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var policy = new RandomPolicy(seed + i, s_servers);
            var outcome = _house.Engine.Apply(model with { Permissions = policy.Model });
            Assert.True(outcome.IsNothing);
            foreach (var (view, space, isSingle) in Views(policy))
            {
                CheckLists(policy, view, space, isSingle, $"policy {seed + i}, view {view ?? "of all"}");
            }

            var draw = new Random(seed + i);
            for (var call = 0; call < CallsEach; call++)
            {
                var views = Views(policy).ToList();
                var (view, space, isSingle) = views[draw.Next(views.Count)];
                var was = await CheckCallAsync(policy, view, space, isSingle, draw, $"policy {seed + i}");
                (allowed, denied) = was ? (allowed + 1, denied) : (allowed, denied + 1);
            }
        }

        output.WriteLine($"{count} policies: {allowed} calls allowed, {denied} denied");
        Assert.True(allowed > count && denied > count);
        Assert.Equal((1, 1), (x.Connections, y.Connections));
    }

    private static IEnumerable<(string? View, NamespaceModel? Space, bool IsSingle)> Views(RandomPolicy policy)
    {
        if (policy.Default.IsServed)
        {
            yield return (null, policy.Default.Space, false);
        }

        foreach (var space in policy.Model.Namespaces)
        {
            yield return (space.Name, space, false);
        }

        yield return ("x", null, true);
    }

    private void CheckLists(RandomPolicy policy, string? view, NamespaceModel? space, bool isSingle, string where)
    {
        var lists = _house!.Engine.ModernCatalog(_house.ViewOf(view)).Refresh();
        string[] servers = isSingle ? [view!] : s_servers;
        foreach (var (kind, list) in new[] { ('t', ListKind.Tools), ('p', ListKind.Prompts) })
        {
            var expected = servers.SelectMany(s => s_names.Where(n => policy.IsAllowed(space, s, kind, n)).Select(n => isSingle ? n : Alias(kind, s, n) ?? s + "_" + n));
            Assert.True(expected.SequenceEqual(lists.Offered(list).Routes.Select(r => r.Shown)), $"{where}: {list}: {string.Join(' ', lists.Offered(list).Routes.Select(r => r.Shown))}");
        }

        Assert.Equal(space is { IsMeta: true }, lists[ListKind.Tools] != lists.Offered(ListKind.Tools));

        var uris = servers.SelectMany(s => s_names.Select(n => (s, Uri: s + "://" + n)).Where(u => policy.IsAllowed(space, u.s, 'r', u.Uri)).Select(u => u.Uri));
        Assert.True(uris.SequenceEqual(lists[ListKind.Resources].Routes.Select(r => r.Shown)), where);
        var templates = servers.Where(s => policy.IsAllowed(space, s, 'r', s + "://{any}")).Select(s => s + "://{any}");
        Assert.True(templates.SequenceEqual(lists[ListKind.Templates].Routes.Select(r => r.Shown)), where);

        string? Alias(char kind, string server, string name) => kind == 't' ? RandomPolicy.AliasOf(space, server, name) : null;
    }

    /// <summary>Calls something, there or not, in one of the ways there are, and compares its end with what the lists and the permissions say.</summary>
    private async Task<bool> CheckCallAsync(RandomPolicy policy, string? view, NamespaceModel? space, bool isSingle, Random draw, string where)
    {
        var server = isSingle ? view! : s_servers[draw.Next(2)];
        var name = draw.Next(4) == 0 ? "ghost" : s_names[draw.Next(s_names.Length)];
        var shown = isSingle ? name : server + "_" + name;
        var uri = server + "://" + name;

        // A server alone is asked for any name, so what would be the router's own in a namespace is its own there.
        var way = isSingle ? draw.Next(6) : draw.Next(8);
        var alias = RandomPolicy.AliasOf(space, server, name);
        var dot = draw.Next(2) == 0 ? '.' : '_';
        var isMeta = space is { IsMeta: true };

        // A tool goes by the one name that its clients are told, and in meta mode by its instance's.
        var isByName = way == 0 && !isMeta && alias is null;
        var (method, parameters, kind, key) = way switch
        {
            0 => ("tools/call", $"\"name\":\"{shown}\"", 't', name),
            1 => ("prompts/get", $"\"name\":\"{shown}\"", 'p', name),
            2 => ("completion/complete", $"\"ref\":{{\"type\":\"ref/prompt\",\"name\":\"{shown}\"}},\"argument\":{{\"name\":\"q\",\"value\":\"\"}}", 'p', name),
            3 => ("completion/complete", $"\"ref\":{{\"type\":\"ref/resource\",\"uri\":\"{server}://{{any}}\"}},\"argument\":{{\"name\":\"q\",\"value\":\"\"}}", 'r', server + "://{any}"),
            4 => ("resources/read", $"\"uri\":\"mimir://{server}/{uri}\"", 'r', uri),
            5 => ("tools/call", $"\"name\":\"{alias ?? shown}\"", 't', name),
            6 => ("tools/call", $"\"name\":\"mcp{dot}router{dot}call\",\"arguments\":{{\"instance_name\":\"{server}\",\"tool_name\":\"{alias ?? name}\",\"arguments\":{{}}}}", 't', name),
            _ => ("resources/read", $"\"uri\":\"{uri}\"", 'r', uri),
        };
        var isReachable = kind != 't' || isByName || (way == 5 && !isMeta) || (way == 6 && isMeta);
        var isAllowed = isReachable && policy.IsAllowed(space, server, kind, key);
        var isListed = name != "ghost" || way == 3;
        var answer = await _house!.Modern(method, parameters, view).End.Within();
        var isAnswered = answer.Contains("\"result\"", StringComparison.Ordinal) && !answer.Contains("\"isError\":true", StringComparison.Ordinal);
        var what = $"{where}, view {view ?? "of all"}: {method} {parameters}: {answer}";
        Assert.True(isAnswered || !isAllowed || !(isListed || isSingle), what);
        Assert.True(isAnswered || _heard.IsEmpty, what);
        while (_heard.TryDequeue(out var heard))
        {
            // A uri that nobody lists may be asked of the only one who lists any: then it is that one's permissions that count.
            Assert.True(heard.Key == key && heard.Server == server || method == "resources/read" && parameters.Contains(heard.Key, StringComparison.Ordinal), what);
            Assert.True(isReachable && policy.IsAllowed(space, heard.Server, kind, heard.Key), $"{what}: {heard.Server} heard {heard.Key}");
        }

        return isAnswered;
    }

    private TinyServer Offering(string name) => new TinyServer { On = (message, _) => Hear(name, message) }
        .Offer(s_names)
        .OfferRaw("prompts/list", $$"""{"prompts":[{{string.Join(',', s_names.Select(n => $$"""{"name":"{{n}}"}"""))}}]}""")
        .OfferRaw("resources/list", $$"""{"resources":[{{string.Join(',', s_names.Select(n => $$"""{"name":"{{n}}","uri":"{{name}}://{{n}}"}"""))}}]}""")
        .OfferRaw("resources/templates/list", $$"""{"resourceTemplates":[{"name":"t","uriTemplate":"{{name}}://{any}"}]}""");

    private Task<bool> Hear(string server, JsonElement message)
    {
        var given = message.GetProperty("params");
        if (message.GetProperty("method").GetString() is "tools/call" or "prompts/get" or "resources/read" or "completion/complete")
        {
            var named = given.TryGetProperty("ref", out var reference) ? reference : given;
            _heard.Enqueue((server, (named.TryGetProperty("name", out var name) ? name : named.GetProperty("uri")).GetString()!));
        }

        return Task.FromResult(false);
    }

    private static int Number(string variable, int absent) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var n) ? n : absent;
}
