namespace Mimir.Embed.Http;

/// <summary>The revisions of the protocol, by the way they go over HTTP.</summary>
internal static class Revisions
{
    /// <summary>The one whose requests may be arrays.</summary>
    public const string WithBatches = "2025-03-26";

    private static readonly string[] HandshakeOnes = ["2024-11-05", WithBatches, "2025-06-18", "2025-11-25"];

    /// <summary>Those that carry all they need in each request.</summary>
    public static IReadOnlyList<string> Modern { get; } = ["2026-07-28"];

    /// <summary>Whether requests of it carry all they need.</summary>
    public static bool IsModern(string? revision) => revision is not null && Modern.Contains(revision, StringComparer.Ordinal);

    /// <summary>Whether it begins with <c>initialize</c>.</summary>
    public static bool IsLegacy(string? revision) => revision is not null && HandshakeOnes.Contains(revision, StringComparer.Ordinal);
}
