using System.Diagnostics;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Xunit;

namespace Mimir.Supervisor.Tests.Families;

public sealed class FamilyEndStepsTests
{
    [Fact]
    public async Task RunAsync_FamilyThatCannotBeAsked_IsKilledAfterTheFirstGraceTime()
    {
        var family = new Silent();
        var watch = Stopwatch.StartNew();
        Assert.True(await new FamilyEnd(family, family.Exited.Task, TimeProvider.System, CancellationToken.None).RunAsync());
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.9, 4.5);
        Assert.Equal(1, family.Asked);
    }

    private sealed class Silent : IFamily
    {
        internal TaskCompletionSource<ChildExit> Exited { get; } = new();

        internal int Asked { get; private set; }

        public ValueTask<bool> LookAsync() => new(Exited.Task.IsCompleted);

        public bool TryAsk()
        {
            Asked++;
            return false;
        }

        public void Kill() => Exited.TrySetResult(new ChildExit(1, null));

        public IDisposable? Hunt() => null;
    }
}
