using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Direct;

/// <summary>The oracle notices what it is there to notice, at a server without a router before it.</summary>
public sealed class OracleTests
{
    private static readonly Order s_order = new("wicked", TimeSpan.FromSeconds(20)) { Fill = 500 };
    private readonly Account _account = new(new Cell("X00", Transport.Http2025, Phase.InFlight), 1);

    [Fact]
    public async Task Call_AnsweredWell_IsOk()
    {
        Assert.Equal(Ending.Ok, Assert.Single(await CallAsync("", 1)));
        Assert.Equal((1, 1, 0), (_account.Sent, _account.Ok, _account.Wrongs));
    }

    [Fact]
    public async Task Call_AnothersAnswer_IsMisdelivered()
    {
        await CallAsync(",\"swapAnswers\":true", 2);

        Assert.Equal(1, _account.Of(Wrong.Misdelivered));
    }

    [Fact]
    public async Task Call_ErrorThatIsNotOurs_IsWrong()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"wicked\"");
        await using var client = new LegacyHttpClient(http.Url.ToString());
        await client.InitializeAsync(stream: false);

        Assert.Equal(Ending.Bad, await new Actor(client, TimeSpan.FromSeconds(10), _account).CallAsync(s_order));
        Assert.Equal(1, _account.Of(Wrong.Error));
    }

    [Fact]
    public async Task Call_NoAnswer_IsLost()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"wicked\"");
        await using var client = new LegacyHttpClient(http.Url.ToString());
        await client.InitializeAsync(stream: false);

        var ending = await new Actor(client, TimeSpan.FromMilliseconds(100), _account) { Prefix = "", Overtime = TimeSpan.FromSeconds(1) }.ProvokeAsync(s_order with { Deadline = TimeSpan.FromMilliseconds(100) }, "\"how\":\"never\"");

        Assert.Equal((Ending.Bad, 1), (ending, _account.Of(Wrong.Lost)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_GivenUpAndAnsweredAfterThat_IsLostOnceAndNothingElse()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"wicked\"");
        await using var client = new LegacyHttpClient(http.Url.ToString());
        await client.InitializeAsync(stream: false);
        var actor = new Actor(client, TimeSpan.Zero, _account) { Prefix = "", Overtime = TimeSpan.FromSeconds(2) };
        var told = 0;
        var judge = client.OnNotification;
        client.OnNotification = n =>
        {
            judge?.Invoke(n);
            Interlocked.Increment(ref told);
        };

        await actor.CallAsync(s_order with { Deadline = TimeSpan.Zero, DelayMs = 4_000, Steps = 8 });
        var before = told;
        while (Volatile.Read(ref told) < 8) await Task.Delay(20);
        await Task.Delay(1_000);
        actor.Settle();

        Assert.InRange(before, 1, 7);
        Assert.Equal((1, 1), (_account.Of(Wrong.Lost), _account.Wrongs));
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_EndsBeyondItsDeadline_IsLate()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"wicked\"");
        await using var client = new LegacyHttpClient(http.Url.ToString());
        await client.InitializeAsync(stream: false);
        var actor = new Actor(client, TimeSpan.Zero, _account) { Prefix = "", Overtime = TimeSpan.FromSeconds(20) };

        await actor.CallAsync(s_order with { Deadline = TimeSpan.FromMilliseconds(50), DelayMs = 500 });

        Assert.Equal((1, 1), (_account.Of(Wrong.Late), _account.Wrongs));
    }

    [Fact]
    public void Settle_WhatRanTwice_IsDuplicate()
    {
        _account.Settle(new Dictionary<string, int> { [_account.Nonce()] = 2, ["of another cell"] = 2 }, "wicked");

        Assert.Equal((1, 1), (_account.Of(Wrong.Duplicate), _account.Wrongs));
    }

    [Fact]
    public void Settle_SaidNotToHaveRunAndRan_IsAWrongError()
    {
        var nonce = _account.Nonce();
        _account.Refuse(nonce, "an error", saysItDidNotRun: true, began: 0);

        _account.Settle(new Dictionary<string, int> { [nonce] = 1 }, "wicked");

        Assert.Equal(1, _account.Of(Wrong.Error));
    }

    [Fact]
    public void Settle_AnsweredAndNeverSeen_IsMisdelivered()
    {
        _account.Answer(_account.Nonce(), "wicked", null);

        _account.Settle(new Dictionary<string, int>(), "wicked");

        Assert.Equal(1, _account.Of(Wrong.Misdelivered));
    }

    [Theory]
    [InlineData(100, 249, 0)]
    [InlineData(100, 251, 1)]
    [InlineData(1_000, 1_599, 0)]
    public void Judge_CallsThatTookLonger_AreSlowBeyondTheMultipleAndTheSlack(double without, double with, int wrongs)
    {
        var bar = new Bar("calls", 0.5, 1.5);
        foreach (var ms in (double[])[1, without, 9_999]) bar.Add(isWith: false, ms);
        foreach (var ms in (double[])[1, with, 9_999]) bar.Add(isWith: true, ms);

        bar.Judge(_account, TimeSpan.FromMilliseconds(100));

        Assert.Equal(wrongs, _account.Of(Wrong.Slow));
    }

    [Fact]
    public void Judge_NothingToCompare_IsWrong()
    {
        new Bar("calls", 0.5, 1.5).Judge(_account, TimeSpan.Zero);

        Assert.Equal(1, _account.Of(Wrong.Slow));
    }

    [Theory]
    [InlineData("X06", true)]
    [InlineData("X06/http", true)]
    [InlineData("*/http-2025", true)]
    [InlineData("x06/http-2025/in-flight", true)]
    [InlineData("X06/stdio", false)]
    [InlineData("X06/http-2025/idle", false)]
    [InlineData("X0", false)]
    public void IsMeantBy_AWord_TellsWhetherItMeansTheCell(string word, bool isMeant) =>
        Assert.Equal(isMeant, new Cell("X06", Transport.Http2025, Phase.InFlight).IsMeantBy(word));

    private async Task<Ending[]> CallAsync(string script, int calls)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"wicked\"" + script);
        await using var client = new LegacyHttpClient(http.Url.ToString());
        await client.InitializeAsync(stream: false);
        var actor = new Actor(client, TimeSpan.FromSeconds(10), _account) { Prefix = "" };
        var endings = new Ending[calls];
        for (var i = 0; i < calls; i++) endings[i] = await actor.CallAsync(s_order);
        return endings;
    }
}
