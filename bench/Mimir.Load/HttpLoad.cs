using System.Diagnostics;
using System.Text.Json;
using Mimir.Epoll;

namespace Mimir.Load;

/// <summary>A closed loop over as many connections as calls are in flight, on one thread.</summary>
internal sealed class HttpLoad : IDisposable
{
    private readonly LoadPlan _plan;
    private readonly HttpPeer _peer;
    private readonly Messages _messages;
    private readonly byte[] _head;
    private readonly HttpLink?[] _links;
    private readonly Poller _poller = new();
    private long _lastId;

    public HttpLoad(HttpPeer peer, LoadPlan plan)
    {
        _plan = plan;
        _peer = peer;
        _messages = new Messages(plan, peer.Era);
        _head = peer.Head(plan.Tool is null ? "tools/list" : "tools/call", plan.Tool);
        _links = new HttpLink?[plan.InFlight];
    }

    public LoadResult Run(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _links.Length; i++)
        {
            Connect(i);
        }

        var window = new LoadWindow(_plan);
        var open = 0;
        for (var i = 0; i < _links.Length; i++)
        {
            open += Send(i, window) ? 1 : 0;
        }

        var heardAt = Stopwatch.GetTimestamp();
        while (open > 0 && !cancellationToken.IsCancellationRequested)
        {
            var ready = _poller.Wait(1000);
            for (var i = 0; i < ready; i++)
            {
                open -= Serve(_poller.Token(i), window) ? 0 : 1;
            }

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

    public void Dispose()
    {
        foreach (var link in _links)
        {
            link?.Dispose();
        }

        _poller.Dispose();
    }

    // False when this connection has no call under way any more.
    private bool Serve(int index, LoadWindow window)
    {
        var link = _links[index]!;
        try
        {
            if (link.IsBlocked)
            {
                link.Flush();
                if (!link.IsBlocked)
                {
                    _poller.Change(link.Descriptor, index, writing: false);
                }
            }

            if (!link.Receive())
            {
                return true;
            }

            window.Answered(link.SentAt, Stopwatch.GetTimestamp(), Check(link));
            var closes = link.Reply.Closes;
            link.Reply.Next();
            if (closes)
            {
                Connect(index);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or JsonException)
        {
            window.Fail(e.Message);
            Connect(index);
        }

        return Send(index, window);
    }

    private bool Send(int index, LoadWindow window)
    {
        var now = Stopwatch.GetTimestamp();
        if (!window.TakeCall(now))
        {
            return false;
        }

        var link = _links[index]!;
        link.Id = _plan.Expected is null ? ++_lastId : 1;
        link.SentAt = now;
        link.Output.Add(_head);
        link.Output.Add(_messages.Length(link.Id));
        link.Output.Add("\r\n\r\n"u8);
        _messages.Add(link.Output, link.Id);
        link.Flush();
        if (link.IsBlocked)
        {
            _poller.Change(link.Descriptor, index, writing: true);
        }

        return true;
    }

    private string? Check(HttpLink link)
    {
        if (link.Reply.Status != 200)
        {
            return $"status {link.Reply.Status}: {System.Text.Encoding.UTF8.GetString(link.Reply.Body[..Math.Min(300, link.Reply.Body.Length)])}";
        }

        var message = link.Reply.IsEventStream ? EventStream.LastMessage(link.Reply.Body) : link.Reply.Body;
        var reply = _plan.Expected is null ? Reply.Read(message) : default;
        return Reply.Check(message, reply, link.Id, _messages, _plan.Expected);
    }

    private void Connect(int index)
    {
        _links[index]?.Dispose();
        var link = HttpLink.Connect(_peer.Port);
        _links[index] = link;
        _poller.Add(link.Descriptor, index);
    }
}
