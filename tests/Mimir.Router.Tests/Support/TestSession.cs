using System.Text;
using System.Threading.Channels;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.Sessions;

namespace Mimir.Router.Tests.Support;

/// <summary>A legacy client that keeps what reaches it outside its requests.</summary>
public sealed class TestSession(House house, View view) : ClientSession(view)
{
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();
    private int _lastId;

    public override bool Send(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable)
    {
        var copy = new byte[splices.LengthOf(frame)];
        splices.CopyTo(frame, copy);
        return _news.Writer.TryWrite(Encoding.UTF8.GetString(copy));
    }

    /// <summary>The next message outside requests.</summary>
    public async Task<string> NewsAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        return await _news.Reader.ReadAsync(limit.Token);
    }

    /// <summary>What came so far and was not asked for.</summary>
    public string[] Waiting()
    {
        var all = new List<string>();
        while (_news.Reader.TryRead(out var one))
        {
            all.Add(one);
        }

        return [.. all];
    }

    public TestExchange Call(string method, string parameters = "{}", string? id = null)
    {
        var exchange = new SessionExchange(this);
        house.Send(
            exchange, this, Catalog!, $$"""{"jsonrpc":"2.0","id":{{id ?? (++_lastId).ToString(System.Globalization.CultureInfo.InvariantCulture)}},"method":"{{method}}","params":{{parameters}}}""");
        return exchange;
    }

    public void Notify(string text)
    {
        var frame = Encoding.UTF8.GetBytes(text);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        ClientNews.Take(this, frame, envelope);
    }

    public bool Answer(string text)
    {
        var frame = Encoding.UTF8.GetBytes(text);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        return TakeAnswer(frame, envelope);
    }

    private sealed class SessionExchange(TestSession session) : TestExchange
    {
        protected override void Settled()
        {
            session.Untrack(this);
            base.Settled();
        }

        protected override void Withdrawn()
        {
            session.Untrack(this);
            base.Withdrawn();
        }
    }
}
