using System.Text;

namespace Mimir.Wicked.Wire;

/// <summary>Frames as lines on a stream.</summary>
internal sealed class StdioOutlet(Stream stream, Script script) : IOutlet, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private int _frames;
    private int _garbage;

    /// <inheritdoc/>
    public async Task SendAsync(string json, bool final = false, int status = 200)
    {
        var frame = Encoding.UTF8.GetBytes(json + "\n");
        await _gate.WaitAsync();
        try
        {
            if (script.GarbageEvery > 0 && ++_frames % script.GarbageEvery == 0)
            {
                await stream.WriteAsync(Garbage.Line(_garbage++));
                await stream.WriteAsync("\n"u8.ToArray());
            }

            if (script.HalfLines)
            {
                await stream.WriteAsync(frame.AsMemory(0, frame.Length / 2));
                await stream.FlushAsync();
                await Task.Delay(2);
                await stream.WriteAsync(frame.AsMemory(frame.Length / 2));
            }
            else
            {
                await stream.WriteAsync(frame);
            }

            await stream.FlushAsync();
        }
        catch (IOException)
        {
            // The reader is gone; stdin will say so as well.
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await _gate.WaitAsync();
        try
        {
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task DripAsync(string json, int chunk, int delayMs)
    {
        var frame = Encoding.UTF8.GetBytes(json + "\n");
        await _gate.WaitAsync();
        try
        {
            for (var at = 0; at < frame.Length; at += chunk)
            {
                await stream.WriteAsync(frame.AsMemory(at, Math.Min(chunk, frame.Length - at)));
                await stream.FlushAsync();
                await Task.Delay(delayMs);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task CloseAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
