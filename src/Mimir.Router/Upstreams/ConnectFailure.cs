using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Router.Upstreams;

/// <summary>A connection could not be opened. The message is for people and holds no secrets.</summary>
public sealed class ConnectFailure : Exception
{
    /// <summary>Creates one.</summary>
    public ConnectFailure(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>True when the server is well but does not speak the era asked for.</summary>
    public bool WrongEra { get; init; }

    /// <summary>
    /// True when nothing but silence or an end at the probe, or silence to <c>initialize</c>, speaks for the other era. A server that starts slowly or fails to
    /// start looks the same, so such a verdict expires.
    /// </summary>
    public bool IsGuess { get; init; }

    /// <summary>
    /// True when <c>initialize</c> was refused, or met death or silence, in a way that a server of the modern era alone may have about
    /// it. A broken server looks the same: the other era is worth one try, and nothing is concluded if it fails.
    /// </summary>
    public bool MayBeWrongEra { get; init; }

    /// <summary>True when the other era is to be tried.</summary>
    public bool SpeaksForOtherEra => WrongEra || MayBeWrongEra;

    /// <summary>True when a server that refused the legacy era said that it speaks the modern one.</summary>
    public bool OffersModern { get; init; }

    /// <summary>True when the server knows nothing of this transport and another one may be tried.</summary>
    public bool TryOther { get; init; }

    /// <summary>True when the server refused us for want of credentials.</summary>
    public bool NeedsAuth { get; init; }

    /// <summary>True when it cannot be started at all as things are: its program is not there, or cannot be run.</summary>
    public bool CannotStart { get; init; }

    /// <summary>
    /// True when the system had no room for the attempt at that moment, in memory, descriptors, processes or threads, or its program was just being
    /// written. It passes, and says nothing of the server: it is tried again within a second, and does not count against it.
    /// </summary>
    public bool MayPass { get; init; }

    /// <summary>True when no attempt was made: one is not due yet, or may not be made.</summary>
    public bool IsHeldBack { get; init; }

    /// <summary>True when the server has to come to us and did not: it is waited for, which costs neither it nor us anything.</summary>
    public bool IsAwaited { get; init; }

    /// <summary>True when it says that the server is not well, or not there: neither its era nor we ourselves are the reason.</summary>
    public bool IsOutage => !WrongEra && !IsGuess && !IsHeldBack && !MayPass;

    /// <summary>Why a server cannot be reached in either era: what was tried, in the order it was tried in.</summary>
    /// <param name="first">How the first try ended.</param>
    /// <param name="second">How the one in the other era ended.</param>
    /// <param name="other">The other era.</param>
    public static ConnectFailure Both(ConnectFailure first, ConnectFailure second, Era other)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var method = McpMethods.NameOf(other == Era.Modern ? McpMethod.Discover : McpMethod.Initialize);
        return first.Message == second.Message ? first : new ConnectFailure($"{first.Message} Asked with {method} instead: {second.Message}", first)
        {
            NeedsAuth = first.NeedsAuth || second.NeedsAuth,
            CannotStart = first.CannotStart && second.CannotStart,
            MayPass = first.MayPass || second.MayPass,
            IsHeldBack = second.IsHeldBack,
        };
    }
}
