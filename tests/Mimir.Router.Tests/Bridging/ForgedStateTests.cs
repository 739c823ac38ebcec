using Mimir.Router.Model;

namespace Mimir.Router.Tests.Bridging;

/// <summary>Nobody but the client that was asked goes on with a call that waits for it, and it only once, in time, with the same call.</summary>
public sealed class ForgedStateTests
{
    private const int Forgeries = 1000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \u00e9\\";
    private readonly Random _random = new(1);
    private readonly ParkedPlace _place = new();

    public static TheoryData<string, string?, string, string?, string> OthersPrincipals => new()
    {
        { "the view of the server alone", null, "http", "x", "http" },
        { "the view of all", "x", "http", null, "http" },
        { "another door", null, "http", null, "" },
        { "another door of the server alone", "x", "", "x", "http" },
    };

    public static TheoryData<string, string, string> OtherCalls => new()
    {
        { "other arguments", "tools/call", "\"name\":\"a\",\"arguments\":{\"n\":2}" },
        { "no arguments", "tools/call", "\"name\":\"a\"" },
        { "one argument more", "tools/call", "\"name\":\"a\",\"arguments\":{\"n\":1,\"m\":null}" },
        { "a number spelled otherwise", "tools/call", "\"name\":\"a\",\"arguments\":{\"n\":1.0}" },
        { "one member of params more", "tools/call", "\"name\":\"a\",\"arguments\":{\"n\":1},\"x\":1" },
        { "another tool", "tools/call", "\"name\":\"b\",\"arguments\":{\"n\":1}" },
        { "another method", "prompts/get", "\"name\":\"a\",\"arguments\":{\"n\":1}" },
        { "a method that asks nothing", "completion/complete", "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"a\"},\"argument\":{\"name\":\"n\",\"value\":\"1\"}" },
    };

    [Fact]
    public async Task Resume_StateAltered_IsRefusedAndTheCallGoesOn()
    {
        await using var parking = new ParkingHouse();
        var state = await parking.AskedAsync(parking.Send(_place));

        await ForgeAsync(parking, _place, () => Altered(state));

        await parking.FinishAsync(_place, state);
    }

    [Fact]
    public async Task Resume_StateReplayed_IsRefusedAndTheCallGoesOn()
    {
        await using var parking = new ParkingHouse();
        var first = await parking.AskedAsync(parking.Send(_place));
        var second = await parking.AskedAsync(parking.Return(_place, first, "one"));

        await ForgeAsync(parking, _place, () => first);

        await parking.EndsAsync(parking.Return(_place, second, "two"), "one two");
        await ForgeAsync(parking, _place, () => second);
    }

    [Fact]
    public async Task Resume_OneStateManyTimesAtOnce_OneGoesOn()
    {
        await using var parking = new ParkingHouse();
        var state = await parking.AskedAsync(parking.Send(_place));
        using var start = new Barrier(4);

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return Enumerable.Range(0, Forgeries / 4).Select(_ => parking.Return(_place, state, "one")).ToList();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        // Those that are refused are so at once; the one that goes on waits for the second question, which needs time to go on.
        var waiting = all.SelectMany(e => e).Where(e => !e.End.IsCompleted).ToList();
        var next = await parking.AskedAsync(Assert.Single(waiting));
        foreach (var refused in all.SelectMany(e => e).Where(e => e != waiting[0]))
        {
            ParkingHouse.Refused(await refused.End);
        }

        Assert.Equal(1, parking.Asking.Answers);
        await parking.EndsAsync(parking.Return(_place, next, "two"), "one two");
    }

    [Fact]
    public async Task Resume_StateExpired_IsRefusedAndTheCallGoesOn()
    {
        await using var parking = new ParkingHouse();
        var old = await parking.AskedAsync(parking.Send(_place));
        parking.Time.Advance(TimeSpan.FromMinutes(9));
        var state = await parking.AskedAsync(parking.Return(_place, old, "one"));
        parking.Time.Advance(TimeSpan.FromMinutes(2));

        await ForgeAsync(parking, _place, () => old, "params.requestState has expired");

        await parking.EndsAsync(parking.Return(_place, state, "two"), "one two");
    }

    [Fact]
    public async Task Resume_OwnerTooLate_IsRefusedAndTheServerWasTold()
    {
        await using var parking = new ParkingHouse();
        var state = await parking.AskedAsync(parking.Send(_place));
        parking.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        await Patience.UntilAsync(() => parking.Asking is { Answers: 1, Cancellations: 1 });

        await ForgeAsync(parking, _place, () => state, "params.requestState has expired");

        await Patience.UntilAsync(() => parking.House.Engine.Bridge.ParkedCount == 0);
    }

