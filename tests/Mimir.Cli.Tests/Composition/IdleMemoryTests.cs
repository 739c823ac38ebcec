using Mimir.Cli.Composition;
using Mimir.Router.Tests.Support;

namespace Mimir.Cli.Tests.Composition;

/// <summary>When a router gives memory back.</summary>
public sealed class IdleMemoryTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly IdleMemory _memory;
    private long _allocated;
    private int _given;

    public IdleMemoryTests() => _memory = new IdleMemory(_time, () => _allocated, () => _given++);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void AfterARush_IsGivenBackOnceItHasBeenQuiet()
    {
        Look(IdleMemory.Worth);
        Assert.Equal(0, _given);

        Look(IdleMemory.Quiet);
        Assert.Equal(1, _given);
    }

    [Fact]
    public void WhileThereIsMuchToDo_NothingIsGivenBack()
    {
        for (var i = 0; i < 20; i++) Look(IdleMemory.Worth);

        Assert.Equal(0, _given);
    }

    [Fact]
    public void WithLittleToDo_IsGivenBackWhenItIsWorthIt()
    {
        var looks = (int)(IdleMemory.Worth / IdleMemory.Quiet);
        for (var i = 0; i < looks - 1; i++) Look(IdleMemory.Quiet);
        Assert.Equal(0, _given);

        for (var i = 0; i < 2 * looks; i++) Look(IdleMemory.Quiet);
        Assert.Equal(2, _given);
    }

    [Fact]
    public void OnceEnded_NothingIsGivenBack()
    {
        Look(IdleMemory.Worth);
        _memory.Dispose();
        Look(0);

        Assert.Equal(0, _given);
    }

    private void Look(long allocated)
    {
        _allocated += allocated;
        _time.Advance(IdleMemory.Every);
    }
}
