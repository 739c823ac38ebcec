using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;

namespace Mimir.Router.Upstreams;

/// <summary>What changes in a request on its way to the server besides its id, and what HTTP mirrors of it in headers.</summary>
public ref struct CallTarget
{
    /// <summary>Where the name, uri or task id stands in the frame; missing when nothing is renamed.</summary>
    public ByteRange Range;

    /// <summary>What the server calls it, as the inside of a JSON string.</summary>
    public ReadOnlySpan<byte> With;

    /// <summary>The value for <c>Mcp-Name</c>, already encoded, or null to derive it from the frame.</summary>
    public string? HeaderName;

    /// <summary>What goes before task ids in what comes back, or null.</summary>
    public byte[]? TaskTag;

    /// <summary>What goes before the uris of a read resource's contents, or null.</summary>
    public byte[]? ContentPrefix;

    /// <summary>The tool's mirrored parameters, or null.</summary>
    public ParamHeaders? Parameters;
}
