namespace Mimir.Embed.Hosting;

/// <summary>The bounds of options.</summary>
internal static class OptionRules
{
    private const int LeastToken = 16;

    /// <summary>Checks them.</summary>
    /// <exception cref="ArgumentException">One is out of its bounds; the message names it.</exception>
    public static void Check(McpHostOptions options)
    {
        Within(options.Port, 0, 65535, nameof(options.Port));
        Within(options.MaxBodyBytes, 1024, 1 << 30, nameof(options.MaxBodyBytes));
        Within(options.MaxConcurrentCalls, 1, 1_000_000, nameof(options.MaxConcurrentCalls));
        Within(options.MaxSessions, 1, 1_000_000, nameof(options.MaxSessions));
        Within(options.MainThreadTimeout, nameof(options.MainThreadTimeout));
        Within(options.CallTimeout, nameof(options.CallTimeout));
        Within(options.QuestionTimeout, nameof(options.QuestionTimeout));
        Within(options.SessionIdle, nameof(options.SessionIdle));
        if (string.IsNullOrWhiteSpace(options.Name)) throw new ArgumentException("McpHostOptions.Name is empty: write the app's name.");
        if (options.BearerToken is { Length: < LeastToken }) throw new ArgumentException($"McpHostOptions.BearerToken has less than {LeastToken} characters: write more, or null for none.");
    }

    private static void Within(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentException($"McpHostOptions.{name} is {value}: write {least} to {most}.");
    }

    private static void Within(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)) throw new ArgumentException($"McpHostOptions.{name} is {value}: write more than nothing and a day at most.");
    }
}
