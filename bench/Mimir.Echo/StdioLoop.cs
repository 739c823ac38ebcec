using Mimir.Epoll;

namespace Mimir.Echo;

/// <summary>One thread: reads what is there, answers all of it, writes once.</summary>
internal static class StdioLoop
{
    private const int ReadSize = 1 << 16;

    public static void Run(EchoServer server)
    {
        var input = new Descriptor(0, IsSocket: false);
        var output = new Descriptor(1, IsSocket: false);
        var lines = new LineBuffer();
        var replies = new ByteBuffer(ReadSize);
        while (true)
        {
            var n = input.Read(lines.Free(ReadSize));
            if (n <= 0)
            {
                return;
            }

            lines.Advance(n);
            while (lines.TryRead(out var line))
            {
                if (server.Answer(line, replies) != 202)
                {
                    replies.Add("\n"u8);
                }
            }

            if (replies.Length > 0)
            {
                output.WriteAll(replies.Span);
                replies.Clear();
            }
        }
    }
}
