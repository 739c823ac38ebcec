using System.Globalization;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams;

/// <summary>The errors with which calls end that their server did not answer.</summary>
internal static class CallErrors
{
    /// <summary>As many calls are open over one connection as can be.</summary>
    public static RouterError Full(ServerModel server) =>
        new(ErrorCodes.Busy, $"Server '{server.Name}' has 65536 calls open. Try again later.", server.Name, Retryable: true);

    /// <summary>No answer came in time.</summary>
    public static RouterError TimedOut(ServerModel server, bool mayRepeat)
    {
        var timeout = server.TimeoutOf(mayRepeat);
        var key = timeout == server.CallTimeout ? "callTimeout" : "attemptTimeout";
        return new(
            ErrorCodes.CallTimedOut,
            string.Create(CultureInfo.InvariantCulture, $"Server '{server.Name}' did not answer within {timeout.TotalSeconds:0.###} s ({key}). The call was cancelled."),
            server.Name);
    }

    /// <summary>The wire is gone.</summary>
    /// <param name="server">The server.</param>
    /// <param name="reason">Why.</param>
    /// <param name="retryable">True when the call certainly did not run.</param>
    /// <param name="isNew">True when the handshake was not finished.</param>
    public static RouterError Lost(ServerModel server, string reason, bool retryable, bool isNew) => new(
        ErrorCodes.ServerLost,
        isNew
            ? $"Server '{server.Name}' {(server.Transport is HttpModel ? "could not be reached" : "ended before its handshake was finished")}: {reason}."
            : $"Server '{server.Name}' was lost before it answered: {reason}.",
        server.Name,
        retryable);

    /// <summary>An answer came that is refused.</summary>
    public static RouterError Unreadable(ServerModel server, string how) =>
        new(ErrorCodes.ServerUnavailable, $"Server '{server.Name}' sent an answer {how}.", server.Name);

    /// <summary>An error came that names no request, on the stream of this one.</summary>
    public static RouterError Refused(ServerModel server, long code, int status) =>
        new(ErrorCodes.ServerUnavailable, $"Server '{server.Name}' refused the request (code {code}) without saying which.", server.Name) { UpstreamStatus = status };
}
