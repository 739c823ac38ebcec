using System.Text.Json;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Support;

/// <summary>A router before one <see cref="AskingServer"/>, for modern clients that can be asked. Its clock stands still between their steps.</summary>
public sealed class ParkingHouse : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    public ParkingHouse(Resending resend = Resending.Unsent)
    {
        // Names are the same in all views, so that nothing but the view tells them apart.
        var model = new RouterModel
        {
            Naming = new NamingModel { Prefix = PrefixMode.Never },
            Servers = [House.Server("x") with { Resend = resend }],
        };
        House = new House(model, new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = Asking.Server }, Time);
    }

    public ManualTime Time { get; } = new();

    public AskingServer Asking { get; } = new();

    public House House { get; }

    /// <summary>Sends a request that can be asked back.</summary>
    public TestExchange Send(ParkedPlace place, string more = "") =>
        House.Modern(place.Method, place.Parameters + more, place.View, capabilities: """{"elicitation":{}}""", door: place.Door);

    /// <summary>Goes on with a call.</summary>
    public TestExchange Return(ParkedPlace place, string state, string word) =>
        Send(place, $",\"requestState\":{JsonSerializer.Serialize(state)},\"inputResponses\":{{\"r1\":{Answer(word)},\"r2\":{Answer(word)}}}");

    /// <summary>Waits for the end of a request, while time goes on.</summary>
    public async Task<JsonElement> EndAsync(TestExchange exchange)
    {
        await Patience.UntilAsync(() =>
        {
            Time.Advance(Step);
            return exchange.End.IsCompleted;
        });
        return JsonElement.Parse(await exchange.End);
    }

    /// <summary>Waits until a request is answered with a question.</summary>
    /// <returns>The state to come back with.</returns>
    public async Task<string> AskedAsync(TestExchange exchange)
    {
        var answer = await EndAsync(exchange);
        Assert.True(answer.TryGetProperty("result", out var result) && result.GetProperty("resultType").GetString() == "input_required", answer.GetRawText());
        return result.GetProperty("requestState").GetString()!;
    }

    /// <summary>Goes on with a call to its end, both rounds.</summary>
    public async Task FinishAsync(ParkedPlace place, string state)
    {
        var next = await AskedAsync(Return(place, state, "one"));
        await EndsAsync(Return(place, next, "two"), "one two");
    }

    /// <summary>Waits for the end of a call whose tool was told something.</summary>
    public async Task EndsAsync(TestExchange exchange, string told)
    {
        var answer = await EndAsync(exchange);
        Assert.True(answer.TryGetProperty("result", out var result) && result.GetProperty("content")[0].GetProperty("text").GetString() == told, answer.GetRawText());

        // The client has its answer a moment before the call is forgotten.
        await Patience.UntilAsync(() => House.Engine.Bridge.ParkedCount == 0);
        Assert.Equal(0, Asking.Cancellations);
    }

    /// <summary>Refused with an error of the protocol that speaks of the state.</summary>
    public static void Refused(string answer, string because = "params.requestState ")
    {
        var root = JsonElement.Parse(answer);
        Assert.True(root.TryGetProperty("error", out var error) && error.GetProperty("code").GetInt32() == -32602, answer);
        Assert.Contains(because, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static string Answer(string word) => $$$"""{"action":"accept","content":{"word":"{{{word}}}"} }""";

    public ValueTask DisposeAsync() => House.DisposeAsync();
}
