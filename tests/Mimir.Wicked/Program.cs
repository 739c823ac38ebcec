using System.Runtime.InteropServices;
using Mimir.Wicked.Http;
using Mimir.Wicked.Server;
using Mimir.Wicked.Tools;
using Mimir.Wicked.Wire;

namespace Mimir.Wicked;

/// <summary>
/// An MCP server that misbehaves as told: <c>Mimir.Wicked [--http PORT] [--script JSON|@FILE] [--KEY VALUE]...</c>, where KEY is
/// any member of <see cref="Script"/>. Without <c>--http</c> it speaks over stdin and stdout.
/// </summary>
internal static class Program
{
    /// <summary>SIGUSR1.</summary>
    private const int ExitWell = 10;

    /// <summary>SIGUSR2.</summary>
    private const int ExitBadly = 12;

    /// <summary>SIGPWR.</summary>
    private const int Crash = 30;

    private static async Task<int> Main(string[] args)
    {
        Script script;
        try
        {
            script = ScriptReader.Read(args);
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or IOException)
        {
            await Console.Error.WriteLineAsync("wicked: " + e.Message);
            return 64;
        }

        var signals = new List<PosixSignalRegistration>();
        if (script.IgnoreTerm)
        {
            foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP])
                signals.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = true));
        }

        // Whoever started the server can have it end as no signal makes it: with a code, or as by a wild pointer, which the runtime would catch.
        signals.Add(PosixSignalRegistration.Create((PosixSignal)ExitWell, _ => Environment.Exit(0)));
        signals.Add(PosixSignalRegistration.Create((PosixSignal)ExitBadly, _ => Environment.Exit(1)));
        signals.Add(PosixSignalRegistration.Create((PosixSignal)Crash, _ => Crashes.Segv()));

        var server = new WickedServer(script);
        var launch = server.Journal.Launch();
        if (launch <= script.FailLaunches) return 3;
        if (script.StartDelayMs > 0) await Task.Delay(script.StartDelayMs);
        if (script.Grandchild is { } kind) Forks.Start(kind);
        if (script.StderrBytes > 0) Mischief.FloodStderr(script.StderrBytes);

        if (script.Http is { } port) await new HttpHost(server).RunAsync(port);
        else await StdioHost.RunAsync(server);

        if (script.IgnoreEof) await Task.Delay(Timeout.Infinite);
        foreach (var signal in signals) signal.Dispose();
        return 0;
    }
}
