using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>
/// The usual requests, of which one stretch alone differs between the eras: they need not be copied to be translated, nor scanned
/// again. What is not usual is left to <see cref="ModernRequest"/> and <see cref="LegacyRequest"/>. Pure, and safe for any thread.
/// </summary>
public static class QuickRequest
{
    private static readonly byte[] None = [];
    private static readonly byte[] Comma = [(byte)','];
    private static readonly byte[] MetaLead = "\"_meta\":{"u8.ToArray();
    private static readonly byte[] MetaTail = "}"u8.ToArray();
    private static readonly byte[] MetaTailComma = "},"u8.ToArray();

    /// <summary>Finds the place where a legacy request takes the stamp of a modern one.</summary>
    /// <param name="frame">The whole message.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="change">What to insert; the members of the stamp, without braces, go between lead and tail.</param>
    /// <returns>False when more than that differs.</returns>
    public static bool TryStamp(ReadOnlySpan<byte> frame, in Envelope envelope, out FrameChange change)
    {
        change = default;
        if (!envelope.Params.Exists || envelope.MetaIsNoObject || envelope.AsksForTask || envelope.RequestState.Exists || envelope.InputResponses.Exists || envelope.MetaVersion.Exists
            || envelope.MetaCapabilities.Exists || envelope.MetaLogLevel.Exists)
        {
            return false;
        }

        if (envelope.Meta.Exists)
        {
            if (envelope.Meta.Of(frame).IndexOf("clientInfo"u8) >= 0 || envelope.Meta.Of(frame).Contains((byte)'\\'))
            {
                return false;
            }

            change = new FrameChange(new ByteRange(envelope.Meta.At + 1, 0), None, JsonBytes.IsEmptyObject(frame, envelope.Meta.At) ? None : Comma);
            return true;
        }

        change = new FrameChange(new ByteRange(envelope.Params.At + 1, 0), MetaLead, JsonBytes.IsEmptyObject(frame, envelope.Params.At) ? MetaTail : MetaTailComma);
        return true;
    }

    /// <summary>Finds what a legacy server must not see of a modern request, when that stands together.</summary>
    /// <param name="frame">The whole message.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="stretch">What goes.</param>
    /// <returns>False when it does not stand together, or more differs.</returns>
    public static bool TryStrip(ReadOnlySpan<byte> frame, in Envelope envelope, out ByteRange stretch)
    {
        stretch = default;
        if (!envelope.Meta.Exists || envelope.AsksForTask || envelope.RequestState.Exists || envelope.InputResponses.Exists)
        {
            return false;
        }

        var first = -1;
        var last = -1;
        var keptBefore = -1;
        var keptAfter = false;
        var members = new JsonMembers(frame, envelope.Meta.At, envelope.MetaCapabilities);
        while (members.Next())
        {
            if (ReservedMeta.Holds(members))
            {
                if (keptAfter)
                {
                    return false;
                }

                first = first < 0 ? members.Start : first;
                last = members.Value.End;
            }
            else if (first < 0)
            {
                keptBefore = members.Value.End;
            }
            else if (!keptAfter)
            {
                // Up to here goes, the comma before it as well.
                last = members.Start;
                keptAfter = true;
            }
        }

        if (members.IsBroken || first < 0)
        {
            return false;
        }

        if (keptBefore < 0 && !keptAfter)
        {
            return TryWhole(frame, envelope, out stretch);
        }

        // A comma stays between what was before and what comes after.
        stretch = keptAfter ? Between(first, last) : Between(keptBefore, last);
        return true;
    }

    private static ByteRange Between(int from, int to) => new(from, to - from);

    /// <summary>The whole member <c>_meta</c> with one of the commas around it.</summary>
    private static bool TryWhole(ReadOnlySpan<byte> frame, in Envelope envelope, out ByteRange stretch)
    {
        stretch = default;
        var at = BlanksBefore(frame, envelope.Meta.At);
        if (frame[at - 1] != ':')
        {
            return false;
        }

        at = BlanksBefore(frame, at - 1);
        if (!frame[..at].EndsWith("\"_meta\""u8))
        {
            return false;
        }

        at -= "\"_meta\""u8.Length;
        var end = JsonBytes.Blanks(frame, envelope.Meta.End);
        if (frame[end] == ',')
        {
            stretch = Between(at, end + 1);
            return true;
        }

        var before = BlanksBefore(frame, at);
        stretch = Between(frame[before - 1] == ',' ? before - 1 : at, envelope.Meta.End);
        return true;
    }

    private static int BlanksBefore(ReadOnlySpan<byte> frame, int at)
    {
        while (at > 0 && frame[at - 1] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at--;
        }

        return at;
    }
}
