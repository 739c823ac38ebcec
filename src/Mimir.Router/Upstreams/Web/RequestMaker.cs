using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Sse;

namespace Mimir.Router.Upstreams.Web;

/// <summary>Makes the HTTP requests of one Streamable HTTP connection, with the headers of its era.</summary>
internal sealed class RequestMaker(UpstreamConnection connection, Uri url)
{
    private const string AcceptBoth = "application/json, text/event-stream";

    private bool Modern => connection.Order.Era == Era.Modern;

    /// <summary>A POST of a call.</summary>
    public HttpRequestMessage Post(HttpCall call, string? session)
    {
        var request = Post(call.Body.AsMemory(0, call.Length), call.Method, call.MethodName, session);
        if (call.Name is not null)
        {
            request.Headers.TryAddWithoutValidation(McpHeaders.Name, call.Name);
        }

        foreach (var (name, value) in call.Parameters ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>A POST of any message.</summary>
    public HttpRequestMessage Post(ReadOnlyMemory<byte> body, McpMethod method, string methodName, string? session)
    {
        var request = HttpWire.Create(HttpMethod.Post, url, new MemoryContent(body), AcceptBoth);
        if (Modern)
        {
            var revision = connection.Handshake.Revision.Era == Era.Modern ? connection.Handshake.Revision : Revision.LatestModern;
            request.Headers.TryAddWithoutValidation(McpHeaders.ProtocolVersion, revision.Name);
            request.Headers.TryAddWithoutValidation(McpHeaders.Method, methodName);
        }
        else if (method != McpMethod.Initialize)
        {
            AddSession(request, session);
        }

        return request;
    }

    /// <summary>A request for a stream, from where the parser stopped if it had begun.</summary>
    public HttpRequestMessage Get(SseParser parser, string? session)
    {
        var request = HttpWire.Create(HttpMethod.Get, url, null, "text/event-stream");
        AddSession(request, session);
        if (!parser.LastEventId.IsEmpty)
        {
            request.Headers.TryAddWithoutValidation(McpHeaders.LastEventId, Encoding.UTF8.GetString(parser.LastEventId.Span));
        }

        parser.Reset();
        return request;
    }

    /// <summary>The end of a session.</summary>
    public HttpRequestMessage Delete(string session)
    {
        var request = HttpWire.Create(HttpMethod.Delete, url, null, AcceptBoth);
        AddSession(request, session);
        return request;
    }

    private void AddSession(HttpRequestMessage request, string? session)
    {
        if (session is not null)
        {
            request.Headers.TryAddWithoutValidation(McpHeaders.SessionId, session);
        }

        if (connection.Handshake.Revision.SendsVersionHeader)
        {
            request.Headers.TryAddWithoutValidation(McpHeaders.ProtocolVersion, connection.Handshake.Revision.Name);
        }
    }
}
