namespace Mimir.Cli.Hosting;

/// <summary>How far a server has come.</summary>
internal enum ServerState : byte
{
    /// <summary>Not started; the first request for it starts it.</summary>
    Idle,

    /// <summary>Being started, or its handshake or lists are still under way.</summary>
    Starting,

    /// <summary>Connected and listed.</summary>
    Ready,

    /// <summary>It did not start, or ended and is not back yet.</summary>
    Failed,
}
