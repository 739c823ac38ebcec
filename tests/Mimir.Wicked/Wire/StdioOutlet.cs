using System.Text;
using Mimir.Wicked.Tools;

namespace Mimir.Wicked.Wire;

/// <summary>Frames as lines on a stream.</summary>
internal sealed class StdioOutlet(Stream stream, Script script) : IOutlet, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ShapedStream _stream = new(stream, script);
    private int _frames;
    private int _garbage;
    private bool _silent;

    /// <inheritdoc/>
    public bool EndsWithAnswer => false;

    /// <inheritdoc/>
    public Task SendAsync(string json, bool final = false, int status = 200) => LockedAsync(async () =>
    {
        var frame = Encoding.UTF8.GetBytes(json + "\n");
        if (script.GarbageEvery > 0 && ++_frames % script.GarbageEvery == 0)
        {
            await _stream.WriteAsync(Garbage.Line(_garbage++));
            await _stream.WriteAsync("\n"u8.ToArray());
        }

        if (!script.HalfLines)
        {
            await _stream.WriteAsync(frame);
            return;
        }

        await _stream.WriteAsync(frame.AsMemory(0, frame.Length / 2));
        await Task.Delay(2);
        await _stream.WriteAsync(frame.AsMemory(frame.Length / 2));
    });

    /// <inheritdoc/>
    public Task SendRawAsync(ReadOnlyMemory<byte> bytes) => LockedAsync(() => _stream.WriteAsync(bytes));

    /// <inheritdoc/>
    public Task DripAsync(string json, int chunk, int delayMs) => LockedAsync(async () =>
    {
        var frame = Encoding.UTF8.GetBytes(json + "\n");
        for (var at = 0; at < frame.Length; at += chunk)
        {
            await _stream.WriteAsync(frame.AsMemory(at, Math.Min(chunk, frame.Length - at)));
            await Task.Delay(delayMs);
        }
    });

    /// <inheritdoc/>
    public Task CutAsync(string json, int at, CutEnd then) => LockedAsync(async () =>
    {
        var frame = Encoding.UTF8.GetBytes(json + "\n");
        await _stream.WriteAsync(frame.AsMemory(0, Math.Min(at, frame.Length)));
        switch (then)
        {
            case CutEnd.Kill: Mischief.Die(); break;
            case CutEnd.Exit: Environment.Exit(0); break;
            case CutEnd.Close: await Mischief.CloseDescriptor(1); break;
        }

        _silent = true;
    });

    /// <inheritdoc/>
    public Task CloseAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task LockedAsync(Func<Task> write)
    {
        await _stream.TravelAsync();
        await _gate.WaitAsync();
        try
        {
            if (!_silent) await write();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // The reader is gone; stdin will say so as well.
        }
        finally
        {
            _gate.Release();
        }
    }
}
