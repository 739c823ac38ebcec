using Mimir.Embed.Databases;

namespace Mimir.Embed.Tests.Databases;

/// <summary>A database by itself.</summary>
public sealed class McpDatabaseTests
{
    private static Character Named(string name) => new() { ObjectId = name, CharacterName = name };

    [Fact]
    public void AddItem_Ids_AreGivenKeptOrNew()
    {
        var database = new McpDatabase<Character>();
        var (first, second, third) = (new Character(), new Character { ObjectId = "own" }, new Character { ObjectId = "own" });

        Assert.Equal("given", database.AddItem(first, "given"));
        Assert.Equal("own", database.AddItem(second));
        Assert.Equal("own", database.AddItem(third));
        Assert.True(Guid.TryParse(database.AddItem(new Character()), out _));

        Assert.Equal("given", first.ObjectId);
        Assert.Same(third, database.GetItemById("own"));
        Assert.Equal(3, database.Count);
        Assert.True(database.ContainsId("own"));
        Assert.True(database.RemoveItem("own"));
        Assert.False(database.RemoveItem("own"));
        database.Clear();
        Assert.Empty(database.All());
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("")]
    [InlineData(null)]
    public void AddItem_HostileId_IsRefused(string? id)
    {
        var database = new McpDatabase<Character>();

        Assert.Throws<ArgumentException>(() => database.AddItem(new Character(), id ?? new string('x', 257)));
        Assert.Equal(0, database.Count);
    }

    [Fact]
    public void AddItem_BeyondWhatItHolds_IsRefused()
    {
        var database = new McpDatabase<Character>(2);
        database.AddItem(Named("a"));
        database.AddItem(Named("b"));

        Assert.Equal("The database is full: it has 2 items.", Assert.Throws<InvalidOperationException>(() => database.AddItem(Named("c"))).Message);
        database.AddItem(Named("b"));
        database.SetReadFrom(static () => [Named("x"), Named("y"), Named("z")]);
        Assert.Throws<InvalidOperationException>(database.Read);
        Assert.Equal(["a", "b"], database.All().Select(static c => c.ObjectId));
    }

    [Fact]
    public async Task ReadAsync_SourceThatFails_LeavesTheOldContent()
    {
        var database = new McpDatabase<Character>();
        database.AddItem(Named("old"));
        var late = new TaskCompletionSource();
        Task? strays = null;
        database.SetRead(async () =>
        {
            database.AddItem(Named("half"));
            Assert.Equal(["half"], database.All().Select(static c => c.ObjectId));
            strays = StrayAsync();
            await Task.Yield();
            throw new IOException("The line is cut.");
        });

        var error = await Assert.ThrowsAsync<IOException>(() => database.ReadAsync());
        late.SetResult();

        Assert.Equal("The line is cut.", error.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => strays!);
        Assert.Equal(["old"], database.All().Select(static c => c.ObjectId));

        async Task StrayAsync()
        {
            await late.Task;
            database.AddItem(Named("stray"));
        }
    }

    [Fact]
    public async Task ReadAsync_Running_OthersSeeTheOldContentAndWhatTheyDoIsKept()
    {
        var database = new McpDatabase<Character>();
        foreach (var name in new[] { "a", "b" }) database.AddItem(Named(name));
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        database.ReadFunction = async _ =>
        {
            begun.SetResult();
            await go.Task;
            return [Named("b"), Named("c"), Named("d")];
        };

        var reading = database.ReadAsync();
        await begun.Task;
        Assert.Equal(["a", "b"], database.All().Select(static c => c.ObjectId));
        database.AddItem(Named("spawned"));
        database.RemoveItem("c");
        Assert.Throws<InvalidOperationException>(database.Read);
        go.SetResult();
        await reading.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(["b", "d", "spawned"], database.All().Select(static c => c.ObjectId));
        Assert.True(database.ContainsId("spawned"));
    }

