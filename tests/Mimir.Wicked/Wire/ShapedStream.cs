namespace Mimir.Wicked.Wire;

/// <summary>Writes to a stream as slowly, and in as small pieces, as the script says.</summary>
internal sealed class ShapedStream(Stream stream, Script script)
{
    private readonly Random _random = new(script.Seed);

    /// <summary>Waits as long as what is written is under way. Others may pass meanwhile: it is the way that is long, not the work.</summary>
    public Task TravelAsync()
    {
        if (script.LatencyMs <= 0 && script.JitterMs <= 0) return Task.CompletedTask;
        lock (_random) return Task.Delay(script.LatencyMs + _random.Next(script.JitterMs + 1));
    }

    /// <summary>Writes and flushes.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        var piece = script.SliceBytes > 0 ? script.SliceBytes : script.BytesPerSecond > 0 ? Math.Max(1, script.BytesPerSecond / 50) : Math.Max(1, bytes.Length);
        for (var at = 0; at < bytes.Length; at += piece)
        {
            var part = bytes.Slice(at, Math.Min(piece, bytes.Length - at));
            await stream.WriteAsync(part);
            await stream.FlushAsync();
            if (script.BytesPerSecond > 0) await Task.Delay(TimeSpan.FromSeconds((double)part.Length / script.BytesPerSecond));
        }
    }
}
