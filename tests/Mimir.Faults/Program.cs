using Mimir.Faults.Report;

namespace Mimir.Faults;

/// <summary><c>bench [CELLS] [--seed N] [--scale S] ...</c> is the long run; anything else is for xunit's runner.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args is ["bench", .. var rest]
        ? BenchRun.MainAsync(rest)
        : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
