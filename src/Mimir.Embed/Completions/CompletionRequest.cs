namespace Mimir.Embed.Completions;

/// <summary>What a client asks while its user fills in an argument.</summary>
public sealed class CompletionRequest
{
    internal CompletionRequest(string text, IReadOnlyDictionary<string, string> arguments, CancellationToken cancellation)
    {
        Text = text;
        Arguments = arguments;
        Cancellation = cancellation;
    }

    /// <summary>What the user has written so far.</summary>
    public string Text { get; }

    /// <summary>The other arguments that are filled in already.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; }

    /// <summary>Set when the client leaves, when the time is up and when the host stops.</summary>
    public CancellationToken Cancellation { get; }
}
