using System.Net;

namespace Mimir.Embed.Http;

/// <summary>Reads a body, within bounds.</summary>
internal static class Body
{
    private const int Chunk = 16 << 10;
    private const int MostDrained = 1 << 20;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Reads it.</summary>
    /// <returns>Its bytes, or why not.</returns>
    public static async Task<(ArraySegment<byte> Bytes, Refusal? Refusal)> ReadAsync(HttpListenerRequest request, HttpSettings settings)
    {
        var tooLong = new Refusal(413, $"The body is longer than {settings.MaxBodyBytes} bytes (McpHostOptions.MaxBodyBytes).");
        var input = request.InputStream;
        if (request.ContentLength64 > settings.MaxBodyBytes)
        {
            await DrainAsync(input);
            return (default, tooLong);
        }

        // What a client says of its length is not believed before the bytes are there.
        var bytes = new byte[Chunk];
        var length = 0;
        using var end = new CancellationTokenSource();
        var limit = Task.Delay(settings.BodyTimeout, end.Token);
        try
        {
            while (true)
            {
                if (length == bytes.Length) Array.Resize(ref bytes, Math.Min(bytes.Length * 2, settings.MaxBodyBytes + 1));
                var reading = input.ReadAsync(bytes, length, bytes.Length - length, CancellationToken.None);
                if (!reading.IsCompleted && await Task.WhenAny(reading, limit) == limit)
                {
                    _ = reading.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                    return (default, new Refusal(408, $"The body has not come within {settings.BodyTimeout.TotalSeconds:0} s."));
                }

                var read = await reading;
                if (read == 0) return (new ArraySegment<byte>(bytes, 0, length), null);
                length += read;
                if (length <= settings.MaxBodyBytes) continue;
                await DrainAsync(input);
                return (default, tooLong);
            }
        }
        finally
        {
            end.Cancel();
        }
    }

    /// <summary>Takes some of what still comes: a connection that is closed with unread bytes is reset, and the client never reads the answer.</summary>
    private static async Task DrainAsync(Stream input)
    {
        using var end = new CancellationTokenSource();
        var limit = Task.Delay(DrainTimeout, end.Token);
        var scratch = new byte[Chunk];
        try
        {
            for (var drained = 0; drained < MostDrained;)
            {
                var reading = input.ReadAsync(scratch, 0, scratch.Length, CancellationToken.None);
                _ = reading.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                if (await Task.WhenAny(reading, limit) == limit || await reading == 0) return;
                drained += await reading;
            }
        }
        finally
        {
            end.Cancel();
        }
    }
}
