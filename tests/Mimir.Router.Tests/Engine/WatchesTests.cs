using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Engine;

/// <summary>Subscriptions at legacy servers for modern clients that listen.</summary>
public sealed class WatchesTests
{
    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<string> _sent = new();

    [Fact]
    public async Task Listen_ServerRefusesAResource_ItIsNotAcknowledged()
    {
        var server = Offering(async (message, wire) =>
        {
            var refused = Uri(message) == "test://secret";
            await (refused ? wire.FailAsync(message, -32602) : wire.AnswerAsync(message, "{}"));
        });
        await using var house = House.Of(("x", server));

        var acknowledged = await Listen(house, "test://r", "test://secret").NewsAsync();

        Assert.Contains("test://r", acknowledged, StringComparison.Ordinal);
        Assert.DoesNotContain("test://secret", acknowledged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_ServerRefusedBefore_IsAskedAgain()
    {
        var refuses = true;
        var server = Offering((message, wire) => Volatile.Read(ref refuses) ? wire.FailAsync(message, -32603) : wire.AnswerAsync(message, "{}"));
        await using var house = House.Of(("x", server));
        Assert.DoesNotContain("test://r", await Listen(house, "test://r").NewsAsync(), StringComparison.Ordinal);

        Volatile.Write(ref refuses, false);
        var again = Listen(house, "test://r");

        Assert.Contains("test://r", await again.NewsAsync(), StringComparison.Ordinal);
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://r"}}""");
        Assert.Contains("resources/updated", await again.NewsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_ServerDoesNotAnswer_IsAskedAgainLater()
    {
        var first = true;
        var server = Offering((message, wire) =>
        {
            var silent = Volatile.Read(ref first);
            Volatile.Write(ref first, false);
            return silent ? Task.CompletedTask : wire.AnswerAsync(message, "{}");
        });
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        Listen(house, "test://r");
        await Patience.UntilAsync(() => _sent.Count == 1);

        await AdvanceUntilAsync(() => _sent.Count == 2);

        Assert.Equal(["+test://r", "+test://r"], _sent);
    }

    [Fact]
    public async Task Listen_WhileWhatNobodyWantedIsTakenBack_IsSubscribedAfterwards()
    {
        var taken = new TaskCompletionSource();
        var server = Offering(async (message, wire) =>
        {
            if (message.GetProperty("method").GetString() == "resources/unsubscribe")
            {
                await taken.Task;
            }

            await wire.AnswerAsync(message, "{}");
        });
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        var gone = Listen(house, "test://r");
        await gone.NewsAsync();
        gone.Withdraw("\"gone\""u8);
        await AdvanceUntilAsync(() => _sent.Contains("-test://r"));

        var listen = Listen(house, "test://r");
        await Patience.UntilAsync(() => house.Engine.Listens.Catalogs.Any());
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(["+test://r", "-test://r"], _sent);
        taken.SetResult();

        Assert.Contains("test://r", await listen.NewsAsync(), StringComparison.Ordinal);
        await Patience.UntilAsync(() => _sent.Count == 3);
        Assert.Equal("+test://r", _sent.Last());
    }

    private static TestExchange Listen(House house, params string[] uris) =>
        house.Modern("subscriptions/listen", "\"notifications\":{\"resourceSubscriptions\":" + JsonSerializer.Serialize(uris) + "}", view: "x");

    private static string Uri(JsonElement message) => message.GetProperty("params").GetProperty("uri").GetString()!;

    private TinyServer Offering(Func<JsonElement, TinyWire, Task> subscribe) => new()
    {
        SpeaksModern = false,
        On = async (message, wire) =>
        {
            if (message.GetProperty("method").GetString() is not ("resources/subscribe" or "resources/unsubscribe"))
            {
                return false;
            }

            _sent.Enqueue((message.GetProperty("method").ValueEquals("resources/subscribe") ? "+" : "-") + Uri(message));
            await subscribe(message, wire);
            return true;
        },
    };

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (!condition())
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(2, limit.Token);
        }
    }
}
