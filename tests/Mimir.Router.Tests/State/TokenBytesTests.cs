using System.Diagnostics;
using System.Text;
using Mimir.Router.State;

namespace Mimir.Router.Tests.State;

public sealed class TokenBytesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(256)]
    public void Set_AnyLength_ComesBackAsItWas(int length)
    {
        var token = default(TokenBytes);
        token.Set("\"something before, longer than what lies in the value itself\""u8);
        var text = Encoding.ASCII.GetBytes(new string('x', length));

        token.Set(text);

        Assert.True(token.Span.SequenceEqual(text));
        Assert.Equal(length == 0, token.IsEmpty);
    }

    [Fact]
    public void Clear_LongOne_IsEmpty()
    {
        var token = default(TokenBytes);
        token.Set(new byte[100]);

        token.Clear();

        Assert.True(token.IsEmpty);
        Assert.True(token.Span.IsEmpty);
    }

    [Fact]
    public async Task Span_WhileAnotherThreadSets_NeverThrows()
    {
        // A late answer reads the id of an exchange that serves the next caller already; what it reads is dropped, but it may not break.
        var holder = new Holder();
        using var stop = new CancellationTokenSource();
        var setting = Task.Factory.StartNew(
            () =>
            {
                var (small, large) = (new byte[3], new byte[100]);
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    holder.Token.Set(i % 2 == 0 ? small : large);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var longest = 0;
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < 3_000_000 || (longest == 0 && Stopwatch.GetElapsedTime(begun) < Patience.Long); i++)
        {
            longest = Math.Max(longest, holder.Token.Span.Length);
        }

        await stop.CancelAsync();
        await setting.Within();
        Assert.InRange(longest, 3, 100);
    }

    private sealed class Holder
    {
        public TokenBytes Token;
    }
}
