using System.Globalization;
using System.Text.Json;

namespace Mimir.Router.Tests.Engine.Permissions;

/// <summary>
/// Tasks under permissions drawn at random: a tool that is denied makes none, and what it made before is not told of, in either era, to whom it is
/// denied. <c>MIMIR_POLICIES</c> of them, default 10,000, from <c>MIMIR_SEED</c>.
/// </summary>
public sealed class RandomTaskTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const string Knows = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";
    private static readonly string[] s_servers = ["x", "y"];
    private static readonly string[] s_tools = ["a_read", "a_write", "b"];
    private readonly House _house = House.Of(("x", Making()), ("y", Making()));
    private int _told;
    private int _kept;

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Policies_DrawnAtRandom_TellOfTheTasksOfWhatCanBeCalled()
    {
        var count = Number("MIMIR_POLICIES", 10_000);
        var seed = Number("MIMIR_SEED", Environment.TickCount & 0xFFFFFF);
        output.WriteLine($"MIMIR_SEED={seed}");
        var model = _house.Engine.Model;
        var (all, alone) = (await _house.OpenAsync(), await _house.OpenAsync(view: "x"));
        await all.Call("tools/list").End.Within();
        await alone.Call("tools/list").End.Within();
        await _house.ModernListsAsync();
        await _house.ModernListsAsync(_house.ViewOf("x"));
        var (made, refused) = (0, 0);
        (string Server, string Tool, string Id)? modern = null, legacy = null, single = null;
        for (var i = 0; i < count; i++)
        {
            var policy = new RandomPolicy(seed + i, s_servers);
            Assert.True(_house.Engine.Apply(model with { Permissions = policy.Model }).IsNothing);
            var draw = new Random(seed + i);
            var where = $"policy {seed + i}";
            var views = RandomView.Of(policy, "x");

            // What was made under the policy before.
            if (modern is { } task)
            {
                await AskModernAsync(policy, views[draw.Next(views.Length)], task, draw, where);
            }

            if (legacy is { } mine)
            {
                await AskLegacyAsync(all, policy.Default.IsServed && policy.IsAllowed(policy.Default.Space, mine.Server, 't', mine.Tool), $"{mine.Server}.{mine.Id}", draw, where);
            }

            if (single is { } lone)
            {
                await AskLegacyAsync(alone, policy.IsAllowed(null, "x", 't', lone.Tool), lone.Id, draw, where);
            }

            var view = views[draw.Next(views.Length)];
            var (server, tool) = (view.IsSingle ? "x" : s_servers[draw.Next(2)], s_tools[draw.Next(s_tools.Length)]);
            var id = await MakeAsync(
                policy, view, server, tool, name => _house.Modern("tools/call", $"\"name\":\"{name}\",\"arguments\":{{}}", view.Name, capabilities: Knows).End, where);
            modern = id is null ? modern : (server, tool, id);
            (made, refused) = id is null ? (made, refused + 1) : (made + 1, refused);
            if (policy.Default.IsServed)
            {
                (server, tool) = (s_servers[draw.Next(2)], s_tools[draw.Next(s_tools.Length)]);
                id = await MakeAsync(policy, new RandomView(null, policy.Default.Space, false), server, tool, name => all.Call("tools/call", $$"""{"name":"{{name}}","task":{} }""").End, where);
                legacy = id is null ? legacy : (server, tool, id);
            }

            tool = s_tools[draw.Next(s_tools.Length)];
            id = await MakeAsync(policy, new RandomView("x", null, true), "x", tool, name => alone.Call("tools/call", $$"""{"name":"{{name}}","task":{} }""").End, where);
            single = id is null ? single : ("x", tool, id);
        }

        output.WriteLine($"{count} policies: {made} tasks made and {refused} refused to modern clients; {_told} times told of one, {_kept} times not");
        Assert.True(made > count / 5 && refused > count / 5 && _told > count && _kept > count, "too few of a kind");
    }

    /// <summary>Calls a tool so that it becomes a task.</summary>
    /// <returns>The server's id of it; null when it is denied.</returns>
    private static async Task<string?> MakeAsync(RandomPolicy policy, RandomView view, string server, string tool, Func<string, Task<string>> call, string where)
    {
        var name = RandomPolicy.AliasOf(view.Space, server, tool) ?? (view.IsSingle ? tool : $"{server}_{tool}");
        var answer = await call(name).Within();
        var isAllowed = !view.IsMeta && policy.IsAllowed(view.Space, server, 't', tool);
        Assert.True(RandomView.IsGranted(answer) == isAllowed, $"{where}, view {view.Name}: {name}: {answer}");
        if (!isAllowed)
        {
            return null;
        }

        using var document = JsonDocument.Parse(answer);
        var result = document.RootElement.GetProperty("result");
        var id = (result.TryGetProperty("task", out var task) ? task : result).GetProperty("taskId").GetString()!;
        return view.IsSingle ? id : id[(server.Length + 1)..];
    }

    private async Task AskModernAsync(RandomPolicy policy, RandomView view, (string Server, string Tool, string Id) task, Random draw, string where)
    {
        if (view.IsSingle && task.Server != "x")
        {
            return;
        }

        var id = view.IsSingle ? task.Id : $"{task.Server}.{task.Id}";
        var isAllowed = policy.IsAllowed(view.Space, task.Server, 't', task.Tool);
        var method = draw.Next(2) == 0 ? "tasks/get" : "tasks/update";
        var answer = await _house.Modern(method, $"\"taskId\":\"{id}\"", view.Name, capabilities: Knows).End.Within();
        Check(answer, isAllowed, $"{where}, view {view.Name}: {method} {id} of {task.Tool}");

        // What runs may be ended, wherever its server is offered at all.
        answer = await _house.Modern("tasks/cancel", $"\"taskId\":\"{id}\"", view.Name, capabilities: Knows).End.Within();
        Assert.True(RandomView.IsGranted(answer) == (view.Space is null || view.Space.Servers.Contains(task.Server)), $"{where}, view {view.Name}: {answer}");
    }

    private async Task AskLegacyAsync(TestSession session, bool isAllowed, string id, Random draw, string where)
    {
        var method = draw.Next(2) == 0 ? "tasks/get" : "tasks/result";
        Check(await session.Call(method, $$"""{"taskId":"{{id}}"}""").End.Within(), isAllowed, $"{where}, {method} {id} of a session");
        var list = await session.Call("tasks/list").End.Within();
        Assert.True(list.Contains($"\"{id}\"", StringComparison.Ordinal) == isAllowed, $"{where}, tasks/list without {id}: {list}");
    }

    private void Check(string answer, bool isAllowed, string what)
    {
        Assert.True(RandomView.IsGranted(answer) == isAllowed, $"{what}: {answer}");
        (_told, _kept) = isAllowed ? (_told + 1, _kept) : (_told, _kept + 1);
    }

    /// <summary>A server of both eras that makes a task of every call that may become one, and lists the newest.</summary>
    private static TinyServer Making()
    {
        var newest = 0;
        return new TinyServer
        {
            Capabilities = """{"tools":{},"tasks":{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}},"extensions":{"io.modelcontextprotocol/tasks":{}}}""",
            On = async (message, wire) =>
            {
                var given = message.TryGetProperty("params", out var p) ? p : default;
                switch (message.GetProperty("method").GetString())
                {
                    case "tools/call" when given.TryGetProperty("task", out _):
                        await wire.AnswerAsync(message, $$"""{"task":{"taskId":"t{{Interlocked.Increment(ref newest)}}","status":"working"} }""");
                        return true;
                    case "tools/call":
                        await wire.AnswerAsync(message, $$"""{"resultType":"task","taskId":"t{{Interlocked.Increment(ref newest)}}","status":"working"}""");
                        return true;
                    case "tasks/list":
                        await wire.AnswerAsync(message, $$"""{"tasks":[{{string.Join(',', Enumerable.Range(Math.Max(1, newest - 200), Math.Min(201, newest)).Select(n => $$"""{"taskId":"t{{n}}"}"""))}}]}""");
                        return true;
                    default:
                        return false;
                }
            },
        }.Offer(s_tools);
    }

    private static int Number(string variable, int absent) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var n) ? n : absent;
}
