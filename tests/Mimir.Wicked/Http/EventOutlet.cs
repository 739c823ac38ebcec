using System.Text;
using Mimir.Wicked.Wire;

namespace Mimir.Wicked.Http;

/// <summary>Frames as server-sent events on a reply: a GET stream, or the reply to one POST, which stays JSON if one frame is all.</summary>
internal sealed class EventOutlet(HttpConnection http, Script script, bool jsonIfAlone, params (string Name, string Value)[] headers) : IOutlet, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;
    private int _frames;
    private int _garbage;

    /// <summary>Ends when the reply has ended, one way or another.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Sends the head before there is any event.</summary>
    public Task StartAsync() => LockedAsync(StartedAsync);

    /// <summary>Sends one event of another type than <c>message</c>.</summary>
    public Task SendEventAsync(string type, string data) => SendRawAsync(Encoding.UTF8.GetBytes($"event: {type}\ndata: {data}\n\n"));

    /// <inheritdoc/>
    public Task SendAsync(string json, bool final = false, int status = 200) => LockedAsync(async () =>
    {
        if (http.Ended) return;
        if (final && jsonIfAlone && !_started && !script.AlwaysSse)
        {
            await http.ReplyAsync(status, "application/json", Encoding.UTF8.GetBytes(json), headers);
            _ended.TrySetResult();
            return;
        }

        await StartedAsync();
        if (script.GarbageEvery > 0 && ++_frames % script.GarbageEvery == 0)
            await http.ChunkAsync((byte[])[.. ": noise\n\nevent: rumour\ndata: {}\n\ndata: "u8, .. Garbage.Line(_garbage++).Span, .. "\n\n"u8]);
        var frame = Event(json);
        if (script.HalfLines)
        {
            await http.ChunkAsync(frame.AsMemory(0, frame.Length / 2));
            await Task.Delay(2);
            await http.ChunkAsync(frame.AsMemory(frame.Length / 2));
        }
        else
        {
            await http.ChunkAsync(frame);
        }

        if (final && jsonIfAlone) await EndedAsync();
    });

    /// <inheritdoc/>
    public Task SendRawAsync(ReadOnlyMemory<byte> bytes) => LockedAsync(async () =>
    {
        await StartedAsync();
        await http.ChunkAsync(bytes);
    });

    /// <inheritdoc/>
    public Task DripAsync(string json, int chunk, int delayMs) => LockedAsync(async () =>
    {
        await StartedAsync();
        var frame = Event(json);
        for (var at = 0; at < frame.Length; at += chunk)
        {
            await http.ChunkAsync(frame.AsMemory(at, Math.Min(chunk, frame.Length - at)));
            await Task.Delay(delayMs);
        }

        if (jsonIfAlone) await EndedAsync();
    });

    /// <inheritdoc/>
    public Task CloseAsync() => LockedAsync(async () =>
    {
        if (!jsonIfAlone || http.Ended) return;
        await StartedAsync();
        await EndedAsync();
    });

    /// <summary>Ends a reply of which only headers and perhaps events are left to say.</summary>
    public Task HangUpAsync() => LockedAsync(EndedAsync);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static byte[] Event(string json) => Encoding.UTF8.GetBytes($"event: message\ndata: {json}\n\n");

    private async Task StartedAsync()
    {
        if (_started) return;
        _started = true;
        await http.StartAsync(200, "text/event-stream", [("Cache-Control", "no-cache"), .. headers]);
    }

    private async Task EndedAsync()
    {
        await http.EndAsync();
        _ended.TrySetResult();
    }

    private async Task LockedAsync(Func<Task> act)
    {
        await _gate.WaitAsync();
        try
        {
            await act();
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            _ended.TrySetResult();
            throw new IOException("the peer left", e);
        }
        finally
        {
            _gate.Release();
        }
    }
}
