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

    /// <summary>What goes to make the request one of the server's era, and what comes in its place in three parts; missing when nothing does.</summary>
    public ByteRange Edit;

    /// <inheritdoc cref="Edit"/>
    public ReadOnlySpan<byte> EditLead;

    /// <inheritdoc cref="Edit"/>
    public ReadOnlySpan<byte> EditStamp;

    /// <inheritdoc cref="Edit"/>
    public ReadOnlySpan<byte> EditTail;

    /// <summary>True when the exchange knows its caller's progress token already, and the one in the frame is another.</summary>
    public bool KeepsToken;

    /// <summary>Whether the call becomes a task at a server of 2025-11-25 although its client did not say so.</summary>
    public TaskWish Task;

    /// <summary>The tool's mirrored parameters, or null.</summary>
    public ParamHeaders? Parameters;

    /// <summary>Adds what changes to what is replaced in the frame.</summary>
    public readonly void AddTo(ref SpliceList splices)
    {
        if (Range.Exists)
        {
            splices.Replace(Range, With);
        }

        if (Edit.Exists)
        {
            splices.Replace(Edit, EditLead);
            if (!EditStamp.IsEmpty)
            {
                // An id, a name and a token besides: these fill the list.
                var behind = new ByteRange(Edit.End, 0);
                splices.Replace(behind, EditStamp);
                splices.Replace(behind, EditTail);
            }
        }
    }
}
