using System.Buffers;
using System.IO.Pipelines;
using Mimir.Wicked.Server;

namespace Mimir.Wicked.Wire;

/// <summary>The server on stdin and stdout: one conversation, requests handled concurrently.</summary>
internal static class StdioHost
{
    /// <summary>Serves until stdin ends.</summary>
    public static async Task RunAsync(WickedServer server)
    {
        using var outlet = new StdioOutlet(Console.OpenStandardOutput(), server.Script);
        var talk = server.Open("stdio");
        talk.Standing = outlet;

        var reader = PipeReader.Create(Console.OpenStandardInput());
        while (true)
        {
            var read = await reader.ReadAsync();
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end).ToArray();
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                Accept(server, talk, outlet, line);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return;
        }
    }

    private static void Accept(WickedServer server, Conversation talk, StdioOutlet outlet, byte[] line)
    {
        foreach (var frame in Frame.Read(line))
        {
            // A request is entered here, on the reading side, so that a cancellation right behind it finds it.
            var handling = server.HandleAsync(frame, talk, outlet, CancellationToken.None);
            if (handling.IsFaulted) Console.Error.WriteLine(handling.Exception);
        }
    }
}
