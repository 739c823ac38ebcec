using System.Collections.Concurrent;
using System.Text.Json;

namespace Mimir.Router.Tests.Engine;

/// <summary>What one client wants to hear of a modern server takes nothing from the others.</summary>
public sealed class AttendanceTests
{
    private const string TaskCaps = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";
    private const string Tasks = "io.modelcontextprotocol/tasks";
    private const string ToolsChanged = """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";
    private readonly ConcurrentQueue<JsonElement> _listens = new();
    private readonly ConcurrentQueue<string> _cancelled = new();

    [Fact]
    public async Task Listen_WithTasks_HasAStreamOfItsOwnThatDeclaresTheExtension()
    {
        var server = Listening(static _ => true);
        await using var house = House.Of(("x", server));
        await ListenAsync(house, "\"toolsListChanged\":true");

        Assert.Contains("x.T1", await ListenAsync(house, "\"taskIds\":[\"x.T1\"]"), StringComparison.Ordinal);

        Assert.Equal(2, _listens.Count);
        Assert.DoesNotContain("taskIds", _listens.First().GetRawText(), StringComparison.Ordinal);
        var ofTasks = _listens.Last().GetProperty("params");
        Assert.Equal("""{"taskIds":["T1"]}""", ofTasks.GetProperty("notifications").GetRawText());
        Assert.Contains(Tasks, ofTasks.GetProperty("_meta").GetRawText(), StringComparison.Ordinal);
        Assert.Empty(_cancelled);
    }

    [Fact]
    public async Task Listen_ServerHasNoTasks_IsNotAskedForNewsOfThem()
    {
        var server = Listening(static _ => true, extensions: "{}");
        await using var house = House.Of(("x", server));

        Assert.DoesNotContain("x.T1", await ListenAsync(house, "\"taskIds\":[\"x.T1\"]"), StringComparison.Ordinal);

        Assert.Single(_listens);
    }

    [Fact]
    public async Task Listen_ServerRefusesOnesTask_TheOthersStillHearAndItIsNotAcknowledged()
    {
        var server = Listening(static wanted => !wanted.Contains("bogus", StringComparison.Ordinal));
        await using var house = House.Of(("x", server));
        await ListenAsync(house, "\"taskIds\":[\"x.T1\"]");
        var first = _listens.Last().GetProperty("id").GetRawText();

        Assert.DoesNotContain("bogus", await ListenAsync(house, "\"taskIds\":[\"x.bogus\"]"), StringComparison.Ordinal);
        Assert.DoesNotContain(_cancelled, c => c.Contains(first, StringComparison.Ordinal));
        Assert.Contains("x.T2", await ListenAsync(house, "\"taskIds\":[\"x.T2\"]"), StringComparison.Ordinal);

        Assert.Equal("""{"taskIds":["T1","T2"]}""", _listens.Last().GetProperty("params").GetProperty("notifications").GetRawText());
        await Patience.UntilAsync(() => _cancelled.Any(c => c.Contains(first, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Listen_ServerRefusesOnesResource_ListsAreStillHeardOf()
    {
        var server = Listening(static wanted => !wanted.Contains("bogus", StringComparison.Ordinal));
        await using var house = House.Of(("x", server));
        await house.Modern("tools/list").End.Within();
        var listen = house.Modern("subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true}", id: "\"mine\"");
        await listen.NewsAsync();

        Assert.DoesNotContain("bogus", await ListenAsync(house, "\"resourceSubscriptions\":[\"bogus://r\"]", view: "x"), StringComparison.Ordinal);
        server.Offer("a", "b");
        await server.Wire.SendAsync(ToolsChanged);

        Assert.Contains("tools/list_changed", await listen.NewsAsync(), StringComparison.Ordinal);
        Assert.Empty(_cancelled);
    }

    [Fact]
    public async Task Listen_Wider_TheOldStreamGoesOnceTheServerAgreed()
    {
        var agrees = new TaskCompletionSource();
        var server = Listening(static _ => true, hold: wanted => wanted.Contains("test://r", StringComparison.Ordinal) ? agrees.Task : Task.CompletedTask);
        await using var house = House.Of(("x", server));
        await ListenAsync(house, "\"toolsListChanged\":true");

        var wider = house.Modern("subscriptions/listen", "\"notifications\":{\"resourceSubscriptions\":[\"test://r\"]}", view: "x");
        await Patience.UntilAsync(() => _listens.Count == 2);
        Assert.Empty(_cancelled);
        agrees.SetResult();

        Assert.Contains("test://r", await wider.NewsAsync(), StringComparison.Ordinal);
        await Patience.UntilAsync(() => _cancelled.Count == 1);
        Assert.Contains(_listens.First().GetProperty("id").GetRawText(), _cancelled.First(), StringComparison.Ordinal);
    }

    private static Task<string> ListenAsync(House house, string wanted, string? view = null) =>
        house.Modern("subscriptions/listen", "\"notifications\":{" + wanted + "}", view: view, capabilities: TaskCaps, id: "\"" + wanted.Length + "\"").NewsAsync();

    /// <summary>A server that acknowledges what it agrees to, and refuses the rest.</summary>
    private TinyServer Listening(Func<string, bool> agrees, string extensions = TaskCapsInside, Func<string, Task>? hold = null)
    {
        var server = new TinyServer
        {
            SpeaksLegacy = false,
            Capabilities = $$"""{"tools":{"listChanged":true},"resources":{"subscribe":true},"extensions":{{extensions}}}""",
        }.Offer("a");
        server.On = async (message, wire) =>
        {
            switch (message.GetProperty("method").GetString())
            {
                case "notifications/cancelled":
                    _cancelled.Enqueue(message.GetRawText());
                    return true;
                case "subscriptions/listen":
                    _listens.Enqueue(message);
                    break;
                default:
                    return false;
            }

            var wanted = message.GetProperty("params").GetRawText();
            await (hold?.Invoke(wanted) ?? Task.CompletedTask);
            if (!agrees(wanted) || (wanted.Contains("taskIds", StringComparison.Ordinal) && !wanted.Contains(Tasks, StringComparison.Ordinal)))
            {
                await wire.FailAsync(message, -32021);
                return true;
            }

            await wire.SendAsync(
                $$$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{},"_meta":{"io.modelcontextprotocol/subscriptionId":{{{{message.GetProperty("id").GetRawText()}}}}}}}""");
            return true;
        };
        return server;
    }

    private const string TaskCapsInside = """{"io.modelcontextprotocol/tasks":{}}""";
}
