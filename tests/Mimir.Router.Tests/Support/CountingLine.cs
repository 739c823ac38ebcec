using System.Text;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Support;

/// <summary>A line whose peer takes as many bytes at a time as the test allows.</summary>
public sealed class CountingLine : IByteLine
{
    private readonly Lock _gate = new();
    private readonly List<string> _writes = [];
    private readonly ManualResetEventSlim _writable = new(true);
    private int _room = int.MaxValue;
    private int _attempts;
    private bool _broken;
    private int _said;

    /// <summary>What the peer says before it ends its side.</summary>
    public byte[] Says { get; init; } = [];

    /// <summary>How much the peer has read of what was written; null where nobody knows.</summary>
    public int? PeerRead { get; set; }

    /// <summary>What each write took.</summary>
    public string[] Writes
    {
        get
        {
            lock (_gate)
            {
                return [.. _writes];
            }
        }
    }

    public string Text => string.Concat(Writes);

    /// <summary>Writes that were tried, taken or not.</summary>
    public int Attempts
    {
        get
        {
            lock (_gate)
            {
                return _attempts;
            }
        }
    }

    public byte[] TakeUnread() => PeerRead is { } read ? Encoding.UTF8.GetBytes(Text[read..]) : [];

    /// <summary>Lets the peer take so many bytes more, and then none.</summary>
    public void Allow(int bytes)
    {
        lock (_gate)
        {
            _room = bytes;
            _writable.Set();
        }
    }

    /// <summary>The peer goes away.</summary>
    public void Break()
    {
        lock (_gate)
        {
            _broken = true;
            _writable.Set();
        }
    }

    public int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, Says.Length - _said);
        Says.AsSpan(_said, count).CopyTo(buffer);
        _said += count;
        return count;
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _attempts++;
            if (_broken)
            {
                throw new IOException("gone");
            }

            var count = Math.Min(_room, bytes.Length);
            if (count == 0)
            {
                _writable.Reset();
                return 0;
            }

            _room -= _room == int.MaxValue ? 0 : count;
            _writes.Add(Encoding.UTF8.GetString(bytes[..count]));
            return count;
        }
    }

    public void WaitWritable(TimeSpan timeout) => _writable.Wait(timeout);

    public void CloseWrite()
    {
    }

    public void Interrupt()
    {
    }

    /// <summary>Leaves the event alone: a draining thread may still look at it.</summary>
    public void Dispose() => _writable.Set();
}
