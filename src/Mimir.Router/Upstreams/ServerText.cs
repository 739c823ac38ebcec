using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams;

/// <summary>
/// What a server says, where it becomes a part of what Mimir says: in one line, cut, and without the secrets that the server was given. Those
/// are for the server alone; errors, events and logs are read by others.
/// </summary>
internal static class ServerText
{
    private const int Longest = 300;

    /// <summary>Makes it fit to be shown.</summary>
    /// <param name="transport">How the server is reached, which holds its secrets.</param>
    /// <param name="text">What it said.</param>
    /// <param name="longest">Most characters that are shown.</param>
    public static string Of(TransportModel transport, string text, int longest = Longest)
    {
        // Before it is cut: a part of a secret would not be known for one.
        var hidden = SecretMask.Hide(transport.Secrets, text);
        var length = hidden.Length <= longest ? hidden.Length : char.IsHighSurrogate(hidden[longest - 1]) ? longest - 1 : longest;
        return string.Create(length, hidden, static (span, s) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(s[i]) ? ' ' : s[i];
            }
        });
    }
}
