using System.Text;
using Mimir.Router.Upstreams;

namespace Mimir.Micro;

/// <summary>A client in memory: sends one message over and over, each with an id of its own, and counts the answers.</summary>
internal sealed class CallerLine : IByteLine
{
    /// <summary>What stands in a message where its id goes.</summary>
    public const string Id = "\"0000000\"";

    private const int MostInFlight = 64;
    private readonly SemaphoreSlim _more = new(0);
    private readonly SemaphoreSlim _answered = new(0);
    private byte[] _message = [];
    private int _idAt;
    private int _next;
    private int _toSend;
    private int _toCome;
    private volatile bool _closed;

    /// <summary>Sends a message so many times, at most 64 at a time, and waits for as many answers.</summary>
    public void Exchange(byte[] message, int times)
    {
        _message = message;
        _idAt = message.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Id)) + 1;
        Volatile.Write(ref _toCome, times);
        Volatile.Write(ref _toSend, times);
        _more.Release();
        if (!_answered.Wait(TimeSpan.FromSeconds(30)))
        {
            throw new TimeoutException($"{_toCome} of {times} answers did not come.");
        }
    }

    /// <summary>Sends text as one line and waits for its answer.</summary>
    public void Exchange(string text) => Exchange(Encoding.UTF8.GetBytes(text + "\n"), 1);

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        while (!_closed)
        {
            var room = MostInFlight - (Volatile.Read(ref _toCome) - Volatile.Read(ref _toSend));
            var count = Math.Min(Math.Min(_toSend, room), buffer.Length / Math.Max(1, _message.Length));
            if (count <= 0)
            {
                _more.Wait();
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                var copy = buffer.Slice(i * _message.Length, _message.Length);
                _message.CopyTo(copy);
                Number(copy.Slice(_idAt, Id.Length - 2));
            }

            Volatile.Write(ref _toSend, _toSend - count);
            return count * _message.Length;
        }

        return 0;
    }

    /// <inheritdoc/>
    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        var answers = bytes.Count((byte)'\n');
        if (answers == 0)
        {
            return bytes.Length;
        }

        (Interlocked.Add(ref _toCome, -answers) == 0 ? _answered : _more).Release();
        return bytes.Length;
    }

    /// <inheritdoc/>
    public void WaitWritable(TimeSpan timeout) => throw new InvalidOperationException("This client takes everything at once.");

    /// <inheritdoc/>
    public void CloseWrite()
    {
    }

    /// <inheritdoc/>
    public void Interrupt()
    {
        _closed = true;
        _more.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => Interrupt();

    private void Number(Span<byte> digits)
    {
        var rest = _next++ % 10_000_000;
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (rest % 10));
            rest /= 10;
        }
    }
}
