using System.Collections.Concurrent;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>
/// What was seen of how a legacy server asks its clients: whether it says for which call, and in which calls it asked nothing. Kept
/// over restarts of the server. Thread-safe.
/// </summary>
internal sealed class AskingHabits
{
    private const int MostQuiet = 4096;
    private readonly ConcurrentDictionary<string, bool> _quiet = new(StringComparer.Ordinal);
    private volatile bool _asksUnattributed;
    private volatile bool _saysFor;

    /// <summary>
    /// True while its questions come on the response stream of their call, as far as is known: that takes a transport with such
    /// streams, and a server that uses them.
    /// </summary>
    public bool SaysFor
    {
        get => _saysFor && !_asksUnattributed;
        set => _saysFor = value;
    }

    /// <summary>True once it asked something without saying for which call: from then on one call at a time is open where that matters.</summary>
    public bool AsksUnattributed
    {
        get => _asksUnattributed;
        set => _asksUnattributed = value;
    }

    /// <summary>What a request calls: the name of a tool or prompt as it stands there; nothing for what has none.</summary>
    public static ReadOnlySpan<byte> TargetOf(ReadOnlySpan<byte> frame, in Envelope envelope) => envelope.Name.Exists ? envelope.Name.Of(frame) : default;

    /// <summary>True when nothing speaks for a question in a call that does not say for which call it is.</summary>
    public bool IsQuiet(ReadOnlySpan<byte> frame, in Envelope envelope) => SaysFor || EndsQuietly(TargetOf(frame, envelope));

    /// <summary>True when calls of this were seen to end without a question that does not say for which call it is, and none with one.</summary>
    /// <param name="target">What is called, see <see cref="TargetOf"/>.</param>
    public bool EndsQuietly(ReadOnlySpan<byte> target) =>
        !_quiet.IsEmpty && _quiet.TryGetValue(System.Text.Encoding.UTF8.GetString(target), out var quiet) && quiet;

    /// <summary>Notes that something was asked in a call: it does not count as quiet any more, even if another time nothing is asked.</summary>
    public void NoteAsks(ReadOnlySpan<byte> target)
    {
        if (!SaysFor && _quiet.Count < MostQuiet)
        {
            _quiet[System.Text.Encoding.UTF8.GetString(target)] = false;
        }
    }

    /// <summary>Notes that a call ended in which nothing was asked.</summary>
    public void NoteQuiet(ReadOnlySpan<byte> target)
    {
        if (!SaysFor && _quiet.Count < MostQuiet)
        {
            _quiet.TryAdd(System.Text.Encoding.UTF8.GetString(target), true);
        }
    }
}
