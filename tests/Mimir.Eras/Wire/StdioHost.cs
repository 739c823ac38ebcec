using System.Buffers;
using System.IO.Pipelines;
using Mimir.Eras.Server;

namespace Mimir.Eras.Wire;

/// <summary>The server on stdin and stdout: one peer.</summary>
internal static class StdioHost
{
    /// <summary>Serves until stdin ends.</summary>
    public static async Task RunAsync(EraServer server)
    {
        using var outlet = new LineOutlet(Console.OpenStandardOutput());
        var peer = server.Open("stdio");
        await peer.StandAsync(outlet);
        server.Ledger.Start();

        var reader = PipeReader.Create(Console.OpenStandardInput());
        while (true)
        {
            var read = await reader.ReadAsync();
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                await AcceptAsync(server, peer, outlet, buffer.Slice(0, end).ToArray());
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return;
        }
    }

    private static async Task AcceptAsync(EraServer server, Peer peer, LineOutlet outlet, byte[] line)
    {
        if (Body.Read(line, server.Era) is not { } body)
        {
            await outlet.SendAsync(Json.Error("null", -32700, "not one message, or a batch that this revision does not have"));
            return;
        }

        // The answers to a batch are a batch; everything else goes out as it comes.
        IOutlet target = body.Batch && body.Requests > 0 ? new BatchOutlet(outlet, body.Requests) : outlet;

        // A request is entered here, on the reading side, so that a cancellation right behind it finds it.
        foreach (var message in body.Messages) _ = server.HandleAsync(message, peer, target, CancellationToken.None);
    }
}
