using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Tests.Resilience;

/// <summary>What questions how a server is do to it, and what they leave alone.</summary>
public sealed class WellnessTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly ManualTime _time = new();

    private static BreakerModel Off => new() { IsEnabled = false };

    private static HealthModel Asked => new() { Interval = Interval, Timeout = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Unwell_AMemberThatWasLetGo_ComesBackIntoTheChoice()
    {
        var (one, two) = (TinyServer.With("a"), TinyServer.With("a"));
        await using var house = new ChildHouse(
            _time, static m => m with { Prefix = "c", Cluster = "c", IdleTimeout = TimeSpan.FromSeconds(12), Breaker = Off, Health = Asked, Priority = m.Name == "x" ? 1 : 2 },
            ("x", one), ("y", two));
        await GoesOnUntilAsync(house.Inner.ModernListsAsync());
        MakeUnwell(house.Inner.Pool("x"));
        one.Holds["server/discover"] = new TaskCompletionSource().Task;
        await GoesOnUntilAsync(() => house["x"].Status == UpstreamStatus.Hibernated);

        await GoesOnUntilAsync(() => house.Inner.Pool("x").Health.IsWell);
    }

    [Fact]
    public async Task Unwell_NothingIsOpenAnyMore_ComesBackIntoTheChoice()
    {
        var server = TinyServer.With("a");
        await using var house = new ChildHouse(_time, static m => m with { Sharing = Sharing.Session, Breaker = Off, Health = Asked }, ("x", server));
        var pool = house.Inner.Pool("x");
        var session = await GoesOnUntilAsync(house.Inner.OpenAsync());
        await GoesOnUntilAsync(session.Call("tools/call", """{"name":"x_a"}""").End);
        server.Holds["ping"] = server.Holds["server/discover"] = new TaskCompletionSource().Task;
        await GoesOnUntilAsync(() => !pool.Health.IsWell);

        foreach (var slot in pool.Slots)
        {
            await slot.EndAsync();
        }

        await GoesOnUntilAsync(() => pool.Health.IsWell);
    }

    [Fact]
    public async Task Unwell_AHandshakeIsFinished_IsWell()
    {
        await using var house = new ChildHouse(_time, static m => m with { Breaker = Off, Health = Asked }, ("x", TinyServer.With("a")));
        MakeUnwell(house.Inner.Pool("x"));

        await GoesOnUntilAsync(house.CallAsync("x"));

        Assert.True(house.Inner.Pool("x").Health.IsWell);
    }

    [Fact]
    public async Task Unwell_AsItsHealthEndpointSays_IsNoBetterForAHandshake()
    {
        var asked = new HealthModel { Endpoint = new Uri("http://localhost:1/health"), Interval = TimeSpan.FromHours(1) };
        await using var house = new ChildHouse(_time, m => m with { Breaker = Off, Health = asked }, ("x", TinyServer.With("a")));
        MakeUnwell(house.Inner.Pool("x"));

        await GoesOnUntilAsync(house.CallAsync("x"));

        Assert.False(house.Inner.Pool("x").Health.IsWell);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task IdleTimeout_AServerThatIsAskedHowItIs_IsLetGoAllTheSame(bool isSlow)
    {
        var server = TinyServer.With("a");
        await using var house = new ChildHouse(_time, static m => m with { IdleTimeout = TimeSpan.FromSeconds(60), Breaker = Off, Health = Asked }, ("x", server));
        await house.CallAsync("x").Within(_time);
        if (isSlow)
        {
            // A question that is open is no use either.
            server.Holds["server/discover"] = new TaskCompletionSource().Task;
        }

        await GoesOnUntilAsync(() => house["x"].Status == UpstreamStatus.Hibernated);

        Assert.Equal(1, server.Connections);
        Assert.True(_time.GetUtcNow() - DateTimeOffset.UnixEpoch < TimeSpan.FromSeconds(120), $"after {_time.GetUtcNow() - DateTimeOffset.UnixEpoch}");
    }

    [Fact]
    public async Task Silent_ALoneServerThatIsBusy_KeepsItsCall()
    {
        var server = House.Server("x") with { Health = Asked, Breaker = Off, Resend = Resending.Idempotent, Idempotent = ["*"] };
        await using var house = new ClusterHouse(static m => m, server);
        await house.ReadyAsync();
        var done = new TaskCompletionSource();
        house.Does["x"] = async (_, _) =>
        {
            await done.Task;
            return false;
        };
        // It does one thing at a time, and answers questions when the call is done.
        house.Tiny["x"].Holds["server/discover"] = done.Task;
        var call = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}");
        await Patience.UntilAsync(() =>
        {
            house.Time.Advance(TimeSpan.FromMilliseconds(100));
            return !house.House.Pool("x").Health.IsWell;
        });

        done.SetResult();

        Assert.Contains("\"by\":\"x\"", await call.End.Within(house.Time), StringComparison.Ordinal);
        Assert.Equal((1, 0), (house.Begun["x"], call.Resends));
    }

    /// <summary>Twice silent, as the default says.</summary>
    private static void MakeUnwell(ServerPool pool)
    {
        pool.Checked("silent");
        pool.Checked("silent");
        Assert.False(pool.Health.IsWell);
    }

    private Task GoesOnUntilAsync(Func<bool> condition) => Patience.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    });

    private async Task<T> GoesOnUntilAsync<T>(Task<T> task)
    {
        await GoesOnUntilAsync(() => task.IsCompleted);
        return await task;
    }
}