    [Fact]
    public async Task ReadAsync_SeveralAtOnce_DoNotOverlap()
    {
        var (inside, most, reads) = (0, 0, 0);
        var database = new McpDatabase<Character>();
        database.ReadFunction = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            return [Named($"r{++reads}")];
        };

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => database.ReadAsync()))).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((1, 50), (most, reads));
        Assert.Equal("r50", Assert.Single(database.All()).ObjectId);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_LeavesTheOldContentAndTheNextReadRuns()
    {
        var database = new McpDatabase<Character>();
        database.AddItem(Named("old"));
        using var stop = new CancellationTokenSource();
        database.ReadFunction = async cancellation =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellation);
            return [];
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.ReadAsync(stop.Token));

        Assert.Equal(["old"], database.All().Select(static c => c.ObjectId));
        database.SetReadFrom(static () => [Named("new")]);
        database.Read();
        Assert.Equal(["new"], database.All().Select(static c => c.ObjectId));
    }

    [Fact]
    public async Task Read_FunctionThatWaits_IsRefusedAndChangesNothingEvenLater()
    {
        var database = new McpDatabase<Character>();
        database.AddItem(Named("old"));
        var (go, done) = (new TaskCompletionSource(), new TaskCompletionSource<Exception?>());
        database.SetRead(async () =>
        {
            await go.Task;
            done.SetResult(Record.Exception(() => database.AddItem(Named("late"))));
        });

        var error = Assert.Throws<InvalidOperationException>(database.Read);
        go.SetResult();

        Assert.Contains("await ReadAsync", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(await done.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(["old"], database.All().Select(static c => c.ObjectId));
    }

    [Fact]
    public void SetRead_AsyncVoid_IsRefused()
    {
        var database = new McpDatabase<Character>();
        Action forgotten = async () => await Task.Yield();

        Assert.Contains("have it return a Task", Assert.Throws<ArgumentException>(() => database.SetRead(forgotten)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFunctionOrOneThatReadsItself_IsAClearError()
    {
        var database = new McpDatabase<Character>();

        Assert.Contains("has no read function", Assert.Throws<InvalidOperationException>(database.Read).Message, StringComparison.Ordinal);
        database.SetRead(database.Read);
        Assert.Contains("reads itself", Assert.Throws<InvalidOperationException>(database.Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsAlive_ItemsThatDied_AreGoneAndToldOnce()
    {
        var database = new McpDatabase<Character> { IsAlive = static c => !c.IsDestroyed };
        foreach (var name in new[] { "a", "b", "c" }) database.AddItem(Named(name));
        var told = new List<string>();
        database.Changed += change => told.AddRange(change.Ids!);

        database.GetItemById("a")!.IsDestroyed = true;
        database.GetItemById("c")!.IsDestroyed = true;

        Assert.Null(database.GetItemById("a"));
        Assert.False(database.ContainsId("a"));
        Assert.Equal(1, database.Count);
        Assert.Equal(["b"], database.All().Select(static c => c.ObjectId));
        Assert.Equal(["a", "c"], told);
    }

    [Fact]
    public async Task All_WhileItIsWalkedThrough_DoesNotChange()
    {
        var database = new McpDatabase<Character>();
        for (var i = 0; i < 100; i++) database.AddItem(Named($"i{i}"));

        var all = database.All();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => database.RemoveItem($"i{i}")))).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(Enumerable.Range(0, 100).Select(static i => $"i{i}"), all.Select(static c => c.ObjectId));
        Assert.Empty(database.All());
    }

    [Fact]
    public void Foreign_CodeCalledByTheDatabase_RunsWithoutItsLock()
    {
        var database = new McpDatabase<Character>();
        var other = 0;
        bool FromAnotherThread(Character c)
        {
            var done = new ManualResetEventSlim();
            ThreadPool.QueueUserWorkItem(_ =>
            {
                other += database.ContainsId("nothing") ? 0 : 1;
                done.Set();
            });
            return done.Wait(TimeSpan.FromSeconds(20)) && !c.IsDestroyed;
        }

        database.Changed += _ => FromAnotherThread(new Character());
        database.SetReadFrom(() => FromAnotherThread(new Character()) ? [Named("a")] : [], FromAnotherThread);
        database.Read();

        Assert.Equal("a", Assert.Single(database.All()).ObjectId);
        Assert.Equal(3, other);
    }
}
