using Mimir.Router.Upstreams;

namespace Mimir.Supervisor.Lines;

/// <summary>A child's stdin and stdout, which may be held open by others after the child itself has ended.</summary>
internal interface IChildLine : IByteLine
{
    /// <summary>
    /// Says that the process itself is gone: what it left in the pipe can still be read, then the stream ends,
    /// even if a descendant keeps the pipe open.
    /// </summary>
    void EndWhenDrained();

    /// <summary>Says that the process is gone and its stdin is about to be closed: what it did not read is kept for <see cref="IByteLine.TakeUnread"/>.</summary>
    void KeepUnread()
    {
    }
}
