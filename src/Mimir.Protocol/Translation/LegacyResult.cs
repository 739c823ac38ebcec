using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>Answers of legacy servers, with what a modern client must find in them. Pure, and safe for any thread.</summary>
public static class LegacyResult
{
    /// <summary>Most replacements that one answer needs.</summary>
    public const int MostSplices = 2;

    private const long ResourceNotFound = -32002;

    /// <summary>
    /// Adds what is missing: <c>resultType</c> on every result; <c>ttlMs</c> of 0 and <c>cacheScope</c> of <c>private</c> on the results
    /// that may be cached (2026-07-28, section on caching). An error -32002 (resource not found) becomes -32602.
    /// </summary>
    /// <param name="splices">Takes at most <see cref="MostSplices"/> replacements, whose bytes live as long as the program.</param>
    /// <param name="frame">The whole answer.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="method">What was asked.</param>
    /// <returns>False when nothing is missing, or the result is no object.</returns>
    public static bool ToModern(ref SpliceList splices, scoped ReadOnlySpan<byte> frame, scoped in Envelope envelope, McpMethod method)
    {
        if (envelope.Kind == FrameKind.Error)
        {
            if (envelope.ErrorCode != ResourceNotFound)
            {
                return false;
            }

            splices.Replace(envelope.ErrorNumber, "-32602"u8);
            return true;
        }

        if (envelope.Kind != FrameKind.Response || frame[envelope.Result.At] != '{')
        {
            return false;
        }

        var inside = envelope.Result.At + 1;
        var isEmpty = JsonBytes.IsEmptyObject(frame, envelope.Result.At);
        var hints = IsCacheable(method) ? MissingHints(frame, envelope, isEmpty) : default;
        var place = new ByteRange(inside, 0);
        if (!envelope.ResultType.Exists)
        {
            splices.Replace(place, isEmpty && hints.IsEmpty ? "\"resultType\":\"complete\""u8 : "\"resultType\":\"complete\","u8);
        }

        if (!hints.IsEmpty)
        {
            splices.Replace(place, hints);
        }

        return !hints.IsEmpty || !envelope.ResultType.Exists;
    }

    /// <summary>Methods whose complete results say how long and by whom they may be kept.</summary>
    private static bool IsCacheable(McpMethod method) => method is
        McpMethod.Discover or McpMethod.ToolsList or McpMethod.PromptsList or McpMethod.ResourcesList or McpMethod.ResourceTemplatesList
        or McpMethod.ResourcesRead;

    private static ReadOnlySpan<byte> MissingHints(scoped ReadOnlySpan<byte> frame, scoped in Envelope envelope, bool isEmpty)
    {
        if (isEmpty)
        {
            return "\"ttlMs\":0,\"cacheScope\":\"private\""u8;
        }

        // Only complete results carry them.
        if (envelope.ResultType.Exists && !JsonBytes.TextIs(envelope.ResultType.Of(frame), "complete"u8))
        {
            return default;
        }

        var (hasTime, hasScope) = (false, false);
        var members = new JsonMembers(frame, envelope.Result.At, envelope.Meta);
        while (members.Next())
        {
            hasTime |= members.KeyIs("ttlMs"u8);
            hasScope |= members.KeyIs("cacheScope"u8);
        }

        return (hasTime, hasScope) switch
        {
            (false, false) => "\"ttlMs\":0,\"cacheScope\":\"private\","u8,
            (false, true) => "\"ttlMs\":0,"u8,
            (true, false) => "\"cacheScope\":\"private\","u8,
            _ => default,
        };
    }
}
