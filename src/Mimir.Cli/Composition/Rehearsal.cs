using System.Collections.Immutable;
using Mimir.Router.Engine;
using Mimir.Router.Listeners;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor;

namespace Mimir.Cli.Composition;

/// <summary>
/// Answers one greeting on a line in memory, of a router whose only server is never started, and throws the answer away. What a
/// process pays for its first answer is the loading of types, and a second core can load them while the first reads the
/// configuration: a client that spawns us waits a fifth less. Starts no process and leaves nothing behind; nobody waits for it.
/// </summary>
internal static class Rehearsal
{
    private static ImmutableSortedDictionary<string, string> Empty =>
        ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal).ToImmutable();

    /// <summary>Begins on a thread of its own. Does nothing on a single core.</summary>
    public static void Start()
    {
        if (Environment.ProcessorCount > 1)
        {
            new Thread(TryRun) { IsBackground = true, Name = "mimir-rehearsal" }.Start();
        }
    }

    private static void TryRun()
    {
        try
        {
            Run();
        }
        catch (Exception)
        {
            // What fails here fails again where it matters, and is told there.
        }
    }

    private static void Run()
    {
        var processes = new ProcessHost();
        var transport = new StdioModel("rehearsal", [], Empty, null);
        var model = new RouterModel { Servers = [new ServerModel { Name = "rehearsal", Prefix = "rehearsal", Transport = transport }] };
        var engine = new RouterEngine(model, static _ => throw new InvalidOperationException("A rehearsal starts no server."), TimeProvider.System);
        using var line = new GreetingLine();
        using (var listener = new StdioListener(engine, engine.All, line))
        {
            listener.Run();
        }

        _ = EndAsync(engine, processes);
    }

    private static async Task EndAsync(RouterEngine engine, ProcessHost processes)
    {
        await engine.DisposeAsync().ConfigureAwait(false);
        await processes.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A client that greets and leaves.</summary>
    private sealed class GreetingLine : IByteLine
    {
        private bool _greeted;

        /// <inheritdoc/>
        public int Read(Span<byte> buffer)
        {
            var greeting =
                """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"","version":""}}}"""u8;
            if (_greeted || buffer.Length <= greeting.Length)
            {
                return 0;
            }

            _greeted = true;
            greeting.CopyTo(buffer);
            buffer[greeting.Length] = (byte)'\n';
            return greeting.Length + 1;
        }

        /// <inheritdoc/>
        public int TryWrite(ReadOnlySpan<byte> bytes) => bytes.Length;

        /// <inheritdoc/>
        public void WaitWritable(TimeSpan timeout)
        {
        }

        /// <inheritdoc/>
        public void CloseWrite()
        {
        }

        /// <inheritdoc/>
        public void Interrupt()
        {
        }

        /// <inheritdoc/>
        public void Dispose()
        {
        }
    }
}
