using Mimir.Eras.Http;
using Mimir.Eras.Server;
using Mimir.Eras.Wire;

namespace Mimir.Eras;

/// <summary>
/// An MCP server that speaks exactly one revision and refuses what that revision does not know:
/// <c>Mimir.Eras --revision R (--stdio | --http PORT) [--state FILE] [--ledger FILE]</c>. Over HTTP it prints <c>listening URL</c> when it is ready.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        Options options;
        try
        {
            options = Options.Read(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync("eras: " + e.Message);
            return 64;
        }

        using var memory = new Memory(options.State);
        using var ledger = new Ledger(options.Ledger);
        var server = new EraServer(options.Era, memory, ledger);
        if (options.Port is { } port) await HttpHost.RunAsync(server, port);
        else await StdioHost.RunAsync(server);
        return 0;
    }
}
