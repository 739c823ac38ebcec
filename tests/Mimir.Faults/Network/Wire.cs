using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Mimir.Faults.Network;

/// <summary>One connection through a link.</summary>
internal sealed class Wire(Link link, Socket router)
{
    private const int MostAtOnce = 16 << 10;
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource _blackHole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _swallowed;
    private volatile bool _ended;
    private bool _connected;

    /// <summary>Whether it was opened by a GET and so carries events.</summary>
    public bool CarriesEvents { get; private set; }

    /// <summary>The cut that waits for what comes next from the server.</summary>
    public Cut? Cut { get; set; }

    /// <summary>Carries bytes until either side ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await link.Passable.WaitAsync(cancellationToken);
        if (link.Target != 0)
        {
            try
            {
                await _server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, link.Target), cancellationToken);
                _connected = true;
            }
            catch (SocketException) when (link.Answer is null)
            {
                End(CutKind.Reset);
                return;
            }
            catch (SocketException)
            {
                // What is answered here needs no server.
            }
        }

        var there = ThereAsync(cancellationToken);
        var back = _connected ? CarryAsync(_server, router, isBack: true, cancellationToken) : Task.Delay(Timeout.Infinite, cancellationToken);
        await Task.WhenAny(there, back);
        if (_swallowed) await Task.WhenAny(there, _blackHole.Task);
        else if (there.IsCompletedSuccessfully && !back.IsCompleted) await Task.WhenAny(back, Task.Delay(TimeSpan.FromSeconds(1), cancellationToken));
        End(there.IsFaulted || back.IsFaulted ? CutKind.Reset : CutKind.Limit);
        await Task.WhenAll(there, back.IsCompleted ? back : Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends it now.</summary>
    public void End(CutKind kind)
    {
        if (kind == CutKind.BlackHole)
        {
            _swallowed = true;
            return;
        }

        if (_ended) return;
        _ended = true;
        _blackHole.TrySetResult();
        try
        {
            if (kind == CutKind.Reset) router.LingerState = new LingerOption(true, 0);
            else router.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was over already.
        }

        router.Dispose();
        _server.Dispose();
    }

    /// <summary>What the router sends: passed on, looked at for what a cut waits for, or answered here.</summary>
    private async Task ThereAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[MostAtOnce];
        var seen = new List<byte>();
        var passed = 0;
        var first = true;
        while (true)
        {
            var count = await router.ReceiveAsync(buffer, cancellationToken);
            if (count == 0) break;
            if (first) CarriesEvents = buffer.AsSpan(0, count).StartsWith("GET "u8);
            first = false;
            if (_swallowed) continue;
            seen.AddRange(buffer.AsSpan(0, count));
            if (link.Answer is null)
            {
                if (link.Match(CollectionsMarshal.AsSpan(seen)) is { } cut && !(link.EventsAreApart && link.GiveToEvents(cut))) Cut = cut;
                await SendAsync(_server, buffer.AsMemory(0, count), cancellationToken);
                passed = seen.Count;
            }

            // Only whole requests are answered here, and none of which a part has been passed on.
            while (WireRequest.Read(CollectionsMarshal.AsSpan(seen), out var length) is { } request)
            {
                var whole = seen.GetRange(0, length).ToArray();
                seen.RemoveRange(0, length);
                var rest = Math.Max(0, length - passed);
                var canned = rest == length ? link.Answer?.Invoke(request) : null;
                passed = Math.Max(0, passed - length);
                if (canned is null)
                {
                    if (_connected && rest > 0) await SendAsync(_server, whole.AsMemory(length - rest), cancellationToken);
                }
                else if (!await AnswerAsync(canned, cancellationToken))
                {
                    return;
                }
            }
        }

        if (_connected) _server.Shutdown(SocketShutdown.Send);
    }

    /// <returns>Whether the connection goes on.</returns>
    private async Task<bool> AnswerAsync(Canned canned, CancellationToken cancellationToken)
    {
        await router.SendAsync(canned.Bytes, cancellationToken);
        if (canned.Then is not { } end) return true;
        if (end == CutKind.SlowClose) await Task.Delay(200, cancellationToken);
        End(end);
        return false;
    }

    /// <summary>What the server sends, through the weather: read as it comes, written when it has travelled.</summary>
    private async Task CarryAsync(Socket from, Socket to, bool isBack, CancellationToken cancellationToken)
    {
        var way = Channel.CreateBounded<(byte[] Bytes, long Due)>(256);
        var reading = Task.Run(
            async () =>
            {
                var buffer = new byte[MostAtOnce];
                try
                {
                    while (true)
                    {
                        var count = await from.ReceiveAsync(buffer, cancellationToken);
                        if (count == 0) break;
                        await way.Writer.WriteAsync((buffer[..count], Environment.TickCount64 + (long)link.Travel().TotalMilliseconds), cancellationToken);
                    }

                    way.Writer.Complete();
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
                {
                    way.Writer.Complete(e);
                }
            },
            cancellationToken);
        await foreach (var (bytes, due) in way.Reader.ReadAllAsync(cancellationToken))
        {
            if (due - Environment.TickCount64 is > 0 and var wait) await Task.Delay((int)wait, cancellationToken);
            if (_swallowed) continue;
            if (Cut is not { } cut)
            {
                await SendAsync(to, bytes, cancellationToken);
                continue;
            }

            var pass = Math.Min(cut.Left, bytes.Length);
            cut.Left -= pass;
            await SendAsync(to, bytes.AsMemory(0, pass), cancellationToken);
            if (pass == bytes.Length && cut.Left > 0) continue;
            Cut = null;
            cut.Done();
            if (cut.Kind == CutKind.SlowClose) await Task.Delay(200, cancellationToken);
            End(cut.Kind);
            if (cut.Kind != CutKind.BlackHole) return;
        }

        await reading;
        if (_swallowed) return;
        if (isBack) to.Shutdown(SocketShutdown.Send);
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await link.Passable.WaitAsync(cancellationToken);
        var weather = link.Weather;
        var piece = weather.SliceBytes > 0 ? weather.SliceBytes : weather.BytesPerSecond > 0 ? Math.Max(1, weather.BytesPerSecond / 50) : Math.Max(1, bytes.Length);
        for (var at = 0; at < bytes.Length;)
        {
            var sent = await to.SendAsync(bytes.Slice(at, Math.Min(piece, bytes.Length - at)), cancellationToken);
            at += sent;
            if (weather.BytesPerSecond > 0) await Task.Delay(TimeSpan.FromSeconds((double)sent / weather.BytesPerSecond), cancellationToken);
        }
    }
}
