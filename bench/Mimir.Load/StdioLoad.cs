using System.Diagnostics;
using System.Text.Json;
using Mimir.Epoll;

namespace Mimir.Load;

/// <summary>A closed loop over one pair of pipes: many calls in flight, replies in any order.</summary>
internal sealed class StdioLoad : IDisposable
{
    private const int ReadSize = 1 << 16;

    private readonly LoadPlan _plan;
    private readonly StdioPeer _peer;
    private readonly Messages _messages;
    private readonly Poller _poller = new();
    private readonly ByteBuffer _output = new(1 << 16);
    private readonly (long Id, long SentAt)[] _calls;
    private bool _isBlocked;

    public StdioLoad(StdioPeer peer, LoadPlan plan)
    {
        _plan = plan;
        _peer = peer;
        _messages = new Messages(plan, peer.Era);
        _calls = new (long, long)[plan.InFlight];
    }

    public LoadResult Run(CancellationToken cancellationToken)
    {
        // The id says in which place a call stands: its remainder by the number of places.
        _peer.LastId += _calls.Length - (_peer.LastId % _calls.Length);
        _poller.Add(_peer.Output, 0);
        var window = new LoadWindow(_plan);
        var open = 0;
        for (var i = 0; i < _calls.Length; i++)
        {
            open += Send(i, window) ? 1 : 0;
        }

        Flush();
        var heardAt = Stopwatch.GetTimestamp();
        while (open > 0 && !cancellationToken.IsCancellationRequested)
        {
            var ready = _poller.Wait(1000);
            if (_isBlocked)
            {
                Flush();
            }

            if (!Receive(window, ref open))
            {
                window.Fail("The process closed its stdout.");
                break;
            }

            Flush();
            var now = Stopwatch.GetTimestamp();
            heardAt = ready > 0 ? now : heardAt;
            if (Stopwatch.GetElapsedTime(heardAt, now) > _plan.Timeout)
            {
                window.Fail($"{open} calls without a reply");
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return window.Result();
    }

    public void Dispose() => _poller.Dispose();

    private bool Receive(LoadWindow window, ref int open)
    {
        var n = _peer.Output.Read(_peer.Lines.Free(ReadSize));
        if (n == Descriptor.WouldBlock)
        {
            return true;
        }

        _peer.Lines.Advance(n);
        while (_peer.Lines.TryRead(out var line))
        {
            try
            {
                var reply = Reply.Read(line);
                if (reply.HasMethod)
                {
                    continue;
                }

                var place = reply.Id < 0 ? 0 : (int)(reply.Id % _calls.Length);
                if (reply.Id < 0 || _calls[place].Id != reply.Id)
                {
                    window.Fail($"a reply nobody waits for: {System.Text.Encoding.UTF8.GetString(line[..Math.Min(300, line.Length)])}");
                    continue;
                }

                var error = Reply.Check(line, reply, reply.Id, _messages, null);
                window.Answered(_calls[place].SentAt, Stopwatch.GetTimestamp(), error);
                _calls[place] = default;
                open -= Send(place, window) ? 0 : 1;
            }
            catch (JsonException e)
            {
                window.Fail(e.Message);
            }
        }

        return n > 0;
    }

    private bool Send(int place, LoadWindow window)
    {
        var now = Stopwatch.GetTimestamp();
        if (!window.TakeCall(now))
        {
            return false;
        }

        _peer.LastId += _calls.Length;
        var id = _peer.LastId - (_peer.LastId % _calls.Length) + place;
        _calls[place] = (id, now);
        _messages.Add(_output, id);
        _output.Add("\n"u8);
        return true;
    }

    private void Flush()
    {
        var blocked = false;
        try
        {
            while (_output.Length > 0)
            {
                var n = _peer.Input.Write(_output.Span);
                if (n == Descriptor.WouldBlock)
                {
                    blocked = true;
                    break;
                }

                _output.Consume(n);
            }
        }
        catch (IOException)
        {
            // The end of its stdout says the same, and is counted there.
            _output.Clear();
        }

        if (blocked != _isBlocked)
        {
            _isBlocked = blocked;
            if (blocked)
            {
                _poller.Add(_peer.Input, 1, writing: true);
            }
            else
            {
                _poller.Remove(_peer.Input);
            }
        }
    }
}
