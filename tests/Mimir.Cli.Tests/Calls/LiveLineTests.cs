using Mimir.Cli.Calls;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Calls;

public sealed class LiveLineTests
{
    private const string Erase = "\r\u001b[K";

    [Fact]
    public void Report_OnATerminal_WritesOverOneLineAndClearsIt()
    {
        var console = new TestConsole(terminal: true);
        using (var live = new LiveLine(console.Console))
        {
            live.Report(1, 4, "first");
            live.Report(2, 4, "second");
        }

        Assert.Equal(
            $"{Erase}[#####...............]  25% 1/4 first{Erase}[##########..........]  50% 2/4 second{Erase}",
            console.Error);
    }

    [Fact]
    public void Report_Elsewhere_WritesALineEach()
    {
        var console = new TestConsole();
        using var live = new LiveLine(console.Console);

        live.Report(1, null, "one\nstep\u001b[2J");
        live.Report(2.5, null, null);

        Assert.Equal("1 one step\\x1b[2J\n2.5\n", console.Error);
    }

    [Fact]
    public void Report_SteppingBackOrLate_IsDropped()
    {
        var console = new TestConsole();
        using var live = new LiveLine(console.Console);

        live.Report(2, null, "two");
        live.Report(1, null, "one");
        live.Report(2, null, "again");
        live.Clear();
        live.Report(3, null, "late");

        Assert.Equal("2 two\n", console.Error);
    }

    [Fact]
    public void Hold_WhileAQuestionStands_KeepsTheLatestForAfterwards()
    {
        var console = new TestConsole(terminal: true);
        using var live = new LiveLine(console.Console);
        live.Report(1, null, "a");

        using (live.Hold())
        {
            live.Report(2, null, "b");
            live.Report(3, null, "c");
            Assert.Equal($"{Erase}1 a{Erase}", console.Error);
        }

        Assert.Equal($"{Erase}1 a{Erase}{Erase}3 c", console.Error);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(5, -1)]
    [InlineData(200, 100)]
    public void Report_OddTotals_DoNotBreakTheBar(double done, double total)
    {
        var console = new TestConsole(terminal: true, width: 50);
        using var live = new LiveLine(console.Console);

        live.Report(done, total, new string('x', 500));

        Assert.InRange(console.Error.Length, 1, 60);
    }
}
