using System.Net.Sockets;
using System.Text;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Doors;

namespace Mimir.Router.Tests.Upstreams.Doors;

/// <summary>Where apps come that listen nowhere.</summary>
public sealed class AppDoorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("mimir-door-").FullName, "doors");
    private readonly List<Socket> _apps = [];
    private readonly CancellationTokenSource _limit = new(Patience);
    private AppDoor? _door;

    public ValueTask InitializeAsync()
    {
        _door = AppDoor.Open(_folder, "1.sock", TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _apps.ForEach(static a => a.Dispose());
        await _door!.DisposeAsync();
        _limit.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Fact]
    public async Task Take_AppsThatCame_GivesThatOfTheNameAndTellsIt()
    {
        var other = await ComeAsync("""{"mimir":"app","version":1,"name":"other"}""");
        var game = await ComeAsync("""{"mimir":"app","version":1,"name":"game","more":true}""");

        using var taken = await _door!.TakeAsync("game", _limit.Token);

        Assert.Equal("taken\n", await ReadAsync(game));
        await taken.SendAsync("to the game"u8.ToArray());
        Assert.Equal("to the game", await ReadAsync(game));
        Assert.Equal(0, other.Available);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public async Task Take_BeforeTheAppComes_WaitsForIt()
    {
        var taking = _door!.TakeAsync("game", _limit.Token);
        await ComeAsync("""{"mimir":"app","version":1,"name":"game"}""");

        using var taken = await taking;
        using var nobody = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _door!.TakeAsync("game", nobody.Token));
    }

    /// <summary>What ended while it waited is passed over, and so many of them that the oldest were sent away.</summary>
    [Fact]
    public async Task Take_AfterAppsThatHaveGone_GivesTheOneThatIsThere()
    {
        for (var i = 0; i < 40; i++) (await ComeAsync("""{"mimir":"app","version":1,"name":"game"}""")).Dispose();
        var there = await ComeAsync("""{"mimir":"app","version":1,"name":"game"}""");

        using var taken = await _door!.TakeAsync("game", _limit.Token);

        Assert.Equal("taken\n", await ReadAsync(there));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("[]")]
    [InlineData("""{"mimir":"app","version":1}""")]
    [InlineData("""{"mimir":"app","version":1,"name":""}""")]
    [InlineData("""{"mimir":"app","version":1,"name":7}""")]
    [InlineData("""{"mimir":"other","version":1,"name":"game"}""")]
    [InlineData("\"\\ud800")]
    public async Task Come_WithAnythingElse_IsSentAway(string hello)
    {
        var app = await ComeAsync(hello);

        Assert.Equal("", await ReadAsync(app));
        await ComeAsync("""{"mimir":"app","version":1,"name":"game"}""");
        using var taken = await _door!.TakeAsync("game", _limit.Token);
    }

    [Fact]
    public async Task Come_WithALineWithoutEnd_IsSentAway()
    {
        var app = await ComeAsync(new string('x', 2000));

        Assert.Equal("", await ReadAsync(app));
    }

    [Fact]
    public async Task Come_AppsOfManyNames_AreHeldToABound()
    {
        var apps = new List<Socket>();
        for (var i = 0; i < 65; i++) apps.Add(await ComeAsync($$"""{"mimir":"app","version":1,"name":"app {{i}}"}"""));

        var sent = apps.Select(ReadAsync).ToList();
        Assert.Equal("", await await Task.WhenAny(sent));
    }

    /// <summary>Apps of many names come over the life of a router, for a name may hold a number: those that have gone take nobody's place.</summary>
    [Fact]
    public async Task Come_AfterAppsOfManyNamesThatHaveGone_IsTaken()
    {
        for (var i = 0; i < 64; i++) (await ComeAsync($$"""{"mimir":"app","version":1,"name":"app {{i}}"}""")).Dispose();
        for (var i = 0; i < 64; i++) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _door!.TakeAsync($"nobody {i}", new CancellationToken(true)));
        var there = await ComeAsync("""{"mimir":"app","version":1,"name":"game"}""");

        using var taken = await _door!.TakeAsync("game", _limit.Token);

        Assert.Equal("taken\n", await ReadAsync(there));
    }

    /// <summary>A router that is stopped where it stands, as by ^Z, takes nobody in: who opens a door beside it does not wait for it.</summary>
    [Fact]
    public async Task Open_BesideARouterThatIsFrozen_DoesNotWaitForIt()
    {
        using var frozen = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        frozen.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "2.sock")));
        frozen.Listen(1);
        for (var isFull = false; !isFull;)
        {
            var app = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            _apps.Add(app);
            try
            {
                app.Connect(new UnixDomainSocketEndPoint(Path.Combine(_folder, "2.sock")));
            }
            catch (SocketException)
            {
                isFull = true;
            }
        }

        var opening = Task.Run(() => AppDoor.Open(_folder, "3.sock", TimeProvider.System), _limit.Token);
        await using var other = await opening.WaitAsync(TimeSpan.FromSeconds(10), _limit.Token);

        Assert.Equal(["1.sock", "2.sock", "3.sock"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>A socket between its making and its listening refuses as that of a killed router does: several that start at once remove none of each other's.</summary>
    [Fact]
    public async Task Open_ManyAtOnce_LeavesEachItsSocket()
    {
        for (var round = 0; round < 20; round++)
        {
            using var together = new Barrier(8);
            var opening = Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait(_limit.Token);
                    return AppDoor.Open(_folder, $"many-{i}.sock", TimeProvider.System);
                }, _limit.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
            var doors = await Task.WhenAll(opening);
            var found = Directory.GetFiles(_folder, "many-*.sock").Length;
            foreach (var door in doors) await door.DisposeAsync();
            Assert.Equal(8, found);
        }
    }

    [Fact]
    public async Task Open_WhereAKilledRouterLeftItsSocket_RemovesItAndKeepsThatOfOneThatRuns()
    {
        var left = Path.Combine(_folder, "2.sock");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(left));
            File.Move(left, left + ".kept");
        }

        File.Move(left + ".kept", left);
        await using var other = AppDoor.Open(_folder, "3.sock", TimeProvider.System);

        Assert.Equal(["1.sock", "3.sock"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Open_WherePathsAreTooLong_SaysSo()
    {
        var failure = Assert.Throws<ConnectFailure>(() => AppDoor.Open(Path.Combine(_folder, new string('x', 120)), "1.sock", TimeProvider.System));

        Assert.Contains("Have the app listen instead", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Close_WithAppsThatWait_SendsThemAwayAndRemovesTheSocket()
    {
        var app = await ComeAsync("""{"mimir":"app","version":1,"name":"game"}""");
        var taking = _door!.TakeAsync("another", _limit.Token);

        await _door.DisposeAsync();

        await Assert.ThrowsAsync<ConnectFailure>(() => taking);
        Assert.Equal("", await ReadAsync(app));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private async Task<Socket> ComeAsync(string hello)
    {
        var app = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _apps.Add(app);
        await app.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_folder, "1.sock")), _limit.Token);
        await app.SendAsync(Encoding.UTF8.GetBytes(hello + "\n"), SocketFlags.None, _limit.Token);
        return app;
    }

    private async Task<string> ReadAsync(Socket app)
    {
        var bytes = new byte[100];
        try
        {
            return Encoding.UTF8.GetString(bytes, 0, await app.ReceiveAsync(bytes, SocketFlags.None, _limit.Token));
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
