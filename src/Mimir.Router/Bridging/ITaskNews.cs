namespace Mimir.Router.Bridging;

/// <summary>Those who want to hear of the tasks that are kept for modern clients.</summary>
internal interface ITaskNews
{
    /// <summary>Tells whether anybody listens to a task.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="id">The task's id as its client knows it, without a tag.</param>
    bool IsWatched(string server, string id);

    /// <summary>Tells them what has become of a task.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="tool">The server's own name of the tool that made it; null when it is not known.</param>
    /// <param name="notification">The whole message, with the id without a tag.</param>
    void Changed(string server, string? tool, ReadOnlySpan<byte> notification);
}
