namespace Mimir.Embed.Scene;

/// <summary>Where the app's log goes: its console, a file, a window.</summary>
public interface ILogSink
{
    /// <summary>Writes one line. Called on the main thread.</summary>
    /// <param name="level">How bad it is.</param>
    /// <param name="message">What an agent says: one line, without control characters, 8,192 characters at most.</param>
    void Write(LogLevel level, string message);
}
