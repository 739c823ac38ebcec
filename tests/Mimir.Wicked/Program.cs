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
