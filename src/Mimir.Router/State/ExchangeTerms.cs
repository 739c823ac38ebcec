using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Router.State;

/// <summary>What belongs to one request of a client besides its state: who asked, what, and what holds for it where it goes.</summary>
public abstract class ExchangeTerms
{
    /// <summary>The caller's id, byte for byte.</summary>
    public TokenBytes CallerId;

    /// <summary>The caller's progress token, byte for byte; empty when it sent none.</summary>
    public TokenBytes CallerToken;

    /// <summary>True when its server may ask something in the middle of it.</summary>
    public virtual bool MayAsk => McpMethods.MayAsk(Method);

    /// <summary>True when it is sent again also when it may have run.</summary>
    public virtual bool MayRepeat => false;

    /// <summary>Where its client comes in, e.g. <c>http</c>: a client that comes in elsewhere is another one.</summary>
    public virtual string Door => "";

    /// <summary>How its client comes in, for what is kept of calls: <c>stdio</c>, <c>http</c> or <c>sse</c>.</summary>
    public virtual string Transport => "stdio";

    /// <summary>What is kept of it, or null when nothing is.</summary>
    public CallRecord? Record { get; set; }

    /// <summary>The selection of servers that the request was made to. Set when it goes on its way; opaque here.</summary>
    public object? View { get; set; }

    /// <summary>How often it was sent again.</summary>
    public int Resends { get; private protected set; }

    /// <summary>When all attempts at it are over, in milliseconds on the monotonic clock; 0 until the first is made.</summary>
    public long Deadline { get; private protected set; }

    /// <summary>What is asked.</summary>
    public McpMethod Method { get; set; }

    /// <summary>The legacy session the request belongs to, or null.</summary>
    public object? Session { get; set; }

    /// <summary>The lowest log level the caller of a modern request wants, or null for none.</summary>
    public string? LogLevel { get; set; }

    /// <summary>The server's own name of the tool that is called, where it goes on its way to one; else null.</summary>
    public string? Tool { get; set; }

    /// <summary>What goes before task ids of the server asked, or null.</summary>
    public byte[]? TaskTag { get; set; }

    /// <summary>The list of open requests it stands in, with its neighbours there; owned by that list.</summary>
    internal OpenRequests? List { get; set; }

    /// <inheritdoc cref="List"/>
    internal Exchange? Next { get; set; }

    /// <inheritdoc cref="List"/>
    internal Exchange? Previous { get; set; }

    /// <summary>What goes before the uris of a read resource's contents, or null when they pass as they are.</summary>
    public byte[]? ContentPrefix { get; set; }

    /// <summary>The HTTP status the answer came with, 0 when it came otherwise.</summary>
    public int UpstreamStatus { get; set; }

    /// <summary>What the wire needs to break the call off; owned by the connection.</summary>
    public object? Operation { get; set; }

    /// <summary>Forgets what belonged to an earlier use.</summary>
    private protected void Clear()
    {
        UpstreamStatus = 0;
        Record = null;
        CallerToken.Clear();
        LogLevel = null;
        Tool = null;
        TaskTag = null;
        ContentPrefix = null;
        Operation = null;
        Deadline = 0;
        Resends = 0;
    }
}
