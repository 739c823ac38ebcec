using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Calls;

/// <summary>The three ways a question ends, as the protocol names them.</summary>
internal static class Answers
{
    /// <summary>The user refuses.</summary>
    public static ElicitResult Decline => new() { Action = "decline" };

    /// <summary>The user is not there, or went away without a choice.</summary>
    public static ElicitResult Cancel => new() { Action = "cancel" };

    /// <summary>The user agrees.</summary>
    /// <param name="content">The answers of a form; null for a URL.</param>
    public static ElicitResult Accept(IDictionary<string, JsonElement>? content = null) => new() { Action = "accept", Content = content };
}
