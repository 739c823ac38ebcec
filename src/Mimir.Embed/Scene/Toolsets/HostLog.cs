using System.Diagnostics;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>The log for a host that was given none: its own, or the listeners of <see cref="Trace"/>.</summary>
/// <param name="log">The host's own; null for none.</param>
internal sealed class HostLog(Action<string>? log) : ILogSink
{
    /// <inheritdoc/>
    public void Write(LogLevel level, string message)
    {
        if (log is not null) log($"[{level}] {message}");
        else if (level == LogLevel.Error) Trace.TraceError("{0}", message);
        else if (level == LogLevel.Warning) Trace.TraceWarning("{0}", message);
        else Trace.TraceInformation("{0}", message);
    }
}