    [Theory]
    [MemberData(nameof(OthersPrincipals))]
    public async Task Resume_StateOfAnotherPrincipal_IsRefusedAndTheCallGoesOn(string what, string? view, string door, string? otherView, string otherDoor)
    {
        Assert.NotEmpty(what);
        await using var parking = new ParkingHouse();
        var place = _place with { View = view, Door = door };
        var state = await parking.AskedAsync(parking.Send(place));

        await ForgeAsync(parking, place with { View = otherView, Door = otherDoor }, () => state);

        await parking.FinishAsync(place, state);
    }

    [Theory]
    [MemberData(nameof(OtherCalls))]
    public async Task Resume_StateOfAnotherCall_IsRefusedAndTheCallGoesOn(string what, string method, string parameters)
    {
        Assert.NotEmpty(what);
        await using var parking = new ParkingHouse();
        var state = await parking.AskedAsync(parking.Send(_place));

        await ForgeAsync(parking, _place with { Method = method, Parameters = parameters }, () => state);

        await parking.FinishAsync(_place, state);
    }

    [Fact]
    public async Task Resume_StateOfAnotherParkedCall_IsRefusedAndBothGoOn()
    {
        await using var parking = new ParkingHouse();
        var other = new ParkedPlace(Parameters: "\"name\":\"b\",\"arguments\":{\"n\":1}");
        var state = await parking.AskedAsync(parking.Send(_place));
        var otherState = await parking.AskedAsync(parking.Send(other));

        await ForgeAsync(parking, _place, () => otherState);
        await ForgeAsync(parking, other, () => state);

        // Side by side: the one is asked its second question before the other has been answered its first.
        var second = await parking.AskedAsync(parking.Return(_place, state, "one"));
        var otherSecond = await parking.AskedAsync(parking.Return(other, otherState, "three"));
        Assert.Contains("one two", (await parking.EndAsync(parking.Return(_place, second, "two"))).GetRawText(), StringComparison.Ordinal);
        await parking.EndsAsync(parking.Return(other, otherSecond, "four"), "three four");
    }

    [Theory]
    [InlineData(Resending.Unsent)]
    [InlineData(Resending.Idempotent)]
    public async Task Resume_ServerReplacedByAModernOne_IsRefusedAndNotSentThere(Resending resend)
    {
        await using var parking = new ParkingHouse(resend);
        var state = await parking.AskedAsync(parking.Send(_place));
        await parking.Asking.BeReplacedAsync();
        await Patience.UntilAsync(() => parking.House.Pool("x").Slots.All(s => s.Live is null));
        Assert.Contains("heard", (await parking.EndAsync(parking.Send(_place))).GetRawText(), StringComparison.Ordinal);

        var answer = await parking.EndAsync(parking.Return(_place, state, "one"));

        ParkingHouse.Refused(answer.GetRawText(), "was replaced while it waited");
    }

    /// <summary>Each of many forgeries is refused, and nothing of them reaches the server or the calls that wait.</summary>
    private static async Task ForgeAsync(ParkingHouse parking, ParkedPlace place, Func<string> state, string because = "params.requestState ")
    {
        var (parked, answers, cancellations) = (parking.House.Engine.Bridge.ParkedCount, parking.Asking.Answers, parking.Asking.Cancellations);
        for (var i = 0; i < Forgeries; i++)
        {
            var forged = parking.Return(place, state(), "forged");
            ParkingHouse.Refused(await forged.End.Within(), because);
        }

        Assert.Equal((parked, answers, cancellations), (parking.House.Engine.Bridge.ParkedCount, parking.Asking.Answers, parking.Asking.Cancellations));
    }

    private string Altered(string state)
    {
        while (true)
        {
            var at = _random.Next(state.Length);
            var other = _random.Next(8) switch
            {
                0 => state[..at],
                1 => state[..at] + state[(at + 1)..],
                2 => state.Insert(at, Alphabet[_random.Next(Alphabet.Length)].ToString()),
                3 => state + Alphabet[_random.Next(Alphabet.Length)],
                _ => state[..at] + Alphabet[_random.Next(Alphabet.Length)] + state[(at + 1)..],
            };
            if (other != state)
            {
                return other;
            }
        }
    }
}
