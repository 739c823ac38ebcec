namespace Mimir.Embed.Http;

/// <summary>Why a request is refused before it is read as a message.</summary>
/// <param name="Status">The status.</param>
/// <param name="Words">What is wrong, and what to do.</param>
/// <param name="Header">A header that goes with it.</param>
/// <param name="HeaderValue">Its value.</param>
internal sealed record Refusal(int Status, string Words, string? Header = null, string? HeaderValue = null);
